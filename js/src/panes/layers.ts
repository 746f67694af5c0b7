/** Offscreen canvases: each is painted once, then drawn at any zoom and opacity. */

import type { NdArray } from "../wire/arrays";

export type Layer = HTMLCanvasElement;

function layerOf(pixels: Uint32Array, width: number, height: number): Layer {
  const layer = document.createElement("canvas");
  layer.width = width;
  layer.height = height;
  const bytes = new Uint8ClampedArray(pixels.buffer as ArrayBuffer);
  layer.getContext("2d")?.putImageData(new ImageData(bytes, width, height), 0, 0);
  return layer;
}

export const mapLayer = layerOf;

const OPAQUE = 255 << 24;

/** One opaque pixel for each `channels` values. */
function recolour({ shape }: NdArray, colour: (offset: number) => number): Layer {
  const [height, width, channels] = shape;
  const pixels = new Uint32Array(height * width);
  for (let k = 0; k < pixels.length; k++) pixels[k] = OPAQUE | colour(k * channels);
  return layerOf(pixels, width, height);
}

/** A photograph, uint8 (H, W, 3). */
export function imageLayer(image: NdArray): Layer {
  const { data } = image;
  return recolour(image, (k) => data[k] | (data[k + 1] << 8) | (data[k + 2] << 16));
}

/** Its luma (Rec. 601), so that under a map only the map has colour. */
export function greyLayer(image: NdArray): Layer {
  const { data } = image;
  return recolour(image, (k) => {
    const grey = Math.round(0.299 * data[k] + 0.587 * data[k + 1] + 0.114 * data[k + 2]);
    return grey | (grey << 8) | (grey << 16);
  });
}
