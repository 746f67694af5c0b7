// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot have rows that are left out
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid, or a button within, has the focus

import { type CellProps, contentOf } from "./cells";
import { type Column, cellClass } from "./columns";
import type { Layout } from "./layout";
import { sliceText } from "./readout";

/** The sentence on the slice, but where a cell has one of its own. */
const OWN_TITLE: Column["key"][] = ["gate", "difference", "comparison"];

interface CellsProps extends CellProps {
  column: Column;
}

/** What stands in a column: of two models, one below the other. */
function Contents({ column, ...props }: CellsProps) {
  const { key, under } = column;
  if (under === null || key === "slice") return contentOf(column, props);
  return [column, under].map((each) => (
    <span key={each.key} class={`tfi-${each.key}`}>
      {contentOf(each, props)}
    </span>
  ));
}

interface RowProps extends CellProps {
  layout: Layout;
  id: string;
  place: number;
}

export function SliceRow({ store, slice, layout, id, place }: RowProps) {
  const { selected } = store.settings;
  const own = store.idOf(slice);
  const isSelected = own !== null && selected.value.value === own;
  const names = [
    isSelected && "tfi-chosen",
    store.isSmall(slice) && "tfi-small",
    store.traits.baseline.value === own && "tfi-compared",
    slice === store.table.value?.whole && "tfi-whole",
  ].filter(Boolean);
  const text = sliceText(store, slice);
  const found = store.shownOf(slice).found;
  const isFolder = found !== null && found.alike.length > 0;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
    <div
      id={id}
      role="row"
      aria-rowindex={place + 2}
      aria-selected={isSelected}
      aria-expanded={isFolder ? store.found.unfolded.value.has(own ?? "") : undefined}
      class={`tfi-row tfi-cells ${names.join(" ")}`}
      style={{ top: `${place * layout.rowHeight}px` }}
      onClick={(event) => (event.shiftKey ? store.chooseBaseline(own) : selected.set(own))}
    >
      {layout.columns.map((column, at) => (
        <div
          key={column.key}
          role="gridcell"
          aria-colindex={at + 1}
          class={cellClass(column)}
          title={OWN_TITLE.includes(column.key) ? undefined : text}
        >
          <Contents column={column} store={store} slice={slice} />
        </div>
      ))}
    </div>
  );
}
