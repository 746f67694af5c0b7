import { TopClasses } from "../charts/classes";
import { Completeness } from "../charts/completeness";
import { hasCurve, PathChart } from "../charts/path";
import { remark } from "../charts/sums";
import { Notice, progressText } from "../controls/progress";
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

const SATURATES = "A probability near 0 or 1 has next to no gradient: explain logits if you can.";

/** What the score, the chosen baseline or the method says about itself. */
function ownNote(store: Store): string {
  if (store.shown.value?.output === "probability") return SATURATES;
  const { baselines, baseline } = store.traits;
  const method = store.method.value;
  const chosen = baselines.value.find(({ name }) => name === nameOf(baseline.value));
  return (method?.has_baseline ? chosen?.note : method?.note) ?? "";
}

function Story({ store }: { store: Store }) {
  const map = store.shown.value;
  const path = map?.path;
  const said = remark(map, ownNote(store));
  return (
    <div class="tfi-story">
      {path && hasCurve(path) && <PathChart path={path} unit={unitOf(map.output)} />}
      {said !== "" && <p class="tfi-remark">{said}</p>}
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
          <Evidence store={store} />
          <Tune store={store} />
          <Story store={store} />
        </div>
        <Notice status={store.traits.status.value} onRetry={store.retry} />
        <Footer store={store} />
      </div>
      <Announcer store={store} />
    </section>
  );
}
