// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot have rows that are left out
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid, or a button within, has the focus

import { moveOn } from "../table/head";
import { Axis } from "./chart";
import { type Column, cellClass } from "./columns";
import type { Store } from "./store";

/** "none" where a column can be sorted by and is not. */
function sortingOf(store: Store, { sorts, under }: Column) {
  const { sortBy, descending } = store.traits;
  if (sorts === null) return undefined;
  const own = sortBy.value !== "" && [sorts, under?.sorts].includes(sortBy.value);
  if (!own) return "none";
  return descending.value ? "descending" : "ascending";
}

interface HeadingProps {
  store: Store;
  column: Column;
  isFirst: boolean;
}

/** What a column is called; a click on it sorts. */
function Label({ store, column, isFirst }: HeadingProps) {
  const { key, label, sorts, title } = column;
  if (sorts === null) return <span title={title || undefined}>{label}</span>;
  const own = store.traits.sortBy.value === sorts;
  return (
    <button
      type="button"
      class={`tfi-${key}`}
      tabIndex={isFirst ? 0 : -1}
      title={title}
      onClick={() => store.sort(sorts)}
    >
      <span class="tfi-label">{label}</span>
      <span aria-hidden="true">{own ? (store.traits.descending.value ? " ↓" : " ↑") : ""}</span>
    </button>
  );
}

interface Props {
  store: Store;
  columns: Column[];
}

export function HeadRow({ store, columns }: Props) {
  return (
    <div class="tfi-grid-head tfi-cells" role="row" aria-rowindex={1} onKeyDown={moveOn}>
      {columns.map((column, at) => (
        <div
          key={column.key}
          role="columnheader"
          aria-colindex={at + 1}
          aria-sort={sortingOf(store, column)}
          class={cellClass(column)}
        >
          <Label store={store} column={column} isFirst={at === 0} />
          {column.under && <Label store={store} column={column.under} isFirst={false} />}
          {column.key === "chart" && <Axis scale={store.scale.value} />}
        </div>
      ))}
    </div>
  );
}
