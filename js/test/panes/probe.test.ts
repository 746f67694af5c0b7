import { signal } from "@preact/signals";
import { beforeEach, describe, expect, it } from "vitest";
import { type Camera, fitted, HOME } from "../../src/panes/camera";
import { pressKey } from "../../src/panes/keys";
import { createProbe } from "../../src/panes/probe";

const camera = signal<Camera>(HOME);
const fit = signal(fitted(100, 100));
let probe = createProbe(camera, fit);

beforeEach(() => {
  camera.value = HOME;
  fit.value = fitted(100, 100);
  probe = createProbe(camera, fit);
});

describe("the pointer", () => {
  it("moves the crosshair until a click pins it, and the next click releases it", () => {
    probe.hover({ x: 0.1, y: 0.2 });
    expect(probe.at.value).toEqual({ x: 10, y: 20, pinned: false });
    probe.toggle({ x: 0.3, y: 0.3 });
    probe.hover({ x: 0.9, y: 0.9 });
    expect(probe.at.value).toEqual({ x: 30, y: 30, pinned: true });
    probe.hover(null);
    expect(probe.at.value).not.toBeNull();
    probe.toggle({ x: 0.3, y: 0.3 });
    probe.hover(null);
    expect(probe.at.value).toBeNull();
  });
});

describe("keys", () => {
  const press = (key: string, shift = false) => pressKey({ camera, fit, probe }, key, shift);

  it("move the crosshair by one pixel, or ten, and stop at the edge", () => {
    press("ArrowRight");
    expect(probe.at.value).toEqual({ x: 51, y: 50, pinned: true });
    press("ArrowUp", true);
    expect(probe.at.value).toEqual({ x: 51, y: 40, pinned: true });
    for (let k = 0; k < 9; k++) press("ArrowLeft", true);
    expect(probe.at.value?.x).toBe(0);
  });

  it("zoom about the crosshair, reset and hide", () => {
    press("+");
    expect(camera.value.k).toBe(1.5);
    press("0");
    expect(camera.value).toEqual(HOME);
    press("ArrowDown");
    press("Escape");
    expect(probe.at.value).toBeNull();
  });

  it("leave other keys to the page", () => {
    expect(press("a")).toBe(false);
    expect(press("Tab")).toBe(false);
  });
});

it("hides a crosshair that lies outside a new, smaller picture", () => {
  probe.toggle({ x: 0.9, y: 0.9 });
  fit.value = fitted(8, 8);
  expect(probe.at.value).toBeNull();
});
