import { Notice, progressText } from "../controls/progress";
import { keepKeys } from "../jupyter";
import type { ViewProps } from "../widget";
import { Filters } from "./filters";
import { Footer } from "./footer";
import { Grid } from "./grid";
import { Notes, Readout } from "./notes";
import type { Store } from "./store";
import { Toolbar } from "./toolbar";

/** A model's metrics, slice by slice. */
export function SliceView({ store, ground }: ViewProps<Store>) {
  const { status } = store.traits;
  return (
    <section
      class="tfi tfi-slices"
      aria-label="Slices"
      data-ground={ground.value}
      onFocusIn={keepKeys}
    >
      <Toolbar store={store} />
      <div class="tfi-body">
        <Filters store={store} />
        <Grid store={store} />
        <Readout store={store} />
        <Notes store={store} />
      </div>
      <Notice status={status.value} onRetry={store.retry} />
      <Footer store={store} />
      <p class="tfi-unseen" role="status">
        {progressText(status.value, null, store.silent.value)}
      </p>
    </section>
  );
}
