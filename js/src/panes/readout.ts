/** The numbers under the crosshair. */

import { number, signedNumber } from "../explorer/format";
import type { NdArray } from "../wire/arrays";
import type { DecodedMap } from "../wire/messages";
import type { Point } from "./camera";

const NAMES: Record<number, string> = { 1: "grey", 3: "rgb" };
const MOST_CHANNELS = 4;

/** The channels of a pixel in the user's own units: bytes as they are, floats to three digits. */
export function pixelText({ data, shape }: NdArray, { x, y }: Point): string {
  const [, width, channels = 1] = shape;
  const start = (y * width + x) * channels;
  const shown = data.subarray(start, start + Math.min(channels, MOST_CHANNELS));
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  const values = Array.from(shown, (value) => (isFloat ? number(value) : String(value)));
  const more = channels > MOST_CHANNELS ? " …" : "";
  return `${NAMES[channels] ?? "channels"} ${values.join(" ")}${more}`;
}

/** The attribution at a pixel as the method gave it, before smoothing, sign and clip. */
export function attributionAt({ map, bin }: DecodedMap, { x, y }: Point): number {
  const [height, width] = map.shape;
  const column = Math.min(width - 1, Math.floor(x / bin));
  const row = Math.min(height - 1, Math.floor(y / bin));
  return map.data[row * width + column];
}

export function attributionText(map: DecodedMap, point: Point): string {
  const mean = map.bin > 1 ? ` (mean of ${map.bin} × ${map.bin})` : "";
  return `φ ${signedNumber(attributionAt(map, point))}${mean}`;
}
