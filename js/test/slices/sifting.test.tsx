import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { click, enter, find, key } from "../dom";
import { isAscending, View, withMetric } from "./made";

let view: View;

beforeEach(() => {
  view = new View();
});

afterEach(() => view.close());

const sizes = () => Array.from(view.answer.table.counts.view as Int32Array).slice(1);
const everything = () => `${view.parts} of ${view.parts} slices`;

describe("searching", () => {
  it("finds slices by features and values, keeps the whole, and is told when it is done", () => {
    const search = find<HTMLInputElement>(view.el, "[type=search]");
    enter(search, "RENT 42, 75]");
    expect(view.names).toEqual(["all", "age [42, 75] housing rent"]);
    expect(view.text(".tfi-count")).toBe(`1 of ${view.parts} slices`);
    expect(view.model.saved).toEqual([]);
    key(search, "Enter");
    expect(view.model.saved).toEqual([{ search: "RENT 42, 75]" }]);
  });

  it("says that nothing matches", () => {
    view = new View({ search: "boat" });
    expect(view.text(".tfi-no-match")).toBe("No slice matches “boat”.");
  });
});

describe("sorting", () => {
  it("goes by any column, up, down and as it was, below the whole", () => {
    const before = view.names;
    for (const column of ["n", "difference"]) {
      click(view.heading(column));
      expect(isAscending(view.numbers(column))).toBe(true);
      click(view.heading(column));
      expect(isAscending(view.numbers(column).reverse())).toBe(true);
      expect(view.names[0]).toBe("all");
    }
    click(view.heading("difference"));
    expect(view.names).toEqual(before);
    expect(view.model.saved.slice(0, 2)).toEqual([
      { sort_by: "n", descending: false },
      { sort_by: "n", descending: true },
    ]);
  });

  it("goes by the value", () => {
    click(view.heading("chart"));
    expect(isAscending(view.numbers("value"))).toBe(true);
    expect(view.numbers("value")[0]).toBeLessThan(view.numbers("value").at(-1) ?? 0);
  });

  it("goes by name, with numbers in it by their size", () => {
    const { table } = view.answer;
    const keys = table.keys.map((_, k): [string, string][] =>
      k === 0 ? [] : [["age", `[${100 - k}, 200)`]],
    );
    keys[1] = [["age", "[9, 10)"]];
    view.receive({ _answer: { ...view.answer, table: { ...table, keys } } });
    click(view.heading("slice"));
    const starts = view.names.slice(1).map((name) => Number(name.match(/\d+/)?.[0]));
    expect(starts[0]).toBe(9);
    expect(isAscending(starts)).toBe(true);
  });

  it("goes by the gate: missed, unsure, kept", () => {
    const gates = [{ low: 0.9, high: null, ids: null }];
    view.receive({ _answer: withMetric(view.answer, "accuracy", { gates }) });
    click(view.heading("gate"));
    const marks = view.texts("gate").slice(1);
    expect(new Set(marks).size).toBe(3);
    expect(isAscending(marks.map((mark) => "✗~✓".indexOf(mark)))).toBe(true);
  });
});

describe("the least n", () => {
  const TWENTY = 5; // of the stops 0, 1, 2, 5, 10, 20

  it("hides smaller slices while it is dragged, counts them, and is told once", () => {
    const hidden = sizes().filter((size) => size < 20).length;
    expect(hidden).toBeGreaterThan(0);
    view.drag("n ≥", TWENTY);
    expect(Math.min(...view.numbers("n"))).toBeGreaterThanOrEqual(20);
    expect(view.text(".tfi-notes")).toContain(`${hidden} hidden: n < 20`);
    expect(view.text(".tfi-notes")).toContain(`${view.parts - hidden} slices compared at 95 %`);
    expect(view.model.saved).toEqual([]);
    view.release("n ≥");
    expect(view.model.saved).toEqual([{ min_count: 20 }]);
  });

  it("is kept as it was set between two stops", () => {
    view = new View({ min_count: 37 });
    expect(view.el.textContent).toContain("37");
    expect(view.slider("n ≥")?.value).toBe(String(TWENTY));
    expect(view.numbers("n").length).toBe(sizes().filter((size) => size >= 37).length);
  });

  it("is told apart from what was too small to be computed", () => {
    const notes = {
      ...view.model.get("_notes"),
      left_out: "7 slices under 5 rows were not computed",
    };
    view.receive({ _notes: notes });
    expect(view.text(".tfi-notes")).toContain("7 slices under 5 rows were not computed");
    expect(view.text(".tfi-notes")).not.toContain("hidden");
  });
});

describe("a brush", () => {
  it("keeps slices whose value it holds, and can be taken back here", () => {
    view = new View({ brush: [0.9, 1] });
    expect(view.rows.length).toBeGreaterThan(1);
    expect(Math.min(...view.numbers("value"))).toBeGreaterThanOrEqual(0.9);
    expect(view.text(".tfi-count")).not.toBe(everything());
    click(find(view.el, ".tfi-found button"));
    expect(view.model.saved).toEqual([{ brush: null }]);
    expect(view.text(".tfi-count")).toBe(everything());
  });
});

describe("a chart that is linked to the brush", () => {
  it("hands it over as a typed array, which is kept as numbers", () => {
    view = new View({ brush: null });
    act(() => view.model.set("brush", Float64Array.of(0.25, 0.5) as never));
    expect(view.model.get("brush")).toEqual([0.25, 0.5]);
    view.model.save_changes();
    expect(view.model.saved).toEqual([{ brush: [0.25, 0.5] }]);
  });
});

describe("what was found", () => {
  const found = (...ids: string[]) => {
    const items = ids.map((id) => ({ id, q: 0.01, of: null, like: null }));
    view.receive({ _findings: { metric: "accuracy", summary: "42 candidates, 1 worse", items } });
  };

  it("is asked for by a message", () => {
    click(find(view.el, ".tfi-footer button"));
    expect(view.model.sent).toEqual([{ kind: "find", metric: "accuracy" }]);
  });

  it("is shown by itself, until all are wanted", () => {
    found(view.answer.table.ids[3]);
    expect(view.rows.length).toBe(2);
    expect(view.text(".tfi-found")).toContain("42 candidates, 1 worse");
    click(find(view.el, ".tfi-found button"));
    expect(view.text(".tfi-count")).toBe(everything());
    expect(view.model.saved).toEqual([]);
  });

  it("comes as it was found, the surest first, and without what chance does to all", () => {
    const { ids } = view.answer.table;
    const before = view.names;
    expect(view.text(".tfi-notes")).toContain("by chance");
    found(ids[5], ids[2], ids[3]);
    expect(view.names).toEqual(["all", before[5], before[2], before[3]]);
    expect(view.text(".tfi-notes")).not.toContain("by chance");
  });

  it("leaves all slices where nothing is worse", () => {
    found();
    expect(view.text(".tfi-count")).toBe(everything());
  });
});
