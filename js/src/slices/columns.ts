/** The columns of the table: one model has fewer than two. */

import type { SortBy } from "../wire/slices";
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

export function columnsOf(store: Store): Column[] {
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
    ...(isJudged ? [column("gate", "gate", "gate")] : []),
  ];
}
