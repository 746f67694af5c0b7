// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot have rows that are left out
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid, or a button within, has the focus

import { useUniqueId } from "../controls/hooks";
import { isWrong } from "./columns";
import { HeadRow } from "./head";
import { stepOf } from "./keys";
import { useInSight, useSight } from "./sight";
import type { Store } from "./store";
import { columnsInSight, offsetsOf, ROW_HEIGHT, rowsInSight, type Span } from "./window";

interface RowProps {
  store: Store;
  id: string;
  row: number;
  place: number;
  span: Span;
  offsets: number[];
}

function nameOfRow(store: Store, row: number): string {
  const number = store.called(row);
  const chosen = store.settings.row.value.value === number ? "tfi-chosen" : "";
  const compared = store.baselineRow.value === number ? "tfi-compared" : "";
  return `tfi-row ${chosen} ${compared}`;
}

function GridRow({ store, id, row, place, span, offsets }: RowProps) {
  const columns = store.columns.value;
  const number = store.called(row);
  const wrong = isWrong(store.data.value, row);
  const cell = (at: number) => {
    const { key, numeric } = columns[at];
    const marks = wrong && key.startsWith("prediction");
    return (
      <div
        key={key}
        role="gridcell"
        aria-colindex={at + 1}
        class={`tfi-cell ${numeric ? "tfi-numeric" : ""} ${marks ? "tfi-wrong" : ""}`}
        style={{ width: `${store.widths.value[at]}px` }}
      >
        {columns[at].text(row)}
        {marks && <span title="wrong"> ✗</span>}
      </div>
    );
  };
  const begin = Math.max(1, span.begin);
  const inSight = Array.from({ length: Math.max(0, span.end - begin) }, (_, k) => begin + k);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
    <div
      id={id}
      role="row"
      aria-rowindex={place + 2}
      aria-selected={store.settings.row.value.value === number}
      class={nameOfRow(store, row)}
      style={{ top: `${place * ROW_HEIGHT}px` }}
      onClick={(event) =>
        event.shiftKey ? store.compareWith(number) : store.settings.row.set(number)
      }
    >
      {cell(0)}
      <span style={{ flex: "none", width: `${offsets[begin] - offsets[1]}px` }} />
      {inSight.map(cell)}
    </div>
  );
}

/** By what rows are looked for. */
function filtersText(store: Store): string {
  const { search, confidence } = store.settings;
  const [low, high] = confidence.value.value;
  const filters = [];
  if (search.value.value.trim() !== "") filters.push(`“${search.value.value.trim()}”`);
  if (store.wrongOnly.value) filters.push("wrong only");
  if (low > 0 || high < 1) filters.push("this confidence");
  return filters.length === 0 ? "" : ` ${filters.join(" with ")}`;
}

/** Keys that choose: held down they move on, and the row is asked about when they come up. */
function useKeys(store: Store, pageRows: number) {
  const { row } = store.settings;
  return {
    onKeyDown: (event: KeyboardEvent) => {
      if (event.target !== event.currentTarget) return;
      const rows = store.rows.value;
      if (event.key === "b" || event.key === "B") {
        store.compareWith(row.value.value);
      } else {
        const next = stepOf(event.key, store.place.value, rows.length, pageRows);
        if (next === null) return;
        row.drag(store.called(rows[next]));
      }
      event.preventDefault();
    },
    onKeyUp: () => row.release(),
    onBlur: () => row.release(),
  };
}

/** The rows, of which only those in sight are in the page. */
export function Grid({ store }: { store: Store }) {
  const id = useUniqueId();
  const { grid, sight, look } = useSight();
  useInSight({ grid, sight }, store.place.value);
  const keys = useKeys(store, Math.max(1, Math.floor(sight.height / ROW_HEIGHT) - 1));
  const rows = store.rows.value;
  const offsets = offsetsOf(store.widths.value);
  const width = `${offsets[offsets.length - 1]}px`;
  const span = columnsInSight(offsets, sight.left, sight.width);
  const inSight = rowsInSight(sight.top, sight.height, rows.length);
  const chosen = store.place.value;
  return (
    <div
      ref={grid}
      class="tfi-grid"
      role="grid"
      aria-label="Rows of the table"
      aria-rowcount={rows.length + 1}
      aria-colcount={store.columns.value.length}
      aria-activedescendant={chosen < 0 ? undefined : `${id}-${rows[chosen]}`}
      tabIndex={0}
      onScroll={look}
      {...keys}
    >
      <HeadRow store={store} width={width} />
      {rows.length === 0 && <div class="tfi-no-match">No row matches{filtersText(store)}.</div>}
      <div role="rowgroup" style={{ width, height: `${rows.length * ROW_HEIGHT}px` }}>
        {Array.from(rows.subarray(inSight.begin, inSight.end), (row, k) => (
          <GridRow
            key={row}
            id={`${id}-${row}`}
            store={store}
            row={row}
            place={inSight.begin + k}
            span={span}
            offsets={offsets}
          />
        ))}
      </div>
    </div>
  );
}
