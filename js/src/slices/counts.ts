/**
 * Metrics from the four counts at a threshold, as evaluation/slicing has them:
 * tests/fixtures/slice_counts.json holds both to the same numbers.
 */

import type { Formula } from "../wire/slices";

/** Rows by label and by prediction: true and false positives, false and true negatives. */
export interface Counts {
  tp: number;
  fp: number;
  fn: number;
  tn: number;
}

/** A value with the ends of its interval, NaN where there is none; and why there is no value. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  why: string | null;
}

interface Definition {
  hits: (counts: Counts) => number;
  trials: (counts: Counts) => number;
  /** Why there is no value without trials. */
  why: string;
}

const NO_POSITIVES = "no positives";
const NO_NEGATIVES = "no negatives";

const SHARES: Record<Exclude<Formula, "balanced_accuracy" | "f1">, Definition> = {
  accuracy: {
    hits: ({ tp, tn }) => tp + tn,
    trials: ({ tp, fp, fn, tn }) => tp + fp + fn + tn,
    why: "no weight",
  },
  precision: {
    hits: ({ tp }) => tp,
    trials: ({ tp, fp }) => tp + fp,
    why: "nothing predicted positive",
  },
  recall: { hits: ({ tp }) => tp, trials: ({ tp, fn }) => tp + fn, why: NO_POSITIVES },
  fnr: { hits: ({ fn }) => fn, trials: ({ tp, fn }) => tp + fn, why: NO_POSITIVES },
  fpr: { hits: ({ fp }) => fp, trials: ({ fp, tn }) => fp + tn, why: NO_NEGATIVES },
  specificity: { hits: ({ tn }) => tn, trials: ({ fp, tn }) => fp + tn, why: NO_NEGATIVES },
};

const without = (why: string): Estimate => ({
  value: Number.NaN,
  low: Number.NaN,
  high: Number.NaN,
  why,
});

const alone = (value: number): Estimate => ({
  value,
  low: Number.NaN,
  high: Number.NaN,
  why: null,
});

/** How many rows a metric rests on: those it is a share of; of two classes the rarer one. */
export function restsOn(formula: Formula, counts: Counts): number {
  const { tp, fp, fn, tn } = counts;
  if (formula === "balanced_accuracy") return Math.min(tp + fn, fp + tn);
  return formula === "f1" ? tp + fp + fn : SHARES[formula].trials(counts);
}

/** Wilson's interval of `hits` of `trials` (Wilson 1927), z the normal quantile of its level. */
export function wilson(hits: number, trials: number, z: number): [low: number, high: number] {
  const half = (z * Math.sqrt((hits * (trials - hits)) / trials + z ** 2 / 4)) / (trials + z ** 2);
  const middle = (hits + z ** 2 / 2) / (trials + z ** 2);
  // Exact where nothing, or everything, hits: rounding would miss 0 and 1.
  return [hits === 0 ? 0 : middle - half, hits === trials ? 1 : middle + half];
}

/** A metric of some counts; z is null where its interval is not Wilson's. */
export function estimate(formula: Formula, counts: Counts, z: number | null): Estimate {
  const { tp, fp, fn, tn } = counts;
  if (formula === "balanced_accuracy") {
    if (tp + fn === 0 || fp + tn === 0) return without("one class only");
    return alone((tp / (tp + fn) + tn / (fp + tn)) / 2);
  }
  if (formula === "f1") {
    if (tp + fp + fn === 0) return without("no positives, and none predicted");
    return alone((2 * tp) / (2 * tp + fp + fn));
  }
  const share = SHARES[formula];
  const [hits, trials] = [share.hits(counts), share.trials(counts)];
  if (trials === 0) return without(share.why);
  const [low, high] = z === null ? [Number.NaN, Number.NaN] : wilson(hits, trials, z);
  return { value: hits / trials, low, high, why: null };
}
