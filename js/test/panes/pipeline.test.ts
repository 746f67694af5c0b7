import { describe, expect, it } from "vitest";
import fixture from "../../../tests/fixtures/view_pipeline.json";
import { smooth } from "../../src/panes/gaussian";
import {
  applySign,
  clipLimit,
  floorOf,
  maskThreshold,
  paint,
  percentile,
  sortedMagnitudes,
  tableIndex,
} from "../../src/panes/pipeline";
import type { Sign } from "../../src/wire/traits";

/** The largest difference between two sequences of numbers. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, k) => Math.abs(value - b[k])));
}

describe.each(fixture)("a map drawn by NumPy and SciPy: $name", (one) => {
  const [height, width] = one.shape;
  const data = Float32Array.from(one.values);
  const smoothed = smooth({ width, height, data }, one.sigma).data;
  const sign = one.sign as Sign;
  const drawn = applySign(smoothed, sign);
  const sorted = sortedMagnitudes(drawn);
  const scale = {
    signed: sign === "signed",
    floor: sign === "signed" ? 0 : floorOf(sorted, one.clip),
    limit: clipLimit(sorted, one.clip),
    threshold: maskThreshold(sorted, one.top),
  };

  it("is smoothed alike", () => {
    expect(apart(smoothed, one.smoothed)).toBeLessThan(2e-6);
  });

  it("is clipped alike", () => {
    expect(Math.abs(scale.limit - one.limit)).toBeLessThan(2e-6);
    expect(Math.abs(scale.floor - one.floor)).toBeLessThan(2e-6);
  });

  it("is masked alike", () => {
    expect(Array.from(drawn, (value) => Number(Math.abs(value) >= scale.threshold))).toEqual(
      one.kept,
    );
  });

  it("takes the same colours, but for values on the edge between two", () => {
    const indices = Array.from(drawn, (value) => tableIndex(value, scale));
    expect(apart(indices, one.indices)).toBeLessThanOrEqual(one.sigma > 0 ? 1 : 0);
  });
});

describe("percentile", () => {
  const sorted = Float32Array.of(1, 2, 4, 8);

  it("interpolates as NumPy does", () => {
    expect(percentile(sorted, 0)).toBe(1);
    expect(percentile(sorted, 100)).toBe(8);
    expect(percentile(sorted, 50)).toBe(3);
    expect(percentile(sorted, 90)).toBeCloseTo(6.8, 12);
  });

  it("of a single value is that value", () => {
    expect(percentile(Float32Array.of(7), 99)).toBe(7);
  });
});

describe("sign", () => {
  it("keeps, folds or cuts", () => {
    const values = Float32Array.of(-2, 0, 3);
    expect(Array.from(applySign(values, "signed"))).toEqual([-2, 0, 3]);
    expect(Array.from(applySign(values, "absolute"))).toEqual([2, 0, 3]);
    expect(Array.from(applySign(values, "positive"))).toEqual([0, 0, 3]);
  });
});

describe("colours", () => {
  const table = Uint32Array.from({ length: 256 }, (_, k) => k + 1);

  it("puts zero of a signed map in the middle, and saturates at the limit", () => {
    const scale = { signed: true, floor: 0, limit: 2, threshold: 0 };
    expect([-9, -2, -1, 0, 1, 2, 9].map((value) => tableIndex(value, scale))).toEqual([
      0, 0, 64, 128, 191, 255, 255,
    ]);
  });

  it("starts an unsigned map at zero", () => {
    const scale = { signed: false, floor: 0, limit: 4, threshold: 0 };
    expect([0, 1, 4, 5].map((value) => tableIndex(value, scale))).toEqual([0, 64, 255, 255]);
  });

  it("starts one that lies far above zero where it begins", () => {
    const scale = { signed: false, floor: 3, limit: 4, threshold: 0 };
    expect([2, 3, 3.5, 4, 5].map((value) => tableIndex(value, scale))).toEqual([
      0, 0, 128, 255, 255,
    ]);
  });

  it("draws a map of zeros in the neutral colour", () => {
    const scale = { signed: true, floor: 0, limit: 0, threshold: 0 };
    const pixels = paint(new Float32Array(4), scale, table);
    expect(Array.from(pixels)).toEqual([129, 129, 129, 129]);
  });

  it("leaves pixels below the threshold transparent, and ties drawn", () => {
    const values = Float32Array.of(-3, 1, 2, -2);
    const threshold = maskThreshold(sortedMagnitudes(values), 50);
    const pixels = paint(values, { signed: true, floor: 0, limit: 3, threshold }, table);
    expect(Array.from(pixels, Boolean)).toEqual([true, false, true, true]);
  });

  it("passes over what is not finite, and draws none of it", () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const values = Float32Array.of(-3, ...odd, 1, 2, -4);
    for (const sign of ["signed", "absolute", "positive"] as const) {
      const drawn = applySign(values, sign);
      const sorted = sortedMagnitudes(drawn);
      const threshold = maskThreshold(sorted, 100);
      const limit = clipLimit(sorted, 100);
      expect(limit).toBe(sign === "positive" ? 2 : 4);
      const scale = { signed: sign === "signed", floor: 0, limit, threshold };
      const pixels = paint(drawn, scale, table);
      expect(Array.from(pixels, Boolean)).toEqual([true, false, false, false, true, true, true]);
    }
    const sorted = sortedMagnitudes(Float32Array.of(...odd));
    expect([clipLimit(sorted, 99), maskThreshold(sorted, 99)]).toEqual([0, Infinity]);
  });

  it("keeps nothing at 0 %, one pixel of four at 1 %, all at 100 %", () => {
    const sorted = sortedMagnitudes(Float32Array.of(-3, 1, 2, -4));
    expect(maskThreshold(sorted, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(maskThreshold(sorted, 1)).toBe(4);
    expect(maskThreshold(sorted, 100)).toBe(1);
  });
});
