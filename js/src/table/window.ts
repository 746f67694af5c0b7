/** Which part of a long list is in sight. */

export const ROW_HEIGHT = 26;

export interface Span {
  begin: number;
  end: number;
}

/** Equal rows from `begin` to before `end`, with a few beyond either edge. */
export function rowsInSight(top: number, height: number, count: number, beyond = 6): Span {
  const begin = Math.max(0, Math.floor(top / ROW_HEIGHT) - beyond);
  const end = Math.min(count, Math.ceil((top + height) / ROW_HEIGHT) + beyond);
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
export function scrollFor(place: number, top: number, height: number): number {
  const begin = place * ROW_HEIGHT;
  if (begin < top) return begin;
  return begin + ROW_HEIGHT > top + height ? begin + ROW_HEIGHT - height : top;
}
