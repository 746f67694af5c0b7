/** Words for classes, methods and units. */

import type { Named, Prediction, Target } from "../wire/traits";

export function className(names: string[] | null, index: number): string {
  return names?.[index] ?? `class ${index}`;
}

/** Registry entries are named; an object that came from Python carries its name. */
export const nameOf = (named: Named): string => (typeof named === "string" ? named : named.name);

const REDUCTIONS: Record<string, string> = {
  sum: "sum of channels",
  abs_sum: "sum of |channels|",
  max_abs: "max of |channels|",
  mean: "mean of channels",
};

export const reductionLabel = (reduction: string): string => REDUCTIONS[reduction] ?? reduction;

const UNITS: Record<string, string> = { logits: "logits", probability: "probability" };

/** The unit of a score, as a noun; a model that was taken as it is has one of its own. */
export const unitOf = (output: string): string => UNITS[output] ?? "score units";

export function probabilityOf(predictions: Prediction[], index: number): number | null {
  return predictions.find((prediction) => prediction.index === index)?.probability ?? null;
}

/** The first class of a target; null for "the top class". */
export const firstOf = (target: Target): number | null =>
  Array.isArray(target) ? target[0] : target;

/** The class that a contrast subtracts; null where there is none. */
export const secondOf = (target: Target): number | null =>
  Array.isArray(target) ? target[1] : null;
