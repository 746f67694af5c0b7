/** From attributions to colours: smooth, sign, clip, mask, look up. Python draws by the same rules. */

import type { Sign } from "../wire/traits";
import { sortBits } from "./radix";

/** The part of the sign that is shown. */
export function applySign(values: Float32Array, sign: Sign): Float32Array {
  if (sign === "absolute") return values.map(Math.abs);
  if (sign === "positive") return values.map((value) => Math.max(0, value));
  return values;
}

/** |values| in ascending order: the clip and the mask are both read off it. */
export function sortedMagnitudes(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.length);
  bits.set(new Uint32Array(values.buffer, values.byteOffset, values.length));
  // Without their sign, the bits of floats are in the order of their values.
  for (let k = 0; k < bits.length; k++) bits[k] &= 0x7fffffff;
  return new Float32Array(sortBits(bits).buffer);
}

/** The linear percentile of NumPy, of values in ascending order. */
export function percentile(sorted: Float32Array, percent: number): number {
  const position = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

/** The magnitude at which colour saturates; the largest one where most of a map is zero. */
export function clipLimit(sorted: Float32Array, percent: number): number {
  const limit = percentile(sorted, percent);
  return limit > 0 ? limit : sorted[sorted.length - 1];
}

/** The smallest magnitude still drawn when only the top `percent` of the pixels are. */
export function maskThreshold(sorted: Float32Array, percent: number): number {
  const kept = Math.ceil((percent * sorted.length) / 100);
  return kept === 0 ? Number.POSITIVE_INFINITY : sorted[sorted.length - kept];
}

export interface Scale {
  signed: boolean;
  limit: number;
  threshold: number;
}

/** Entry of a lookup table of 256 for a value; signed maps are symmetric about zero. */
export function tableIndex(value: number, { signed, limit }: Scale): number {
  const part = limit > 0 ? value / limit : 0;
  const unit = signed ? (part + 1) / 2 : part;
  return Math.floor(Math.min(1, Math.max(0, unit)) * 255 + 0.5);
}

/** Pixels in RGBA; those below the threshold are transparent. */
export function paint(values: Float32Array, scale: Scale, table: Uint32Array): Uint32Array {
  const pixels = new Uint32Array(values.length);
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    if (Math.abs(value) >= scale.threshold) pixels[k] = table[tableIndex(value, scale)];
  }
  return pixels;
}
