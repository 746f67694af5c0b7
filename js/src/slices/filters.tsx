import type { Store } from "./store";
import { fixed } from "./words";

/** What narrows the list beside the controls above: a brushed histogram, or a search for the worst. */
export function Filters({ store }: { store: Store }) {
  const { brush, findings } = store.traits;
  const decimals = store.decimals.value;
  const found = findings.value;
  const { only } = store.found;
  return (
    <>
      {found !== null && (
        <p class="tfi-found">
          <span>{found.summary}</span>
          {found.items.length > 0 && (
            <button
              type="button"
              class="tfi-link"
              onClick={() => {
                only.value = !only.value;
              }}
            >
              {only.value ? "show all slices" : `show only the ${found.items.length} found`}
            </button>
          )}
        </p>
      )}
      {brush.value !== null && (
        <p class="tfi-found">
          <span>
            {store.metric.value?.label} from {fixed(brush.value[0], decimals)} to{" "}
            {fixed(brush.value[1], decimals)}
          </span>
          <button type="button" class="tfi-link" onClick={store.clearBrush}>
            show all values
          </button>
        </p>
      )}
    </>
  );
}
