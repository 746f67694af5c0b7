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
export function attributionText({ map }: DecodedMap, { x, y }: Point): string {
  return `φ ${signedNumber(map.data[y * map.shape[1] + x])}`;
}

/** Where a pixel lies in the photograph: what is sent of a large one has `bin` times fewer. */
export const positionText = ({ x, y }: Point, bin: number): string => `(${x * bin}, ${y * bin})`;

export const meanText = (bin: number): string => `mean of ${bin} × ${bin} px`;
