import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { slicesOf } from "../../dev/slices/answers";
import { accuracy, ROWS, share, View, withMetric } from "./made";

let view: View;

beforeEach(() => {
  view = new View();
});

afterEach(() => view.close());

const rent = ROWS.filter(({ values }) => values.housing === "rent");
const others = ROWS.filter(({ values }) => values.housing !== "rent");

describe("the threshold", () => {
  it("recomputes every slice exactly while it is dragged, with no message", () => {
    const slices = slicesOf(ROWS, view.model.get("slices"));
    for (const threshold of [0.29, 0.57, 0.73, 0, 1]) {
      view.drag("Threshold", threshold);
      const values = view.texts("value").map((text) => text.split(" [")[0]);
      const counted = slices.map(({ rows }) => share(accuracy(rows, threshold)));
      expect(values).toEqual(counted.slice(0, values.length));
      expect(view.texts("value").every((text) => text.includes("["))).toBe(true);
    }
    expect(view.model.saved).toEqual([]);
    expect(view.model.sent).toEqual([]);
    view.release("Threshold");
    expect(view.model.saved).toEqual([{ threshold: 1 }]);
  });

  it("sorts by what it comes to", () => {
    view = new View({ sort_by: "value" });
    view.drag("Threshold", 0.8);
    const values = view.numbers("value");
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(view.isStale).toBe(false);
  });

  it("moves differences from the rest along, whose intervals wait for the kernel", () => {
    view.drag("Threshold", 0.6);
    const difference = view.cell(view.row("housing rent"), "difference");
    const change = accuracy(rent, 0.6) - accuracy(others, 0.6);
    expect(difference.textContent).toContain(share(Math.abs(change)));
    expect(difference.querySelector(".tfi-open")).not.toBeNull();
  });

  it("moves the values of both of two models", () => {
    view = new View({ _models: ["old", "new"] });
    view.drag("Threshold", 0.6);
    const row = view.row("housing rent");
    for (const [model, column] of ["other", "value"].entries()) {
      const value = share(accuracy(rent, 0.6, model));
      expect(view.cell(row, column).textContent?.split(" ")[0]).toBe(value);
    }
  });

  it("hides whiskers that are not Wilson's until the kernel has answered", () => {
    view = new View({ metric: "f1" });
    expect(view.rows[0].querySelector(".tfi-whisker")).not.toBeNull();
    view.drag("Threshold", 0.6);
    expect(view.rows[0].querySelector(".tfi-dot")).not.toBeNull();
    expect(view.rows[0].querySelector(".tfi-whisker")).toBeNull();
    expect(view.isStale).toBe(false);
  });

  it("draws no whisker of Wilson's where other intervals were asked for", () => {
    view.receive({ _answer: withMetric(view.answer, "accuracy", { interval: "bootstrap" }) });
    view.drag("Threshold", 0.6);
    expect(view.rows[0].querySelector(".tfi-whisker")).toBeNull();
    expect(view.texts("value")[0]).toBe(share(accuracy(ROWS, 0.6)));
  });

  it("says why a metric is undefined there", () => {
    view = new View({ metric: "precision" });
    view.drag("Threshold", 1);
    expect(view.texts("chart")[0]).toBe("undefined: nothing predicted positive");
  });

  it("leaves alone what does not depend on it", () => {
    view = new View({ metric: "auc" });
    const before = view.texts("value");
    view.drag("Threshold", 0.9);
    expect(view.texts("value")).toEqual(before);
    expect(view.isStale).toBe(false);
  });

  it("is not there where the table has none", () => {
    view = new View({ _allows: { ...view.model.get("_allows"), threshold: false } });
    expect(view.slider("Threshold")).toBeNull();
  });

  it("is not there where nothing depends on it, as of numbers", () => {
    view = new View({ metric: "auc", _curves: null });
    expect(view.slider("Threshold")).toBeNull();
  });
});

describe("what the view cannot recompute", () => {
  it("is dimmed, and not saved, until the kernel has answered", () => {
    view = new View({ _curves: null });
    expect(view.isStale).toBe(false);
    view.drag("Threshold", 0.9);
    expect(view.isStale).toBe(true);
    const csv = view.all(".tfi-footer button").at(-1) as HTMLButtonElement;
    expect(csv.disabled).toBe(true);
  });

  it("is all for which the curves of other slices came", () => {
    const curves = view.model.get("_curves");
    view = new View({ _curves: curves && { ...curves, partition: -1 } });
    view.drag("Threshold", 0.9);
    expect(view.isStale).toBe(true);
  });

  it("is what lies between two stops", () => {
    view.receive({ threshold: 0.505 });
    expect(view.isStale).toBe(true);
    expect(view.el.textContent).toContain(".505");
  });
});
