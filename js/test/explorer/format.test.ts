import { describe, expect, it } from "vitest";
import {
  number,
  percent,
  plain,
  probability,
  score,
  signedNumber,
} from "../../src/explorer/format";
import { luminance } from "../../src/explorer/theme";

describe("numbers", () => {
  it("keep three digits and a true minus sign", () => {
    expect(signedNumber(0.01312)).toBe("+0.0131");
    expect(signedNumber(-12.345)).toBe("−12.3");
    expect(number(0)).toBe("0");
    expect(number(-0.0000123)).toBe("−1.2e−5");
    expect(number(0.0144, 2)).toBe("0.014");
  });

  it("show scores with two decimals, and small ones with what they have", () => {
    expect(score(8.814)).toBe("8.81");
    expect(score(-0.5)).toBe("−0.50");
    expect(score(0.0042)).toBe("0.00420");
    expect(score(0)).toBe("0.00");
  });

  it("are a dash where there is none", () => {
    expect(score(null)).toBe("—");
    expect(probability(null)).toBe("—");
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(signedNumber(value)).toBe("—");
    }
  });

  it("show settings as a person would write them", () => {
    expect(plain(70)).toBe("70");
    expect(plain(0.1 + 0.2)).toBe("0.3");
  });

  it("do not turn a small probability into none", () => {
    expect(probability(0.385)).toBe("38.5");
    expect(probability(0.0001)).toBe("< 0.1");
    expect(probability(0)).toBe("0.0");
    expect(percent(0.06)).toBe("6 %");
  });
});

describe("luminance", () => {
  it("tells light from dark", () => {
    expect(luminance("rgb(255, 255, 255)")).toBeCloseTo(1, 5);
    expect(luminance("rgb(17, 17, 17)")).toBeLessThan(0.01);
  });
});
