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

/** All finite numbers of some slices: dots, and whiskers where they are not of small slices. */
function* reach(models: Numbers[], slices: Int32Array, isSmall: (slice: number) => boolean) {
  for (const { value, low, high } of models) {
    for (const slice of slices) {
      yield value[slice];
      if (isSmall(slice)) continue;
      yield low[slice];
      yield high[slice];
    }
  }
}

/** A scale over what is on view; small slices with wide whiskers do not squeeze the others. */
export function scaleOver(
  models: Numbers[],
  slices: Int32Array,
  isSmall: (slice: number) => boolean,
  range: [number | null, number | null],
): Scale {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of reach(models, slices, isSmall)) {
    if (number < least) least = number;
    if (number > most) most = number;
  }
  if (least > most) [least, most] = [range[0] ?? 0, range[1] ?? 1];
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
