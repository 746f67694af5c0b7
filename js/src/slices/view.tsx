import type { ReadonlySignal } from "@preact/signals";
import { NoticeBar, progressText } from "../controls/progress";
import { Grid } from "./grid";
import { Filters, Footer, Notes } from "./notes";
import type { Store } from "./store";
import { Toolbar } from "./toolbar";

/** What went wrong: with the run, or with a value that was refused while a run went on. */
function Notice({ store }: { store: Store }) {
  const { state, message } = store.traits.status.value;
  if (state === "error") return <NoticeBar message={message} onRetry={store.retry} />;
  return message === "" ? null : <NoticeBar message={message} />;
}

/** JupyterLab keeps its hands off the keys of an element with this attribute. */
function keepKeys(event: FocusEvent): void {
  (event.target as Element).setAttribute("data-lm-suppress-shortcuts", "true");
}

interface Props {
  store: Store;
  ground: ReadonlySignal<"light" | "dark">;
}

/** A model's metrics, slice by slice. */
export function SliceView({ store, ground }: Props) {
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
        <Notes store={store} />
      </div>
      <Notice store={store} />
      <Footer store={store} />
      <p class="tfi-unseen" role="status">
        {progressText(status.value, null, store.silent.value)}
      </p>
    </section>
  );
}
