/** What can honestly be said about the sum of the attributions. */

import { number, percent } from "../explorer/format";
import type { StandardError } from "../wire/traits";

export interface Sums {
  score: number | null;
  baseline_score: number | null;
  total: number | null;
  relative_error: number | null;
  moved: number | null;
  standard_error: StandardError | null;
}

/** A sum this close is what the authors of integrated gradients ask for. */
const FITS = 0.05;
/** A map that changed by more than this since half the steps is still on its way. */
const MOVED = 0.05;

/** Values that differ little more than another seed would move them are little but chance. */
const CHANCE = 0.5;

/** F(x) − F(x′); null where one of them is no finite number. */
export const difference = ({ score, baseline_score }: Sums): number | null =>
  score === null || baseline_score === null ? null : score - baseline_score;

export function sentence(sums: Sums): string {
  const { relative_error, total } = sums;
  const wanted = difference(sums);
  if (wanted === null || total === null) return "Not finite: there is no sum to compare";
  if (relative_error === null) return "F equals F′: there is no difference to reach";
  const ratio = total / wanted;
  if (ratio < 0) return "Σφ and F − F′ differ in sign";
  return `Σφ reaches ${percent(ratio)} of F − F′`;
}

export function movement({ moved }: Sums): string {
  return moved === null ? "" : `the map moved ${percent(moved)} since n/2`;
}

/** How far another seed would move the values, in their own units and beside how they differ. */
export function uncertainty({ typical, relative }: StandardError): string {
  if (typical === null) return "Too few samples to tell how far another seed would move the map.";
  const part = relative === null ? "" : `, ${percent(relative)} of how far they differ`;
  return `Another seed would move the values by about ${number(typical, 2)}${part}.`;
}

/** What a reader of the numbers needs to know first; empty where they are sound. */
export function remark(sums: Sums | null): string {
  if (sums === null) return "";
  const { moved, relative_error, standard_error } = sums;
  if ((standard_error?.relative ?? 0) > CHANCE) {
    return "Single values are largely chance: take more samples.";
  }
  if (moved === null || moved <= MOVED) return "";
  return relative_error !== null && relative_error <= FITS
    ? "The sum fits, yet the map still moves: take more steps."
    : "The map still moves: take more steps before reading details.";
}

export interface Extent {
  start: number;
  size: number;
}

/**
 * Bars on one axis that holds zero, as parts of its length; negative ones end at zero, and there is
 * none for what is no number.
 */
export function extents(values: (number | null)[]): { zero: number; bars: (Extent | null)[] } {
  const known = values.filter((value) => value !== null);
  const low = Math.min(0, ...known);
  const span = Math.max(0, ...known) - low;
  const part = (value: number) => (span > 0 ? (value - low) / span : 0);
  const bar = (value: number): Extent => ({
    start: Math.min(part(value), part(0)),
    size: Math.abs(part(value) - part(0)),
  });
  return { zero: part(0), bars: values.map((value) => (value === null ? null : bar(value))) };
}
