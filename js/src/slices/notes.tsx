import { thousands } from "../explorer/format";
import type { Numbers } from "./answer";
import { NO_INTERVAL } from "./cells";
import { baselineText, isJudged } from "./columns";
import { sliceText } from "./readout";
import type { Store } from "./store";
import { comparedText, percent } from "./words";

/** How many slices have a value that a person may take for different. */
function comparedCount(store: Store): number {
  const value = store.main.value?.value ?? [];
  return store.large.value.filter((slice) => !Number.isNaN(value[slice])).length;
}

function hiddenText(store: Store): string[] {
  const table = store.table.value;
  const { left_out: leftOut } = store.traits.notes.value;
  if (table === null) return [];
  const all = table.ids.length - Number(table.whole >= 0);
  const hidden = all - store.large.value.length;
  const bound = store.settings.minCount.value.value;
  const texts = hidden > 0 ? [`${thousands(hidden)} hidden: n < ${thousands(bound)}`] : [];
  return [...texts, leftOut];
}

function greyText(store: Store): string[] {
  const { small } = store.traits.notes.value;
  if (!store.rows.value.some(store.isSmall)) return [];
  const noun = store.metric.value?.counted ?? "rows";
  return [noun === "rows" ? `grey: n < ${small}` : `grey: fewer than ${small} ${noun}`];
}

/** What stands for a reason that is too long for its cell. */
function markText(store: Store): string[] {
  const models = store.models.value;
  const isMarked = store.rows.value.some((slice) =>
    models.some(({ whyAlone }) => whyAlone(slice) !== null),
  );
  return isMarked ? [`${NO_INTERVAL} no interval: choose the slice to read why`] : [];
}

const sureText = (store: Store): string[] =>
  store.found.only.value
    ? ["q: the false discovery rate at which a slice would first be found"]
    : [];

/** How two models are drawn. */
function Models({ store }: { store: Store }) {
  const [first, second] = store.traits.models.value;
  if (second === undefined) return null;
  return (
    <span class="tfi-legend">
      <i class="tfi-key tfi-first" /> {first} <i class="tfi-key tfi-second" /> {second}
    </span>
  );
}

const tells = (numbers: Numbers | null): boolean =>
  numbers !== null && Array.from(numbers.low).some((end) => !Number.isNaN(end));

/** What colours mean: worse or better, and than what. */
function Colours({ store }: { store: Store }) {
  if ((store.metric.value?.greater_is_better ?? null) === null) return null;
  const isCompared = tells(store.comparison.value);
  const isDifferent = tells(store.difference.value);
  if (!isCompared && !isDifferent) return null;
  const [first] = store.traits.models.value;
  const than = [isCompared && first, isDifferent && baselineText(store)].filter(Boolean);
  return (
    <span class="tfi-legend">
      <i class="tfi-key tfi-worse" /> worse <i class="tfi-key tfi-better" /> better than{" "}
      {than.join(", or ")}, at {percent(store.traits.notes.value.level)}
    </span>
  );
}

/** What the marks of gates mean. */
function Gates({ store }: { store: Store }) {
  if (!isJudged(store.metric.value)) return null;
  return (
    <span class="tfi-legend">
      <span class="tfi-mark tfi-failed">✗</span> misses the bound, <span class="tfi-mark">~</span>{" "}
      its interval holds it: unsure, <span class="tfi-mark tfi-passed">✓</span> keeps it
    </span>
  );
}

/** The sentence on the chosen slice, also heard. */
export function Readout({ store }: { store: Store }) {
  const slice = store.rows.value[store.place.value];
  return (
    <p class="tfi-said" role="status">
      {slice === undefined ? "" : sliceText(store, slice)}
    </p>
  );
}

/** What is hidden, greyed and coloured, and how many slices chance has been given. */
export function Notes({ store }: { store: Store }) {
  const { notes } = store.traits;
  const hasIntervals = (store.metric.value?.interval ?? "") !== "";
  if (store.table.value === null) return null;
  // What a search has picked out of many is not for this rule of thumb; the search says its own.
  const compared = store.found.only.value
    ? ""
    : comparedText(comparedCount(store), notes.value, hasIntervals);
  const said = [
    compared,
    ...hiddenText(store),
    ...greyText(store),
    ...markText(store),
    ...sureText(store),
    notes.value.source,
  ];
  return (
    <div class="tfi-notes">
      <p>{said.filter(Boolean).join(" · ")}</p>
      <Models store={store} />
      <Colours store={store} />
      <Gates store={store} />
    </div>
  );
}
