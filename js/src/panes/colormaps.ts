import tables from "../../../tfinterp_widgets/pictures/colormaps.json";

export interface Colormap {
  kind: "diverging" | "sequential";
  label: string;
  light: string[];
  dark: string[];
}

export const COLORMAPS: Record<string, Colormap> = tables as Record<string, Colormap>;
export const DEFAULTS = { diverging: "orange-blue", sequential: "cividis" } as const;

export const kindFor = (signed: boolean): Colormap["kind"] => (signed ? "diverging" : "sequential");

/** Names of the maps that can show such values. */
export function fitting(signed: boolean): string[] {
  return Object.keys(COLORMAPS).filter((name) => COLORMAPS[name].kind === kindFor(signed));
}

/** The map asked for if it can show such values, else the default that can. */
export function resolve(name: string, signed: boolean): string {
  return COLORMAPS[name]?.kind === kindFor(signed) ? name : DEFAULTS[kindFor(signed)];
}

type Rgb = [number, number, number];

function parse(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** The colour at `unit` in [0, 1], on straight lines in sRGB between the anchor stops. */
function interpolate(stops: Rgb[], unit: number): Rgb {
  const position = unit * (stops.length - 1);
  const k = Math.min(Math.floor(position), stops.length - 2);
  const mix = (channel: 0 | 1 | 2) =>
    Math.floor(
      stops[k][channel] + (stops[k + 1][channel] - stops[k][channel]) * (position - k) + 0.5,
    );
  return [mix(0), mix(1), mix(2)];
}

const cache = new Map<string, Uint32Array>();

/** 256 opaque pixels, in the byte order of ImageData on little-endian machines. */
export function lookupTable(name: string, ground: "light" | "dark"): Uint32Array {
  const key = `${name} ${ground}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const stops = COLORMAPS[name][ground].map(parse);
  const table = Uint32Array.from({ length: 256 }, (_, k) => {
    const [red, green, blue] = interpolate(stops, k / 255);
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
  cache.set(key, table);
  return table;
}
