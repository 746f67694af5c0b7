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

function Mark({ text, title }: { text: string; title: string }) {
  return (
    <span class="tfi-name-mark" title={title}>
      {text}{" "}
    </span>
  );
}

/** A slice by its features and values, which names.ts has as text. */
export function Name({ store, slice }: CellProps) {
  const key = store.table.value?.keys[slice] ?? [];
  const { isBaseline, found } = store.shownOf(slice);
  const marks = (
    <>
      {found !== null && found.like !== null && (
        <Mark text={ALIKE} title="Nearly the same rows as the slice above" />
      )}
      {isBaseline && <Mark text={BASELINE} title="Others are compared with it" />}
    </>
  );
  return (
    <>
      {key.length === 0 && (
        <span class="tfi-part">
          {marks}
          <b>all</b>
        </span>
      )}
      {key.map(([feature, value], k) => (
        <span key={feature} class="tfi-part">
          {k === 0 && marks}
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
