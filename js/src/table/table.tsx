import { keepKeys } from "../jupyter";
import type { ViewProps } from "../widget";
import { Grid } from "./grid";
import type { Store } from "./store";
import { Toolbar } from "./toolbar";

/** A table to sort, search and filter, and to pick a row in. */
export function Table({ store, ground }: ViewProps<Store>) {
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
