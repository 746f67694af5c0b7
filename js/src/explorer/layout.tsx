import type { ReadonlySignal } from "@preact/signals";
import { TopClasses } from "../charts/classes";
import { Completeness } from "../charts/completeness";
import { PathChart } from "../charts/path";
import { remark } from "../charts/sums";
import { ErrorBar } from "../controls/progress";
import { Panes } from "../panes/panes";
import { Footer } from "./footer";
import { Header } from "./header";
import { nameOf, unitOf } from "./naming";
import type { Store } from "./store";
import { currentPredictions } from "./target";
import { Tune } from "./tune";

/** The class whose bar is lit: the first of a contrast, the resolved one of "top class". */
function litClass(store: Store): number | null {
  const target = store.traits.target.value;
  if (Array.isArray(target)) return target[0];
  const { top, target: own } = currentPredictions(store);
  return target ?? own[0]?.index ?? top[0]?.index ?? null;
}

function Evidence({ store }: { store: Store }) {
  const { top } = currentPredictions(store);
  return (
    <div class={`tfi-evidence ${store.pending.value ? "tfi-dim" : ""}`}>
      {top.length > 0 && (
        <TopClasses
          top={top}
          target={litClass(store)}
          truth={store.traits.image.value?.label ?? null}
          onChoose={store.chooseTarget}
        />
      )}
      <Completeness map={store.shown.value} />
    </div>
  );
}

/** What the chosen baseline or method says about itself. */
function ownNote(store: Store): string {
  const { baselines, baseline } = store.traits;
  const method = store.method.value;
  const chosen = baselines.value.find(({ name }) => name === nameOf(baseline.value));
  const note = method?.has_baseline ? chosen?.note : method?.note;
  return note || "Shows what the model uses, not what causes the outcome.";
}

function Story({ store }: { store: Store }) {
  const map = store.shown.value;
  return (
    <div class="tfi-story">
      {map !== null && map.path !== null && <PathChart path={map.path} unit={unitOf(map.output)} />}
      <p class="tfi-remark">{remark(map, ownNote(store))}</p>
    </div>
  );
}

function Failure({ store }: { store: Store }) {
  const { state, message } = store.traits.status.value;
  return state === "error" ? <ErrorBar message={message} onRetry={store.retry} /> : null;
}

interface Props {
  store: Store;
  ground: ReadonlySignal<"light" | "dark">;
}

/** The whole view. JupyterLab's shortcuts would take the arrow keys away from it. */
export function Explorer({ store, ground }: Props) {
  return (
    <section
      class="tfi"
      aria-label="Attribution explorer"
      data-ground={ground.value}
      data-lm-suppress-shortcuts="true"
    >
      <div class="tfi-card">
        <Header store={store} />
        <div class="tfi-main">
          <Panes store={store} />
          <Evidence store={store} />
          <Tune store={store} />
          <Story store={store} />
        </div>
        <Failure store={store} />
        <Footer store={store} />
      </div>
    </section>
  );
}
