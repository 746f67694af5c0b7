/** What the view of slices shares with Python: the names are those of the Python side. */

import type { WireArray } from "./arrays";
import type { Status } from "./traits";

/** A column by which one can slice. */
export interface Feature {
  name: string;
  /** Categories as they are, or a number cut into bins. */
  kind: "category" | "bins";
  /** How many different values, the missing one included. */
  levels: number;
}

/** What the table behind the view can still answer: an imported one has no rows to ask. */
export interface Allows {
  /** Slicing by other features. */
  slicing: boolean;
  threshold: boolean;
  /** Differences from the rest of the data; from another slice they can always be told. */
  rest: boolean;
  /** Looking for the worst combinations of features. */
  finding: boolean;
  /** Listing the rows of a slice. */
  examples: boolean;
}

export interface Slices {
  /** Stable from answer to answer; "" is the whole, and comes first where it is there. */
  ids: string[];
  /** Pairs of feature and value, sorted by feature; null is the missing value. */
  keys: [feature: string, value: string | null][][];
  /** int32 (slices,): rows. */
  counts: WireArray;
  /** float64 (slices,): sums of the rows' weights; null where rows count alike. */
  weights: WireArray | null;
}

/** float64 (slices,) each, NaN where there is none. */
export interface Estimates {
  value: WireArray;
  low: WireArray;
  high: WireArray;
}

/** What came of one metric for one model. */
export interface ModelValues extends Estimates {
  /** Why a value is missing, by the slice's position. */
  undefined: Record<string, string>;
  /** Why there is a value but no interval, where one was asked for; by position as well. */
  no_interval: Record<string, string>;
  /**
   * int32 (slices,): the rows that the value rests on, of recall the positive ones; null where
   * every row counts.
   */
  denominators: WireArray | null;
  /** From the baseline: slice minus baseline. Null where it was not asked for. */
  difference: Estimates | null;
}

/** Bounds that the values of a metric must keep; null where there is none on that side. */
export interface Gate {
  low: number | null;
  high: number | null;
  /** The slices that it is for; null for all. */
  ids: string[] | null;
}

/** A judgement that bounds on the value alone do not tell, such as one about a change. */
export interface Check {
  passed: boolean;
  /** The bound in words. */
  bound: string;
  /** The interval holds the bound, or the metric is undefined. */
  unsure: boolean;
}

/** What the view computes by itself, from counts above the threshold. */
export type Formula =
  | "accuracy"
  | "balanced_accuracy"
  | "precision"
  | "recall"
  | "f1"
  | "fpr"
  | "fnr"
  | "specificity";

/** What counts as positive: a score above a number, or being the most probable class. */
export type Threshold = number | "argmax";

export interface MetricValues {
  name: string;
  /** As people read it: "AUC", "macro precision". */
  label: string;
  greater_is_better: boolean | null;
  /** The ends of what it can be: [0, 1] for a share, [0, null] for an error. */
  range: [low: number | null, high: number | null];
  /** Whether it depends on the threshold. */
  thresholded: boolean;
  /**
   * What decides, where that is not the threshold: "score > .7" for `precision@0.7`, "most probable
   * class" for accuracy of several classes; "" where the threshold or nothing does.
   */
  decided: string;
  /** What `denominators` count: "positives", "predicted positives"; "rows" where they are null. */
  counted: string;
  /** Whether it can be asked of one class. */
  by_class: boolean;
  /** Null where the view cannot compute it from `_curves`. */
  formula: Formula | null;
  /** How its intervals were found: "Wilson" is drawn by the view too; "" where there are none. */
  interval: string;
  /** One for each of `_models`. */
  models: ModelValues[];
  /** Second model minus first. */
  comparison: Estimates | null;
  /** The view judges by them, while the threshold moves too; empty where there are none. */
  gates: Gate[];
  /** Judgements in place of those by `gates`, by the slice's position. */
  checks: Record<string, Check> | null;
}

/**
 * What is sliced by: features, each combination of whose values is a slice, sorted by name; or the
 * pairs of feature and value of a single slice.
 */
export type Combination = (string | [feature: string, value: string | number | boolean | null])[];

/** All numbers of one question; it comes again and again as intervals are filled in. */
export interface Answer {
  /** Names these slices and this class: curves of the same partition go with them. */
  partition: number;
  /** What was asked: the traits of the same names, as they were. */
  slices: Combination[];
  class_id: number | null;
  threshold: Threshold | null;
  baseline: string | null;
  table: Slices;
  metrics: MetricValues[];
}

/** Counts (int32; float64 where rows are weighted) of rows with score > stop. */
export interface ModelCurves {
  /** (slices, stops). */
  above_positive: WireArray;
  above_negative: WireArray;
  /** (slices,): all rows. */
  positives: WireArray;
  negatives: WireArray;
}

export interface Curves {
  partition: number;
  /** float64, ascending. */
  stops: WireArray;
  /** One for each of `_models`. */
  models: ModelCurves[];
}

export interface Notes {
  /** Of the intervals: .95. */
  level: number;
  /** The normal quantile of that level: 1.96. */
  z: number;
  /** Slices whose metric rests on fewer rows are greyed. */
  small: number;
  /** "12 slices of too few rows were not computed: 140 of 9,000 rows"; "" where none was. */
  left_out: string;
  /** Where the numbers come from, such as "TensorFlow Model Analysis 0.52"; "" for our own. */
  source: string;
}

export interface Finding {
  /** One of the slices of the answer. */
  id: string;
  /** The false discovery rate at which it would first be found (Benjamini-Yekutieli). */
  q: number;
  /** The model that is worse there, of two; else null. */
  of: string | null;
  /** Position of an earlier finding that holds nearly the same rows, or null. */
  like: number | null;
}

/** Slices that are worse than the rest, and more than chance explains. */
export interface Findings {
  metric: string;
  /** "42 candidates, 3 worse, false discovery rate ≤ .05 (Benjamini-Yekutieli)". */
  summary: string;
  /** Worst first. */
  items: Finding[];
}

/** One way to decide what is positive, where there is a choice. */
export interface ThresholdRule {
  value: "argmax" | "score";
  label: string;
}

export type SortBy = "" | "slice" | "n" | "value" | "difference" | "gate" | "other" | "comparison";

export interface SliceTraits {
  search: string;
  /** "" is the order of the kernel; "other" is the first model's value where two are compared. */
  sort_by: SortBy;
  descending: boolean;
  /** Smaller slices are hidden, by the view. */
  min_count: number;
  metric: string;
  /** Null for what the metric says of all classes. */
  class_id: number | null;
  /** Positive is score > threshold; null where the results do not tell one. */
  threshold: Threshold | null;
  /** What is sliced by; the whole is always there. */
  slices: Combination[];
  /** The id of a slice; null for the rest of the data. */
  baseline: string | null;
  /** The id of a slice, null for none. */
  selected: string | null;
  /** Between which values of the metric slices are shown. */
  brush: [low: number, high: number] | null;
  _features: Feature[];
  _allows: Allows;
  /** One name, or those of two models that are compared. */
  _models: string[];
  /** Names of the classes one can pick; null where there is no choice. */
  _classes: string[] | null;
  /** For several classes; empty where a number is all that can be chosen. */
  _threshold_rules: ThresholdRule[];
  /** Null before the first answer. */
  _answer: Answer | null;
  /** Null where there is no threshold to move, or where they would be too large to send. */
  _curves: Curves | null;
  _notes: Notes;
  _findings: Findings | null;
  _status: Status;
}

/** What the view sends beside traits. */
export type SliceRequest =
  | { kind: "cancel"; run: number }
  | { kind: "explain" }
  | { kind: "find"; metric: string };
