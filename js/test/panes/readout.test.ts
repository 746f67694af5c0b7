import { describe, expect, it } from "vitest";
import { answer } from "../../dev/synthetic";
import { attributionText, pixelText } from "../../src/panes/readout";
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
    expect(attributionText(map, { x: 0, y: 0 })).toBe("φ +1.00");
    expect(attributionText(map, { x: 1, y: 0 })).toBe("φ −0.0131");
    expect(attributionText(map, { x: 0, y: 1 })).toBe("φ —");
  });
});
