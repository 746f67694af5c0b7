/** How wide the columns are, and how high the rows: as the names of the slices need it. */

import { useMemo } from "preact/hooks";
import { thousands } from "../explorer/format";
import { ROW_HEIGHT } from "../table/window";
import { type Arrangement, type Column, columnsOf } from "./columns";
import { type Fit, fit, type Measure } from "./measure";
import { BASELINE } from "./names";
import type { Store } from "./store";

export interface Layout {
  columns: Column[];
  /** Widths of the columns, for the style sheet. */
  template: string;
  /** Lines of a row. */
  lines: number;
  rowHeight: number;
  size: Size;
}

/** Of the table; "wide" has room for intervals in words. */
export type Size = "narrow" | "middle" | "wide";

const NARROW = 540;
const MIDDLE = 700;
/** Below this there are numbers without a chart. */
const CHARTED = 400;

const sizeOf = (width: number): Size =>
  width < NARROW ? "narrow" : width < MIDDLE ? "middle" : "wide";

/** In pixels: what a number has around it, changes, gates, and what is left to a chart at least. */
const SIZES = {
  narrow: { count: 14, number: 16, heading: 92, change: 72, gate: 40, padding: 14, chart: 88 },
  middle: { count: 56, number: 22, heading: 100, change: 80, gate: 54, padding: 20, chart: 170 },
  wide: { count: 56, number: 22, heading: 110, change: 96, gate: 54, padding: 20, chart: 170 },
};

const LEAST_NAME = 100;

/** An arrow that tells how a column is sorted, and what is around a heading. */
const ARROW = 26;

/** Room for "q < .001" beside a difference. */
const SURE = 50;

/** Room for the name of a slice in the heading of differences from it. */
const NAMED = 30;

interface Room {
  width: number;
  size: Size;
  measure: Measure;
}

/** Of any column but that of the names and the chart. */
function widthOf(store: Store, column: Column, { size, measure }: Room): number {
  const own = SIZES[size];
  const figures = (count: number) => Math.ceil(count * measure("0"));
  const { key, under } = column;
  if (key === "n") return figures(thousands(store.table.value?.largest ?? 0).length) + own.count;
  if (key === "gate") return own.gate;
  const isDifference = [key, under?.key].includes("difference");
  const sure = store.found.only.value && isDifference && size === "wide" ? SURE : 0;
  const isLong = key === "difference" && size === "wide" && store.traits.baseline.value !== null;
  if (isLong) return own.change + Math.max(sure, NAMED);
  if (key === "comparison" || key === "difference") return own.change + sure;
  const letters = store.letters.value;
  const hasEnds = size === "wide" && (key === "value" || under !== null);
  const numbers = hasEnds ? figures(2.7 * letters) + 46 : figures(letters) + own.number;
  const heading = ({ label, sorts }: Column) =>
    sorts === null && size !== "wide" ? 0 : Math.min(own.heading, measure(label) + ARROW);
  return Math.ceil(Math.max(numbers, heading(column), under === null ? 0 : heading(under)));
}

/** Of two lines, what is lost at their ends. */
const TWO_LINES = 1.7;

/** A slice that others are compared with by its mark, where its name has no room in the heading. */
function shortened(column: Column, width: number, { measure }: Room): Column {
  const isCut = measure(column.label) > TWO_LINES * (width - ARROW);
  if (column.key !== "difference" || !isCut) return column;
  return { ...column, label: column.label.replace(/from .*/s, `from ${BASELINE}`) };
}

/** Names as wide as their parts; each once for as many pixels. */
type FitNames = (isCountBelow: boolean, least: number, most: number) => Fit;

function fitterOf(names: number[][], count: number): FitNames {
  const counted = names.map((parts) => [...parts, count]);
  const known = new Map<string, Fit>();
  return (isCountBelow, least, most) => {
    const key = `${isCountBelow} ${least} ${most}`;
    const found = known.get(key) ?? fit(isCountBelow ? counted : names, least, most);
    known.set(key, found);
    return found;
  };
}

interface Arranged {
  columns: Column[];
  widths: (number | null)[];
  fit: Fit;
  /** Whether the chart has the room it needs. */
  isRoomy: boolean;
}

function arrange(store: Store, arrangement: Arrangement, room: Room, fitNames: FitNames): Arranged {
  const { padding, chart } = SIZES[room.size];
  const wanted = columnsOf(store, arrangement);
  const widths = wanted.map((column) =>
    column.key === "slice" || column.key === "chart" ? null : widthOf(store, column, room),
  );
  const hasName = store.traits.baseline.value !== null;
  const columns = wanted.map((column, k) =>
    hasName ? shortened(column, widths[k] ?? 0, room) : column,
  );
  const fixed = widths.reduce<number>((sum, width) => sum + (width ?? 0), padding);
  const left = Math.floor(room.width - fixed - (arrangement.isCharted ? chart : 0));
  const most = Math.max(LEAST_NAME, left);
  const least = arrangement.isCharted ? LEAST_NAME : most;
  const found = fitNames(arrangement.isCountBelow, least, most);
  return { columns, widths, fit: found, isRoomy: left >= LEAST_NAME };
}

/** From much room to little, each with the lines up to which it will do. */
function arrangementsOf(isPair: boolean, { width, size }: Room): [Arrangement, number][] {
  const isCharted = width >= CHARTED;
  const one = { isStacked: isPair, isCountBelow: false, isCharted };
  const arrangements: [Arrangement, number][] = [
    [one, 3],
    [{ ...one, isCountBelow: true }, 4],
    [{ ...one, isCountBelow: true, isCharted: false }, 4],
  ];
  if (isPair && size !== "narrow") arrangements.unshift([{ ...one, isStacked: false }, 1]);
  return arrangements;
}

const LINE = 17;
const AROUND = 10;

export const rowHeightOf = (lines: number): number =>
  lines === 1 ? ROW_HEIGHT : LINE * lines + AROUND;

/** The first arrangement in which no name is cut, or else the one with most room for names. */
export function layoutOf(store: Store, room: Room, fitNames: FitNames): Layout {
  const isPair = store.traits.models.value.length > 1;
  let arranged: Arranged | null = null;
  for (const [arrangement, most] of arrangementsOf(isPair, room)) {
    arranged = arrange(store, arrangement, room, fitNames);
    if (arranged.isRoomy && arranged.fit.lines <= most) break;
  }
  const { columns, widths, fit: names } = arranged as Arranged;
  const isStacked = columns.some(({ key, under }) => under !== null && key !== "slice");
  const sure = store.found.only.value && room.size !== "wide" ? 1 : 0;
  const lines = Math.max(names.lines, (isStacked ? 2 : 1) + sure);
  const width = names.width + SIZES[room.size].padding;
  const template = columns.map(({ key }, k) =>
    key === "slice" ? `${width}px` : widths[k] === null ? "minmax(0, 1fr)" : `${widths[k]}px`,
  );
  return {
    columns,
    template: template.join(" "),
    lines,
    rowHeight: rowHeightOf(lines),
    size: room.size,
  };
}

/** The layout of a table of this width. */
export function useLayout(store: Store, width: number, measure: Measure): Layout {
  const { named } = store;
  const largest = thousands(store.table.value?.largest ?? 0);
  const fitNames = useMemo(() => {
    const widths = named.value.map((parts) => parts.map((part) => Math.ceil(measure(part))));
    return fitterOf(widths, Math.ceil(measure(`n ${largest}`)));
  }, [named.value, largest, measure]);
  return layoutOf(store, { width, size: sizeOf(width), measure }, fitNames);
}
