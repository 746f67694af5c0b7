/** The columns of the table: one model has fewer than two. */

import type { MetricValues, SortBy } from "../wire/slices";
import { boundText } from "./judge";
import { BASELINE } from "./names";
import type { Store } from "./store";
import { intervalText } from "./words";

export interface Column {
  key: "slice" | "n" | "chart" | "other" | "value" | "comparison" | "difference" | "gate";
  label: string;
  /** What a click on its heading sorts by; null where it does not. */
  sorts: Exclude<SortBy, ""> | null;
  title: string;
  /** A second one that stands below it in the same column. */
  under: Column | null;
}

/** Of a heading and of a cell. */
export const cellClass = ({ key, under }: Column): string =>
  `tfi-cell tfi-${under === null || key === "slice" ? key : "stack"}`;

const column = (
  key: Column["key"],
  label: string,
  sorts: Column["sorts"],
  title = `Sort by ${label}`,
): Column => ({ key, label, sorts, title, under: null });

/** How the two models are drawn, for where there is no room for their names. */
export const [FIRST, SECOND] = ["○", "◆"];

/** What is compared with. */
export function baselineText(store: Store): string {
  const id = store.traits.baseline.value;
  const table = store.table.value;
  if (id === null || table === null) return "the rest";
  return table.names[table.ids.indexOf(id)] ?? "the rest";
}

function ofOne(store: Store, { isCharted }: Arrangement): Column[] {
  const label = store.metric.value?.label ?? store.traits.metric.value;
  const interval = intervalText(store.metric.value?.interval ?? "", store.traits.notes.value);
  const values = isCharted
    ? [column("chart", label, "value"), column("value", interval, null, "")]
    : [column("value", label, "value")];
  return [...values, ...ownDifference(store)];
}

/** Two names of more letters than these make no heading. */
const SHORT = 9;

function ofTwo(store: Store, { isStacked, isCharted }: Arrangement): Column[] {
  const [first, second] = store.traits.models.value;
  const label = store.metric.value?.label ?? store.traits.metric.value;
  const interval = intervalText(store.metric.value?.interval ?? "", store.traits.notes.value);
  const isShort = !isStacked && first.length + second.length <= SHORT;
  const change = isShort ? `${second} − ${first}` : `${SECOND} − ${FIRST}`;
  const chart = isCharted ? [column("chart", label, null, interval)] : [];
  const other = column("other", `${FIRST} ${first}`, "other", `Sort by ${label} of ${first}`);
  const value = column("value", `${SECOND} ${second}`, "value", `Sort by ${label} of ${second}`);
  const comparison = column("comparison", change, "comparison", `Sort by ${second} − ${first}`);
  const differences = ownDifference(store);
  if (!isStacked) return [...chart, other, value, comparison, ...differences];
  const [difference] = differences;
  const rest = store.traits.baseline.value === null ? "rest" : BASELINE;
  const below = difference ? { ...difference, label: `${SECOND} − ${rest}` } : null;
  return [...chart, { ...other, under: value }, { ...comparison, under: below }];
}

function ownDifference(store: Store): Column[] {
  const { baseline, allows, models } = store.traits;
  if (!allows.value.rest && baseline.value === null) return [];
  const [, second] = models.value;
  const from = `from ${baselineText(store)}`;
  const label = second === undefined ? from : `${SECOND} ${from}`;
  const of = second === undefined ? "" : ` of ${second}`;
  const title = `Sort by difference${of} from ${baselineText(store)}`;
  return [column("difference", label, "difference", title)];
}

const GATE_TITLE = "Sort by gate: ✗ misses the bound, ~ the interval holds it, ✓ keeps it";

/** With its bound, where all slices have the same. */
function gateText({ gates }: MetricValues): string {
  const [gate, another] = gates;
  return gate?.ids === null && another === undefined
    ? `gate ${boundText(gate).replace(/(?<=[≥≤]) /, "\u00a0")}`
    : "gate";
}

export const isJudged = (metric: MetricValues | null): metric is MetricValues =>
  metric !== null && (metric.gates.length > 0 || metric.checks !== null);

/** What stands beside what, from much room to little. */
export interface Arrangement {
  /** Of two models, numbers of a kind stand below one another. */
  isStacked: boolean;
  /** The number of rows stands behind the name. */
  isCountBelow: boolean;
  isCharted: boolean;
}

export function columnsOf(store: Store, arrangement: Arrangement): Column[] {
  const metric = store.metric.value;
  const isPair = store.traits.models.value.length > 1;
  const name = column("slice", "slice", "slice");
  const count = column("n", "n", "n", "Sort by number of rows");
  return [
    ...(arrangement.isCountBelow ? [{ ...name, under: count }] : [name, count]),
    ...(isPair ? ofTwo : ofOne)(store, arrangement),
    ...(isJudged(metric) ? [column("gate", gateText(metric), "gate", GATE_TITLE)] : []),
  ];
}
