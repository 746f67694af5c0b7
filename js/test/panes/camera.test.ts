import { describe, expect, it } from "vitest";
import { centreOf, clamp, fitted, HOME, pixelAt, reveal, zoomAbout } from "../../src/panes/camera";

const square = fitted(10, 10);
const wide = fitted(20, 10);

describe("pixelAt", () => {
  it("finds the pixel under a point", () => {
    expect(pixelAt(HOME, square, { x: 0.55, y: 0.99 })).toEqual({ x: 5, y: 9 });
    expect(pixelAt({ k: 2, x: -1, y: 0 }, square, { x: 0.05, y: 0.05 })).toEqual({ x: 5, y: 0 });
  });

  it("knows that a wide picture leaves bands above and below", () => {
    expect(pixelAt(HOME, wide, { x: 0.5, y: 0.1 })).toBeNull();
    expect(pixelAt(HOME, wide, { x: 0.5, y: 0.26 })).toEqual({ x: 10, y: 0 });
  });

  it("is undone by centreOf", () => {
    const camera = { k: 3, x: -1.2, y: -0.4 };
    const pixel = { x: 13, y: 4 };
    expect(pixelAt(camera, wide, centreOf(camera, wide, pixel))).toEqual(pixel);
  });
});

describe("the camera", () => {
  it("zooms about a point that stays where it is", () => {
    const point = { x: 0.25, y: 0.75 };
    const near = zoomAbout(HOME, 4, point, 8);
    expect(near.k).toBe(4);
    expect((point.x - near.x) / near.k).toBeCloseTo(point.x, 12);
    expect((point.y - near.y) / near.k).toBeCloseTo(point.y, 12);
  });

  it("goes neither beyond the strongest zoom nor further out than the whole", () => {
    expect(zoomAbout(HOME, 100, { x: 0.5, y: 0.5 }, 8).k).toBe(8);
    expect(zoomAbout({ k: 2, x: -0.9, y: 0 }, 0.1, { x: 0, y: 0 }, 8)).toEqual(HOME);
  });

  it("leaves no gap at an edge", () => {
    expect(clamp({ k: 2, x: 0.5, y: -3 })).toEqual({ k: 2, x: 0, y: -1 });
  });

  it("follows a crosshair that leaves the view", () => {
    const camera = { k: 4, x: 0, y: 0 };
    const moved = reveal(camera, { x: 1.2, y: 0.5 });
    expect(moved.x).toBeLessThan(-0.2);
    expect(moved.y).toBe(0);
    expect(reveal(camera, { x: 0.5, y: 0.5 })).toEqual(camera);
  });
});
