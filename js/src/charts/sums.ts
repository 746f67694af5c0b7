/** What can honestly be said about the sum of the attributions. */

import { percent } from "../explorer/format";

export interface Sums {
  score: number;
  baseline_score: number | null;
  total: number;
  relative_error: number | null;
  moved: number | null;
}

/** A sum this close is what the authors of integrated gradients ask for. */
const FITS = 0.05;
/** A map that changed by more than this since half the steps is still on its way. */
const MOVED = 0.05;

export const difference = ({ score, baseline_score }: Sums): number =>
  score - (baseline_score ?? 0);

export function sentence(sums: Sums): string {
  const { baseline_score, relative_error, total } = sums;
  if (baseline_score === null) return "";
  if (relative_error === null) return "F(x) equals F(x′): there is no difference to reach";
  const ratio = total / difference(sums);
  if (ratio < 0) return "Σφ has the opposite sign of F(x) − F(x′)";
  return `Σφ reaches ${percent(ratio)} of F(x) − F(x′)`;
}

export function movement({ moved }: Sums): string {
  return moved === null ? "" : `the map moved ${percent(moved)} since n/2`;
}

/** The one remark that a reader of the numbers needs most: `note` where the numbers are sound. */
export function remark(sums: Sums | null, note: string): string {
  const moved = sums?.moved ?? null;
  if (sums === null || moved === null || moved <= MOVED) return note;
  const { relative_error } = sums;
  return relative_error !== null && relative_error <= FITS
    ? `The sum fits, yet the map moved ${percent(moved)} since n/2.`
    : `The map moved ${percent(moved)} since n/2: take more steps before reading its details.`;
}

export interface Extent {
  start: number;
  size: number;
}

/** Bars on one axis that holds zero, as parts of its length; negative ones end at zero. */
export function extents(values: number[]): { zero: number; bars: Extent[] } {
  const low = Math.min(0, ...values);
  const span = Math.max(0, ...values) - low;
  const part = (value: number) => (span > 0 ? (value - low) / span : 0);
  const bars = values.map((value) => ({
    start: Math.min(part(value), part(0)),
    size: Math.abs(part(value) - part(0)),
  }));
  return { zero: part(0), bars };
}
