/** The scale that all whiskers share. */

import { scaleLinear } from "d3-scale";
import type { Numbers } from "./answer";

export interface Scale {
  domain: [low: number, high: number];
  ticks: number[];
  /** Where a value lies, 0 at the left end and 1 at the right, or beyond. */
  at: (value: number) => number;
}

const TICKS = 4;

/** The least and the greatest of all numbers of some slices; null where there is none. */
function reach(models: Numbers[], slices: Int32Array): [low: number, high: number] | null {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const numbers of models.flatMap(({ value, low, high }) => [value, low, high])) {
    for (const slice of slices) {
      if (numbers[slice] < least) least = numbers[slice];
      if (numbers[slice] > most) most = numbers[slice];
    }
  }
  return least > most ? null : [least, most];
}

/** A scale over what is on view; small slices, which lie anywhere, do not squeeze the others. */
export function scaleOver(
  models: Numbers[],
  slices: Int32Array,
  isSmall: (slice: number) => boolean,
  range: [number | null, number | null],
): Scale {
  const large = slices.filter((slice) => !isSmall(slice));
  const found = reach(models, large) ?? reach(models, slices);
  let [least, most] = found ?? [range[0] ?? 0, range[1] ?? 1];
  if (least === most) [least, most] = [least - 0.05, most + 0.05];
  const scale = scaleLinear([0, 1]).domain([least, most]).nice(TICKS).unknown(Number.NaN);
  const [low, high] = scale.domain();
  const domain: [number, number] = [
    Math.max(low, range[0] ?? low),
    Math.min(high, range[1] ?? high),
  ];
  scale.domain(domain);
  return { domain, ticks: scale.ticks(TICKS), at: scale };
}
