import { describe, expect, it } from "vitest";
import { extents, movement, remark, type Sums, sentence, uncertainty } from "../../src/charts/sums";

const good: Sums = {
  score: 9,
  baseline_score: 1,
  total: 7.6,
  relative_error: 0.05,
  moved: 0.06,
  standard_error: null,
};

describe("sentence", () => {
  it("says how much of the difference the sum reaches", () => {
    expect(sentence(good)).toBe("Σφ reaches 95 % of F − F′");
  });

  it("does not round a miss away", () => {
    expect(sentence({ ...good, total: 8.03 })).toContain("100.4 %");
    expect(sentence({ ...good, total: 8 })).toContain("100 %");
  });

  it("holds for a score that fell", () => {
    const fell = { ...good, score: -1, baseline_score: 1, total: -1.9 };
    expect(sentence(fell)).toContain("reaches 95 %");
  });

  it("says so when the signs differ", () => {
    expect(sentence({ ...good, total: -1 })).toContain("differ in sign");
  });

  it("does not divide by nothing", () => {
    const flat = { ...good, score: 1, total: 0, relative_error: null };
    expect(sentence(flat)).toBe("F equals F′: there is no difference to reach");
  });

  it.each(["score", "baseline_score", "total"])("compares nothing without a finite %s", (name) => {
    const found = sentence({ ...good, [name]: null, relative_error: null });
    expect(found).toBe("Not finite: there is no sum to compare");
  });
});

describe("movement", () => {
  it("tells how far the map moved, where that is known", () => {
    expect(movement(good)).toBe("the map moved 6 % since n/2");
    expect(movement({ ...good, moved: null })).toBe("");
  });
});

describe("remark", () => {
  it("warns of a sum that fits while the map still moves", () => {
    expect(remark(good)).toBe("The sum fits, yet the map still moves: take more steps.");
  });

  it("asks for more steps where neither fits", () => {
    const found = remark({ ...good, relative_error: 0.3 });
    expect(found).toBe("The map still moves: take more steps before reading details.");
  });

  it("warns of values that another seed would move by as much as they differ", () => {
    const chance = { typical: 0.02, relative: 0.6 };
    const found = remark({ ...good, moved: null, standard_error: chance });
    expect(found).toBe("Single values are largely chance: take more samples.");
    const steady = { typical: 0.02, relative: 0.4 };
    expect(remark({ ...good, moved: null, standard_error: steady })).toBe("");
  });

  it("leaves the word to others where all is well", () => {
    expect(remark({ ...good, moved: 0.01 })).toBe("");
    expect(remark({ ...good, moved: null })).toBe("");
    expect(remark(null)).toBe("");
  });
});

describe("uncertainty", () => {
  it("is in the units of the values, and beside how far they differ", () => {
    expect(uncertainty({ typical: 0.0123, relative: 0.091 })).toBe(
      "Another seed would move the values by about 0.012, 9 % of how far they differ.",
    );
    expect(uncertainty({ typical: 0, relative: null })).toMatch(/by about 0\.$/);
  });

  it("is not told from too few samples", () => {
    expect(uncertainty({ typical: null, relative: null })).toContain("Too few samples");
  });
});

describe("extents", () => {
  it("puts positive bars on an axis from zero", () => {
    expect(extents([2, 4])).toEqual({
      zero: 0,
      bars: [
        { start: 0, size: 0.5 },
        { start: 0, size: 1 },
      ],
    });
  });

  it("lets negative bars end at zero", () => {
    const { zero, bars } = extents([-1, 3]);
    expect(zero).toBe(0.25);
    expect(bars).toEqual([
      { start: 0, size: 0.25 },
      { start: 0.25, size: 0.75 },
    ]);
  });

  it("leaves out what is no number", () => {
    expect(extents([null, 4])).toEqual({ zero: 0, bars: [null, { start: 0, size: 1 }] });
    expect(extents([null, null])).toEqual({ zero: 0, bars: [null, null] });
  });

  it("draws nothing for two zeros", () => {
    expect(extents([0, 0]).bars).toEqual([
      { start: 0, size: 0 },
      { start: 0, size: 0 },
    ]);
  });
});
