import { describe, expect, it } from "vitest";

import fixture from "../../../tests/fixtures/slice_counts.json";
import { type Counts, estimate, wilson } from "../../src/slices/counts";
import type { Formula } from "../../src/wire/slices";

const Z = 1.959963984540054;
const counts: Counts = { tp: 30, fp: 10, fn: 20, tn: 40 };
const value = (formula: Formula, of = counts) => estimate(formula, of, null).value;

describe("metrics of four counts", () => {
  it("are what their definitions say", () => {
    expect(value("accuracy")).toBe(0.7);
    expect(value("precision")).toBe(0.75);
    expect(value("recall")).toBe(0.6);
    expect(value("fnr")).toBe(0.4);
    expect(value("fpr")).toBe(0.2);
    expect(value("specificity")).toBe(0.8);
    expect(value("balanced_accuracy")).toBeCloseTo(0.7, 15);
    expect(value("f1")).toBeCloseTo(60 / 90, 15);
  });

  it("are undefined, with the reason, where nothing is counted", () => {
    const why = (formula: Formula, of: Counts) => {
      const { value, why } = estimate(formula, of, Z);
      expect(value).toBeNaN();
      return why;
    };
    expect(why("precision", { tp: 0, fp: 0, fn: 3, tn: 2 })).toBe("nothing predicted positive");
    expect(why("recall", { tp: 0, fp: 1, fn: 0, tn: 2 })).toBe("no positives");
    expect(why("specificity", { tp: 1, fp: 0, fn: 1, tn: 0 })).toBe("no negatives");
    expect(why("balanced_accuracy", { tp: 1, fp: 0, fn: 1, tn: 0 })).toBe("one class only");
    expect(why("f1", { tp: 0, fp: 0, fn: 0, tn: 9 })).toBe("no positives, and none predicted");
    expect(why("accuracy", { tp: 0, fp: 0, fn: 0, tn: 0 })).toBe("no weight");
  });

  it("have no interval where theirs is not Wilson's", () => {
    expect(estimate("accuracy", counts, null).low).toBeNaN();
    expect(estimate("f1", counts, Z).low).toBeNaN();
    const { low, high } = estimate("precision", counts, Z);
    expect([low, high]).toEqual(wilson(30, 40, Z));
  });
});

describe("Wilson's interval", () => {
  it("is that of the worked example of Newcombe (1998)", () => {
    const [low, high] = wilson(81, 263, Z);
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
  });

  it("ends exactly at 0 and 1 where nothing, or everything, hits", () => {
    expect(wilson(0, 20, Z)[0]).toBe(0);
    expect(wilson(0, 20, Z)[1]).toBeCloseTo(0.1611, 4);
    expect(wilson(20, 20, Z)[1]).toBe(1);
  });
});

describe("the fixture that Python is held to, too", () => {
  for (const { counts: of, metrics } of fixture.cases) {
    it(`fits tp ${of.tp}, fp ${of.fp}, fn ${of.fn}, tn ${of.tn}`, () => {
      for (const [formula, expected] of Object.entries(metrics)) {
        const found = estimate(formula as Formula, of, fixture.z);
        expect(found.why).toBe(expected.why);
        for (const part of ["value", "low", "high"] as const) {
          if (expected[part] === null) expect(found[part]).toBeNaN();
          else expect(found[part]).toBeCloseTo(expected[part], 11);
        }
      }
    });
  }
});
