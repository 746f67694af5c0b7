// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot have rows that are left out
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid, or a button within, has the focus

import { useUniqueId } from "../controls/hooks";
import { thousands } from "../explorer/format";
import { stepOf } from "../table/keys";
import { useSight } from "../table/sight";
import { ROW_HEIGHT, rowsInSight } from "../table/window";
import { Lines } from "./chart";
import { columnsOf, templateOf } from "./columns";
import { HeadRow } from "./head";
import { SliceRow } from "./row";
import type { Store } from "./store";
import { fixed } from "./words";

/** Headings, and the numbers of the scale below them; slices.css has it too. */
const HEAD = 42;

/** Leads the focus to the rows of the slice, which a widget beside this one lists. */
function goToExamples(from: Element): void {
  from.closest(".tfi-slicing")?.querySelector<HTMLElement>(".tfi-examples [role=grid]")?.focus();
}

/** Keys that select: held down they move on, and the slice is asked about when they come up. */
function useKeys(store: Store, pageRows: number) {
  const { selected } = store.settings;
  const act = (key: string, grid: Element): boolean => {
    const rows = store.rows.value;
    if (key === "Enter") goToExamples(grid);
    else if (key === "Escape") selected.set(null);
    else if (key === "b" || key === "B") store.chooseBaseline(selected.value.value);
    else {
      const next = stepOf(key, store.place.value, rows.length, pageRows);
      if (next === null) return false;
      selected.drag(store.idOf(rows[next]));
    }
    return true;
  };
  return {
    onKeyDown: (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
      if (event.target !== event.currentTarget) return;
      if (act(event.key, event.currentTarget)) event.preventDefault();
    },
    onKeyUp: () => selected.release(),
    onBlur: () => selected.release(),
  };
}

/** Why no slice is there. */
function noneText(store: Store): string {
  const { answer, status, brush } = store.traits;
  if (answer.value === null) return status.value.state === "running" ? "Computing …" : "No answer.";
  const search = store.settings.search.value.value.trim();
  const decimals = store.decimals.value;
  const reasons = [
    search !== "" && `“${search}”`,
    brush.value !== null && `${brush.value.map((end) => fixed(end, decimals)).join(" to ")}`,
    store.found.only.value && "what was found",
  ].filter(Boolean);
  return `No slice matches${reasons.length === 0 ? "" : ` ${reasons.join(" and ")}`}.`;
}

/** The slices, of which only those in sight are in the page. */
export function Grid({ store }: { store: Store }) {
  const id = useUniqueId();
  const { grid, sight, look } = useSight(store.place.value, HEAD);
  const keys = useKeys(store, Math.max(1, Math.floor(sight.height / ROW_HEIGHT) - 1));
  const columns = columnsOf(store, sight.width);
  const rows = store.rows.value;
  const inSight = rowsInSight(sight.top, sight.height, rows.length);
  const place = store.place.value;
  const digits = thousands(store.table.value?.largest ?? 0).length;
  const isEmpty = rows.every((slice) => slice === store.table.value?.whole);
  const parts = rows.reduce(
    (most, slice) => Math.max(most, store.table.value?.keys[slice].length ?? 0),
    1,
  );
  const chart = columns.findIndex(({ key }) => key === "chart");
  return (
    <div
      ref={grid}
      class={`tfi-grid tfi-slice-grid ${store.stale.value ? "tfi-dim" : ""}`}
      style={{
        "--tfi-columns": templateOf(columns),
        "--tfi-digits": String(digits),
        "--tfi-letters": String(store.letters.value),
        // The more features are crossed, the longer the names. A calc() cannot hold an fr.
        "--tfi-slice-width": `minmax(0, ${0.7 + 0.4 * parts}fr)`,
      }}
      role="grid"
      aria-label="Slices"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={place < 0 ? undefined : `${id}-${rows[place]}`}
      aria-busy={store.stale.value}
      tabIndex={0}
      onScroll={look}
      {...keys}
    >
      <HeadRow store={store} columns={columns} />
      <div role="rowgroup" style={{ height: `${rows.length * ROW_HEIGHT}px` }}>
        {chart >= 0 && (
          <div class="tfi-behind tfi-cells">
            <Lines store={store} column={chart + 1} />
          </div>
        )}
        {Array.from(rows.subarray(inSight.begin, inSight.end), (slice, k) => (
          <SliceRow
            key={slice}
            id={`${id}-${slice}`}
            store={store}
            slice={slice}
            columns={columns}
            place={inSight.begin + k}
          />
        ))}
      </div>
      {isEmpty && <div class="tfi-no-match">{noneText(store)}</div>}
    </div>
  );
}
