/** How wide text is, and how many lines names need. */

/** What a letter takes where nothing can be measured, as before a browser has laid anything out. */
const PIXELS_A_LETTER = 7;

/** Between the parts of a name, in pixels; rows.css has it too. */
export const GAP = 12;

/** More lines make rows that are no table any more. */
export const MOST_LINES = 4;

/** What is lost at the ends of lines where a part has to be broken. */
const LOSS = 1.15;

export type Measure = (text: string) => number;

/** Measures text in the font of an element; proportional figures, not tabular ones. */
export function measureIn(element: Element): Measure {
  const { fontSize, fontFamily } = getComputedStyle(element);
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return guess;
  context.font = `${fontSize} ${fontFamily}`;
  const known = new Map<string, number>();
  return (text) => {
    const width = known.get(text) ?? context.measureText(text).width;
    known.set(text, width);
    return width;
  };
}

export const guess: Measure = (text) => PIXELS_A_LETTER * text.length;

/** Lines that parts fill; only a part that is wider than a line is broken. */
export function linesOf(parts: number[], width: number): number {
  let [lines, used] = [0, Number.POSITIVE_INFINITY];
  for (const part of parts) {
    if (used + GAP + part <= width) {
      used += GAP + part;
    } else {
      const isBroken = part > width;
      lines += isBroken ? Math.ceil((LOSS * part) / width) : 1;
      used = isBroken ? Number.POSITIVE_INFINITY : part;
    }
  }
  return Math.max(1, lines);
}

export interface Fit {
  lines: number;
  width: number;
}

/** The fewest lines that hold all names within `most` pixels, and the least width for so many. */
export function fit(names: number[][], least: number, most: number): Fit {
  const linesAt = (width: number) =>
    names.reduce((lines, parts) => Math.max(lines, linesOf(parts, width)), 1);
  const lines = Math.min(MOST_LINES, linesAt(most));
  const widest = names.reduce((wide, parts) => Math.max(wide, ...parts), least);
  let [low, high] = [Math.min(widest, most), most];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (linesAt(middle) <= lines) high = middle;
    else low = middle + 1;
  }
  return { lines, width: high };
}
