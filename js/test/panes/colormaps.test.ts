import { describe, expect, it } from "vitest";
import { COLORMAPS, fitting, lookupTable, resolve } from "../../src/panes/colormaps";

const hex = (pixel: number) => {
  const bytes = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
};

/** Perceived lightness is close to this for a comparison. */
const lightness = (pixel: number) =>
  0.2126 * (pixel & 255) + 0.7152 * ((pixel >> 8) & 255) + 0.0722 * ((pixel >> 16) & 255);

describe.each(Object.keys(COLORMAPS))("the table of %s", (name) => {
  it.each(["light", "dark"] as const)("runs from its first to its last stop on %s", (ground) => {
    const table = lookupTable(name, ground);
    expect(table.length).toBe(256);
    expect(hex(table[0])).toBe(COLORMAPS[name][ground][0]);
    expect(hex(table[255])).toBe(COLORMAPS[name][ground].at(-1));
    expect(Array.from(table).every((pixel) => pixel >>> 24 === 255)).toBe(true);
  });
});

describe.each(["orange-blue", "purple-green"])("%s", (name) => {
  it("is lightest at zero on light, darkest at zero on dark", () => {
    const light = Array.from(lookupTable(name, "light"), lightness);
    const dark = Array.from(lookupTable(name, "dark"), lightness);
    const middle = [127, 128];
    expect(middle).toContain(light.indexOf(Math.max(...light)));
    expect(middle).toContain(dark.indexOf(Math.min(...dark)));
  });

  it("gives both signs about the same lightness", () => {
    const table = Array.from(lookupTable(name, "light"), lightness);
    for (const k of [0, 40, 80, 120]) {
      expect(Math.abs(table[k] - table[255 - k])).toBeLessThan(30);
    }
  });
});

describe("resolve", () => {
  it("falls back to the default of the kind", () => {
    expect(resolve("auto", true)).toBe("orange-blue");
    expect(resolve("auto", false)).toBe("cividis");
    expect(resolve("viridis", true)).toBe("orange-blue");
    expect(resolve("purple-green", false)).toBe("cividis");
    expect(resolve("purple-green", true)).toBe("purple-green");
    expect(resolve("greys", false)).toBe("greys");
  });

  it("lists only the maps that fit", () => {
    expect(fitting(true)).toEqual(["orange-blue", "purple-green"]);
    expect(fitting(false)).toEqual(["cividis", "viridis", "greys"]);
  });
});
