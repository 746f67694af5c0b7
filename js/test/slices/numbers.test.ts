import { describe, expect, it } from "vitest";

import { answerOf, wire } from "../../dev/slices/answers";
import { modelNumbers, type Numbers, nameOf, tableOf } from "../../src/slices/answer";
import { combinations } from "../../src/slices/chips";
import { csvOf } from "../../src/slices/csv";
import { checkOf, verdictOf } from "../../src/slices/judge";
import { matching } from "../../src/slices/rows";
import { scaleOver } from "../../src/slices/scale";
import { minCountStops, placeOf } from "../../src/slices/stops";
import { comparedText, decimalsFor, fixed, short, signed } from "../../src/slices/words";
import type { Gate } from "../../src/wire/slices";
import { answered, ROWS, withMetric } from "./made";

const numbers = (value: number[], low = value, high = value): Numbers => ({
  value: Float64Array.from(value),
  low: Float64Array.from(low),
  high: Float64Array.from(high),
});
const NaNs = [Number.NaN, Number.NaN];

describe("numbers in words", () => {
  it("have no 0 before the point, a true minus sign, and never a sign on nothing", () => {
    expect([fixed(0.756, 2), fixed(-0.756, 2), fixed(1234.5, 1)]).toEqual([
      ".76",
      "−.76",
      "1,234.5",
    ]);
    expect([fixed(-0.001, 2), signed(0.001, 2), signed(0.01, 2)]).toEqual([".00", ".00", "+.01"]);
    expect([fixed(10.5, 1), fixed(Number.NaN, 2), short(0.7)]).toEqual(["10.5", "—", ".7"]);
  });

  it("have decimals that their intervals give reason to read", () => {
    expect(decimalsFor(numbers([0.5], [0.47], [0.53]), true)).toBe(2);
    expect(decimalsFor(numbers([0.5], [0.497], [0.503]), true)).toBe(3);
    expect(decimalsFor(numbers([5000], [4900], [5100]), false)).toBe(0);
    expect(decimalsFor(numbers([0.5], NaNs, NaNs), true)).toBe(3);
  });

  it("say what chance does to so many slices", () => {
    const notes = { level: 0.95, z: 1.96, small: 30, left_out: "", source: "" };
    expect(comparedText(42, notes, true)).toBe(
      "42 slices compared at 95 %: about 2 look different by chance",
    );
    expect(comparedText(5, notes, true)).toContain("less than 1 looks different");
    expect(comparedText(1, notes, false)).toBe("1 slice compared");
  });
});

describe("a difference", () => {
  it("is worse or better where its interval leaves out 0, by the side that is better", () => {
    const found = numbers([-0.1, 0.1, 0.1], [-0.2, 0.05, -0.1], [-0.05, 0.2, 0.2]);
    const verdicts = (greater: boolean | null) =>
      [0, 1, 2].map((k) => verdictOf(found, k, greater));
    expect(verdicts(true)).toEqual(["worse", "better", "same"]);
    expect(verdicts(false)).toEqual(["better", "worse", "same"]);
    expect(verdicts(null)).toEqual(["different", "different", "same"]);
    expect(verdictOf(numbers([1], NaNs, NaNs), 0, true)).toBe("open");
  });
});

describe("gates", () => {
  const [metric] = withMetric(answerOf(ROWS, answered()).answer, "accuracy", {}).metrics;
  const of = (...gates: Gate[]) => ({ ...metric, gates });
  const sure = numbers([0.68], [0.66], [0.69]);
  const check = (...gates: Gate[]) => checkOf(of(...gates), sure, 0, "a");

  it("are kept, missed, or held by the interval", () => {
    expect(check({ low: 0.6, high: null, ids: null })).toEqual({
      passed: true,
      bound: "≥ .6",
      unsure: false,
    });
    expect(check({ low: 0.7, high: null, ids: null })?.passed).toBe(false);
    expect(check({ low: 0.685, high: null, ids: null })?.unsure).toBe(true);
    expect(check({ low: 0.5, high: 0.6, ids: null })?.bound).toBe(".5 to .6");
    expect(check()).toBeNull();
  });

  it("may be for some slices, and a sure failure decides over the others", () => {
    expect(check({ low: 0.7, high: null, ids: ["b"] })).toBeNull();
    const unsure = { low: 0.685, high: null, ids: null };
    const missed = { low: null, high: 0.5, ids: ["a"] };
    expect(check(unsure, missed)).toEqual({ passed: false, bound: "≥ .685, ≤ .5", unsure: false });
  });

  it("give way to what the kernel judged", () => {
    const own = { passed: false, bound: "change ≥ 0", unsure: false };
    expect(checkOf({ ...metric, checks: { 0: own } }, sure, 0, "a")).toBe(own);
  });
});

describe("the scale", () => {
  const all = Int32Array.from([0, 1]);
  const wide = numbers([0.6, 0.7], [0.1, 0.68], [0.9, 0.72]);

  it("is not squeezed by small slices, where there are others, and ends where the metric does", () => {
    expect(scaleOver([wide], all, () => false, [0, 1]).domain).toEqual([0, 1]);
    const { domain, at } = scaleOver([wide], all, (slice) => slice === 0, [0, 1]);
    expect(domain).toEqual([0.68, 0.72]);
    expect(at(wide.value[0])).toBeLessThan(0);
    expect(scaleOver([wide], all, () => true, [0, 1]).domain).toEqual([0, 1]);
    expect(at(domain[0])).toBe(0);
    expect(at(Number.NaN)).toBeNaN();
  });

  it("has a width where there is one value, or none", () => {
    const [low, high] = scaleOver([numbers([0.5, 0.5])], all, () => false, [0, 1]).domain;
    expect(low).toBeLessThan(high);
    expect(scaleOver([], all, () => false, [0, null]).domain).toEqual([0, 1]);
  });
});

describe("stops of the least n", () => {
  it("reach the largest slice, and a number between them has the one below", () => {
    const stops = minCountStops(130);
    expect(stops).toEqual([0, 1, 2, 5, 10, 20, 50, 100]);
    expect([0, 37, 50, 1000].map((n) => stops[placeOf(stops, n)])).toEqual([0, 20, 50, 100]);
    expect(minCountStops(0)).toEqual([0]);
  });
});

describe("the slices on view", () => {
  const sizes = Int32Array.from([9, 5, 4, 5]);
  const table = tableOf({
    ids: ["", "a", "b", "c"],
    keys: [[], ...["a", "b", "c"].map((value): [string, string][] => [["x", value]])],
    counts: wire(sizes),
    weights: null,
  });
  const value = [0.5, 0.7, 0.6, Number.NaN];
  const all = { search: "", minCount: 0, brush: null, found: null };
  const left = (filter: object) => [...matching(table, value, { ...all, ...filter })];

  it("are those of the least n and more, and of values from one end of the brush to the other", () => {
    expect(left({})).toEqual([1, 2, 3]);
    expect(left({ minCount: 5 })).toEqual([1, 3]);
    expect(left({ brush: [0.6, 0.7] })).toEqual([1, 2]);
    expect(left({ brush: [0, 0.65] })).toEqual([2]);
    expect(left({ found: new Map([["c", 0]]) })).toEqual([3]);
  });
});

describe("what can be added to slice by", () => {
  it("is each feature and pair, sorted by name, that is not there", () => {
    const feature = (name: string) => ({ name, kind: "category" as const, levels: 2 });
    const found = combinations(["b", "a", "c"].map(feature), [["a"], ["b", "c"]]);
    expect(found.map((each) => each.map(({ name }) => name))).toEqual([
      ["b"],
      ["c"],
      ["a", "b"],
      ["a", "c"],
    ]);
  });
});

describe("the file of slices", () => {
  const traits = answered({ slices: [["purpose"]] });
  const answer = traits._answer ?? answerOf(ROWS, traits).answer;
  const table = tableOf(answer.table);
  const lines = (slices: number[], models = [""]) =>
    csvOf(table, answer, models, slices).trimEnd().split("\r\n");

  it("has a line for each slice on view, with every metric at full precision", () => {
    const found = lines([0, 1]);
    expect(found.length).toBe(3);
    const [head, whole] = found.map((line) => line.split(","));
    expect(head.slice(0, 6)).toEqual([
      "slice",
      "purpose",
      "count",
      "accuracy",
      "accuracy_low",
      "accuracy_high",
    ]);
    const { value } = modelNumbers(answer.metrics[0].models[0]);
    expect(whole.slice(0, 4)).toEqual(["all", "", "600", String(value[0])]);
  });

  it("quotes names that hold commas or quotes", () => {
    const furniture = table.names.findIndex((name) => name.includes("furniture"));
    expect(lines([furniture])[1]).toMatch(
      /^"purpose: furniture, equipment","furniture, equipment",/,
    );
    const named = { ...table, names: ['a "b"'], keys: [[]] };
    expect(csvOf(named, answer, [""], [0])).toContain('"a ""b""",');
  });

  it("has a column of reasons only where something is undefined", () => {
    expect(lines([0])[0]).not.toContain("accuracy_undefined");
    const [model] = answer.metrics[0].models;
    const value = wire(Float64Array.from(model.value.view as Float64Array).fill(Number.NaN, 0, 1));
    const models = [{ ...model, value, undefined: { 0: "no weight" } }];
    const text = csvOf(table, withMetric(answer, "accuracy", { models }), [""], [0]);
    expect(text).toContain("accuracy_undefined");
    expect(text).toContain(",no weight,");
  });
});

describe("a slice's name", () => {
  it("is as in Python", () => {
    expect(nameOf([])).toBe("all");
    expect(
      nameOf([
        ["age", "[25, 40)"],
        ["housing", null],
      ]),
    ).toBe("age: [25, 40), housing: missing");
  });
});
