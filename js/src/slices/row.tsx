// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot have rows that are left out
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid, or a button within, has the focus

import { thousands } from "../explorer/format";
import { ROW_HEIGHT } from "../table/window";
import { type CellProps, contentOf } from "./cells";
import type { Column } from "./columns";
import { short } from "./words";

function titleOf({ store, slice }: CellProps, key: Column["key"]): string | undefined {
  const table = store.table.value;
  if (table === null || key === "gate" || key === "difference" || key === "comparison") return;
  const { weights } = table;
  const main = store.main.value;
  const [why, whyAlone] = [main?.why(slice) ?? null, main?.whyAlone(slice) ?? null];
  const without =
    (why === null ? "" : `; undefined: ${why}`) +
    (whyAlone === null ? "" : `; no interval: ${whyAlone}`);
  const weight = weights === null ? "" : `, of weight ${short(weights[slice])}`;
  const small = store.isSmall(slice) ? "; few rows, so little is known" : "";
  return `${table.names[slice]}: ${thousands(table.counts[slice])} rows${weight}${without}${small}`;
}

interface RowProps extends CellProps {
  columns: Column[];
  id: string;
  place: number;
}

export function SliceRow({ store, slice, columns, id, place }: RowProps) {
  const { selected } = store.settings;
  const own = store.idOf(slice);
  const isSelected = own !== null && selected.value.value === own;
  const names = [
    isSelected && "tfi-chosen",
    store.isSmall(slice) && "tfi-small",
    store.traits.baseline.value === own && "tfi-compared",
    slice === store.table.value?.whole && "tfi-whole",
  ].filter(Boolean);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
    <div
      id={id}
      role="row"
      aria-rowindex={place + 2}
      aria-selected={isSelected}
      class={`tfi-row tfi-cells ${names.join(" ")}`}
      style={{ top: `${place * ROW_HEIGHT}px` }}
      onClick={(event) => (event.shiftKey ? store.chooseBaseline(own) : selected.set(own))}
    >
      {columns.map(({ key }, at) => (
        <div
          key={key}
          role="gridcell"
          aria-colindex={at + 1}
          class={`tfi-cell tfi-${key}`}
          title={titleOf({ store, slice }, key)}
        >
          {contentOf(key, { store, slice })}
        </div>
      ))}
    </div>
  );
}
