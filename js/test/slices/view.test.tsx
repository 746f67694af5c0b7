import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { click, find, key } from "../dom";
import { accuracy, ROWS, share, View, withMetric } from "./made";

let view: View;

beforeEach(() => {
  view = new View();
});

afterEach(() => view.close());

describe("the table of slices", () => {
  it("has the whole first, and each slice with its rows, value, interval and difference", () => {
    expect(view.names[0]).toBe("all");
    expect(view.texts("n")[0]).toBe("600");
    const rent = ROWS.filter(({ values }) => values.housing === "rent");
    const row = view.row("housing rent");
    expect(view.cell(row, "n").textContent).toBe(String(rent.length));
    const [value, ends] = (view.cell(row, "value").textContent ?? "").split(" [");
    expect(value).toBe(share(accuracy(rent, 0.5)));
    expect(ends).toMatch(/^\.\d\d, \.\d\d\]$/);
    expect(row.querySelectorAll(".tfi-whisker, .tfi-dot").length).toBe(2);
    expect(view.cell(row, "difference").textContent).toMatch(/^−\.\d\d ▼worse$/);
    expect(view.cell(view.row("all"), "difference").textContent).toBe("—");
  });

  it("keeps only the rows in sight in the page", () => {
    view = new View({
      slices: ["job", "age", "checking_account"].map((name) => [name, "purpose"]),
    });
    expect(view.parts).toBeGreaterThan(80);
    expect(view.grid.getAttribute("aria-rowcount")).toBe(String(view.parts + 2));
    expect(view.rows.length).toBeLessThan(30);
  });

  it("leaves nothing behind", () => {
    view.close();
    expect(view.el.querySelector(".tfi-slices")).toBeNull();
    expect(view.model.listeners).toBe(0);
  });

  it("says what is undefined, and why, and puts it last", () => {
    const [model] = view.answer.metrics[0].models;
    const value = Float64Array.from(model.value.view as Float64Array);
    value[1] = Number.NaN;
    const sent = { ...model.value, view: value };
    const models = [{ ...model, value: sent, undefined: { 1: "one class only" } }];
    view.receive({ _answer: withMetric(view.answer, "accuracy", { models }) });
    const row = view.rows[1];
    expect(view.cell(row, "chart").textContent).toBe("undefined: one class only");
    expect(row.querySelector(".tfi-dot")).toBeNull();
    expect(view.cell(row, "gate").querySelector(".tfi-unsure")).not.toBeNull();
    for (const direction of ["ascending", "descending"]) {
      click(view.heading("chart"));
      expect(find(view.el, `[aria-sort=${direction}]`).textContent).toContain("accuracy");
      expect(view.rows.at(-1)?.textContent).toContain("undefined");
    }
  });

  it("says of two models which is undefined, and keeps the other's number", () => {
    view = new View({ _models: ["old", "new"] });
    const [old, fresh] = view.answer.metrics[0].models;
    const value = Float64Array.from(old.value.view as Float64Array);
    value[1] = Number.NaN;
    const first = { ...old, value: { ...old.value, view: value }, undefined: { 1: "no weight" } };
    view.receive({
      _answer: withMetric(view.answer, "accuracy", { models: [first, fresh] }),
    });
    const why = find(view.rows[1], ".tfi-why");
    expect([why.textContent, why.className]).toEqual(["undefined: no weight", "tfi-why tfi-first"]);
    expect(view.cell(view.rows[1], "other").textContent).toBe("—");
    expect(view.cell(view.rows[1], "value").textContent).toMatch(/^\.\d\d/);
  });

  it("says why a value has no interval", () => {
    const models = view.answer.metrics[0].models.map((model) => ({
      ...model,
      no_interval: { 1: "draws of one class" },
    }));
    view.receive({ _answer: withMetric(view.answer, "accuracy", { models }) });
    expect(view.cell(view.rows[1], "value").title).toContain("no interval: draws of one class");
  });

  it("calls what is missing so", () => {
    view = new View({ slices: [["checking_account"]] });
    expect(view.names).toContain("checking_account missing");
  });

  it("greys few rows, and says from which n on", () => {
    const small = view.rows.filter((row) => row.className.includes("tfi-small"));
    const sizes = small.map((row) => Number(view.cell(row, "n").textContent));
    expect(sizes.length).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeLessThan(30);
    expect(view.text(".tfi-notes")).toContain("grey: n < 30");
  });
});

describe("a slice is selected", () => {
  it("by a click, which is all that is sent", () => {
    click(view.rows[2]);
    expect(view.model.saved).toEqual([{ selected: view.answer.table.ids[2] }]);
    expect(view.grid.getAttribute("aria-activedescendant")).toBe(view.rows[2].id);
  });

  it("by keys, once they come up, and no longer after Escape", () => {
    for (let k = 0; k < 3; k++) key(view.grid, "ArrowDown");
    expect(view.model.saved).toEqual([]);
    expect(find(view.el, "[aria-selected=true]")).toBe(view.rows[2]);
    key(view.grid, "ArrowDown", "keyup");
    expect(view.model.saved).toEqual([{ selected: view.answer.table.ids[2] }]);
    key(view.grid, "Escape");
    expect(view.model.saved.at(-1)).toEqual({ selected: null });
  });

  it("tells the whole from none", () => {
    click(view.rows[0]);
    expect(view.model.saved).toEqual([{ selected: "" }]);
    expect(find(view.el, "[aria-selected=true]")).toBe(view.rows[0]);
  });

  it("and Enter leads to its rows", () => {
    view.el.className = "tfi-slicing";
    const examples = '<div class="tfi-examples"><p role="grid" tabindex="0">';
    view.el.insertAdjacentHTML("beforeend", examples);
    key(view.grid, "Enter");
    expect(document.activeElement).toBe(find(view.el, ".tfi-examples p"));
  });
});

describe("a run", () => {
  const state = (changed: object) =>
    view.receive({ _status: { ...view.model.get("_status"), ...changed } });

  it("is waited for", () => {
    view = new View({ _answer: null, _curves: null });
    expect(view.grid.textContent).toContain("No answer.");
    state({ state: "running" });
    expect(view.grid.textContent).toContain("Computing");
  });

  it("tells how far it is, and can be cancelled and gone on with", () => {
    state({ state: "running", done: 3, total: 40, run: 7 });
    expect(view.text(".tfi-progress")).toContain("3 of 40");
    click(find(view.el, ".tfi-progress button"));
    expect(view.model.sent).toEqual([{ kind: "cancel", run: 7 }]);
    state({ state: "cancelled" });
    click(find(view.el, ".tfi-progress button"));
    expect(view.model.sent.at(-1)).toEqual({ kind: "explain" });
  });

  it("says what went wrong, and keeps the last good numbers", () => {
    const before = view.texts("value");
    state({ state: "error", message: "no feature 'colour'" });
    expect(view.text("[role=alert]")).toContain("no feature 'colour'");
    expect(view.texts("value")).toEqual(before);
  });
});

describe("the file of slices", () => {
  it("is handed to the browser, with the slices on view in their order", async () => {
    view = new View({ search: "rent", sort_by: "n", descending: true });
    const made = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:slices");
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
    click(view.all(".tfi-footer button").at(-1) as HTMLElement);
    const [, ...lines] = (await (made.mock.calls[0][0] as Blob).text()).trimEnd().split("\r\n");
    expect(clicked.mock.contexts[0]).toMatchObject({ download: "slices.csv" });
    vi.restoreAllMocks();
    expect(lines.length).toBe(view.rows.length);
    expect(lines[0]).toMatch(/^all,/);
    expect(lines[1]).toMatch(/^housing: rent,/);
  });
});
