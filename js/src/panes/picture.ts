import { computed, type ReadonlySignal } from "@preact/signals";
import { decode } from "../wire/arrays";
import type { DecodedMap } from "../wire/messages";
import type { ImageInfo, Sign } from "../wire/traits";
import { lookupTable, resolve } from "./colormaps";
import { type Grid, smooth } from "./gaussian";
import { greyLayer, imageLayer, mapPainter } from "./layers";
import {
  applySign,
  clipLimit,
  floorOf,
  maskThreshold,
  paint,
  type Scale,
  sortedMagnitudes,
} from "./pipeline";

type Read<T> = ReadonlySignal<T>;

export interface Inputs {
  shown: Read<DecodedMap | null>;
  image: Read<ImageInfo | null>;
  sign: Read<Sign>;
  smooth: Read<number>;
  clip: Read<number>;
  top: Read<number>;
  colormap: Read<string>;
  ground: Read<"light" | "dark">;
}

function gridOf({ map }: DecodedMap): Grid {
  const [height, width] = map.shape;
  return { width, height, data: map.data as Float32Array };
}

/**
 * The stages of drawing. Each is computed only when what it depends on has changed, so opacity and
 * zoom, which come after all of them, cost no more than a `drawImage`.
 */
export function createPicture(inputs: Inputs) {
  const { shown } = inputs;
  const smoothed = computed(() => {
    const map = shown.value;
    const image = inputs.image.value;
    if (map === null || image === null) return null;
    const grid = gridOf(map);
    // sigma is in pixels of the photograph: of its own, and not of the cells of a coarse map.
    const sigma = inputs.smooth.value / image.bin;
    const [height, width] = image.image.shape;
    return smooth(grid, (sigma * grid.height) / height, (sigma * grid.width) / width);
  });
  const sign = computed(() => {
    const map = shown.value;
    const wanted = inputs.sign.value;
    return map !== null && !map.signed && wanted === "signed" ? "absolute" : wanted;
  });
  const drawn = computed(() => {
    const grid = smoothed.value;
    return grid === null ? null : { ...grid, data: applySign(grid.data, sign.value) };
  });
  const sorted = computed(() => {
    const grid = drawn.value;
    return grid === null ? null : sortedMagnitudes(grid.data);
  });
  const hasValues = computed(() => sorted.value !== null && sorted.value.length > 0);
  const scale = computed<Scale>(() => {
    const magnitudes = sorted.value;
    const signed = sign.value === "signed";
    if (magnitudes === null) return { signed, floor: 0, limit: 0, threshold: 0 };
    return {
      signed,
      floor: signed ? 0 : floorOf(magnitudes, inputs.clip.value),
      limit: clipLimit(magnitudes, inputs.clip.value),
      threshold: maskThreshold(magnitudes, inputs.top.value),
    };
  });
  const colormap = computed(() => resolve(inputs.colormap.value, scale.value.signed));
  const table = computed(() => lookupTable(colormap.value, inputs.ground.value));
  const paintMap = mapPainter();
  const map = computed(() => {
    const grid = drawn.value;
    if (grid === null) return null;
    return paintMap(paint(grid.data, scale.value, table.value), grid.width, grid.height);
  });
  const pixels = computed(() => {
    const image = inputs.image.value;
    return image === null ? null : decode(image.image);
  });
  /** What the readout reads: decoded once, and not for every move of the pointer. */
  const values = computed(() => {
    const raw = inputs.image.value?.raw ?? null;
    return raw === null ? pixels.value : decode(raw);
  });
  const photograph = computed(() => (pixels.value === null ? null : imageLayer(pixels.value)));
  const grey = computed(() => (pixels.value === null ? null : greyLayer(pixels.value)));
  return { sign, hasValues, scale, colormap, table, map, values, photograph, grey };
}

export type Picture = ReturnType<typeof createPicture>;
