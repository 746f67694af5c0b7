/** Numbers that are on view: the kernel's, or our own where a control has moved on from them. */

import type { Formula } from "../wire/slices";
import type { CountsAt, ModelNumbers, Numbers } from "./answer";
import { type Counts, type Estimate, estimate, restsOn } from "./counts";

const nothing = (count: number) => new Float64Array(count).fill(Number.NaN);

const gather = (found: Estimate[], part: "value" | "low" | "high") =>
  Float64Array.from(found, (each) => each[part]);

interface Ways {
  /** Null where its interval is not Wilson's. */
  z: number | null;
  /** Counts are sums of weights, which do not tell on how many rows a value rests. */
  weighted: boolean;
}

/** A metric at another threshold, from its counts. */
export function moved(
  formula: Formula,
  countsAt: CountsAt,
  told: ModelNumbers,
  { z, weighted }: Ways,
): ModelNumbers {
  const count = told.value.length;
  const found = Array.from({ length: count }, (_, slice) => estimate(formula, countsAt(slice), z));
  return {
    value: gather(found, "value"),
    low: gather(found, "low"),
    high: gather(found, "high"),
    why: (slice) => found[slice].why,
    whyAlone: () => null,
    over: weighted ? told.over : (slice) => restsOn(formula, countsAt(slice)),
    difference: null,
  };
}

/** Values alone: their intervals are the kernel's to find. */
const valuesOnly = (value: Float64Array): Numbers => ({
  value,
  low: nothing(value.length),
  high: nothing(value.length),
});

export const minus = (one: Numbers, other: Numbers): Numbers =>
  valuesOnly(Float64Array.from(one.value, (value, slice) => value - other.value[slice]));

/** Each slice's value less that of the slice `baseline`. */
export function fromSlice({ value }: Numbers, baseline: number): Numbers {
  return valuesOnly(Float64Array.from(value, (each) => each - value[baseline]));
}

const without = (all: Counts, part: Counts): Counts => ({
  tp: all.tp - part.tp,
  fp: all.fp - part.fp,
  fn: all.fn - part.fn,
  tn: all.tn - part.tn,
});

/** Each slice's value less that of all other rows. */
export function fromRest(
  { value }: Numbers,
  formula: Formula,
  countsAt: CountsAt,
  whole: number,
): Numbers {
  const all = countsAt(whole);
  return valuesOnly(
    Float64Array.from(value, (each, slice) => {
      const rest = estimate(formula, without(all, countsAt(slice)), null);
      return each - rest.value;
    }),
  );
}
