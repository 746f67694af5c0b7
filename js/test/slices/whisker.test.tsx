import { describe, expect, it } from "vitest";

import { Whisker } from "../../src/slices/chart";
import { find, mount } from "../dom";

const scale = { domain: [0.5, 1] as [number, number], ticks: [], at: (x: number) => 2 * x - 1 };

function draw(value: number, low: number, high: number): HTMLElement {
  const numbers = {
    value: Float64Array.of(value),
    low: Float64Array.of(low),
    high: Float64Array.of(high),
  };
  return mount(<Whisker scale={scale} numbers={numbers} slice={0} class="tfi-worse" />);
}

describe("a whisker", () => {
  it("has its dot and its ends where the scale has them", () => {
    const el = draw(0.75, 0.625, 0.875);
    expect(find(el, ".tfi-dot").style.left).toBe("50%");
    const { left, width } = find(el, ".tfi-whisker").style;
    expect([left, width]).toEqual(["25%", "50%"]);
    expect(find(el, ".tfi-whisker").className).not.toContain("cut");
  });

  it("stops without an end where the scale does", () => {
    const whisker = find(draw(0.75, 0.25, 1.25), ".tfi-whisker");
    expect([whisker.style.left, whisker.style.width]).toEqual(["0%", "100%"]);
    expect(whisker.className).toContain("tfi-cut-low");
    expect(whisker.className).toContain("tfi-cut-high");
  });

  it("points to a value beyond the scale", () => {
    const el = draw(0.25, 0.125, 0.625);
    expect(el.querySelector(".tfi-dot")).toBeNull();
    expect(find(el, ".tfi-beyond").textContent).toBe("◂");
    expect(find(draw(1.5, 0.75, 2), ".tfi-beyond").textContent).toBe("▸");
  });

  it("is a dot alone without an interval, and nothing without a value", () => {
    expect(draw(0.75, Number.NaN, Number.NaN).querySelectorAll("i").length).toBe(1);
    expect(draw(Number.NaN, Number.NaN, Number.NaN).querySelectorAll("i").length).toBe(0);
  });
});
