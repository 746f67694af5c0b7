/** Answers what the kernel would, roughly: its intervals of AUC and of differences are normal ones. */

import { type Counts, type Estimate, estimate } from "../../src/slices/counts";
import type { Dtype, Values, WireArray } from "../../src/wire/arrays";
import type {
  Answer,
  Combination,
  Curves,
  Estimates,
  Formula,
  MetricValues,
  SliceTraits,
} from "../../src/wire/slices";
import type { Row } from "./rows";

export const Z = 1.959963984540054;
const STOPS = Float64Array.from({ length: 101 }, (_, k) => k / 100);
const SHARES: Formula[] = ["accuracy", "precision", "recall", "specificity", "fpr", "fnr"];

export const wire = (data: Values, shape = [data.length]): WireArray => {
  const dtypes = new Map<unknown, Dtype>([
    [Float64Array, "float64"],
    [Int32Array, "int32"],
  ]);
  return { dtype: dtypes.get(data.constructor) as Dtype, shape, view: data };
};

interface Slice {
  id: string;
  key: [string, string | null][];
  rows: Row[];
}

export function slicesOf(rows: Row[], asked: Combination[]): Slice[] {
  const slices = new Map<string, Slice>([["", { id: "", key: [], rows }]]);
  for (const combination of asked) {
    const names = combination.map((each) => (typeof each === "string" ? each : each[0]));
    for (const row of rows) {
      const key = names.map((name): [string, string | null] => [name, row.values[name]]);
      const id = JSON.stringify(key);
      if (!slices.has(id)) slices.set(id, { id, key, rows: [] });
      slices.get(id)?.rows.push(row);
    }
  }
  return [...slices.values()];
}

function countsOf(rows: Row[], model: number, threshold: number): Counts {
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (const { label, scores } of rows) {
    const positive = scores[model] > threshold;
    counts[positive ? (label ? "tp" : "fp") : label ? "fn" : "tn"]++;
  }
  return counts;
}

function aucOf(rows: Row[], model: number): Estimate {
  const sorted = [...rows].sort((a, b) => a.scores[model] - b.scores[model]);
  const positives = rows.filter(({ label }) => label).length;
  const negatives = rows.length - positives;
  if (positives === 0 || negatives === 0) {
    return { value: Number.NaN, low: Number.NaN, high: Number.NaN, why: "one class only" };
  }
  let ranks = 0;
  sorted.forEach(({ label }, place) => {
    if (label) ranks += place + 1;
  });
  const value = (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
  const half = Z * Math.sqrt((value * (1 - value)) / Math.min(positives, negatives));
  return {
    value,
    low: Math.max(0, value - half),
    high: Math.min(1, value + half),
    why: null,
  };
}

function metricOf(name: Formula | "auc", rows: Row[], model: number, threshold: number): Estimate {
  if (name === "auc") return aucOf(rows, model);
  const counts = countsOf(rows, model, threshold);
  if (name !== "f1") return estimate(name, counts, Z);
  const found = estimate(name, counts, null);
  const half = Z * Math.sqrt((found.value * (1 - found.value)) / rows.length);
  return { ...found, low: Math.max(0, found.value - half), high: Math.min(1, found.value + half) };
}

/** One found less the other, as if they were independent. */
function less(one: Estimate, other: Estimate): Estimate {
  const value = one.value - other.value;
  const half = Math.hypot(one.high - one.low, other.high - other.low) / 2;
  return { value, low: value - half, high: value + half, why: null };
}

const estimates = (found: Estimate[]): Estimates => ({
  value: wire(Float64Array.from(found, ({ value }) => value)),
  low: wire(Float64Array.from(found, ({ low }) => low)),
  high: wire(Float64Array.from(found, ({ high }) => high)),
});

const COUNTED: Record<string, string> = {
  precision: "predicted positives",
  recall: "positives",
  fpr: "negatives",
};
const LABELS: Record<string, string> = { auc: "AUC", f1: "F1", fpr: "false positive rate" };

function metricValues(
  name: Formula | "auc",
  slices: Slice[],
  all: Row[],
  models: number,
  traits: SliceTraits,
): MetricValues {
  const threshold = typeof traits.threshold === "number" ? traits.threshold : 0.5;
  const found = Array.from({ length: models }, (_, k) => {
    const model = models === 1 ? 1 : k;
    const own = slices.map(({ rows }) => metricOf(name, rows, model, threshold));
    const base = slices.findIndex(({ id }) => id === traits.baseline);
    const from = slices.map(({ rows }) => {
      if (traits.baseline !== null) return own[base];
      const inside = new Set(rows);
      return metricOf(
        name,
        all.filter((row) => !inside.has(row)),
        model,
        threshold,
      );
    });
    return { own, differences: own.map((each, slice) => less(each, from[slice])) };
  });
  return {
    name,
    label: LABELS[name] ?? name,
    greater_is_better: !["fpr", "fnr"].includes(name),
    range: [0, 1],
    thresholded: name !== "auc",
    decided: "",
    counted: COUNTED[name] ?? "rows",
    by_class: false,
    formula: name === "auc" ? null : name,
    interval: SHARES.includes(name as Formula) ? "Wilson" : "bootstrap",
    models: found.map(({ own, differences }) => ({
      ...estimates(own),
      undefined: Object.fromEntries(
        own.flatMap((each, slice) => (each.why === null ? [] : [[slice, each.why]])),
      ),
      no_interval: {},
      denominators: null,
      difference: name === traits.metric ? estimates(differences) : null,
    })),
    comparison:
      models === 2 ? estimates(found[1].own.map((each, k) => less(each, found[0].own[k]))) : null,
    gates: name === "accuracy" ? [{ low: 0.7, high: null, ids: null }] : [],
    checks: null,
  };
}

let partitions = 0;

export function answerOf(all: Row[], traits: SliceTraits): { answer: Answer; curves: Curves } {
  const slices = slicesOf(all, traits.slices);
  const models = traits._models.length;
  const names: (Formula | "auc")[] = ["accuracy", "auc", "precision", "recall", "f1", "fpr"];
  const partition = ++partitions;
  const { class_id, threshold, baseline } = traits;
  return {
    answer: {
      partition,
      slices: traits.slices,
      class_id,
      threshold,
      baseline,
      table: {
        ids: slices.map(({ id }) => id),
        keys: slices.map(({ key }) => key),
        counts: wire(Int32Array.from(slices, ({ rows }) => rows.length)),
        weights: null,
      },
      metrics: names.map((name) => metricValues(name, slices, all, models, traits)),
    },
    curves: {
      partition,
      stops: wire(STOPS),
      models: Array.from({ length: models }, (_, k) => curvesOf(slices, models === 1 ? 1 : k)),
    },
  };
}

function curvesOf(slices: Slice[], model: number): Curves["models"][number] {
  const shape = [slices.length, STOPS.length];
  const above = (wanted: boolean) =>
    wire(
      Int32Array.from(
        slices.flatMap(({ rows }) => {
          const scores = rows
            .filter(({ label }) => label === wanted)
            .map((row) => row.scores[model]);
          return Array.from(STOPS, (stop) => scores.filter((score) => score > stop).length);
        }),
      ),
      shape,
    );
  const total = (wanted: boolean) =>
    wire(
      Int32Array.from(slices, ({ rows }) => rows.filter(({ label }) => label === wanted).length),
    );
  return {
    above_positive: above(true),
    above_negative: above(false),
    positives: total(true),
    negatives: total(false),
  };
}
