// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot have rows that are left out
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid, or a button within, has the focus

import { useMemo } from "preact/hooks";
import { useUniqueId } from "../controls/hooks";
import { stepOf } from "../table/keys";
import { useInSight, useSight } from "../table/sight";
import { rowsInSight } from "../table/window";
import { Lines } from "./chart";
import { HeadRow } from "./head";
import { type Layout, useLayout } from "./layout";
import { guess, measureIn } from "./measure";
import { SliceRow } from "./row";
import type { Store } from "./store";
import { fixed } from "./words";

/** Headings, and the numbers of the scale below them; slices.css has it too. */
const HEAD = 42;

/** Leads the focus to the rows of the slice, which a widget beside this one lists. */
function goToExamples(from: Element): void {
  from.closest(".tfi-slicing")?.querySelector<HTMLElement>(".tfi-examples [role=grid]")?.focus();
}

/** Shows or hides what is nearly the same as the chosen finding. */
function fold(store: Store, folded: boolean): boolean {
  const id = store.settings.selected.value.value;
  if (id === null || !store.found.known.value.get(id)?.alike.length) return false;
  store.found.fold(id, folded);
  return true;
}

/** Keys that select: held down they move on, and the slice is asked about when they come up. */
function useKeys(store: Store, pageRows: number) {
  const { selected } = store.settings;
  const act = (key: string, grid: Element): boolean => {
    const rows = store.rows.value;
    if (key === "Enter") goToExamples(grid);
    else if (key === "Escape") selected.set(null);
    else if (key === "ArrowRight" || key === "ArrowLeft") return fold(store, key === "ArrowLeft");
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

const classOf = (store: Store, { size, lines }: Layout): string =>
  `tfi-${size} ${lines > 1 ? "tfi-tall" : ""} ${store.stale.value ? "tfi-dim" : ""}`;

/** The slices, of which only those in sight are in the page. */
export function Grid({ store }: { store: Store }) {
  const id = useUniqueId();
  const { grid, sight, look } = useSight(HEAD);
  const measure = useMemo(
    () => (sight.known && grid.current !== null ? measureIn(grid.current) : guess),
    [sight.known],
  );
  const layout = useLayout(store, sight.width, measure);
  const { columns, rowHeight } = layout;
  const place = store.place.value;
  useInSight({ grid, sight }, place, rowHeight);
  const keys = useKeys(store, Math.max(1, Math.floor(sight.height / rowHeight) - 1));
  const rows = store.rows.value;
  const inSight = rowsInSight(sight.top, sight.height, rows.length, rowHeight);
  const isEmpty = rows.every((slice) => slice === store.table.value?.whole);
  const chart = columns.findIndex(({ key }) => key === "chart");
  return (
    <div
      ref={grid}
      class={`tfi-grid tfi-slice-grid ${classOf(store, layout)}`}
      style={{ "--tfi-columns": layout.template, "--tfi-row-height": `${rowHeight}px` }}
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
      <div role="rowgroup" style={{ height: `${rows.length * rowHeight}px` }}>
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
            layout={layout}
            place={inSight.begin + k}
          />
        ))}
      </div>
      {isEmpty && <div class="tfi-no-match">{noneText(store)}</div>}
    </div>
  );
}
