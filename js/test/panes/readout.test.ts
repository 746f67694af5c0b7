import { describe, expect, it } from "vitest";
import { answer } from "../../dev/synthetic";
import { attributionAt, attributionText, pixelText } from "../../src/panes/readout";
import { decodeResult } from "../../src/wire/messages";

describe("pixelText", () => {
  it("gives bytes as they are", () => {
    const data = Uint8Array.of(0, 0, 0, 181, 12, 98);
    expect(pixelText({ data, shape: [1, 2, 3] }, { x: 1, y: 0 })).toBe("rgb 181 12 98");
  });

  it("gives floats in the user's own units", () => {
    const data = Float32Array.of(0.5, -1.25);
    expect(pixelText({ data, shape: [1, 2, 1] }, { x: 1, y: 0 })).toBe("grey −1.25");
  });

  it("does not list the hundred channels of a hyperspectral image", () => {
    const data = Float32Array.from({ length: 100 }, (_, k) => k);
    const text = pixelText({ data, shape: [1, 1, 100] }, { x: 0, y: 0 });
    expect(text).toBe("channels 0 1.00 2.00 3.00 …");
  });
});

describe("attributionAt", () => {
  const map = { ...decodeResult(answer(4, 1, 0, 1)), bin: 2 };
  map.map = { shape: [2, 2], data: Float32Array.of(1, 2, 3, -0.0131) };

  it("reads the block that a pixel lies in", () => {
    expect(attributionAt(map, { x: 1, y: 1 })).toBe(1);
    expect(attributionAt(map, { x: 2, y: 3 })).toBeCloseTo(-0.0131, 6);
  });

  it("takes the last block for pixels that no whole block covers", () => {
    expect(attributionAt(map, { x: 4, y: 0 })).toBe(2);
  });

  it("says that it is a mean", () => {
    expect(attributionText(map, { x: 3, y: 3 })).toBe("φ −0.0131 (mean of 2 × 2)");
    expect(attributionText({ ...map, bin: 1 }, { x: 0, y: 0 })).toBe("φ +1.00");
  });
});
