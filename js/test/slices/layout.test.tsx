import { afterEach, describe, expect, it } from "vitest";

import { fit, GAP, linesOf, MOST_LINES } from "../../src/slices/measure";
import { find, key } from "../dom";
import { View } from "./made";

let view: View | null = null;

afterEach(() => view?.close());

function made(width: number, changed: ConstructorParameters<typeof View>[0] = {}): View {
  view = new View(changed);
  view.layOut(width);
  return view;
}

describe("lines of a name", () => {
  it("hold as many parts as fit with gaps between, and break none that fits", () => {
    expect(linesOf([100, 100], 200 + GAP)).toBe(1);
    expect(linesOf([100, 100], 199 + GAP)).toBe(2);
    expect(linesOf([60, 30, 100], 100 + GAP)).toBe(2);
    expect(linesOf([150, 30], 100)).toBe(3);
    expect(linesOf([], 100)).toBe(1);
  });

  it("are as few as the room allows, in a column that is as narrow as then can be", () => {
    const names = [[100], [120, 90]];
    expect(fit(names, 50, 400)).toEqual({ lines: 1, width: 210 + GAP });
    expect(fit(names, 50, 200)).toEqual({ lines: 2, width: 120 });
    expect(fit(names, 180, 200)).toEqual({ lines: 2, width: 180 });
  });

  it("are not without end", () => {
    expect(fit([[900, 900, 900]], 50, 100)).toEqual({ lines: MOST_LINES, width: 100 });
  });
});

const CROSSED = { slices: [["housing"], ["age", "checking_account", "housing"]] };

/** How high rows are, as the place of the second says. */
const height = (): number => Number.parseInt(view?.rows[1].style.top ?? "", 10);

describe("a table", () => {
  it("has rows of one line where all names fit", () => {
    made(880, { slices: [["housing"]] });
    expect(height()).toBe(26);
    expect(view?.grid.className).not.toContain("tfi-tall");
  });

  it("has higher rows for all slices where the names of some need them", () => {
    made(480, CROSSED);
    expect(height()).toBeGreaterThan(40);
    const tops = view?.rows.map((row) => Number.parseInt(row.style.top, 10)) ?? [];
    expect(tops.every((top, k) => top === k * height())).toBe(true);
    const body = find(view?.el as HTMLElement, "[role=rowgroup]");
    expect(body.style.height).toBe(`${((view?.parts ?? 0) + 1) * height()}px`);
  });

  it("keeps its lines when fewer slices match a search", () => {
    made(480, CROSSED);
    const before = height();
    view?.receive({ search: "own" });
    expect(view?.names.length).toBeGreaterThan(1);
    expect(height()).toBe(before);
  });

  it("keeps the chosen row in sight, whatever the height of rows", () => {
    made(480, { slices: [["age", "checking_account", "purpose"]] });
    const grid = view?.grid as HTMLElement;
    key(grid, "End");
    expect(grid.scrollTop).toBe(((view?.parts ?? 0) + 1) * height() - (700 - 42));
    key(grid, "Home");
    expect(grid.scrollTop).toBe(0);
  });

  it("says the number of rows behind the name where there is no room for a column", () => {
    made(420, { ...CROSSED, _models: ["old", "new"] });
    const row = view?.rows[1] as HTMLElement;
    expect(row.querySelector(".tfi-cell.tfi-n")).toBeNull();
    const name = find(row, ".tfi-slice").textContent;
    expect(name).toMatch(/n \d+$/);
    expect(view?.heading("n").textContent).toBe("n");
  });

  it("has numbers without a chart in a very narrow place", () => {
    made(360);
    expect(view?.rows[1].querySelector(".tfi-chart")).toBeNull();
    expect(view?.heading("value").textContent).toBe("accuracy");
  });
});

describe("the heading of differences", () => {
  it("names what they are from, by its mark where the name has no room", () => {
    made(880, CROSSED);
    expect(view?.heading("difference").textContent).toBe("from the rest");
    const ids = view?.answer.table.ids ?? [];
    const single = view?.answer.table.keys.findIndex((pairs) => pairs.length === 1) ?? -1;
    view?.receive({ baseline: ids[single] });
    expect(view?.heading("difference").textContent).toMatch(/^from housing: /);
    view?.receive({ baseline: ids.at(-1) });
    expect(view?.heading("difference").textContent).toBe("from ⇄");
    expect(view?.heading("difference").title).toMatch(/ from age: .*, housing: /);
  });

  it("has room for the rest of the data in a narrow table", () => {
    made(480, CROSSED);
    expect(view?.heading("difference").textContent).toBe("from the rest");
  });
});

describe("of two models", () => {
  const both = { _models: ["old", "new"] };
  const cell = (column: string) => view?.cell(view.rows[1], column) as HTMLElement;

  it("numbers stand side by side where names leave room for them", () => {
    made(880, { ...both, slices: [["housing"]] });
    for (const column of ["other", "value", "comparison", "difference"]) {
      expect(cell(column).className).toContain("tfi-cell");
    }
  });

  it("numbers stand below one another where not, and none is left out", () => {
    made(460, { ...both, slices: [["housing"]] });
    expect(cell("other").parentElement).toBe(cell("value").parentElement);
    expect(cell("comparison").parentElement).toBe(cell("difference").parentElement);
    expect(cell("difference").textContent).toMatch(/^[+−]?\.\d\d/);
    expect(view?.heading("difference").title).toBe("Sort by difference of new from the rest");
  });

  it("shapes tell which is which, in headings and in the legend", () => {
    made(880, both);
    expect(view?.heading("other").textContent).toBe("○ old");
    expect(view?.heading("value").textContent).toBe("◆ new");
    const keys = view?.all(".tfi-legend .tfi-key") ?? [];
    expect(keys.slice(0, 2).map(({ className }) => className)).toEqual([
      "tfi-key tfi-first",
      "tfi-key tfi-second",
    ]);
    const dots = Array.from(view?.rows[1].querySelectorAll(".tfi-dot") ?? []);
    expect(dots.map(({ className }) => className)).toEqual([
      "tfi-dot tfi-first",
      "tfi-dot tfi-second",
    ]);
  });
});
