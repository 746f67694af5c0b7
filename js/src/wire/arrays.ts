/** Arrays as they cross the wire: C order, little endian, `{dtype, shape, view}`. */

export type Dtype = "float32" | "float64" | "int32" | "uint8";
export type Values = Float32Array | Float64Array | Int32Array | Uint8Array;

export interface WireArray {
  dtype: Dtype;
  shape: number[];
  view: DataView | ArrayBufferView | ArrayBuffer;
}

export interface NdArray {
  shape: number[];
  data: Values;
}

const CONSTRUCTORS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
};

/** The bytes of a view and no others: a view may be a window into a larger buffer. */
function bytesOf(view: WireArray["view"]): Uint8Array {
  return ArrayBuffer.isView(view)
    ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    : new Uint8Array(view);
}

export function decode({ dtype, shape, view }: WireArray): NdArray {
  const Typed = CONSTRUCTORS[dtype];
  if (Typed === undefined) throw new TypeError(`cannot decode an array of dtype ${dtype}`);
  const length = shape.reduce((product, size) => product * size, 1);
  const bytes = bytesOf(view);
  if (bytes.byteLength !== length * Typed.BYTES_PER_ELEMENT) {
    throw new RangeError(
      `${bytes.byteLength} bytes came for ${dtype} of shape [${shape}], ` +
        `which takes ${length * Typed.BYTES_PER_ELEMENT}`,
    );
  }
  // A copy is aligned, which a window at an odd offset is not, and outlives the message.
  return { shape, data: new Typed(bytes.slice().buffer) };
}
