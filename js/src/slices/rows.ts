/** Which slices are shown, and in which order. */

import { holds, sorted, words } from "../table/find";
import type { SortBy } from "../wire/slices";
import type { Table } from "./answer";

export interface Filter {
  search: string;
  minCount: number;
  brush: [low: number, high: number] | null;
  /** Ids that were found to be worse, where only those are shown. */
  found: ReadonlyMap<string, number> | null;
}

/** What each slice may be sorted by; NaN, which comes last, where there is nothing. */
export type Ranks = Record<Exclude<SortBy, "">, (slice: number) => number>;

/** Slices without the whole, which is no row to look for. */
export function partsOf({ ids, whole }: Table): Int32Array {
  return Int32Array.from(ids.keys()).filter((slice) => slice !== whole);
}

/** Those of enough rows. */
export const largeEnough = (table: Table, minCount: number): Int32Array =>
  partsOf(table).filter((slice) => table.counts[slice] >= minCount);

export function matching(table: Table, value: ArrayLike<number>, filter: Filter): Int32Array {
  const wanted = words(filter.search);
  const { brush, found } = filter;
  return largeEnough(table, filter.minCount).filter((slice) => {
    // Written so that what has no value is not in any range.
    const brushed = brush === null || (value[slice] >= brush[0] && value[slice] <= brush[1]);
    const wantedOnly = found === null || found.has(table.ids[slice]);
    return brushed && wantedOnly && holds([table.names[slice]], wanted);
  });
}

/** The whole first, whatever the rest is sorted by. */
export function arranged(
  table: Table,
  slices: Int32Array,
  rank: ((slice: number) => number) | null,
  descending: boolean,
): Int32Array {
  const order = sorted(slices, rank === null ? null : { rank }, descending);
  return table.whole < 0 ? order : Int32Array.from([table.whole, ...order]);
}
