/** Which part of a long list is in sight. */

/** Of a row of one line, in pixels. */
export const ROW_HEIGHT = 26;

export interface Span {
  begin: number;
  end: number;
}

const BEYOND = 6;

/** Equal rows from `begin` to before `end`, with a few beyond either edge. */
export function rowsInSight(
  top: number,
  height: number,
  count: number,
  rowHeight = ROW_HEIGHT,
): Span {
  const begin = Math.max(0, Math.floor(top / rowHeight) - BEYOND);
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + BEYOND);
  return { begin: Math.min(begin, Math.max(0, count)), end };
}

/** Where columns of these widths begin, and behind the last where they end. */
export function offsetsOf(widths: number[]): number[] {
  const offsets = [0];
  for (const width of widths) offsets.push(offsets[offsets.length - 1] + width);
  return offsets;
}

/** The columns that a strip from `left`, `width` wide, touches, with one beyond either edge. */
export function columnsInSight(offsets: number[], left: number, width: number): Span {
  const count = offsets.length - 1;
  let begin = 0;
  while (begin < count - 1 && offsets[begin + 1] <= left) begin++;
  let end = begin;
  while (end < count && offsets[end] < left + width) end++;
  return { begin: Math.max(0, begin - 1), end: Math.min(count, end + 1) };
}

/** Where to scroll so that a row is in sight below a header; unchanged where it is. */
export function scrollFor(
  place: number,
  top: number,
  height: number,
  rowHeight = ROW_HEIGHT,
): number {
  const begin = place * rowHeight;
  if (begin < top) return begin;
  return begin + rowHeight > top + height ? begin + rowHeight - height : top;
}
