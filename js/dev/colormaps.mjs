// Writes tfinterp_widgets/pictures/colormaps.json, which TypeScript and Python both read.
//
//   node js/dev/colormaps.mjs path/to/matplotlib/_cm_listed.py
//
// The diverging maps and the greys are our own: straight lines in OKLCh, with both arms at the same
// lightness at the same distance from zero, so neither sign looks louder than the other. Viridis
// (Smith & van der Walt, CC0) and cividis (Nuñez, Anderson & Renslow 2018, CC0) are every fifth
// entry of the tables that matplotlib carries.

import { readFileSync, writeFileSync } from "node:fs";

const STOPS_PER_ARM = 16;
const TARGET = new URL("../../tfinterp_widgets/pictures/colormaps.json", import.meta.url);

/** OKLCh to linear sRGB (Ottosson 2020). */
function linear(l, c, hue) {
  const a = c * Math.cos((hue * Math.PI) / 180);
  const b = c * Math.sin((hue * Math.PI) / 180);
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ];
}

const gamma = (v) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
const inside = (rgb) => rgb.every((v) => v >= -1e-4 && v <= 1.0001);
const byte = (v) => Math.round(Math.min(1, Math.max(0, v)) * 255);
const hex = (rgb) => `#${rgb.map((v) => byte(v).toString(16).padStart(2, "0")).join("")}`;

/** The colour asked for, with only as much chroma as sRGB can show. */
function oklch(l, c, hue) {
  let chroma = c;
  while (chroma > 0 && !inside(linear(l, chroma, hue))) chroma -= 0.002;
  return hex(linear(l, Math.max(0, chroma), hue).map(gamma));
}

const mix = (from, to, t) => from + (to - from) * t;

/** One arm, from just beside neutral to the end, along [from, to] of hue and of lightness. */
function arm(hue, chroma, lightness) {
  return Array.from({ length: STOPS_PER_ARM }, (_, k) => {
    const t = (k + 1) / STOPS_PER_ARM;
    const saturation = Math.sin(Math.min(1, t * 1.25) * (Math.PI / 2));
    return oklch(mix(...lightness, t), chroma * saturation, mix(...hue, t));
  });
}

function diverging(label, negative, positive) {
  const table = (ground, lightness) => [
    ...arm(negative[ground], negative.chroma, lightness).reverse(),
    oklch(lightness[0], 0.003, 250),
    ...arm(positive[ground], positive.chroma, lightness),
  ];
  return {
    kind: "diverging",
    label,
    light: table("light", [0.975, 0.39]),
    dark: table("dark", [0.2, 0.9]),
  };
}

function published(label, name, source) {
  const block = source.split(`_${name}_data = [`)[1].split("]]")[0];
  const rows = [...block.matchAll(/([\d.]+),\s*([\d.]+),\s*([\d.]+)/g)];
  const stops = rows.filter((_, k) => k % 5 === 0).map((row) => hex(row.slice(1, 4).map(Number)));
  return { kind: "sequential", label, light: stops, dark: stops };
}

const greys = Array.from({ length: 9 }, (_, k) => oklch(mix(0.975, 0.2, k / 8), 0, 0));
const source = readFileSync(process.argv[2], "utf8");
const colormaps = {
  "orange-blue": diverging(
    "Orange–blue",
    { light: [242, 257], dark: [257, 240], chroma: 0.16 },
    { light: [70, 46], dark: [52, 74], chroma: 0.2 },
  ),
  "purple-green": diverging(
    "Purple–green",
    { light: [150, 156], dark: [154, 152], chroma: 0.14 },
    { light: [312, 304], dark: [304, 312], chroma: 0.17 },
  ),
  cividis: published("Cividis", "cividis", source),
  viridis: published("Viridis", "viridis", source),
  greys: { kind: "sequential", label: "Greys", light: greys, dark: [...greys].reverse() },
};
writeFileSync(
  TARGET,
  `${JSON.stringify(colormaps).replaceAll('"],', '"],\n ').replaceAll("},", "},\n")}\n`,
);
