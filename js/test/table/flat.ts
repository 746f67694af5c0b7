import type { Dtype, Values, WireArray } from "../../src/wire/arrays";

const DTYPES = new Map<unknown, Dtype>([
  [Float32Array, "float32"],
  [Float64Array, "float64"],
  [Int32Array, "int32"],
]);

/** A column as it crosses the wire. */
export const flat = (data: Values): WireArray => ({
  dtype: DTYPES.get(data.constructor) as Dtype,
  shape: [data.length],
  view: data,
});
