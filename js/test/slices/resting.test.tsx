import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { wire } from "../../dev/slices/answers";
import { restsOn } from "../../src/slices/counts";
import { click, enter, find } from "../dom";
import { ROWS, View, withMetric } from "./made";

let view: View;

beforeEach(() => {
  view = new View();
});

afterEach(() => view.close());

const rent = ROWS.filter(({ values }) => values.housing === "rent");

/** Recall, of as many positives in every slice. */
function withDenominators(count: number): void {
  const found = view.answer.metrics.find(({ name }) => name === "recall");
  const models = found?.models.map((model) => ({
    ...model,
    denominators: wire(Int32Array.from(view.answer.table.ids, () => count)),
  }));
  view.receive({ metric: "recall", _answer: withMetric(view.answer, "recall", { models }) });
}

const titleOf = (name: string) => view.cell(view.row(name), "value").title;

describe("what a metric rests on", () => {
  it("is the rows it is a share of, and of two classes the rarer", () => {
    const counts = { tp: 1, fp: 2, fn: 4, tn: 8 };
    const formulas = ["accuracy", "recall", "precision", "fpr", "f1", "balanced_accuracy"] as const;
    expect(formulas.map((formula) => restsOn(formula, counts))).toEqual([15, 5, 3, 10, 7, 5]);
  });

  it("is said of each slice, and greys by it, not by all rows", () => {
    withDenominators(7);
    expect(titleOf("housing rent")).toContain(`housing: rent: ${rent.length} rows; recall .`);
    expect(titleOf("housing rent")).toContain("over 7 positives");
    expect(titleOf("housing rent")).toContain("few positives, so little is known");
    expect(view.row("housing rent").className).toContain("tfi-small");
    expect(view.text(".tfi-notes")).toContain("grey: fewer than 30 positives");
  });

  it("greys nothing where there are enough", () => {
    withDenominators(30);
    expect(view.rows.some((row) => row.className.includes("tfi-small"))).toBe(false);
    expect(view.text(".tfi-notes")).not.toContain("grey");
  });

  it("is counted in the curves while the threshold moves", () => {
    view = new View({ metric: "precision" });
    view.drag("Threshold", 0.8);
    const predicted = rent.filter(({ scores }) => scores[1] > 0.8).length;
    expect(titleOf("housing rent")).toContain(`over ${predicted} predicted positives`);
  });

  it("of weighted rows stays what the kernel said: weights are no rows", () => {
    const weights = wire(Float64Array.from(view.answer.table.ids, () => 2.5));
    view.receive({ _answer: { ...view.answer, table: { ...view.answer.table, weights } } });
    withDenominators(12);
    view.drag("Threshold", 0.8);
    expect(titleOf("housing rent")).toContain("over 12 positives");
  });
});

describe("what decides", () => {
  const aside = () => view.text(".tfi-metric .tfi-aside");

  it("is said beside the metric, and moves with the threshold", () => {
    expect(aside()).toBe("score > .50");
    view.drag("Threshold", 0.29);
    expect(aside()).toBe("score > .29");
  });

  it("is nothing where nothing is decided, and its own where a metric has one", () => {
    enter(find(view.el, ".tfi-metric select"), "auc", "change");
    expect(aside()).toBe("");
    view.receive({ _answer: withMetric(view.answer, "auc", { decided: "score > .7" }) });
    expect(aside()).toBe("score > .7");
  });

  const rules = [
    { value: "argmax" as const, label: "most probable class" },
    { value: "score" as const, label: "score > t" },
  ];
  const select = () => find<HTMLSelectElement>(view.el, ".tfi-rule select");

  it("can be chosen for several classes, and the number comes back", () => {
    view = new View({ _threshold_rules: rules, threshold: 0.3 });
    expect(select().value).toBe("score");
    enter(select(), "argmax", "change");
    expect(view.model.saved).toEqual([{ threshold: "argmax" }]);
    expect(view.slider("Threshold")).toBeNull();
    expect(aside()).toBe("most probable class");
    expect(view.isStale).toBe(true);
    enter(select(), "score", "change");
    expect(view.model.saved.at(-1)).toEqual({ threshold: 0.3 });
    expect(view.isStale).toBe(false);
  });

  it("is no choice of two classes", () => {
    expect(view.el.querySelector(".tfi-rule")).toBeNull();
  });
});

describe("the readout", () => {
  const readout = () => view.text(".tfi-said");

  it("says what is known of the chosen slice, aloud", () => {
    expect(readout()).toBe("");
    click(view.row("housing rent"));
    expect(readout()).toContain(`housing: rent: ${rent.length} rows; accuracy .`);
    expect(readout()).toContain("decided by: score > .50");
    expect(find(view.el, ".tfi-said").getAttribute("role")).toBe("status");
  });

  it("says why there is no interval, for which a mark stands in the row", () => {
    const models = view.answer.metrics[0].models.map((model) => ({
      ...model,
      no_interval: { 1: "draws of one class" },
    }));
    view.receive({ _answer: withMetric(view.answer, "accuracy", { models }) });
    expect(view.cell(view.rows[1], "value").textContent).toMatch(/^\.\d\d\*/);
    expect(view.cell(view.rows[2], "value").textContent).not.toContain("*");
    expect(view.text(".tfi-notes")).toContain("* no interval");
    act(() => view.rows[1].click());
    expect(readout()).toContain("no interval: draws of one class");
  });

  it("names both of two models", () => {
    view = new View({ _models: ["old", "new"] });
    click(view.row("housing rent"));
    expect(readout()).toMatch(/old accuracy \.\d\d .*; new accuracy \.\d\d/);
  });
});

describe("gates", () => {
  it("have a legend where there are any", () => {
    expect(view.text(".tfi-notes")).toContain("~ its interval holds it: unsure");
    enter(find(view.el, ".tfi-metric select"), "auc", "change");
    expect(view.text(".tfi-notes")).not.toContain("unsure");
  });
});
