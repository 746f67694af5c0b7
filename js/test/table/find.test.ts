import { describe, expect, it } from "vitest";

import { modelColumns, modelData, rawColumn, valueText } from "../../src/table/columns";
import { matching, sorted } from "../../src/table/find";
import { stepOf } from "../../src/table/keys";
import { columnsInSight, offsetsOf, rowsInSight, scrollFor } from "../../src/table/window";
import { flat } from "./flat";

const age = rawColumn({
  name: "age",
  values: flat(Float64Array.from([40, Number.NaN, 25.5, 40])),
  levels: null,
});
const job = rawColumn({
  name: "job",
  values: flat(Int32Array.from([1, 0, -1, 0])),
  levels: ["baker", "Smith"],
});
const labels = Int32Array.from([1, 0, 0, 1]);
const model = modelData(4, ["bad", "good"], labels, {
  predicted: flat(Int32Array.from([1, 1, 0, -1])),
  confidence: flat(Float32Array.from([0.9, 0.6, 0.7, Number.NaN])),
});
const columns = [...modelColumns(model, new Set()), age, job];
const all = { search: "", wrongOnly: false, confidence: [0, 1] as [number, number] };
const rows = (filter: Partial<typeof all>) => [...matching(model, columns, { ...all, ...filter })];

describe("cells", () => {
  it("say values as they are, and nothing for what is missing", () => {
    expect([0, 1, 2].map(age.text)).toEqual(["40", "", "25.5"]);
    expect([0, 1, 2].map(job.text)).toEqual(["Smith", "baker", ""]);
    expect(valueText(-1234567.891)).toBe("−1234570");
  });

  it("say what the model predicts, how surely, and what is true", () => {
    expect(columns.map(({ label }) => label)).toEqual([
      "row",
      "prediction",
      "confidence",
      "label",
      "age",
      "job",
    ]);
    expect(columns.map((column) => column.text(0))).toEqual([
      "0",
      "good",
      "90.0 %",
      "good",
      "40",
      "Smith",
    ]);
    expect([columns[1].text(3), columns[2].text(3)]).toEqual(["", ""]);
  });

  it("show the numbers of a regression", () => {
    const numbers = modelData(2, null, Float64Array.from([3.5, -2]), {
      predicted: flat(Float32Array.from([3.25, Number.NaN])),
      confidence: null,
    });
    const texts = modelColumns(numbers, new Set()).map(({ key, text }) => [key, text(0), text(1)]);
    expect(texts).toEqual([
      ["row", "0", "1"],
      ["prediction", "3.250", ""],
      ["label", "3.500", "−2.000"],
    ]);
  });

  it("keep a column of the table apart from the model's of the same name", () => {
    const keys = modelColumns(model, new Set(["label", "row"])).map(({ key }) => key);
    expect(keys).toEqual(["row (model)", "prediction", "confidence", "label (model)"]);
  });
});

describe("rows are found", () => {
  it("by all words, in whatever cells, however written", () => {
    expect(rows({ search: "smith" })).toEqual([0]);
    expect(rows({ search: "40 BAKER" })).toEqual([3]);
    expect(rows({ search: "40 nobody" })).toEqual([]);
  });

  it("by what the model got wrong, not by what it did not say", () => {
    expect(rows({ wrongOnly: true })).toEqual([1]);
  });

  it("all the same where nothing can be wrong", () => {
    const unlabelled = modelData(4, ["bad", "good"], null, null);
    expect(matching(unlabelled, columns, { ...all, wrongOnly: true }).length).toBe(4);
  });

  it("by confidence, limits included", () => {
    expect(rows({ confidence: [0.7, 0.9] })).toEqual([0, 2]);
    expect(rows({ confidence: [0, 1] }).length).toBe(4);
  });
});

describe("rows are sorted", () => {
  const every = Int32Array.from([0, 1, 2, 3]);

  it("by value, missing ones last either way, equal ones as they stood", () => {
    expect([...sorted(every, age, false)]).toEqual([2, 0, 3, 1]);
    expect([...sorted(every, age, true)]).toEqual([0, 3, 2, 1]);
    expect([...sorted(every, job, false)]).toEqual([1, 3, 0, 2]);
    expect([...sorted(every, null, true)]).toEqual([0, 1, 2, 3]);
  });
});

describe("what is in sight", () => {
  it("is a few rows and columns of many", () => {
    expect(rowsInSight(2600, 260, 10_000)).toEqual({ begin: 94, end: 116 });
    expect(rowsInSight(0, 260, 3)).toEqual({ begin: 0, end: 3 });
    expect(rowsInSight(2600, 260, 0)).toEqual({ begin: 0, end: 0 });
    const offsets = offsetsOf([100, 50, 50, 100, 100]);
    expect(columnsInSight(offsets, 0, 120)).toEqual({ begin: 0, end: 3 });
    expect(columnsInSight(offsets, 210, 80)).toEqual({ begin: 2, end: 5 });
  });

  it("follows the chosen row, and no further than needed", () => {
    expect(scrollFor(0, 100, 260)).toBe(0);
    expect(scrollFor(5, 100, 260)).toBe(100);
    expect(scrollFor(20, 100, 260)).toBe(286);
  });
});

describe("keys", () => {
  it("move through the rows, and stop at the ends", () => {
    const from = (key: string, place: number) => stepOf(key, place, 100, 10);
    expect(
      ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"].map((key) => from(key, 5)),
    ).toEqual([6, 4, 15, 0, 0, 99]);
    expect(from("ArrowDown", 99)).toBe(99);
    expect(from("ArrowDown", -1)).toBe(0);
    expect(from("x", 5)).toBeNull();
    expect(stepOf("End", 0, 0, 10)).toBeNull();
  });
});
