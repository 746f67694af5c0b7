import { describe, expect, it } from "vitest";
import { answer } from "../../dev/synthetic";
import { attributionText, cellAt, hasCells, pixelText } from "../../src/panes/readout";
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

describe("the attribution", () => {
  it("is that of the pixel under the crosshair, and a dash where it is no number", () => {
    const map = decodeResult(answer(4, 1, 0, 1));
    map.map = { shape: [2, 2], data: Float32Array.of(1, -0.0131, Number.NaN, 0) };
    expect(attributionText(map, [2, 2], { x: 0, y: 0 })).toBe("φ +1.00");
    expect(attributionText(map, [2, 2], { x: 1, y: 0 })).toBe("φ −0.0131");
    expect(attributionText(map, [2, 2], { x: 0, y: 1 })).toBe("φ —");
  });

  it("has no plus where the map has no sign", () => {
    const map = { ...decodeResult(answer(4, 1, 0, 1)), signed: false };
    map.map = { shape: [1, 1], data: Float32Array.of(0.5) };
    expect(attributionText(map, [1, 1], { x: 0, y: 0 })).toBe("φ 0.500");
  });
});

describe("a map of cells", () => {
  const map = decodeResult(answer(4, 1, 0, 1));
  const picture = [224, 224];

  it("is read in the cell that the pixel lies in", () => {
    map.map = { shape: [7, 7], data: Float32Array.from({ length: 49 }, (_, k) => k) };
    expect(hasCells(map, picture)).toBe(true);
    expect(attributionText(map, picture, { x: 0, y: 0 })).toBe("φ 0");
    expect(attributionText(map, picture, { x: 31, y: 0 })).toBe("φ 0");
    expect(attributionText(map, picture, { x: 32, y: 0 })).toBe("φ +1.00");
    expect(attributionText(map, picture, { x: 223, y: 223 })).toBe("φ +48.0");
  });

  it("has the cell with the pixel's centre where cells are no whole number of pixels", () => {
    map.map = { shape: [3, 5], data: new Float32Array(15) };
    const columns = [0, 1, 2, 3, 4, 5, 6, 7].map((x) => cellAt(map, [7, 8], { x, y: 0 }).x);
    expect(columns).toEqual([0, 0, 1, 2, 2, 3, 4, 4]);
    const rows = [0, 1, 2, 3, 4, 5, 6].map((y) => cellAt(map, [7, 8], { x: 0, y }).y);
    expect(rows).toEqual([0, 0, 1, 1, 1, 2, 2]);
  });

  it("is one of pixels where it has the picture's size", () => {
    map.map = { shape: [224, 224], data: new Float32Array(224 * 224) };
    expect(hasCells(map, picture)).toBe(false);
    expect(cellAt(map, picture, { x: 9, y: 200 })).toEqual({ x: 9, y: 200 });
  });
});
