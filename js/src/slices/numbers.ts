/** The metric on view as a chain of signals: each link moves only when what it rests on has. */

import { computed, type ReadonlySignal } from "@preact/signals";
import type { Answer, Combination, Curves, MetricValues, Notes, Threshold } from "../wire/slices";
import {
  type CountsAt,
  countsAt,
  curvesOf,
  type ModelNumbers,
  modelNumbers,
  type Numbers,
  numbers,
  type Table,
} from "./answer";
import { fromRest, fromSlice, minus, moved } from "./live";
import { ruleText } from "./words";

/** Wilson's intervals are those that the view can draw by itself. */
const CLOSED = "Wilson";

export interface Asked {
  metric: ReadonlySignal<string>;
  classId: ReadonlySignal<number | null>;
  threshold: ReadonlySignal<Threshold | null>;
  slices: ReadonlySignal<Combination[]>;
  baseline: ReadonlySignal<string | null>;
}

interface Known {
  answer: ReadonlySignal<Answer | null>;
  curves: ReadonlySignal<Curves | null>;
  table: ReadonlySignal<Table | null>;
  notes: ReadonlySignal<Notes>;
}

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

export function createNumbers(asked: Asked, { answer, curves, table, notes }: Known) {
  const metric = computed<MetricValues | null>(
    () => answer.value?.metrics.find(({ name }) => name === asked.metric.value) ?? null,
  );
  /** What decides on positive and negative; "" where nothing does. */
  const decided = computed(() => {
    if (metric.value === null) return "";
    return metric.value.thresholded ? ruleText(asked.threshold.value) : metric.value.decided;
  });
  /** What the kernel said of the metric, at its own threshold. */
  const told = computed<ModelNumbers[]>(() => metric.value?.models.map(modelNumbers) ?? []);
  const decoded = computed(() => (curves.value === null ? null : curvesOf(curves.value)));

  /** The slices, or the class, are not yet those that were asked for. */
  const otherSlices = computed(() => {
    if (answer.value === null || metric.value === null) return true;
    const { slices, class_id } = answer.value;
    const otherClass = metric.value.by_class && class_id !== asked.classId.value;
    return otherClass || !same(slices, asked.slices.value);
  });
  const otherThreshold = computed(
    () => metric.value?.thresholded === true && answer.value?.threshold !== asked.threshold.value,
  );
  /** Counts of each model at the threshold asked for; null where they are not known. */
  const counts = computed<CountsAt[] | null>(() => {
    const threshold = asked.threshold.value;
    const own = decoded.value !== null && decoded.value.partition === answer.value?.partition;
    if (
      !own ||
      decoded.value === null ||
      typeof threshold !== "number" ||
      metric.value?.formula == null
    )
      return null;
    return countsAt(decoded.value, threshold);
  });

  const models = computed<ModelNumbers[]>(() => {
    const formula = metric.value?.formula ?? null;
    const at = counts.value;
    if (!otherThreshold.value || formula === null || at === null) return told.value;
    const z = metric.value?.interval === CLOSED ? notes.value.z : null;
    const weighted = table.value?.weights != null;
    return at.map((each, k) => moved(formula, each, told.value[k], { z, weighted }));
  });
  const stale = computed(
    () => otherSlices.value || (otherThreshold.value && counts.value === null),
  );

  /** Whether every number of the answer is of what was asked. */
  const settled = computed(
    () => !otherSlices.value && answer.value?.threshold === asked.threshold.value,
  );

  /** From the baseline: the kernel's with intervals, else values alone; null while unknown. */
  const differences = computed<(Numbers | null)[]>(() => {
    const { value: baseline } = asked.baseline;
    const place = baseline === null ? -1 : (table.value?.ids.indexOf(baseline) ?? -1);
    const whole = table.value?.whole ?? -1;
    const formula = metric.value?.formula ?? null;
    return models.value.map((model, k) => {
      if (model.difference !== null && answer.value?.baseline === baseline) return model.difference;
      if (place >= 0) return fromSlice(model, place);
      const at = counts.value?.[k];
      if (baseline !== null || formula === null || at === undefined || whole < 0) return null;
      return fromRest(model, formula, at, whole);
    });
  });
  /** Second model less the first; null where there is but one. */
  const comparison = computed<Numbers | null>(() => {
    const [first, second] = models.value;
    if (second === undefined) return null;
    const sent = metric.value?.comparison ?? null;
    const isTold = models.value === told.value && sent !== null;
    return isTold ? numbers(sent) : minus(second, first);
  });

  return { metric, decided, told, models, stale, settled, differences, comparison };
}
