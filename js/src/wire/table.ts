/** What the table shares with Python: the names are those of the Python side. */

import type { WireArray } from "./arrays";

export interface RawColumn {
  name: string;
  /** float64 or int32 for numbers, NaN where missing; else positions in `levels`, -1 missing. */
  values: WireArray;
  levels: string[] | null;
}

/** What the model says of each row that was sent. */
export interface Predictions {
  /** Class ids, -1 where there is none; the numbers themselves of a regression. */
  predicted: WireArray;
  /** Probability of the predicted class; null of a regression. */
  confidence: WireArray | null;
}

export interface TableTraits {
  /** The chosen row's number; null where none is. */
  row: number | null;
  /** The row to compare with; null where the baseline is none. */
  baseline_row: number | null;
  search: string;
  wrong_only: boolean;
  sort_by: string;
  descending: boolean;
  confidence: [number, number];
  _columns: RawColumn[];
  /** What each row that was sent is called; null where they count from 0. */
  _rows: WireArray | null;
  /** How many rows there are in Python; those sent are the first. */
  _total: number;
  /** What a person can do with a row. */
  _hint: string;
  /** Whether a second row can be picked, to compare with. */
  _compares: boolean;
  _class_names: string[] | null;
  _labels: WireArray | null;
  _predictions: Predictions | null;
}
