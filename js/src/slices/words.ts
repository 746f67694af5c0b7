/** Numbers and sentences of the view. */

import { thousands } from "../explorer/format";
import type { Check, Notes, Threshold } from "../wire/slices";
import type { Numbers } from "./answer";
import type { Verdict } from "./judge";

const MINUS = "−";
export const NONE = "—";

/** Without the 0 before its point: in a column all have one. */
const withoutZero = (text: string): string => text.replace(/^(−?)0\./, "$1.");

/** A number with as many decimals as its neighbours; never "−.00". */
export function fixed(value: number, decimals: number): string {
  if (Number.isNaN(value)) return NONE;
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const rounded = Number(value.toFixed(decimals)) || 0;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return withoutZero(rounded.toLocaleString("en-GB", digits).replace("-", MINUS));
}

export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return value > 0 && /[1-9∞]/.test(text) ? `+${text}` : text;
}

/** A number as short as it is. */
export function short(value: number): string {
  const text = value.toLocaleString("en-GB", { maximumSignificantDigits: 6 });
  return withoutZero(text.replace("-", MINUS));
}

/** A threshold with two decimals, more where it was set between two stops. */
export const thresholdText = (value: number): string =>
  Number(value.toFixed(2)) === value ? fixed(value, 2) : short(value);

export const MOST_PROBABLE = "most probable class";

/** What counts as positive: "score > .50". */
export function ruleText(threshold: Threshold | null): string {
  if (threshold === null) return "";
  return threshold === "argmax" ? MOST_PROBABLE : `score > ${thresholdText(threshold)}`;
}

export const between = (low: number, high: number, decimals: number): string =>
  `[${fixed(low, decimals)}, ${fixed(high, decimals)}]`;

const LEAST_OF_SHARES = 2;
const MOST = 6;

/** Decimals that the intervals give reason to read; without intervals, three figures. */
export function decimalsFor({ value, low, high }: Numbers, isShare: boolean): number {
  const halves = Array.from(low, (end, k) => (high[k] - end) / 2).filter((half) => half > 0);
  halves.sort((a, b) => a - b);
  const size = halves.length > 0 ? halves[halves.length >> 1] : largest(value) / 100;
  const decimals = size > 0 ? Math.ceil(-Math.log10(size)) : LEAST_OF_SHARES;
  return Math.min(MOST, Math.max(isShare ? LEAST_OF_SHARES : 0, decimals));
}

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);

export const percent = (level: number): string => `${short(100 * level)} %`;

/** How many were compared, and what chance does to so many. */
export function comparedText(compared: number, { level }: Notes, hasIntervals: boolean): string {
  const slices = `${thousands(compared)} ${compared === 1 ? "slice" : "slices"} compared`;
  if (!hasIntervals || compared === 0) return slices;
  const chance = Math.round(compared * (1 - level));
  const about = chance === 0 ? "less than 1" : `about ${thousands(chance)}`;
  const looks = chance === 1 || chance === 0 ? "looks" : "look";
  return `${slices} at ${percent(level)}: ${about} ${looks} different by chance`;
}

export const intervalText = (interval: string, { level }: Notes): string =>
  interval === "" ? "" : `${percent(level)} ${interval}`;

const VERDICTS: Record<Verdict, string> = {
  open: "",
  same: "its interval holds 0",
  worse: "worse, its interval does not hold 0",
  better: "better, its interval does not hold 0",
  different: "its interval does not hold 0",
};

export function differenceTitle(
  difference: Numbers,
  slice: number,
  verdict: Verdict,
  decimals: number,
): string {
  const { value, low, high } = difference;
  const change = signed(value[slice], decimals);
  if (verdict === "open") return change;
  return `${change} ${between(low[slice], high[slice], decimals)}: ${VERDICTS[verdict]}`;
}

/** A rate at which findings are false: ".003", "< .001". */
export const rateText = (q: number): string => (q < 0.001 ? "< .001" : fixed(q, 3));

export function checkTitle({ passed, unsure, bound }: Check, isDefined: boolean): string {
  if (!isDefined) return `cannot be held to ${bound}`;
  const kept = passed ? `keeps ${bound}` : `misses ${bound}`;
  return unsure ? `${kept}, but its interval holds the bound` : kept;
}
