/** The view of AttributionExplorer, as an anywidget module. */

import type { InitializeProps, RenderProps } from "@anywidget/types";
import { effect } from "@preact/signals";
import { render } from "preact";
import { lifetime } from "../lifetime";
import type { Model } from "../model";
import type { Traits } from "../wire/traits";
import { Explorer } from "./layout";
import { createStore, type Store } from "./store";
import { followTheme } from "./theme";
import "./explorer.css";

export default function createWidget() {
  const stores = new WeakMap<Model, Store>();
  // anywidget hands `render` another proxy of the model than `initialize`, and a module of its own
  // to every model: the store made last is then the one.
  let latest: Store | null = null;

  return {
    initialize({ model, signal }: InitializeProps<Traits>) {
      const life = lifetime(signal);
      const store = createStore(model, life.signal);
      stores.set(model, store);
      latest = store;
      store.ready();
      return () => life.abort();
    },

    render({ model, el, signal }: RenderProps<Traits>) {
      const store = stores.get(model) ?? latest;
      if (store === null) throw new Error("tfinterp_widgets: render was called before initialize.");
      const life = lifetime(signal);
      el.classList.add("tfi-host");
      const ground = followTheme(el, life.signal);
      const stop = effect(() => {
        store.ground.value = ground.value;
      });
      render(<Explorer store={store} ground={ground} />, el);
      store.display();
      life.signal.addEventListener("abort", () => {
        stop();
        render(null, el);
      });
      return () => life.abort();
    },
  };
}
