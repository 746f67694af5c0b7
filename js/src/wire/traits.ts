/** What Python and the view share: the names are those of the Python side. */

import type { WireArray } from "./arrays";

export type Target = number | [number, number] | null;
export type Sign = "signed" | "absolute" | "positive";
export type Named = string | { name: string };
export type Scalar = number | string | boolean;

export interface Status {
  state: "idle" | "running" | "done" | "cancelled" | "error";
  done: number;
  total: number;
  message: string;
  run: number;
  seconds: number;
}

export interface Parameter {
  name: string;
  label: string;
  kind: "int" | "float" | "choice";
  default: Scalar;
  min?: number;
  max?: number;
  choices?: string[];
}

export interface MethodInfo {
  name: string;
  label: string;
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

/** A map and what is known about it; `map` is an array of float32 (H, W). */
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
  target: number | [number, number];
  target_label: string;
  baseline_label: string | null;
  reduction: string;
  map: Map;
  score: number | null;
  baseline_score: number | null;
  total: number | null;
  relative_error: number | null;
  moved: number | null;
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
  _method_parameters: Record<string, Scalar>;
  _baselines: BaselineInfo[];
  _thumbnails: Thumbnail[];
  /** Empty before the first question. */
  _image: ImageInfo | Record<string, never>;
  _question: number;
  _predictions: Predictions | null;
  _result: MapMessage | null;
}
