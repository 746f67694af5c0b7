import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { decode } from "../../src/wire/arrays";
import { click, enter, find, key } from "../dom";
import { answered, isAscending, share, View, withMetric } from "./made";

let view: View;

beforeEach(() => {
  view = new View();
});

afterEach(() => view.close());

const allows = (changed: object) => ({ _allows: { ...view.model.get("_allows"), ...changed } });

function pick(box: HTMLInputElement, text: string): void {
  click(box);
  enter(box, text);
  key(box, "Enter");
}

describe("the metric", () => {
  it("is picked, and shown at once where the kernel has sent it", () => {
    const before = view.texts("value");
    enter(find(view.el, ".tfi-metric select"), "precision", "change");
    expect(view.model.saved).toEqual([{ metric: "precision" }]);
    expect(view.texts("value")).not.toEqual(before);
    expect(view.text("[role=columnheader].tfi-chart")).toContain("precision");
    expect(view.isStale).toBe(false);
  });
});

describe("the baseline", () => {
  it("is a slice after B or a click with Shift, and differences follow at once", () => {
    const { ids } = view.answer.table;
    act(() => {
      view.rows[1].dispatchEvent(new MouseEvent("click", { shiftKey: true, bubbles: true }));
    });
    expect(view.model.saved).toEqual([{ baseline: ids[1] }]);
    expect(view.rows[1].className).toContain("tfi-compared");
    expect(view.cell(view.rows[1], "difference").textContent).toBe("—");
    const { data: value } = decode(view.answer.metrics[0].models[0].value);
    const difference = view.cell(view.rows[2], "difference");
    expect(difference.textContent).toContain(share(Math.abs(value[2] - value[1])));
    // Its interval is the kernel's to find.
    expect(difference.querySelector(".tfi-open")).not.toBeNull();
    click(view.rows[3]);
    key(view.grid, "b");
    expect(view.model.saved.at(-1)).toEqual({ baseline: ids[3] });
  });

  it("is picked by name", () => {
    pick(find(view.el, "[role=combobox]"), "housing: rent");
    const rent = view.answer.table.keys.findIndex(
      (pairs) => pairs.length === 1 && pairs[0][1] === "rent",
    );
    expect(view.model.saved).toEqual([{ baseline: view.answer.table.ids[rent] }]);
    expect(view.heading("difference").textContent).toBe("from housing: rent");
  });

  it("cannot be the rest of an imported table, whose differences are then left out", () => {
    view = new View(allows({ rest: false }));
    expect(view.el.querySelector(".tfi-difference")).toBeNull();
    view.receive({ baseline: "" });
    const [all] = view.texts("value").map(Number.parseFloat);
    expect(view.numbers("difference")[0]).toBeCloseTo(view.numbers("value")[0] - all, 1);
  });
});

describe("chips", () => {
  it("take away what is sliced by", () => {
    click(find(view.el, ".tfi-chip button"));
    expect(view.model.saved).toEqual([{ slices: [["age", "housing"]] }]);
    expect(view.isStale).toBe(true);
  });

  it("add a feature or a pair that is not there yet", () => {
    click(find(view.el, ".tfi-add"));
    const box = find<HTMLInputElement>(view.el, ".tfi-chips [role=combobox]");
    const offered = view.all(".tfi-chips [role=option]").map(({ textContent }) => textContent);
    expect(offered[0]).toBe("age4 bins");
    expect(offered).not.toContain("housing3 values");
    pick(box, "housing × job");
    expect(view.model.saved).toEqual([
      { slices: [["housing"], ["age", "housing"], ["housing", "job"]] },
    ]);
  });

  it("are words only where no other slices can be had", () => {
    view = new View(allows({ slicing: false }));
    const chips = view.all(".tfi-chip").map(({ textContent }) => textContent);
    expect(chips).toEqual(["housing", "age × housing"]);
    expect(view.el.querySelector(".tfi-chips button")).toBeNull();
  });

  it("give way to their number where they are many", () => {
    const names = view.model.get("_features").map(({ name }) => name);
    const slices = names.flatMap((one, k) => names.slice(k + 1).map((other) => [one, other]));
    view = new View({ slices });
    expect(view.all(".tfi-chip").length).toBe(6);
    click(find(view.el, ".tfi-chips .tfi-link"));
    expect(view.all(".tfi-chip").length).toBe(10);
  });
});

describe("classes", () => {
  it("are picked where the metric has one for each", () => {
    const _answer = withMetric(view.answer, "accuracy", { by_class: true });
    view = new View({ _answer, _classes: ["setosa", "versicolor"] });
    const box = find<HTMLInputElement>(view.el, "[role=combobox][aria-label=Class]");
    expect(box.value).toBe("all classes");
    pick(box, "setosa");
    expect(view.model.saved).toEqual([{ class_id: 0 }]);
    expect(box.value).toBe("setosa");
    expect(view.isStale).toBe(true);
  });

  it("are not offered for a metric of all", () => {
    view = new View({ _classes: ["setosa", "versicolor"] });
    expect(view.el.querySelector("[aria-label=Class]")).toBeNull();
  });
});

describe("two models", () => {
  beforeEach(() => {
    view = new View({ _models: ["old", "new"] });
  });

  it("stand side by side, with what changed", () => {
    expect(view.rows[1].querySelectorAll(".tfi-dot").length).toBe(2);
    const [old, fresh] = [view.numbers("other")[0], view.numbers("value")[0]];
    expect(old).not.toBe(fresh);
    expect(view.numbers("comparison")[0]).toBeCloseTo(fresh - old, 1);
    expect(view.text(".tfi-legend")).toContain("old");
  });

  it("are sorted by either, or by what changed", () => {
    for (const column of ["other", "value", "comparison"]) {
      click(view.heading(column));
      expect(isAscending(view.numbers(column))).toBe(true);
      expect(view.model.saved.at(-1)).toEqual({ sort_by: column, descending: false });
    }
  });
});

describe("an answer to another question", () => {
  it("brings its own slices", () => {
    const slices = [["job"]];
    view.receive({ slices });
    expect(view.isStale).toBe(true);
    const { _answer, _curves } = answered({ slices });
    view.receive({ _answer, _curves });
    expect(view.isStale).toBe(false);
    expect(view.names.slice(1).every((name) => name.startsWith("job"))).toBe(true);
  });
});
