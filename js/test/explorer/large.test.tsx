import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MockModel } from "../../dev/mock";
import { answer, image, traits, wire } from "../../dev/synthetic";
import createWidget from "../../src/explorer/index";
import type { Traits } from "../../src/wire/traits";
import { find, key } from "../dom";

// What Python sends of 1000 x 1300 pixels: picture and map, each value the mean of 2 x 2 of them.
const [HEIGHT, WIDTH] = [500, 650];
const PIXEL = 250 * WIDTH + 326;

const colours = new Uint8Array(3 * HEIGHT * WIDTH).fill(7, 3 * PIXEL, 3 * PIXEL + 3);
const values = new Float32Array(HEIGHT * WIDTH).fill(-0.25, PIXEL, PIXEL + 1);

interface Drawn {
  canvas: HTMLCanvasElement;
  size: unknown[];
}

let drawn: Drawn[] = [];
let el: HTMLElement;
let model: MockModel;
let life: AbortController;

/** A context that notes what is drawn, and how large. */
function contextOf(canvas: HTMLCanvasElement) {
  const drawImage = (layer: HTMLCanvasElement, ...box: number[]) => {
    const [, , width = layer.width, height = layer.height] = box;
    drawn.push({ canvas, size: [width, height] });
  };
  return new Proxy({}, { get: (_, name) => (name === "drawImage" ? drawImage : () => {}) });
}

beforeEach(() => {
  drawn = [];
  vi.stubGlobal("ImageData", class {});
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (
    this: HTMLCanvasElement,
  ) {
    return contextOf(this) as never;
  });
  life = new AbortController();
  el = document.createElement("div");
  document.body.replaceChildren(el);
  model = new MockModel<Traits>({
    ...traits(),
    _image: {
      ...image(0),
      image: wire(colours, [HEIGHT, WIDTH, 3]),
      bin: 2,
      notice: "shown at 1/2 of its size",
    },
    _result: { ...answer(64, 1, 0, 1), map: wire(values, [HEIGHT, WIDTH]) },
  });
  const widget = createWidget();
  widget.initialize({ model, signal: life.signal } as never);
  act(() => {
    widget.render({ model, el, signal: life.signal } as never);
  });
});

afterEach(() => {
  act(() => life.abort());
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it("draws a map of few cells as large as the image", () => {
  const cells = { ...answer(64, 1, 0, 2), map: wire(new Float32Array(12), [3, 4]) };
  const panes = Array.from(el.querySelectorAll(".tfi-box canvas"));
  drawn = [];
  act(() => model.receive({ _result: cells }));
  const last = drawn.filter(({ canvas }) => canvas === panes[1]).at(-1);
  expect(last?.size).toEqual([WIDTH, HEIGHT]);
});

describe("a large image", () => {
  it("is drawn as large as its map", () => {
    const panes = Array.from(el.querySelectorAll(".tfi-box canvas"));
    const sizes = panes.map((pane) =>
      drawn.filter(({ canvas }) => canvas === pane).map(({ size }) => size),
    );
    const whole = [WIDTH, HEIGHT];
    expect(sizes).toEqual([[whole], [whole], [whole, whole]]);
  });

  it("is read where the crosshair is, in pixels of the photograph", () => {
    key(find(el, ".tfi-box"), "ArrowRight");
    const parts = Array.from(find(el, ".tfi-readout").children, ({ textContent }) => textContent);
    expect(parts.slice(0, 4)).toEqual(["(652, 500)", "rgb 7 7 7", "φ −0.250", "mean of 2 × 2 px"]);
  });
});
