/** The view of AttributionExplorer, as an anywidget module. */

import { effect } from "@preact/signals";
import type { Model } from "../model";
import { type Ground, widgetOf } from "../widget";
import { Explorer } from "./layout";
import { createStore, type Store } from "./store";
import "./explorer.css";

function createReady(model: Model, until: AbortSignal): Store {
  const store = createStore(model, until);
  store.ready();
  return store;
}

function show(store: Store, ground: Ground, draw: () => void): () => void {
  const stop = effect(() => {
    store.ground.value = ground.value;
  });
  draw();
  store.display();
  return stop;
}

export default widgetOf({ createStore: createReady, View: Explorer, show });
