import { signal } from "@preact/signals";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Slider } from "../../src/controls/slider";
import { Steps } from "../../src/controls/steps";
import { enter, find, fire, key, mount } from "../dom";

const onDrag = vi.fn();
const onRelease = vi.fn();

beforeEach(() => {
  onDrag.mockReset();
  onRelease.mockReset();
});

describe("a slider", () => {
  let input: HTMLInputElement;

  beforeEach(() => {
    const range = { value: 3, min: 0, max: 10, step: 0.5, text: "3 px" };
    const el = mount(<Slider label="Smooth" {...range} onDrag={onDrag} onRelease={onRelease} />);
    input = find<HTMLInputElement>(el, "input");
  });

  it("drags on every input and releases once on change", () => {
    for (const value of ["3.5", "4", "4.5"]) enter(input, value);
    fire(input, "change");
    expect(onDrag.mock.calls).toEqual([[3.5], [4], [4.5]]);
    expect(onRelease).toHaveBeenCalledOnce();
  });

  it("counts a held arrow key as one", () => {
    for (const value of ["3.5", "4", "4.5"]) {
      key(input, "ArrowRight");
      enter(input, value);
      fire(input, "change");
    }
    expect(onRelease).not.toHaveBeenCalled();
    key(input, "ArrowRight", "keyup");
    expect(onRelease).toHaveBeenCalledOnce();
  });

  it("announces its value in words", () => {
    expect(input.getAttribute("aria-valuetext")).toBe("3 px");
  });
});

describe("the steps", () => {
  const steps = signal(64);
  let el: HTMLElement;
  let range: HTMLInputElement;
  let field: HTMLInputElement;

  function Subject() {
    return (
      <Steps
        steps={steps.value}
        computed={new Set([8, 64])}
        onDrag={onDrag}
        onRelease={onRelease}
      />
    );
  }

  beforeEach(() => {
    steps.value = 64;
    el = mount(<Subject />);
    range = find<HTMLInputElement>(el, "[type=range]");
    field = find<HTMLInputElement>(el, "[type=number]");
  });

  it("mark the stops that are computed, for the eye and the ear", () => {
    const marked = Array.from(el.querySelectorAll(".tfi-computed"), (tick) => tick.textContent);
    expect(marked).toEqual(["8", "64"]);
    expect(range.getAttribute("aria-valuetext")).toBe("64 steps, computed");
  });

  it("go from stop to stop by arrow key and are sent when it comes up", () => {
    key(range, "ArrowRight");
    expect(onDrag).toHaveBeenCalledExactlyOnceWith(128);
    expect(onRelease).not.toHaveBeenCalled();
    key(range, "ArrowRight", "keyup");
    expect(onRelease).toHaveBeenCalledOnce();
  });

  it("snap to the nearest stop while dragged", () => {
    enter(range, "3.2");
    expect(onDrag).toHaveBeenCalledExactlyOnceWith(8);
    expect(range.value).toBe("3");
  });

  it("take a number between the stops", () => {
    enter(field, "50");
    expect(onDrag).not.toHaveBeenCalled();
    fire(field, "change");
    expect(onDrag).toHaveBeenCalledExactlyOnceWith(50);
    expect(onRelease).toHaveBeenCalledOnce();
  });

  it("take a number at Enter, whose `change` JupyterLab keeps from coming", () => {
    enter(field, "50");
    key(field, "Enter");
    expect(onDrag).toHaveBeenCalledExactlyOnceWith(50);
    expect(onRelease).toHaveBeenCalledOnce();
  });

  it("say what is wrong with a number, send nothing and leave it to be corrected", () => {
    enter(field, "5000");
    fire(field, "change");
    expect(onDrag).not.toHaveBeenCalled();
    expect(onRelease).not.toHaveBeenCalled();
    expect(find(el, "[role=alert]").textContent).toBe("A whole number from 1 to 4096");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    expect(field.value).toBe("5000");
    key(field, "Escape");
    expect(el.querySelector("[role=alert]")).toBeNull();
    expect(field.value).toBe("64");
  });
});
