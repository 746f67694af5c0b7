import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MockModel } from "../../dev/mock";

import createWidget from "../../src/table/index";
import type { TableTraits } from "../../src/wire/table";
import { click, enter, find, key } from "../dom";
import { flat } from "./flat";

const COUNT = 5000;
const spread = (of: (row: number) => number) => Array.from({ length: COUNT }, (_, row) => of(row));

function traits(): TableTraits {
  return {
    row: 3,
    baseline_row: null,
    search: "",
    wrong_only: false,
    sort_by: "",
    descending: false,
    confidence: [0, 1],
    _columns: [
      { name: "age", values: flat(Float64Array.from(spread((row) => row % 50))), levels: null },
      {
        name: "job",
        values: flat(Int32Array.from(spread((row) => row % 2))),
        levels: ["baker", "smith"],
      },
    ],
    _rows: null,
    _total: COUNT,
    _hint: "Click a row to explain it.",
    _compares: true,
    _class_names: ["bad", "good"],
    _labels: flat(Int32Array.from(spread((row) => row % 2))),
    _predictions: {
      predicted: flat(Int32Array.from(spread((row) => (row % 5 === 0 ? 1 : row % 2)))),
      confidence: flat(Float32Array.from(spread((row) => 0.5 + row / (2 * COUNT)))),
    },
  };
}

let model: MockModel<TableTraits>;
let el: HTMLElement;
let life: AbortController;

function open(changed: Partial<TableTraits> = {}): void {
  life = new AbortController();
  model = new MockModel({ ...traits(), ...changed });
  const widget = createWidget();
  widget.initialize({ model, signal: life.signal } as never);
  el = document.createElement("div");
  const box = document.createElement("div");
  el.append(box);
  document.body.append(el);
  act(() => {
    widget.render({ model: Object.create(model), el: box, signal: life.signal } as never);
  });
}

const grid = () => find(el, "[role=grid]");
const rowNumbers = () =>
  Array.from(el.querySelectorAll(".tfi-row"), (row) => row.firstElementChild?.textContent);
const chosen = () => find(el, "[aria-selected=true]");
const heading = (name: string) =>
  Array.from(el.querySelectorAll<HTMLElement>("[role=columnheader] button")).find((button) =>
    button.textContent?.startsWith(name),
  ) as HTMLElement;
const count = () => find(el, ".tfi-count").textContent;

beforeEach(() => open());

afterEach(() => {
  act(() => life.abort());
  document.body.replaceChildren();
});

describe("the table", () => {
  it("holds only the rows in sight, and says how many there are", () => {
    expect(el.querySelectorAll(".tfi-row").length).toBeLessThan(40);
    expect(grid().getAttribute("aria-rowcount")).toBe("5001");
    expect(count()).toBe("5,000 of 5,000 rows");
  });

  it("leaves nothing behind", () => {
    act(() => life.abort());
    expect(el.querySelector(".tfi-rows")).toBeNull();
    expect(model.listeners).toBe(0);
  });

  it("says that only the first rows of a large table are there", () => {
    open({ _total: 1_000_000 });
    expect(count()).toBe("5,000 of 5,000 rows, the first of 1,000,000");
  });

  it("is there before the model has said anything", () => {
    open({ _predictions: null });
    expect(heading("confidence")).toBeUndefined();
    expect(find<HTMLInputElement>(el, "[type=checkbox]").disabled).toBe(true);
  });

  it("has no filter for what a regression does not have", () => {
    open({ _class_names: null });
    expect(el.querySelector("[type=checkbox]")).toBeNull();
    expect(el.querySelector(".tfi-limits")).toBeNull();
  });
});

describe("a row is chosen", () => {
  it("by a click, and only that is sent", () => {
    click(el.querySelectorAll<HTMLElement>(".tfi-row")[5]);
    expect(model.saved).toEqual([{ row: 5 }]);
    expect(chosen().firstElementChild?.textContent).toBe("5");
    expect(grid().getAttribute("aria-activedescendant")).toBe(chosen().id);
  });

  it("by keys, once they come up", () => {
    key(grid(), "ArrowDown");
    key(grid(), "ArrowDown");
    expect(chosen().firstElementChild?.textContent).toBe("5");
    expect(model.saved).toEqual([]);
    key(grid(), "ArrowDown", "keyup");
    expect(model.saved).toEqual([{ row: 5 }]);
    key(grid(), "End");
    key(grid(), "End", "keyup");
    expect(model.saved.at(-1)).toEqual({ row: 4999 });
  });

  it("from Python, and is not in the list where a filter leaves it out", () => {
    act(() => model.receive({ row: 7 }));
    expect(chosen().firstElementChild?.textContent).toBe("7");
    act(() => model.receive({ search: "nothing" }));
    expect(el.querySelector("[aria-selected=true]")).toBeNull();
    expect(grid().hasAttribute("aria-activedescendant")).toBe(false);
  });
});

describe("a row to compare with", () => {
  it("is chosen by the key B", () => {
    key(grid(), "b");
    expect(model.saved).toEqual([{ baseline_row: 3 }]);
    expect(chosen().className).toContain("tfi-compared");
  });

  it("is chosen by a click with Shift", () => {
    const row = el.querySelectorAll<HTMLElement>(".tfi-row")[5];
    act(() => {
      row.dispatchEvent(new MouseEvent("click", { shiftKey: true, bubbles: true }));
    });
    expect(model.saved).toEqual([{ baseline_row: 5 }]);
  });
});

describe("rows with numbers of their own", () => {
  const numbers = () => flat(Int32Array.from(spread((row) => 7 * row)));

  it("are called and chosen by these", () => {
    act(() => life.abort());
    open({ _rows: numbers(), row: 14 });
    expect(rowNumbers().slice(0, 3)).toEqual(["0", "7", "14"]);
    expect(chosen().firstElementChild?.textContent).toBe("14");
    key(grid(), "ArrowDown");
    key(grid(), "ArrowDown", "keyup");
    expect(model.saved).toEqual([{ row: 21 }]);
    click(el.querySelectorAll<HTMLElement>(".tfi-row")[1]);
    expect(model.saved[1]).toEqual({ row: 7 });
  });

  it("need none of them chosen", () => {
    act(() => life.abort());
    open({ _rows: numbers(), row: null, _compares: false });
    expect(el.querySelector("[aria-selected=true]")).toBeNull();
    key(grid(), "b");
    expect(model.saved).toEqual([]);
    key(grid(), "ArrowDown");
    key(grid(), "ArrowDown", "keyup");
    expect(model.saved).toEqual([{ row: 0 }]);
  });
});

describe("finding and sorting", () => {
  it("happens here, and is told when it is done", () => {
    const search = find<HTMLInputElement>(el, "[type=search]");
    enter(search, "smith 4999");
    expect(count()).toBe("1 of 5,000 rows");
    expect(model.saved).toEqual([]);
    key(search, "Enter");
    expect(model.saved).toEqual([{ search: "smith 4999" }]);
  });

  it("sorts up, down, and as it was by clicks on a heading", () => {
    click(heading("confidence"));
    click(heading("confidence"));
    expect(rowNumbers().slice(0, 2)).toEqual(["4999", "4998"]);
    expect(find(el, "[aria-sort=descending]").textContent).toContain("confidence");
    click(heading("confidence"));
    expect(rowNumbers()[0]).toBe("0");
    expect(model.saved.length).toBe(3);
  });

  it("leads from heading to heading by arrow keys", () => {
    heading("row").focus();
    key(heading("row"), "ArrowRight");
    expect(document.activeElement).toBe(heading("prediction"));
    expect(heading("row").tabIndex).toBe(-1);
  });

  it("shows what the model got wrong", () => {
    click(find(el, "[type=checkbox]"));
    expect(model.saved).toEqual([{ wrong_only: true }]);
    expect(count()).toBe("500 of 5,000 rows");
    expect(find(el, ".tfi-wrong").textContent).toBe("good ✗");
  });

  it("keeps rows between two confidences, and puts back limits that are none", () => {
    const [low, high] = Array.from(el.querySelectorAll<HTMLInputElement>(".tfi-limit"));
    enter(low, "90", "change");
    expect(count()).toBe("1,000 of 5,000 rows");
    expect(model.saved).toEqual([{ confidence: [0.9, 1] }]);
    enter(high, "50", "change");
    expect(high.value).toBe("100");
    expect(model.saved.length).toBe(1);
  });
});
