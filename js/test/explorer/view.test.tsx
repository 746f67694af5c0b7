import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MockModel } from "../../dev/mock";
import { answer, image, traits, wire } from "../../dev/synthetic";
import createWidget from "../../src/explorer/index";
import type { Path, Status, Traits } from "../../src/wire/traits";
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
  it("says that it is ready when it is made, and once for all views that it is shown", () => {
    life = new AbortController();
    model = new MockModel(traits());
    widget = createWidget();
    widget.initialize({ model, signal: life.signal } as never);
    expect(model.sent).toEqual([{ kind: "ready" }]);
    show();
    show();
    expect(model.sent).toEqual([{ kind: "ready" }, { kind: "shown" }]);
  });

  it("keeps JupyterLab's shortcuts off whatever has the focus", () => {
    const slider = find(el, "input[type=range]");
    slider.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
    expect(slider.getAttribute("data-lm-suppress-shortcuts")).toBe("true");
  });

  it("draws three panes and what explains them", () => {
    expect(el.querySelectorAll("canvas[data-frame], .tfi-box canvas").length).toBe(3);
    expect(text(".tfi-classes")).toContain("synthetic class 285");
    expect(text(".tfi-completeness")).toContain("Σφ reaches 98 % of F − F′");
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

  it("are counted without the entry that is none of them", () => {
    key(find(el, "[role=combobox]"), "ArrowDown");
    expect(text(".tfi-options-count")).toBe("1,000 of 1,000 classes");
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

  it("give the focus back where a contrast is given up", () => {
    click(find(el, ".tfi-target .tfi-link"));
    const [, second] = el.querySelectorAll<HTMLInputElement>("[role=combobox]");
    expect(document.activeElement).toBe(second);
    key(second, "Escape");
    expect(el.querySelectorAll("[role=combobox]").length).toBe(1);
    expect(document.activeElement).toBe(find(el, ".tfi-target .tfi-link"));
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

  it("shows the part that is done where evaluations are not all of the work", () => {
    const running = { ...traits().status, state: "running" as const, done: 64, total: 0 };
    receive({ status: { ...running, progress: 0 } });
    expect(text(".tfi-progress")).toContain("starting");
    expect(find<HTMLProgressElement>(el, "progress").hasAttribute("value")).toBe(false);
    receive({ status: { ...running, progress: 0.83 } });
    expect(text(".tfi-progress")).toContain("83 %");
    expect(find<HTMLProgressElement>(el, "progress").value).toBe(0.83);
    receive({ status: { ...running, progress: 0.83, state: "cancelled" } });
    expect(text(".tfi-progress")).toContain("cancelled at 83 %");
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

  it("shows what was refused while a run goes on, which can still be cancelled", () => {
    const message = "steps=0 is too few";
    receive({ status: { ...traits().status, state: "running", done: 24, message } });
    expect(text(".tfi-progress")).toContain("24 of 64");
    expect(text(".tfi-progress button")).toBe("Cancel");
    expect(text("[role=alert]")).toBe(message);
  });

  it("shows what was refused beside what the answer cost", () => {
    receive({ status: { ...traits().status, message: "steps=0 is too few" } });
    expect(text("[role=alert]")).toBe("steps=0 is too few");
    expect(text(".tfi-progress")).toBe("64 evaluations · 1.1 s");
  });

  it("is announced at both ends of a run, not on its way", () => {
    const heard: string[] = [];
    const region = find(el, "[role=status]");
    const observer = new MutationObserver(() => heard.push(region.textContent ?? ""));
    observer.observe(region, { childList: true, characterData: true, subtree: true });
    const hear = (changed: Partial<Status>) => {
      receive({ status: { ...traits().status, ...changed } });
      for (const _ of observer.takeRecords()) heard.push(region.textContent ?? "");
    };
    hear({ state: "running", done: 0 });
    hear({ state: "running", done: 8 });
    hear({ state: "running", done: 16 });
    hear({ state: "cancelled", done: 24 });
    hear({ state: "running", done: 24 });
    hear({ state: "done" });
    expect(heard).toEqual([
      "computing",
      "cancelled at 24 of 64",
      "computing",
      "64 evaluations · 1.1 s",
    ]);
  });

  it("says when an answer cost nothing", () => {
    receive({ _result: { ...answer(64, 1, 0, 2), evaluations: 0 } });
    expect(text(".tfi-progress")).toBe("0 evaluations: from the cache");
  });
});

describe("the path", () => {
  const withPath = (path: Path) => receive({ _result: { ...answer(64, 1, 0, 2), path } });
  const dots = () => find(el, ".tfi-path-dots").getAttribute("d")?.match(/M/g)?.length;
  const label = () => find(el, ".tfi-path svg").getAttribute("aria-label");
  const alphas = [0, 0.25, 1];

  it("has a dot where the model was differentiated, and nowhere else", () => {
    withPath({ alphas, scores: [0, null, 2], evaluated: [false, true, true] });
    expect(dots()).toBe(2);
    expect(label()).toContain("2.00 (logits); 2 evaluations");
  });

  it("has one everywhere in notebooks that do not say", () => {
    withPath({ alphas, scores: [0, 1, 2] });
    expect(dots()).toBe(3);
  });

  it("is not drawn without a score", () => {
    withPath({ alphas, scores: [null, null, null], evaluated: [true, true, true] });
    expect(el.querySelector(".tfi-path")).toBeNull();
  });
});

describe("what is not finite", () => {
  beforeEach(() => {
    const [first, ...others] = traits()._predictions?.top ?? [];
    const odd = { ...first, score: null, probability: null };
    const sums = { score: null, baseline_score: null, total: null, relative_error: null };
    open({
      _predictions: { image_index: 0, top: [odd, ...others], target: [odd] },
      _result: {
        ...answer(64, 1, 0, 1),
        ...sums,
        map: wire(new Float32Array(224 * 224).fill(Number.NaN), [224, 224]),
      },
    });
  });

  it("is a dash without a bar", () => {
    const [odd, next] = el.querySelectorAll(".tfi-class");
    expect(find(odd, ".tfi-class-value").textContent).toBe("—");
    expect(odd.querySelector(".tfi-class-track span")).toBeNull();
    expect(next.querySelector<HTMLElement>(".tfi-class-track span")?.style.width).toBe("100%");
    expect(Array.from(el.querySelectorAll(".tfi-sum-value"), (one) => one.textContent)).toEqual([
      "—",
      "—",
    ]);
    expect(el.querySelector(".tfi-sum-track span")).toBeNull();
    expect(text(".tfi-completeness")).not.toContain("does not apply");
  });

  it("is nowhere written as a number", () => {
    key(find(el, ".tfi-box"), "ArrowRight");
    expect(text(".tfi-readout")).toContain("φ —");
    expect(text(".tfi-colourbar-numbers").trim()).toBe("againstfor");
    expect(el.innerHTML).not.toMatch(/NaN|Infinity/);
  });
});

const METHOD_NOTE = "Shows what the model uses, not what causes the outcome.";

describe("notes", () => {
  const given = (note: string) => {
    const baseline = { name: "given", label: "given array", note };
    open({
      baseline: { name: "given" },
      _baselines: [...traits()._baselines, baseline],
      _result: { ...answer(64, 1, 0, 1), moved: 0.01, baseline_label: baseline.label },
    });
    expect(find<HTMLSelectElement>(el, ".tfi-baseline select").selectedOptions[0].text).toBe(
      "given array",
    );
  };

  it("are shown where there is something to say", () => {
    given("made in Python");
    expect(text(".tfi-remark")).toBe(`${METHOD_NOTE} made in Python`);
  });

  it("of a baseline are left out where they do not hold for the map", () => {
    const blind = { ...answer(64, 1, 0, 1), moved: 0.01, blind: false };
    open({ _result: blind });
    expect(text(".tfi-remark")).toBe(METHOD_NOTE);
  });

  it("tell most urgent things first", () => {
    open({ _result: { ...answer(64, 1, 0, 1), moved: 0.2, relative_error: 0.2 } });
    expect(text(".tfi-remark")).toMatch(/^The map still moves: take more steps.*causes/);
  });

  it("stand below what the method does, where there is no path", () => {
    open({ _result: { ...answer(64, 1, 0, 1), moved: 0.01, path: null } });
    expect(text(".tfi-story")).toContain("Gradients along the path from a baseline");
    expect(text(".tfi-remark")).toContain(METHOD_NOTE);
  });

  it("warn where the score is a probability, with gradients that vanish", () => {
    open({ _result: { ...answer(64, 1, 0, 1), moved: 0.01, output: "probability" } });
    expect(text(".tfi-remark")).toContain("explain logits");
  });

  it("leave nothing where they are empty", () => {
    given("");
    expect(text(".tfi-remark")).toBe(METHOD_NOTE);
  });
});

describe("units", () => {
  it.each([
    ["logits", "logits"],
    ["probability", "probability"],
    ["score", "score units"],
  ])("of %s are %s", (output, unit) => {
    receive({ _result: { ...answer(64, 1, 0, 2), output } });
    expect(text(".tfi-completeness h3 span")).toBe(unit);
    expect(text(".tfi-colourbar figcaption")).toContain(`${unit} per pixel`);
  });
});

describe("a method without baseline, path or sign", () => {
  beforeEach(() => {
    const result = {
      ...answer(1, 1, 0, 1),
      reduction: "max_abs",
      signed: false,
      adds_up: false,
      baseline_score: null,
      baseline_label: null,
      path: null,
    };
    open({ method: "Saliency", _result: { ...result, method_label: "Saliency" } });
  });

  it("says what does not apply", () => {
    expect(text(".tfi-completeness")).toContain("does not apply");
    expect(el.querySelector(".tfi-path")).toBeNull();
    expect(el.querySelector(".tfi-baseline")).toBeNull();
    expect(el.querySelector(".tfi-steps")).toBeNull();
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

describe("the methods", () => {
  it("are listed by family, with what each says of itself", () => {
    const select = find<HTMLSelectElement>(el, ".tfi-method select:not([aria-label])");
    const groups = Array.from(select.querySelectorAll("optgroup"), ({ label, children }) => [
      label,
      ...Array.from(children, ({ textContent }) => textContent),
    ]);
    expect(groups).toEqual([
      ["Gradient along a path", "Integrated gradients"],
      ["Gradient at the input", "Saliency"],
    ]);
    expect(select.title).toBe("Gradients along the path from a baseline to the input.");
    expect(select.options[1].title).toContain("Slopes at the input");
  });

  const sampled = (has: { steps: boolean; baseline: boolean }): Partial<Traits> => {
    const [method] = traits()._methods;
    const count = { kind: "int" as const, help: "", default: 9, min: 1, max: 99 };
    const parameters = [
      { ...count, name: "masks", label: "Masks" },
      { ...count, name: "seed", label: "Seed" },
    ];
    return {
      _methods: [{ ...method, parameters, has_steps: has.steps, has_baseline: has.baseline }],
      _method_parameters: { masks: 9, seed: 0 },
    };
  };

  it.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])("have steps (%s) and baseline (%s) where they take them", (steps, baseline) => {
    open(sampled({ steps, baseline }));
    expect(el.querySelector(".tfi-steps") !== null).toBe(steps);
    expect(el.querySelector(".tfi-baseline") !== null).toBe(baseline);
    expect(el.querySelectorAll(".tfi-header > .tfi-parameters input").length).toBe(2);
    expect(el.querySelector(".tfi-method .tfi-parameter")).toBeNull();
  });

  it("ask anew with all their parameters when one is changed", () => {
    open(sampled({ steps: false, baseline: false }));
    enter(find<HTMLInputElement>(el, "[aria-label=Masks]"), "40", "change");
    expect(model.saved).toEqual([{ _method_parameters: { masks: 40, seed: 0 } }]);
  });
});

describe("an answer that is no share of a difference", () => {
  const alone = { ...answer(64, 1, 0, 1), level: null, adds_up: false, path: null, moved: null };

  it("has a score, and no sum", () => {
    open({ _result: alone });
    expect(text(".tfi-completeness")).toContain("8.81 logits");
    expect(text(".tfi-completeness")).toContain("Completeness does not apply");
    expect(el.querySelector(".tfi-sum")).toBeNull();
    expect(text(".tfi-colourbar figcaption")).toBe("smoothed, σ\u00a03\u00a0px");
  });

  it("has a standard error, and what it means", () => {
    open({ _result: { ...alone, standard_error: { typical: 0.012, relative: 0.2 } } });
    expect(text(".tfi-uncertainty")).toBe("Standard error ± 0.012");
    expect(text(".tfi-story")).toContain("by about 0.012, 20 % of how far they differ");
    expect(text(".tfi-remark")).not.toContain("chance");
  });

  it("is told from chance", () => {
    open({ _result: { ...alone, standard_error: { typical: 0.012, relative: 0.8 } } });
    expect(text(".tfi-remark")).toMatch(/^Single values are largely chance/);
  });

  it("has a fit, drawn as a bar", () => {
    open({ _result: { ...alone, r_squared: 0.61 } });
    const bar = find(el, ".tfi-sum");
    expect(bar.getAttribute("aria-label")).toContain("0.61");
    expect(find<HTMLElement>(bar, ".tfi-sum-track span").style.width).toBe("61%");
  });

  it("is a preview while it is not final", () => {
    open({ _result: { ...alone, channels: 1 } });
    const aside = () => find(el, ".tfi-pane:nth-child(2) .tfi-aside").textContent;
    expect(aside()).toBe("");
    receive({ _result: { ...alone, channels: 1, run: 2, final: false } });
    expect(aside()).toBe("running preview");
  });
});

it("shows what to know before an answer is believed", () => {
  open({ _result: { ...answer(64, 1, 0, 1), warning: "The gradient is 0 everywhere." } });
  expect(text("[role=note]")).toBe("The gradient is 0 everywhere.");
  receive({ _result: answer(64, 1, 0, 2) });
  expect(el.querySelector("[role=note]")).toBeNull();
});

describe("a map of a layer's cells", () => {
  const data = Float32Array.from({ length: 49 }, (_, k) => k - 24);
  beforeEach(() => open({ _result: { ...answer(64, 1, 0, 1), map: wire(data, [7, 7]) } }));

  it("says how many there are, and what they have a share for", () => {
    expect(text(".tfi-pane:nth-child(2) .tfi-aside")).toBe("7 × 7 cells");
    expect(text(".tfi-colourbar figcaption")).toContain("logits per cell");
  });

  it("is read at the cell under the crosshair", () => {
    key(find(el, ".tfi-box"), "ArrowRight");
    expect(text(".tfi-readout")).toMatch(/^\(113, 112\).*φ 0The crosshair/);
    for (let k = 0; k < 16; k++) key(find(el, ".tfi-box"), "ArrowRight");
    expect(text(".tfi-readout")).toMatch(/^\(129, 112\).*φ \+1\.00The crosshair/);
  });
});

describe("the crosshair", () => {
  it("is moved by keys on any pane and read out", () => {
    key(find(el, ".tfi-box"), "ArrowRight");
    expect(el.querySelectorAll(".tfi-crosshair").length).toBe(3);
    expect(text(".tfi-readout")).toMatch(/^\(113, 112\)rgb \d+ \d+ \d+φ [+−]/);
    expect(find(el, ".tfi-readout").getAttribute("aria-live")).toBe("polite");
    key(find(el, ".tfi-box"), "Escape");
    expect(el.querySelector(".tfi-crosshair")).toBeNull();
  });

  it("is not announced while the pointer passes", () => {
    const box = find(el, ".tfi-box");
    box.getBoundingClientRect = () => new DOMRect(0, 0, 100, 100);
    const hover = { pointerType: "mouse", clientX: 50, clientY: 50, bubbles: true };
    act(() => {
      box.dispatchEvent(new PointerEvent("pointermove", hover));
    });
    expect(text(".tfi-readout")).toContain("(112, 112)");
    expect(find(el, ".tfi-readout").getAttribute("aria-live")).toBe("off");
    act(() => {
      box.dispatchEvent(new MouseEvent("click", hover));
    });
    expect(find(el, ".tfi-readout").getAttribute("aria-live")).toBe("polite");
  });

  it("reads values in the user's own units, which are decoded once", () => {
    const raw = wire(new Float32Array(224 * 224).fill(0.5), [224, 224, 1]);
    const reads = vi.fn(() => raw.view);
    const { dtype, shape } = raw;
    open({
      _image: {
        ...image(0),
        raw: Object.defineProperty({ dtype, shape }, "view", { get: reads }),
      } as Traits["_image"],
    });
    for (const name of ["ArrowRight", "ArrowDown", "ArrowLeft"]) {
      key(find(el, ".tfi-box"), name);
      expect(text(".tfi-readout")).toContain("grey 0.500");
    }
    expect(reads).toHaveBeenCalledOnce();
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
