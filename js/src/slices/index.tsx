/** The table of SliceExplorer and its controls, as an anywidget module. */

import type { InitializeProps, RenderProps } from "@anywidget/types";
import { render } from "preact";
import { followTheme } from "../explorer/theme";
import { lifetime } from "../lifetime";
import type { Model } from "../model";
import type { SliceTraits } from "../wire/slices";
import { createStore, type Store } from "./store";
import { SliceView } from "./view";
import "./slices.css";

export default function createWidget() {
  const stores = new WeakMap<Model<SliceTraits>, Store>();
  // As in the explorer: `render` may get another proxy of the model than `initialize`.
  let latest: Store | null = null;

  return {
    initialize({ model, signal }: InitializeProps<SliceTraits>) {
      const life = lifetime(signal);
      latest = createStore(model, life.signal);
      stores.set(model, latest);
      return () => life.abort();
    },

    render({ model, el, signal }: RenderProps<SliceTraits>) {
      const store = stores.get(model) ?? latest;
      if (store === null) throw new Error("tfinterp_widgets: render was called before initialize.");
      const life = lifetime(signal);
      el.classList.add("tfi-host");
      const ground = followTheme(el, life.signal);
      render(<SliceView store={store} ground={ground} />, el);
      life.signal.addEventListener("abort", () => render(null, el));
      return () => life.abort();
    },
  };
}
