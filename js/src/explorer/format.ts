/** Numbers as people read them: a true minus sign, few digits, no exponent where it can be helped. */

const MINUS = "−";
/** In place of what is no finite number, for which JSON has no word. */
const NONE = "—";

const withMinus = (text: string): string => text.replaceAll("-", MINUS);

/** A few significant digits. */
export function number(value: number, significant = 3): string {
  if (!Number.isFinite(value)) return NONE;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) return withMinus(value.toExponential(1).replace("e+", "e"));
  const digits = Math.max(0, significant - 1 - Math.floor(Math.log10(size)));
  return withMinus(value.toFixed(Math.min(digits, 6)));
}

export const signedNumber = (value: number): string =>
  value > 0 && value < Number.POSITIVE_INFINITY ? `+${number(value)}` : number(value);

/** A score with two decimals, more for one that would vanish. */
export function score(value: number | null): string {
  if (value === null) return NONE;
  return Math.abs(value) >= 0.1 || value === 0 ? withMinus(value.toFixed(2)) : number(value);
}

/** A ratio in per cent; a decimal where a whole number would hide the difference from 100. */
export function percent(ratio: number): string {
  const value = 100 * ratio;
  const whole = Math.round(value);
  const hides = whole === 100 && Math.abs(value - 100) >= 0.05;
  return `${withMinus(hides ? value.toFixed(1) : String(whole))} %`;
}

/** A probability in per cent with one decimal, without the sign. */
export function probability(value: number | null): string {
  if (value === null) return NONE;
  return value > 0 && value < 0.0005 ? "< 0.1" : (100 * value).toFixed(1);
}

export const seconds = (value: number): string =>
  `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;

/** A setting as a person would write it. */
export const plain = (value: number): string => withMinus(String(Math.round(1000 * value) / 1000));

export const thousands = (value: number): string => value.toLocaleString("en-GB");
