// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot have rows that are left out
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid, or a button within, has the focus

import type { Column } from "./columns";
import type { Store } from "./store";

const DIRECTIONS = { ArrowLeft: -1, ArrowRight: 1 } as const;

/** One stop for Tab, the arrow keys lead from one heading to the next. */
export function moveOn(event: KeyboardEvent): void {
  const step = DIRECTIONS[event.key as keyof typeof DIRECTIONS];
  if (step === undefined) return;
  const own = event.currentTarget as HTMLElement;
  const buttons = Array.from(own.closest(".tfi-grid-head")?.querySelectorAll("button") ?? []);
  const next = buttons[buttons.indexOf(event.target as HTMLButtonElement) + step];
  if (next === undefined) return;
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
  event.preventDefault();
}

function Heading({ store, column, at }: { store: Store; column: Column; at: number }) {
  const own = store.sortBy.value === column.key;
  const direction = store.descending.value ? "descending" : "ascending";
  const arrow = store.descending.value ? "↓" : "↑";
  return (
    <div
      role="columnheader"
      aria-colindex={at + 1}
      aria-sort={own ? direction : "none"}
      class={`tfi-cell ${column.numeric ? "tfi-numeric" : ""}`}
      style={{ width: `${store.widths.value[at]}px` }}
    >
      <button
        type="button"
        tabIndex={at === 0 ? 0 : -1}
        title={`Sort by ${column.label}`}
        onClick={() => store.sort(column.key)}
      >
        {column.label}
        <span aria-hidden="true">{own ? arrow : ""}</span>
      </button>
    </div>
  );
}

export function HeadRow({ store, width }: { store: Store; width: string }) {
  return (
    <div class="tfi-grid-head" role="row" aria-rowindex={1} style={{ width }} onKeyDown={moveOn}>
      {store.columns.value.map((column, at) => (
        <Heading key={column.key} store={store} column={column} at={at} />
      ))}
    </div>
  );
}
