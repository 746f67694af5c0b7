// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot have rows that are left out
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid, or a button within, has the focus

import { moveOn } from "../table/head";
import { Axis } from "./chart";
import type { Column } from "./columns";
import type { Store } from "./store";

interface Props {
  store: Store;
  columns: Column[];
}

function Heading({ store, column, at }: { store: Store; column: Column; at: number }) {
  const { key, label, sorts, title } = column;
  const own = sorts !== null && store.traits.sortBy.value === sorts;
  const descending = store.traits.descending.value;
  const direction = descending ? "descending" : "ascending";
  return (
    <div
      role="columnheader"
      aria-colindex={at + 1}
      aria-sort={sorts === null ? undefined : own ? direction : "none"}
      class={`tfi-cell tfi-${key}`}
    >
      {sorts === null ? (
        <span title={title || undefined}>{label}</span>
      ) : (
        <button
          type="button"
          tabIndex={at === 0 ? 0 : -1}
          title={title}
          onClick={() => store.sort(sorts)}
        >
          {label}
          <span aria-hidden="true">{own ? (descending ? " ↓" : " ↑") : ""}</span>
        </button>
      )}
      {key === "chart" && <Axis scale={store.scale.value} />}
    </div>
  );
}

export function HeadRow({ store, columns }: Props) {
  return (
    <div class="tfi-grid-head tfi-cells" role="row" aria-rowindex={1} onKeyDown={moveOn}>
      {columns.map((column, at) => (
        <Heading key={column.key} store={store} column={column} at={at} />
      ))}
    </div>
  );
}
