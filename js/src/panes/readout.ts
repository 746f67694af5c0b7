/** The numbers under the crosshair. */

import { number, signedNumber } from "../explorer/format";
import type { NdArray } from "../wire/arrays";
import type { DecodedMap } from "../wire/messages";
import type { Point } from "./camera";

/** Height and width of the picture that a map lies over. */
type Shape = readonly number[];

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

/** Whether a map has cells of its own, and not a value for each pixel of the picture. */
export function hasCells({ map }: DecodedMap, [height, width]: Shape): boolean {
  return map.shape[0] !== height || map.shape[1] !== width;
}

/** The cell of a map in which the centre of a pixel lies. */
export function cellAt({ map }: DecodedMap, [height, width]: Shape, { x, y }: Point): Point {
  const [rows, columns] = map.shape;
  return {
    x: Math.floor(((x + 0.5) * columns) / width),
    y: Math.floor(((y + 0.5) * rows) / height),
  };
}

/** The attribution at a pixel as the method gave it, before smoothing, sign and clip. */
export function attributionText(answer: DecodedMap, shape: Shape, pixel: Point): string {
  const { data, shape: cells } = answer.map;
  const { x, y } = cellAt(answer, shape, pixel);
  const value = data[y * cells[1] + x];
  return `φ ${answer.signed ? signedNumber(value) : number(value)}`;
}

/** Where a pixel lies in the photograph: what is sent of a large one has `bin` times fewer. */
export const positionText = ({ x, y }: Point, bin: number): string => `(${x * bin}, ${y * bin})`;

export const meanText = (bin: number): string => `mean of ${bin} × ${bin} px`;
