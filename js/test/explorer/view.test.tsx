import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MockModel } from "../../dev/mock";
import { answer, traits } from "../../dev/synthetic";
import createWidget from "../../src/explorer/index";
import type { Traits } from "../../src/wire/traits";
import { click, enter, find, fire, key } from "../dom";

let model: MockModel;
let widget: ReturnType<typeof createWidget>;
let el: HTMLElement;
let life: AbortController;

function show(): HTMLElement {
  const box = document.createElement("div");
  document.body.append(box);
  // anywidget hands each hook a proxy of its own.
  act(() => {
    widget.render({ model: Object.create(model), el: box, signal: life.signal } as never);
  });
  return box;
}

function open(changed: Partial<Traits> = {}): void {
  life = new AbortController();
  model = new MockModel({ ...traits(), ...changed });
  widget = createWidget();
  widget.initialize({ model, signal: life.signal } as never);
  el = show();
}

const text = (selector: string) => find(el, selector).textContent ?? "";
const receive = (values: Partial<Traits>) => act(() => model.receive(values));

beforeEach(() => open());

afterEach(() => {
  act(() => life.abort());
  document.body.replaceChildren();
});

describe("the view", () => {
  it("says that it is ready, once for all views of the model", () => {
    show();
    expect(model.sent).toEqual([{ kind: "ready" }]);
  });

  it("draws three panes and what explains them", () => {
    expect(el.querySelectorAll("canvas[data-frame], .tfi-box canvas").length).toBe(3);
    expect(text(".tfi-classes")).toContain("synthetic class 285");
    expect(text(".tfi-completeness")).toContain("Σφ reaches 98 % of F(x) − F(x′)");
    expect(text(".tfi-path")).toContain("F(x′)");
    const dots = find(el, ".tfi-path-dots").getAttribute("d") ?? "";
    expect(dots.match(/M/g)?.length).toBe(65);
    expect(text(".tfi-progress")).toBe("64 evaluations · 1.1 s");
  });

  it("shares its state with another view of the same model", () => {
    const other = show();
    enter(find<HTMLInputElement>(el, ".tfi-slider input"), "0.25");
    expect(find(other, ".tfi-slider output").textContent).toBe("25 %");
    expect(model.saved).toEqual([]);
  });

  it("leaves nothing behind", () => {
    act(() => life.abort());
    expect(el.childNodes.length).toBe(0);
    expect(model.listeners).toBe(0);
  });

  it("is drawn before there is any answer", () => {
    open({ _result: null, _predictions: null, _image: {} });
    expect(el.querySelectorAll(".tfi-box canvas").length).toBe(3);
    expect(find<HTMLButtonElement>(el, ".tfi-copy button").disabled).toBe(true);
  });
});

describe("classes", () => {
  it("become the target by a click on their bar, class 0 too", () => {
    click(find(el, ".tfi-class:nth-of-type(3)"));
    expect(model.saved).toEqual([{ target: 0 }]);
    expect(find<HTMLInputElement>(el, "[role=combobox]").value).toBe("synthetic class 0");
    expect(find(el, ".tfi-class:nth-of-type(3)").getAttribute("aria-pressed")).toBe("true");
  });

  it("mark the true one", () => {
    expect(text(".tfi-class:nth-of-type(2)")).toContain("true");
  });

  it("are chosen by keyboard, as is the top class again", () => {
    const input = find<HTMLInputElement>(el, "[role=combobox]");
    enter(input, "class 77");
    key(input, "Enter");
    expect(model.get("target")).toBe(77);
    expect(text(".tfi-combobox-note")).toBe("77");
    key(input, "ArrowDown");
    key(input, "Home");
    key(input, "Enter");
    expect(model.get("target")).toBeNull();
    expect(text(".tfi-combobox-note")).toBe("top · 285 · 38.5 %");
  });

  it("make a contrast, and one class again", () => {
    click(find(el, ".tfi-target .tfi-link"));
    const [, second] = el.querySelectorAll<HTMLInputElement>("[role=combobox]");
    enter(second, "synthetic class 0");
    key(second, "Enter");
    expect(model.get("target")).toEqual([285, 0]);
    click(find(el, ".tfi-target .tfi-link"));
    expect(model.get("target")).toBe(285);
    expect(el.querySelectorAll("[role=combobox]").length).toBe(1);
  });

  it("without names are numbers", () => {
    open({ _class_names: null, target: 0 });
    expect(find<HTMLInputElement>(el, "[role=combobox]").value).toBe("class 0");
  });
});

describe("the status", () => {
  it("shows progress, and a way out", () => {
    const running = { state: "running" as const, done: 24, total: 64, message: "", seconds: 0.4 };
    receive({ status: { ...running, run: 9 } });
    expect(text(".tfi-progress")).toContain("24 of 64");
    click(find(el, ".tfi-progress button"));
    expect(model.sent.at(-1)).toEqual({ kind: "cancel", run: 9 });
  });

  it("shows an error in the kernel's words, the last good result staying up", () => {
    const status = {
      ...traits().status,
      state: "error" as const,
      message: "target=1000 is outside",
    };
    receive({ status });
    expect(text("[role=alert]")).toContain("target=1000 is outside");
    expect(text(".tfi-completeness")).toContain("Σφ reaches");
    click(find(el, "[role=alert] button"));
    expect(model.sent.at(-1)).toEqual({ kind: "explain" });
  });

  it("says when an answer cost nothing", () => {
    receive({ _result: { ...answer(64, 1, 0, 2), evaluations: 0 } });
    expect(text(".tfi-progress")).toBe("0 evaluations: from the cache");
  });
});

describe("a method without baseline, path or sign", () => {
  beforeEach(() => {
    const result = {
      ...answer(1, 1, 0, 1),
      reduction: "max_abs",
      baseline_score: null,
      path: null,
    };
    open({ method: "Saliency", _result: { ...result, method_label: "Saliency" } });
  });

  it("says what does not apply", () => {
    expect(text(".tfi-completeness")).toContain("does not apply");
    expect(el.querySelector(".tfi-path")).toBeNull();
    expect(find<HTMLSelectElement>(el, ".tfi-baseline select").disabled).toBe(true);
    expect(text(".tfi-steps")).toContain("Saliency takes no steps");
  });

  it("is drawn without a sign, in the colours that fit", () => {
    expect(find<HTMLInputElement>(el, "[value=absolute]").checked).toBe(true);
    expect(find<HTMLInputElement>(el, "[value=signed]").disabled).toBe(true);
    const colours = find<HTMLSelectElement>(el, "[aria-label='Colour map']");
    expect(Array.from(colours.options, ({ value }) => value)).toEqual([
      "auto",
      "cividis",
      "viridis",
      "greys",
    ]);
    expect(model.get("sign")).toBe("signed");
  });
});

describe("the crosshair", () => {
  it("is moved by keys on any pane and read out", () => {
    key(find(el, ".tfi-box"), "ArrowRight");
    expect(el.querySelectorAll(".tfi-crosshair").length).toBe(3);
    expect(text(".tfi-readout")).toMatch(/^\(113, 112\)rgb \d+ \d+ \d+φ [+−]/);
    key(find(el, ".tfi-box"), "Escape");
    expect(el.querySelector(".tfi-crosshair")).toBeNull();
  });
});

it("writes a choice of sign, colours and method parameter once", () => {
  fire(Object.assign(find<HTMLInputElement>(el, "[value=positive]"), { checked: true }), "change");
  const rule = find<HTMLSelectElement>(el, "[aria-label=Rule]");
  fire(Object.assign(rule, { value: "trapezoid" }), "change");
  expect(model.saved).toEqual([
    { sign: "positive" },
    { _method_parameters: { rule: "trapezoid" } },
  ]);
});
