/** Made-up photographs, classes and maps with the shape of real ones. Nothing was computed by a model. */

import { smooth } from "../src/panes/gaussian";
import type { WireArray } from "../src/wire/arrays";
import type { ImageInfo, MapMessage, Thumbnail, Traits } from "../src/wire/traits";

export const SIDE = 224;
const NAMES = ["circles (synthetic)", "waves (synthetic)", "squares (synthetic)"];

/** A small generator with a seed (mulberry32), so that every load shows the same. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const wire = (data: Uint8Array | Float32Array, shape: number[]): WireArray => ({
  dtype: data instanceof Uint8Array ? "uint8" : "float32",
  shape,
  view: new DataView(data.buffer, data.byteOffset, data.byteLength),
});

function photograph(kind: number, side: number): WireArray {
  const data = new Uint8Array(side * side * 3);
  for (let k = 0; k < side * side; k++) {
    const x = (k % side) / side - 0.5;
    const y = Math.floor(k / side) / side - 0.5;
    const forms = [
      Math.hypot(x, y) * 18,
      x * 14 + Math.sin(y * 9) * 2,
      Math.max(Math.abs(x), Math.abs(y)) * 16,
    ];
    const wave = 0.5 + 0.5 * Math.sin(forms[kind]);
    data.set([70 + 150 * wave, 80 + 90 * (0.5 - y), 110 + 80 * (x + 0.5)], 3 * k);
  }
  return wire(data, [side, side, 3]);
}

/** Noise that settles as the steps grow, on a pattern that stays. */
export function map(steps: number, seed: number): Float32Array {
  const draw = random(seed);
  const wander = random(seed + steps);
  const noise = Float32Array.from({ length: SIDE * SIDE }, () => {
    const stays = draw() + draw() - 1;
    return stays + ((wander() + wander() - 1) * 2) / Math.sqrt(steps);
  });
  return smooth({ width: SIDE, height: SIDE, data: noise }, 1.2).data.map((value) => value / 300);
}

function path(steps: number) {
  const alphas = Array.from({ length: steps + 1 }, (_, k) => (k / steps) ** 2);
  return { alphas, scores: alphas.map((a) => 9 * (1 - Math.exp(-18 * a)) + 0.4 * Math.sin(6 * a)) };
}

export function answer(steps: number, question: number, image: number, run: number): MapMessage {
  const error = 1.2 / steps;
  return {
    run,
    question,
    image_index: image,
    level: steps,
    requested: steps,
    final: true,
    method: "IntegratedGradients",
    method_label: "Integrated gradients",
    rule: "graded",
    layer: null,
    target: 285,
    target_label: "synthetic class 285",
    baseline_label: "Black",
    reduction: "sum",
    channels: 3,
    signed: true,
    map: wire(map(steps, 7 * question + image), [SIDE, SIDE]),
    score: 8.81,
    adds_up: true,
    baseline_score: 0.1,
    total: 8.71 * (1 - error),
    relative_error: error,
    moved: steps > 1 ? 1.7 / Math.sqrt(steps) : null,
    standard_error: null,
    r_squared: null,
    blind: true,
    warning: null,
    path: path(steps),
    evaluations: steps,
    seconds: steps / 58,
    output: "logits",
    code: `# ${steps} steps, synthetic\nengine.attribute(x, target=285)`,
  };
}

const METHOD = {
  name: "IntegratedGradients",
  label: "Integrated gradients",
  family: "Gradient along a path",
  has_steps: true,
  has_baseline: true,
  parameters: [
    {
      name: "rule",
      label: "Rule",
      kind: "choice" as const,
      default: "auto",
      choices: ["auto", "graded", "trapezoid", "midpoint", "gauss-legendre"],
      help: "The quadrature rule.",
    },
  ],
  summary: "Gradients along the path from a baseline to the input.",
  note: "Shows what the model uses, not what causes the outcome.",
};
const SALIENCY = {
  ...METHOD,
  name: "Saliency",
  label: "Saliency",
  family: "Gradient at the input",
  has_steps: false,
  has_baseline: false,
  parameters: [],
  note: "Slopes at the input: how the score reacts to small changes, not what it is made of.",
};
const BLACK_NOTE =
  "Explains the difference from black; pixels equal to the baseline get 0 by definition.";

/** Everything a view needs to be drawn. */
export function traits(): Traits {
  const thumbnails: Thumbnail[] = NAMES.map((name, k) => ({
    name,
    image: photograph(k, 48),
    notice: "",
  }));
  const names = Array.from({ length: 1000 }, (_, k) => `synthetic class ${k}`);
  const top = [285, 282, 0, 999, 7].map((index, k) => ({
    index,
    name: names[index],
    score: 9 - k,
    probability: [0.385, 0.332, 0.163, 0.034, 0.0004][k],
  }));
  return {
    steps: 64,
    target: null,
    method: "IntegratedGradients",
    baseline: "black",
    image_index: 0,
    colormap: "auto",
    opacity: 0.7,
    clip_percentile: 99,
    sign: "signed",
    smooth: 3,
    top_percent: 100,
    status: { state: "done", done: 64, total: 64, message: "", run: 1, seconds: 1.1 },
    _class_names: names,
    _class_count: 1000,
    _labels: null,
    _methods: [METHOD, SALIENCY],
    _layers: [],
    _method_parameters: { rule: "auto" },
    _baselines: [
      { name: "black", label: "Black", note: BLACK_NOTE },
      { name: "blur", label: "Blur", note: "" },
      { name: "noise", label: "Noise", note: "" },
    ],
    _thumbnails: thumbnails,
    _image: image(0),
    _question: 1,
    _predictions: { image_index: 0, top, target: [top[0]] },
    _result: answer(64, 1, 0, 1),
  };
}

export function image(index: number): ImageInfo {
  return {
    index,
    name: NAMES[index],
    image: photograph(index, SIDE),
    raw: null,
    notice: "",
    bin: 1,
    label: 282,
  };
}
