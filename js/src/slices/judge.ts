/** What numbers mean: worse or better than the baseline, within bounds or not. */

import type { Check, Gate, MetricValues } from "../wire/slices";
import type { Numbers } from "./answer";
import { short } from "./words";

/** "open" where there is no interval to tell by, "same" where it holds 0. */
export type Verdict = "open" | "same" | "worse" | "better" | "different";

export function verdictOf(difference: Numbers, slice: number, greater: boolean | null): Verdict {
  const [low, high] = [difference.low[slice], difference.high[slice]];
  if (Number.isNaN(low) || Number.isNaN(high)) return "open";
  if (low <= 0 && high >= 0) return "same";
  if (greater === null) return "different";
  return low > 0 === greater ? "better" : "worse";
}

/** "≥ .7", "≤ .2", ".9 to 1.1". */
export function boundText({ low, high }: Gate): string {
  if (high === null) return `≥ ${short(low ?? Number.NEGATIVE_INFINITY)}`;
  return low === null ? `≤ ${short(high)}` : `${short(low)} to ${short(high)}`;
}

/** Whether a value keeps its bounds; an undefined one does not, and is unsure. */
function checkBy(gate: Gate, numbers: Numbers, slice: number): Check {
  const bound = boundText(gate);
  const value = numbers.value[slice];
  if (Number.isNaN(value)) return { passed: false, bound, unsure: true };
  const { low, high } = gate;
  const passed = (low === null || value >= low) && (high === null || value <= high);
  const holds = (end: number | null) =>
    end !== null && numbers.low[slice] < end && end < numbers.high[slice];
  return { passed, bound, unsure: holds(low) || holds(high) };
}

/** All judgements on a slice in one; null where there is none. */
export function checkOf(
  metric: MetricValues,
  numbers: Numbers,
  slice: number,
  id: string,
): Check | null {
  const own = metric.checks?.[slice];
  if (own !== undefined) return own;
  const gates = metric.gates.filter(({ ids }) => ids === null || ids.includes(id));
  const checks = gates.map((gate) => checkBy(gate, numbers, slice));
  if (checks.length === 0) return null;
  const failed = checks.filter(({ passed }) => !passed);
  return {
    passed: failed.length === 0,
    bound: checks.map(({ bound }) => bound).join(", "),
    // A bound that is surely missed decides, whatever is unsure beside it.
    unsure:
      failed.length === 0
        ? checks.some(({ unsure }) => unsure)
        : failed.every(({ unsure }) => unsure),
  };
}
