/** Which rows are shown, and in which order. */

import { type Column, isWrong, type Model } from "./columns";

export interface Filter {
  search: string;
  wrongOnly: boolean;
  confidence: [number, number];
}

export const words = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/** The rows that hold every word, each in some cell, and that the filters let through. */
export function matching(model: Model, columns: Column[], filter: Filter): Int32Array {
  const wanted = words(filter.search);
  // As the confidences came: 0.9 of a person is not quite that of a float32.
  const [low, high] = filter.confidence.map(Math.fround);
  const bounded = model.confidence !== null && (low > 0 || high < 1);
  // Of what has no classes, or no labels, nothing can be wrong: then there is no such filter.
  const wrongOnly = filter.wrongOnly && model.labels !== null && model.classNames !== null;
  const found: number[] = [];
  for (let row = 0; row < model.count; row++) {
    if (wrongOnly && !isWrong(model, row)) continue;
    if (bounded && !isBetween(model.confidence?.[row] ?? 0, low, high)) continue;
    if (wanted.length > 0 && !holds(cellsOf(columns, row), wanted)) continue;
    found.push(row);
  }
  return Int32Array.from(found);
}

const isBetween = (value: number, low: number, high: number): boolean =>
  value >= low && value <= high;

const cellsOf = (columns: Column[], row: number): string[] =>
  columns.map((column) => column.text(row));

/** Whether each word, in small letters, is in some text. */
export function holds(texts: string[], wanted: string[]): boolean {
  const small = texts.map((text) => text.toLowerCase());
  return wanted.every((word) => small.some((text) => text.includes(word)));
}

/** Positions of the names that hold every word of a query. */
export function indicesOf(names: string[], query: string): number[] {
  const wanted = words(query);
  return [...names.keys()].filter((index) => holds([names[index]], wanted));
}

/** Rows by a column, those without a value last either way; ties stay in the table's order. */
export function sorted(
  rows: Int32Array,
  column: Pick<Column, "rank"> | null,
  descending: boolean,
): Int32Array {
  if (column === null) return rows;
  const sign = descending ? -1 : 1;
  const ranks = new Map(Array.from(rows, (row) => [row, column.rank(row)]));
  return Int32Array.from(rows).sort((a, b) => {
    const [left, right] = [ranks.get(a) as number, ranks.get(b) as number];
    if (Number.isNaN(left) || Number.isNaN(right))
      return Number(Number.isNaN(left)) - Number(Number.isNaN(right)) || a - b;
    return sign * (left - right) || a - b;
  });
}

/** What a click on a heading asks for: the first sorts up, the second down, the third not at all. */
export function nextSorting<Key extends string>(key: Key, sortBy: Key | "", descending: boolean) {
  if (sortBy !== key) return { sort_by: key, descending: false };
  return descending
    ? { sort_by: "" as const, descending: false }
    : { sort_by: key, descending: true };
}
