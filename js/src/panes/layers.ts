/** Offscreen canvases: each is painted once, then drawn at any zoom and opacity. */

import type { NdArray } from "../wire/arrays";

export type Layer = HTMLCanvasElement;

function layerOf(
  pixels: Uint32Array,
  width: number,
  height: number,
  layer: Layer = document.createElement("canvas"),
): Layer {
  if (layer.width !== width) layer.width = width;
  if (layer.height !== height) layer.height = height;
  const bytes = new Uint8ClampedArray(pixels.buffer as ArrayBuffer);
  layer.getContext("2d")?.putImageData(new ImageData(bytes, width, height), 0, 0);
  return layer;
}

/** Paints maps on one canvas of its own: to make one for every move of a slider takes longer. */
export function mapPainter() {
  const layer = document.createElement("canvas");
  return (pixels: Uint32Array, width: number, height: number): { layer: Layer } => ({
    layer: layerOf(pixels, width, height, layer),
  });
}

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
