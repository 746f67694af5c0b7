/** What the kernel answered, decoded once. */

import { decode, type Values } from "../wire/arrays";
import type { Curves, Estimates, ModelValues, Slices } from "../wire/slices";
import type { Counts } from "./counts";

/** One number a slice, NaN where there is none. */
export interface Numbers {
  value: Values;
  low: Values;
  high: Values;
}

/** What is known of one metric of one model. */
export interface ModelNumbers extends Numbers {
  /** Why there is no value. */
  why: (slice: number) => string | null;
  /** Why there is a value without an interval. */
  whyAlone: (slice: number) => string | null;
  /** How many rows it rests on; null for all rows of the slice. */
  over: (slice: number) => number | null;
  difference: Numbers | null;
}

export interface Table {
  ids: string[];
  keys: Slices["keys"];
  names: string[];
  counts: Values;
  weights: Values | null;
  /** Rows of the largest. */
  largest: number;
  /** Position of the whole; -1 where it is not there. */
  whole: number;
  /** Place of each slice's name in the alphabet. */
  alphabet: Int32Array;
}

export const WHOLE = "";
export const MISSING = "missing";

type Key = Slices["keys"][number];

/** As Python's `slice_name`. */
export function nameOf(key: Key): string {
  if (key.length === 0) return "all";
  return key.map(([feature, value]) => `${feature}: ${value ?? MISSING}`).join(", ");
}

export function numbers({ value, low, high }: Estimates): Numbers {
  return { value: decode(value).data, low: decode(low).data, high: decode(high).data };
}

export function modelNumbers(model: ModelValues): ModelNumbers {
  const { denominators } = model;
  const rows = denominators === null ? null : decode(denominators).data;
  return {
    ...numbers(model),
    why: (slice) => model.undefined[slice] ?? null,
    whyAlone: (slice) => model.no_interval[slice] ?? null,
    over: (slice) => rows?.[slice] ?? null,
    difference: model.difference === null ? null : numbers(model.difference),
  };
}

export function tableOf({ ids, keys, counts, weights }: Slices): Table {
  const names = keys.map(nameOf);
  // Numbers within names by their size: "[5, 10)" before "[10, 20)".
  const { compare } = new Intl.Collator("en", { numeric: true });
  const order = names.map((_, slice) => slice).sort((a, b) => compare(names[a], names[b]));
  const alphabet = new Int32Array(names.length);
  order.forEach((slice, place) => {
    alphabet[slice] = place;
  });
  const { data: sizes } = decode(counts);
  return {
    ids,
    keys,
    names,
    counts: sizes,
    largest: Array.from(sizes).reduce((most, size) => Math.max(most, size), 0),
    weights: weights === null ? null : decode(weights).data,
    whole: ids.indexOf(WHOLE),
    alphabet,
  };
}

/** Counts above each stop, of one model. */
interface Above {
  positive: Values;
  negative: Values;
  positives: Values;
  negatives: Values;
}

export interface DecodedCurves {
  partition: number;
  stops: Values;
  models: Above[];
}

export function curvesOf({ partition, stops, models }: Curves): DecodedCurves {
  return {
    partition,
    stops: decode(stops).data,
    models: models.map((model) => ({
      positive: decode(model.above_positive).data,
      negative: decode(model.above_negative).data,
      positives: decode(model.positives).data,
      negatives: decode(model.negatives).data,
    })),
  };
}

/** Counts of each slice at a threshold. */
export type CountsAt = (slice: number) => Counts;

/** For each model the counts at a threshold; null where that is no stop of the curves. */
export function countsAt({ stops, models }: DecodedCurves, threshold: number): CountsAt[] | null {
  const stop = stops.indexOf(threshold);
  if (stop < 0) return null;
  return models.map(({ positive, negative, positives, negatives }) => (slice) => {
    const at = slice * stops.length + stop;
    const [tp, fp] = [positive[at], negative[at]];
    return { tp, fp, fn: positives[slice] - tp, tn: negatives[slice] - fp };
  });
}
