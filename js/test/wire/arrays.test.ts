import { describe, expect, it } from "vitest";
import { decode } from "../../src/wire/arrays";

/** The bytes of `values` at an offset inside a larger buffer, with other bytes on both sides. */
function window(values: Float32Array, offset: number): DataView {
  const buffer = new ArrayBuffer(offset + values.byteLength + 5);
  new Uint8Array(buffer).fill(255);
  new Uint8Array(buffer, offset).set(new Uint8Array(values.buffer));
  return new DataView(buffer, offset, values.byteLength);
}

describe("decode", () => {
  const values = Float32Array.of(1.5, -2, 0, 3e-7, 5, 6);

  it.each([0, 4, 1, 7])("reads only its window of a larger buffer, at offset %i", (offset) => {
    const { data, shape } = decode({
      dtype: "float32",
      shape: [2, 3],
      view: window(values, offset),
    });
    expect(shape).toEqual([2, 3]);
    expect(Array.from(data)).toEqual(Array.from(values));
  });

  it("takes a typed array or a bare buffer as well as a DataView", () => {
    const bytes = Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4);
    expect(Array.from(decode({ dtype: "uint8", shape: [3], view: bytes }).data)).toEqual([1, 2, 3]);
    const buffer = Int32Array.of(-1, 7).buffer;
    expect(Array.from(decode({ dtype: "int32", shape: [2], view: buffer }).data)).toEqual([-1, 7]);
    const doubles = Float64Array.of(0.1).buffer;
    expect(decode({ dtype: "float64", shape: [1], view: doubles }).data[0]).toBe(0.1);
  });

  it("does not change when the message's memory does", () => {
    const view = window(values, 4);
    const { data } = decode({ dtype: "float32", shape: [6], view });
    view.setFloat32(0, 99, true);
    expect(data[0]).toBe(1.5);
  });

  it("says what came when the bytes do not fit the shape", () => {
    const view = window(values, 0);
    expect(() => decode({ dtype: "float32", shape: [2, 2], view })).toThrow(
      "24 bytes came for float32 of shape [2,2], which takes 16",
    );
  });

  it("refuses a dtype that it does not know", () => {
    const view = new DataView(new ArrayBuffer(2));
    const array = { dtype: "float16" as "float32", shape: [1], view };
    expect(() => decode(array)).toThrow("float16");
  });
});
