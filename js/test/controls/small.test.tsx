import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CopyButton } from "../../src/controls/copy";
import { Parameters, parseParameter } from "../../src/controls/parameters";
import { costText } from "../../src/controls/progress";
import type { Parameter } from "../../src/wire/traits";
import { click, enter, find, key, mount } from "../dom";

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
    default: 25,
    min: 1,
    max: 50,
  };
  const rule: Parameter = {
    name: "rule",
    label: "Rule",
    kind: "choice",
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

  it("say what auto came to", () => {
    const labels = (resolved: string | null) => {
      const el = mount(
        <Parameters
          parameters={[rule]}
          values={{}}
          resolved={{ rule: resolved }}
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
