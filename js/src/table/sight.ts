import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { ROW_HEIGHT, scrollFor } from "./window";

/** What fits before a browser has laid anything out. */
const UNKNOWN = { top: 0, left: 0, width: 640, height: 320, known: false };

/** Where a grid below a head `head` pixels high is scrolled to, and how large it is. */
export function useSight(head = ROW_HEIGHT) {
  const grid = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState(UNKNOWN);
  const look = () => {
    const el = grid.current;
    if (el === null || el.clientHeight === 0) return;
    const { scrollTop: top, scrollLeft: left, clientWidth: width, clientHeight: height } = el;
    setSight({ top, left, width, height: height - head, known: true });
  };
  useLayoutEffect(() => {
    const observer = new ResizeObserver(look);
    if (grid.current !== null) observer.observe(grid.current);
    return () => observer.disconnect();
  }, []);
  return { grid, sight, look };
}

/** Keeps the row at `place` in sight, where there is one. */
export function useInSight(
  { grid, sight }: Pick<ReturnType<typeof useSight>, "grid" | "sight">,
  place: number,
  rowHeight = ROW_HEIGHT,
): void {
  useLayoutEffect(() => {
    const el = grid.current;
    if (el === null || place < 0 || !sight.known) return;
    el.scrollTop = scrollFor(place, el.scrollTop, sight.height, rowHeight);
    // The height: until the styles are there the grid shows all rows, and nothing can be scrolled.
  }, [place, sight.known, sight.height, rowHeight]);
}
