/** What stands in the column of names, part by part: no part is broken that fits into a line. */

import { MISSING, type Table } from "./answer";
import type { Found } from "./found";

/** Before the name of the slice that others are compared with, and of a near duplicate. */
export const BASELINE = "⇄";
export const ALIKE = "≈";

export const alikeText = (count: number, isFolded: boolean): string =>
  `${isFolded ? "+" : "−"} ${count} alike`;

interface Shown {
  isBaseline: boolean;
  /** Null where it was not found, or is shown among all. */
  found: Found | null;
}

/** The texts of a slice's name and of what stands beside it. */
export function partsOf(key: Table["keys"][number], { isBaseline, found }: Shown): string[] {
  const named = key.map(([feature, value]) => `${feature} ${value ?? MISSING}`);
  const parts = named.length === 0 ? ["all"] : named;
  const marks = [found?.like != null && ALIKE, isBaseline && BASELINE].filter(Boolean);
  parts[0] = [...marks, parts[0]].join(" ");
  if (found !== null && found.alike.length > 0) parts.push(alikeText(found.alike.length, true));
  return parts;
}
