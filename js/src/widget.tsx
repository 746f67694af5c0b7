import type { InitializeProps, RenderProps } from "@anywidget/types";
import type { ReadonlySignal } from "@preact/signals";
import { type ComponentType, render } from "preact";
import { followTheme } from "./explorer/theme";
import { lifetime } from "./lifetime";
import type { Model } from "./model";

export type Ground = ReadonlySignal<"light" | "dark">;

export interface ViewProps<Store> {
  store: Store;
  ground: Ground;
}

interface Parts<T extends object, Store> {
  createStore: (model: Model<T>, until: AbortSignal) => Store;
  View: ComponentType<ViewProps<Store>>;
  /** Called around a view's first drawing; what it gives back is called when that view goes. */
  show?: (store: Store, ground: Ground, draw: () => void) => () => void;
}

/** An anywidget module: a store for each model, which all views of the model share. */
export function widgetOf<T extends object, Store>({ createStore, View, show }: Parts<T, Store>) {
  return () => {
    const stores = new WeakMap<Model<T>, Store>();
    // anywidget hands `render` another proxy of the model than `initialize`, and a module of its
    // own to every model: the store made last is then the one.
    let latest: Store | null = null;

    return {
      initialize({ model, signal }: InitializeProps<T>) {
        const life = lifetime(signal);
        latest = createStore(model, life.signal);
        stores.set(model, latest);
        return () => life.abort();
      },

      render({ model, el, signal }: RenderProps<T>) {
        const store = stores.get(model) ?? latest;
        if (store === null)
          throw new Error("tfinterp_widgets: render was called before initialize.");
        const life = lifetime(signal);
        el.classList.add("tfi-host");
        const ground = followTheme(el, life.signal);
        const draw = () => render(<View store={store} ground={ground} />, el);
        const stop = show === undefined ? draw() : show(store, ground, draw);
        life.signal.addEventListener("abort", () => {
          stop?.();
          render(null, el);
        });
        return () => life.abort();
      },
    };
  };
}
