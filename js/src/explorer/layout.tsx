import { TopClasses } from "../charts/classes";
import { Evidence } from "../charts/evidence";
import { hasCurve, PathChart } from "../charts/path";
import { remark, uncertainty } from "../charts/sums";
import { Notice, progressText, Warning } from "../controls/progress";
import { keepKeys } from "../jupyter";
import { Panes } from "../panes/panes";
import type { ViewProps } from "../widget";
import { answerCost, Footer } from "./footer";
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

function Numbers({ store }: { store: Store }) {
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
      <Evidence map={store.shown.value} />
    </div>
  );
}

const SATURATES = "A probability near 0 or 1 has next to no gradient: explain logits if you can.";

/** What the chosen baseline says about itself, where that holds for the map. */
function baselineNote({ shown, method, traits }: Store): string {
  if (!shown.value?.blind || !method.value?.has_baseline) return "";
  const chosen = nameOf(traits.baseline.value);
  return traits.baselines.value.find(({ name }) => name === chosen)?.note ?? "";
}

/** What to know of the map, most urgent first. */
function notes(store: Store): string[] {
  const map = store.shown.value;
  const urgent = remark(map) || (map?.output === "probability" ? SATURATES : "");
  const own = store.method.value?.note ?? "";
  return [urgent, own, urgent === "" ? baselineNote(store) : ""].filter(Boolean);
}

/** The way from the baseline to the input; of a method that goes none, what it does. */
function Story({ store }: { store: Store }) {
  const map = store.shown.value;
  const path = map?.path;
  if (path && hasCurve(path)) {
    return (
      <div class="tfi-story">
        <PathChart path={path} unit={unitOf(map.output)} />
      </div>
    );
  }
  const error = map?.standard_error ?? null;
  return (
    <div class="tfi-story">
      <p>{store.method.value?.summary}</p>
      {error !== null && <p class="tfi-muted">{uncertainty(error)}</p>}
    </div>
  );
}

/** Says how the run goes to those who do not see it: its start and its end, not every step. */
function Announcer({ store }: { store: Store }) {
  const { status } = store.traits;
  return (
    <p class="tfi-unseen" role="status">
      {progressText(status.value, answerCost(store), store.silent.value)}
    </p>
  );
}

/** The whole view. */
export function Explorer({ store, ground }: ViewProps<Store>) {
  return (
    <section
      class="tfi"
      aria-label="Attribution explorer"
      data-ground={ground.value}
      onFocusIn={keepKeys}
    >
      <div class="tfi-card">
        <Header store={store} />
        <div class="tfi-main">
          <Panes store={store} />
          <Numbers store={store} />
          <Tune store={store} />
          <Story store={store} />
        </div>
        <p class="tfi-remark">{notes(store).join(" ")}</p>
        <Warning message={store.shown.value?.warning ?? null} />
        <Notice status={store.traits.status.value} onRetry={store.retry} />
        <Footer store={store} />
      </div>
      <Announcer store={store} />
    </section>
  );
}
