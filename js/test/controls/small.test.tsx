import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CopyButton } from "../../src/controls/copy";
import { Parameters, parseParameter } from "../../src/controls/parameters";
import { costText } from "../../src/controls/progress";
import type { Parameter, Scalar } from "../../src/wire/traits";
import { click, enter, find, fire, key, mount } from "../dom";

describe("copy as code", () => {
  const writeText = vi.fn();

  beforeEach(() => {
    writeText.mockReset();
    vi.stubGlobal("navigator", { clipboard: { writeText } });
  });

  afterEach(() => vi.unstubAllGlobals());

  it("copies and says so", async () => {
    writeText.mockResolvedValue(undefined);
    const el = mount(<CopyButton code="engine.attribute(x)" />);
    click(find(el, "button"));
    await vi.waitFor(() => expect(el.textContent).toBe("Copied"));
    expect(writeText).toHaveBeenCalledExactlyOnceWith("engine.attribute(x)");
  });

  it("offers the code to copy by hand where the page may not", async () => {
    writeText.mockRejectedValue(new Error("not allowed"));
    const el = mount(<CopyButton code="engine.attribute(x)" />);
    click(find(el, "button"));
    await vi.waitFor(() => find(el, "textarea"));
    const field = find<HTMLTextAreaElement>(el, "textarea");
    expect(field.value).toBe("engine.attribute(x)");
    key(field, "Escape");
    expect(el.querySelector("textarea")).toBeNull();
    expect(document.activeElement).toBe(find(el, "button"));
  });

  it("is off while there is nothing to copy", () => {
    const el = mount(<CopyButton code={null} />);
    expect(find<HTMLButtonElement>(el, "button").disabled).toBe(true);
  });
});

describe("parameters", () => {
  const samples: Parameter = {
    name: "samples",
    label: "Samples",
    kind: "int",
    help: "How many.",
    default: 25,
    min: 1,
    max: 50,
  };
  const rule: Parameter = {
    name: "rule",
    label: "Rule",
    kind: "choice",
    help: "Which rule.",
    default: "auto",
    choices: ["auto", "graded"],
  };
  const onChoose = vi.fn();

  beforeEach(() => onChoose.mockReset());

  it("take numbers within their limits and no others", () => {
    expect(parseParameter(samples, "7")).toBe(7);
    expect(parseParameter(samples, "99")).toBe(50);
    expect(parseParameter(samples, "1.5")).toBeNull();
    expect(parseParameter(samples, "")).toBeNull();
    expect(parseParameter({ ...samples, kind: "float" }, "1.5")).toBe(1.5);
  });

  it("send a number once it is entered, and put back what is none", () => {
    const el = mount(
      <Parameters
        parameters={[samples]}
        values={{ samples: 30 }}
        resolved={{}}
        layers={[]}
        onChoose={onChoose}
      />,
    );
    const input = find<HTMLInputElement>(el, "input");
    enter(input, "40", "change");
    expect(onChoose).toHaveBeenLastCalledWith("samples", 40);
    enter(input, "1.5", "change");
    expect(onChoose).toHaveBeenLastCalledWith("samples", 30);
    expect(input.value).toBe("30");
  });

  it("send what an arrow key led to when it comes up", () => {
    const el = mount(
      <Parameters
        parameters={[samples]}
        values={{ samples: 30 }}
        resolved={{}}
        layers={[]}
        onChoose={onChoose}
      />,
    );
    const input = find<HTMLInputElement>(el, "input");
    for (const value of ["31", "32"]) {
      key(input, "ArrowUp");
      enter(input, value, "change");
    }
    expect(onChoose).not.toHaveBeenCalled();
    key(input, "ArrowUp", "keyup");
    expect(onChoose).toHaveBeenCalledExactlyOnceWith("samples", 32);
    enter(input, "33", "change");
    expect(onChoose).toHaveBeenLastCalledWith("samples", 33);
  });

  it("send what an arrow key led to where the field is left meanwhile", () => {
    const el = mount(
      <Parameters
        parameters={[samples]}
        values={{ samples: 30 }}
        resolved={{}}
        layers={[]}
        onChoose={onChoose}
      />,
    );
    const input = find<HTMLInputElement>(el, "input");
    key(input, "ArrowDown");
    enter(input, "29", "change");
    fire(input, "blur");
    expect(onChoose).toHaveBeenCalledExactlyOnceWith("samples", 29);
  });

  it("are ticked where they are true or false", () => {
    const squared: Parameter = { ...samples, name: "squared", label: "Squared", kind: "bool" };
    const el = mount(
      <Parameters
        parameters={[{ ...squared, default: true }]}
        values={{}}
        resolved={{}}
        layers={[]}
        onChoose={onChoose}
      />,
    );
    const box = find<HTMLInputElement>(el, "[type=checkbox]");
    expect(box.checked).toBe(true);
    click(box);
    expect(onChoose).toHaveBeenCalledExactlyOnceWith("squared", false);
  });

  it("say what they mean, in the words of the documentation", () => {
    const el = mount(
      <Parameters
        parameters={[samples, rule]}
        values={{}}
        resolved={{}}
        layers={[]}
        onChoose={onChoose}
      />,
    );
    const titles = Array.from(el.querySelectorAll(".tfi-parameter"), (one) =>
      one.getAttribute("title"),
    );
    expect(titles).toEqual(["How many.", "Which rule."]);
  });

  describe("that name a layer", () => {
    const layer: Parameter = {
      name: "layer",
      label: "Layer",
      kind: "layer",
      help: "",
      default: null,
    };
    const layers = [
      { name: "head", height: 7, width: 7 },
      { name: "late", height: 7, width: 7 },
      { name: "early", height: 56, width: 84 },
      { name: "odd", height: null, width: null },
    ];
    const show = (value: Scalar, resolved: string | null = null) =>
      find<HTMLSelectElement>(
        mount(
          <Parameters
            parameters={[layer]}
            values={{ layer: value }}
            resolved={{ layer: resolved }}
            layers={layers}
            onChoose={onChoose}
          />,
        ),
        "select",
      );

    it("list them by the size of their maps", () => {
      const select = show(null);
      const groups = Array.from(select.querySelectorAll("optgroup"), ({ label, children }) => [
        label,
        ...Array.from(children, ({ textContent }) => textContent),
      ]);
      expect(groups).toEqual([
        ["7 × 7 cells", "head", "late"],
        ["84 × 56 cells", "early"],
        ["Size not known", "odd"],
      ]);
    });

    it("are left to the method by null, and say which layer that is", () => {
      const select = show(null, "head");
      expect(select.selectedOptions[0].text).toBe("auto: head");
      enter(select, "late", "change");
      expect(onChoose).toHaveBeenLastCalledWith("layer", "late");
      enter(show("late", "late"), "", "change");
      expect(onChoose).toHaveBeenLastCalledWith("layer", null);
    });

    it("keep one that Python named, though it is not listed", () => {
      const select = show("embedding:2", "embedding:2");
      expect(select.selectedOptions[0].text).toBe("embedding:2");
      expect(select.options[0].text).toBe("auto");
    });
  });

  it("say what auto came to", () => {
    const labels = (resolved: string | null) => {
      const el = mount(
        <Parameters
          parameters={[rule]}
          values={{}}
          resolved={{ rule: resolved }}
          layers={[]}
          onChoose={onChoose}
        />,
      );
      return Array.from(find<HTMLSelectElement>(el, "select").options, ({ text }) => text);
    };
    expect(labels("graded")).toEqual(["auto: graded", "graded"]);
    expect(labels(null)).toEqual(["auto", "graded"]);
  });
});

describe("what an answer cost", () => {
  it("is said in evaluations and seconds", () => {
    expect(costText({ evaluations: 64, seconds: 1.13 })).toBe("64 evaluations · 1.1 s");
    expect(costText({ evaluations: 1, seconds: 12.4 })).toBe("1 evaluation · 12 s");
    expect(costText({ evaluations: 0, seconds: 0.1 })).toBe("0 evaluations: from the cache");
  });
});
