/** From attributions to colours: smooth, sign, clip, mask, look up. Python draws by the same rules. */

import type { Sign } from "../wire/traits";
import { sortBits } from "./radix";

/** The part of the sign that is shown. */
export function applySign(values: Float32Array, sign: Sign): Float32Array {
  if (sign === "absolute") return values.map(Math.abs);
  if (sign === "positive") {
    return values.map((value) => (Number.isFinite(value) ? Math.max(0, value) : value));
  }
  return values;
}

const INFINITY_BITS = 0x7f800000;

/** |values| in ascending order, without those that are not finite: clip and mask are read off it. */
export function sortedMagnitudes(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.length);
  bits.set(new Uint32Array(values.buffer, values.byteOffset, values.length));
  // Without their sign, the bits of floats are in the order of their values.
  for (let k = 0; k < bits.length; k++) bits[k] &= 0x7fffffff;
  const sorted = sortBits(bits);
  // Infinities and NaN sort behind every number.
  let length = sorted.length;
  while (length > 0 && sorted[length - 1] >= INFINITY_BITS) length--;
  return new Float32Array(sorted.buffer, 0, length);
}

/** The linear percentile of NumPy, of values in ascending order; 0 where there are none. */
export function percentile(sorted: Float32Array, percent: number): number {
  if (sorted.length === 0) return 0;
  const position = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

/** The magnitude at which colour saturates; the largest one where most of a map is zero. */
export function clipLimit(sorted: Float32Array, percent: number): number {
  const limit = percentile(sorted, percent);
  return limit > 0 ? limit : (sorted.at(-1) ?? 0);
}

/**
 * The value at which the colours of a map without sign begin: 0, unless all of it lies far above,
 * as of a map of averages, where only the differences have something to say.
 */
export function floorOf(sorted: Float32Array, percent: number): number {
  const floor = percentile(sorted, 100 - percent);
  const limit = clipLimit(sorted, percent);
  return limit / 2 < floor && floor < limit ? floor : 0;
}

/** The smallest magnitude still drawn when only the top `percent` of the pixels are. */
export function maskThreshold(sorted: Float32Array, percent: number): number {
  const kept = Math.ceil((percent * sorted.length) / 100);
  return kept === 0 ? Number.POSITIVE_INFINITY : sorted[sorted.length - kept];
}

export interface Scale {
  signed: boolean;
  /** Where the colours begin, for values without sign. */
  floor: number;
  limit: number;
  threshold: number;
}

/** Entry of a lookup table of 256 for a value; signed maps are symmetric about zero. */
export function tableIndex(value: number, { signed, floor, limit }: Scale): number {
  const part = limit > floor ? (value - floor) / (limit - floor) : 0;
  const unit = signed ? (part + 1) / 2 : part;
  return Math.floor(Math.min(1, Math.max(0, unit)) * 255 + 0.5);
}

/** Pixels in RGBA; those below the threshold, and those that are not finite, are transparent. */
export function paint(values: Float32Array, scale: Scale, table: Uint32Array): Uint32Array {
  const pixels = new Uint32Array(values.length);
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    const size = Math.abs(value);
    const isSeen = size >= scale.threshold && size < Number.POSITIVE_INFINITY;
    if (isSeen) pixels[k] = table[tableIndex(value, scale)];
  }
  return pixels;
}
