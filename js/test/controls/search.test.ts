import { describe, expect, it } from "vitest";
import { entriesOf, search } from "../../src/controls/search";
import { parseSteps, positionOf, STOPS, stopAt, stopForKey } from "../../src/controls/stops";

const names = ["tench", "stable", "tabby", "pool table", "table lamp", "Crème brûlée", "hen_house"];
const entries = entriesOf(names, names.length);
const find = (text: string) => search(entries, text).map(({ name }) => name);

describe("search", () => {
  it("puts names that begin so before words, and words before the rest", () => {
    expect(find("tab")).toEqual(["tabby", "table lamp", "pool table", "stable"]);
  });

  it("finds a class by its number, class 0 too", () => {
    expect(find("0")).toEqual(["tench"]);
    expect(find("6")).toEqual(["hen_house"]);
  });

  it("prefers the number itself to numbers that begin so", () => {
    const many = entriesOf(null, 300);
    expect(search(many, "28").map(({ index }) => index)).toEqual([
      28, 280, 281, 282, 283, 284, 285, 286, 287, 288, 289, 128, 228,
    ]);
  });

  it("does not mind accents, case or underscores", () => {
    expect(find("creme b")).toEqual(["Crème brûlée"]);
    expect(find("HEN HO")).toEqual(["hen_house"]);
  });

  it("lists all for nothing, and nothing for nonsense", () => {
    expect(find("  ").length).toBe(names.length);
    expect(find("xyzzy")).toEqual([]);
  });

  it("names classes without a name by their number", () => {
    expect(entriesOf(null, 2).map(({ name }) => name)).toEqual(["class 0", "class 1"]);
  });
});

describe("stops", () => {
  it("are the powers of two up to 512", () => {
    expect(STOPS).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
  });

  it("leave room for a number between them and above", () => {
    expect(positionOf(64)).toBe(6);
    expect(positionOf(50)).toBeGreaterThan(5);
    expect(positionOf(50)).toBeLessThan(6);
    expect(positionOf(4096)).toBe(9);
    expect(stopAt(5.6)).toBe(64);
  });

  it("are what the arrow keys go to", () => {
    expect(stopForKey("ArrowRight", 64)).toBe(128);
    expect(stopForKey("ArrowLeft", 50)).toBe(32);
    expect(stopForKey("ArrowUp", 50)).toBe(64);
    expect(stopForKey("ArrowRight", 512)).toBe(512);
    expect(stopForKey("ArrowLeft", 1000)).toBe(256);
    expect(stopForKey("Home", 64)).toBe(1);
    expect(stopForKey("a", 64)).toBeNull();
  });

  it.each(["", "0", "1.5", "4097", "-2", "abc", "1e9"])("do not take %j for a number", (text) => {
    expect(parseSteps(text)).toBeNull();
  });

  it("take whole numbers from 1 to 4096", () => {
    expect([parseSteps("1"), parseSteps("50"), parseSteps("4096")]).toEqual([1, 50, 4096]);
  });
});
