/** What is known of one slice, in a sentence. */

import { thousands } from "../explorer/format";
import type { Store } from "./store";
import { between, fixed, short } from "./words";

/** "7 positives", "1 positive". */
export function countedText(count: number, noun: string): string {
  return `${thousands(count)} ${count === 1 ? noun.replace(/s$/, "") : noun}`;
}

/** One model's value with its interval, what it rests on, and why something is missing. */
function valueText(store: Store, slice: number, model: number): string {
  const numbers = store.models.value[model];
  const label = store.metric.value?.label ?? "";
  const name = store.traits.models.value.length > 1 ? `${store.traits.models.value[model]} ` : "";
  const [why, whyAlone] = [numbers.why(slice), numbers.whyAlone(slice)];
  const over = numbers.over(slice);
  const rests =
    over === null ? "" : ` over ${countedText(over, store.metric.value?.counted ?? "")}`;
  if (why !== null) return `${name}${label} is undefined: ${why}`;
  const [value, low, high] = [numbers.value[slice], numbers.low[slice], numbers.high[slice]];
  if (Number.isNaN(value)) return "";
  const decimals = store.decimals.value;
  const hasInterval = !Number.isNaN(low) && !Number.isNaN(high);
  const ends = hasInterval ? ` ${between(low, high, decimals)}` : "";
  const alone = whyAlone === null ? "" : `, no interval: ${whyAlone}`;
  return `${name}${label} ${fixed(value, decimals)}${ends}${rests}${alone}`;
}

export function sliceText(store: Store, slice: number): string {
  const table = store.table.value;
  if (table === null) return "";
  const { weights } = table;
  const weight = weights === null ? "" : ` of weight ${short(weights[slice])}`;
  const decided = store.decided.value;
  const few = store.isSmall(slice) ? `few ${countedNoun(store, slice)}, so little is known` : "";
  const parts = [
    countedText(table.counts[slice], "rows") + weight,
    ...store.models.value.map((_, model) => valueText(store, slice, model)),
    decided === "" ? "" : `decided by: ${decided}`,
    few,
  ];
  return `${table.names[slice]}: ${parts.filter(Boolean).join("; ")}`;
}

/** What there are few of: rows, unless the metric rests on some of them. */
function countedNoun(store: Store, slice: number): string {
  const rows = store.table.value?.counts[slice] ?? 0;
  return rows < store.traits.notes.value.small ? "rows" : (store.metric.value?.counted ?? "rows");
}
