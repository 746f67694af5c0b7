/** The columns of the table: one model has fewer than two. */

import type { MetricValues, SortBy } from "../wire/slices";
import { boundText } from "./judge";
import type { Store } from "./store";
import { intervalText } from "./words";

export interface Column {
  key: "slice" | "n" | "chart" | "other" | "value" | "comparison" | "difference" | "gate";
  label: string;
  /** What a click on its heading sorts by; null where it does not. */
  sorts: Exclude<SortBy, ""> | null;
  title: string;
}

const column = (
  key: Column["key"],
  label: string,
  sorts: Column["sorts"],
  title = `Sort by ${label}`,
): Column => ({ key, label, sorts, title });

/** What is compared with, as a heading has it. */
export function baselineText(store: Store): string {
  const id = store.traits.baseline.value;
  const table = store.table.value;
  if (id === null || table === null) return "the rest";
  return table.names[table.ids.indexOf(id)] ?? "the rest";
}

function valueColumns(store: Store): Column[] {
  const label = store.metric.value?.label ?? store.traits.metric.value;
  const [first, second] = store.traits.models.value;
  const interval = intervalText(store.metric.value?.interval ?? "", store.traits.notes.value);
  if (second === undefined)
    return [column("chart", label, "value"), column("value", interval, null, "")];
  return [
    column("chart", label, null, interval),
    column("other", first, "other"),
    column("value", second, "value"),
    column("comparison", `${second} − ${first}`, "comparison"),
  ];
}

/** Below these widths columns give way to the others, in pixels. */
const ROOM: Partial<Record<Column["key"], number>> = { chart: 400, other: 600 };
const ROOM_OF_DIFFERENCE_OF_TWO = 520;

function fits({ key }: Column, width: number, isPair: boolean): boolean {
  if (key === "difference" && isPair) return width >= ROOM_OF_DIFFERENCE_OF_TWO;
  return width >= (ROOM[key] ?? 0);
}

/** The columns for which a table of this width has room. */
export function columnsOf(store: Store, width: number): Column[] {
  const isPair = store.traits.models.value.length > 1;
  const columns = allColumns(store);
  const shown = columns.filter((each) => fits(each, width, isPair));
  const chart = columns.find(({ key }) => key === "chart");
  if (isPair || chart === undefined || shown.includes(chart)) return shown;
  // The chart's heading is then that of the values.
  return shown.map((each) => (each.key === "value" ? { ...chart, key: "value" } : each));
}

/** Widths of the columns, for the style sheet: it names each. */
export const templateOf = (columns: Column[]): string =>
  columns.map(({ key }) => `var(--tfi-${key}-width)`).join(" ");

const GATE_TITLE = "Sort by gate: ✗ misses the bound, ✓ keeps it, ~ the interval holds it";

/** With its bound, where all slices have the same. */
function gateText({ gates }: MetricValues): string {
  const [gate, another] = gates;
  return gate?.ids === null && another === undefined ? `gate ${boundText(gate)}` : "gate";
}

function allColumns(store: Store): Column[] {
  const metric = store.metric.value;
  const isJudged = metric !== null && (metric.gates.length > 0 || metric.checks !== null);
  const { baseline, allows } = store.traits;
  const differs = allows.value.rest || baseline.value !== null;
  const from = `from ${baselineText(store)}`;
  return [
    column("slice", "slice", "slice"),
    column("n", "n", "n", "Sort by number of rows"),
    ...valueColumns(store),
    ...(differs ? [column("difference", from, "difference", `Sort by difference ${from}`)] : []),
    ...(isJudged ? [column("gate", gateText(metric), "gate", GATE_TITLE)] : []),
  ];
}
