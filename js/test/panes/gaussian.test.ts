import { describe, expect, it } from "vitest";
import { gaussianWeights, reflect, smooth } from "../../src/panes/gaussian";

describe("reflect", () => {
  it("mirrors with the edge repeated: d c b a | a b c d | d c b a", () => {
    expect([-4, -3, -2, -1, 0, 3, 4, 5, 7].map((k) => reflect(k, 4))).toEqual([
      3, 2, 1, 0, 0, 3, 3, 2, 0,
    ]);
  });

  it("goes on mirroring where the blur is wider than the map", () => {
    expect([-9, 8, 20].map((k) => reflect(k, 1))).toEqual([0, 0, 0]);
    expect([-3, -5, 6].map((k) => reflect(k, 2))).toEqual([1, 0, 1]);
  });
});

describe("smooth", () => {
  const values = Float32Array.from({ length: 8 * 5 }, (_, k) => Math.sin(k * k));
  const grid = { width: 8, height: 5, data: values };
  const total = (data: Float32Array) => data.reduce((sum, value) => sum + value, 0);

  it("weighs to one, over a radius of four sigma", () => {
    const weights = gaussianWeights(1.5);
    expect(weights.length).toBe(7);
    expect(weights[0] + 2 * weights.slice(1).reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 14);
  });

  it("keeps the sum, which is what an attribution is about", () => {
    expect(total(smooth(grid, 2).data)).toBeCloseTo(total(values), 5);
  });

  it("leaves the map alone at sigma 0", () => {
    expect(smooth(grid, 0).data).toBe(grid.data);
  });
});
