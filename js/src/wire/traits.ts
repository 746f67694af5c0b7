/** What Python and the view share: the names are those of the Python side. */

import type { WireArray } from "./arrays";

export type Target = number | [number, number] | null;
export type Sign = "signed" | "absolute" | "positive";
export type Named = string | { name: string };
/** The value of a parameter; null where the method chooses it. */
export type Scalar = number | string | boolean | null;

export interface Status {
  state: "idle" | "running" | "done" | "cancelled" | "error";
  done: number;
  /** 0 where nobody knows it. */
  total: number;
  /** The part of the work that is done, 0 to 1, where that is not done / total. */
  progress?: number;
  message: string;
  run: number;
  seconds: number;
}

export interface Parameter {
  name: string;
  label: string;
  kind: "int" | "float" | "bool" | "choice" | "layer";
  default: Scalar;
  /** What it means, in the words of the method's documentation. */
  help: string;
  min?: number;
  max?: number;
  choices?: string[];
}

export interface MethodInfo {
  name: string;
  label: string;
  /** What it is listed with. */
  family: string;
  has_steps: boolean;
  has_baseline: boolean;
  parameters: Parameter[];
  summary: string;
  note: string;
}

export interface BaselineInfo {
  name: string;
  label: string;
  note: string;
}

/** A layer that has a map of the image, of this size where it is fixed. */
export interface LayerInfo {
  name: string;
  height: number | null;
  width: number | null;
}

export interface Thumbnail {
  name: string;
  image: WireArray;
  notice: string;
}

export interface ImageInfo {
  index: number;
  name: string;
  image: WireArray;
  raw: WireArray | null;
  /** The picture and its maps are sent as means of bin × bin pixels of the photograph. */
  bin: number;
  notice: string;
  label: number | null;
}

export interface Prediction {
  index: number;
  name: string;
  /** null where Python found no finite number, here as below. */
  score: number | null;
  probability: number | null;
}

export interface Predictions {
  image_index: number;
  top: Prediction[];
  target: Prediction[];
}

export interface Path {
  alphas: number[];
  scores: (number | null)[];
  /** Where the model was differentiated; missing in notebooks saved before it was told. */
  evaluated?: boolean[];
}

/** How far another seed would move the values. */
export interface StandardError {
  /** Root mean square of the values' standard errors. */
  typical: number | null;
  /** The same as a part of the values' own standard deviation. */
  relative: number | null;
}

/** A map and what is known about it; `map` is an array of float32 (h, w), over the whole image. */
export interface MapMessage<Map = WireArray> {
  run: number;
  question: number;
  image_index: number;
  level: number | null;
  requested: number;
  final: boolean;
  method: string;
  method_label: string;
  rule: string | null;
  /** The layer that was looked at, as the method found it. */
  layer: string | null;
  target: number | [number, number];
  target_label: string;
  baseline_label: string | null;
  reduction: string;
  /** Of the values that were put together to the map. */
  channels: number;
  /** Whether the map speaks for and against. */
  signed: boolean;
  map: Map;
  score: number | null;
  /** Whether the values are shares of F(x) − F(x′). */
  adds_up: boolean;
  baseline_score: number | null;
  total: number | null;
  relative_error: number | null;
  moved: number | null;
  standard_error: StandardError | null;
  r_squared: number | null;
  /** Whether pixels that equal the baseline have no share. */
  blind: boolean;
  /** What to know before the map is believed. */
  warning: string | null;
  path: Path | null;
  evaluations: number;
  seconds: number;
  output: string;
  code: string;
}

export interface Traits {
  steps: number;
  target: Target;
  method: Named;
  baseline: Named;
  image_index: number;
  colormap: string;
  opacity: number;
  clip_percentile: number;
  sign: Sign;
  smooth: number;
  top_percent: number;
  status: Status;
  _class_names: string[] | null;
  _class_count: number;
  _labels: (number | null)[] | null;
  _methods: MethodInfo[];
  /** Nearest the score first; empty before the first answer. */
  _layers: LayerInfo[];
  _method_parameters: Record<string, Scalar>;
  _baselines: BaselineInfo[];
  _thumbnails: Thumbnail[];
  /** Empty before the first question. */
  _image: ImageInfo | Record<string, never>;
  _question: number;
  _predictions: Predictions | null;
  _result: MapMessage | null;
}
