import type { ReadonlySignal } from "@preact/signals";
import { Grid } from "./grid";
import type { Store } from "./store";
import { Toolbar } from "./toolbar";

/** JupyterLab keeps its hands off the keys of an element with this attribute. */
function keepKeys(event: FocusEvent): void {
  (event.target as Element).setAttribute("data-lm-suppress-shortcuts", "true");
}

interface Props {
  store: Store;
  ground: ReadonlySignal<"light" | "dark">;
}

/** A table to sort, search and filter, and to pick a row in. */
export function Table({ store, ground }: Props) {
  return (
    <section
      class="tfi tfi-rows"
      aria-label="Table"
      data-ground={ground.value}
      onFocusIn={keepKeys}
    >
      <Toolbar store={store} />
      <Grid store={store} />
      <p class="tfi-hint">{store.hint.value}</p>
    </section>
  );
}
