import { thousands } from "../explorer/format";
import { MISSING } from "./answer";
import type { CellProps } from "./cells";
import { ALIKE, alikeText, BASELINE } from "./names";

/** Shows and hides slices that are nearly the same as one that was found. */
function Alike({ store, slice, count }: CellProps & { count: number }) {
  const id = store.idOf(slice) ?? "";
  const isFolded = !store.found.unfolded.value.has(id);
  return (
    <button
      type="button"
      class="tfi-part tfi-link"
      tabIndex={-1}
      aria-expanded={!isFolded}
      title="Slices of nearly the same rows, less sure; → and ← show and hide them"
      onClick={(event) => {
        event.stopPropagation();
        store.found.fold(id, !isFolded);
      }}
    >
      {alikeText(count, isFolded)}
    </button>
  );
}

/** A slice by its features and values, which names.ts has as text. */
export function Name({ store, slice }: CellProps) {
  const key = store.table.value?.keys[slice] ?? [];
  const { isBaseline, found } = store.shownOf(slice);
  return (
    <>
      {found !== null && found.like !== null && (
        <span class="tfi-part tfi-muted" title="Nearly the same rows as the slice above">
          {ALIKE}
        </span>
      )}
      {isBaseline && (
        <span class="tfi-part tfi-baseline" title="Others are compared with it">
          {BASELINE}
        </span>
      )}
      {key.length === 0 && <b class="tfi-part">all</b>}
      {key.map(([feature, value]) => (
        <span key={feature} class="tfi-part">
          <bdi class="tfi-feature">{feature}</bdi>{" "}
          <span class="tfi-level">{value ?? <em>{MISSING}</em>}</span>
        </span>
      ))}
      {found !== null && found.alike.length > 0 && (
        <Alike store={store} slice={slice} count={found.alike.length} />
      )}
    </>
  );
}

/** The number of rows where it has no column. */
export function CountBelow({ store, slice }: CellProps) {
  return (
    <span class="tfi-part tfi-muted">n {thousands(store.table.value?.counts[slice] ?? 0)}</span>
  );
}
