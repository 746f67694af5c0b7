import { Progress } from "../controls/progress";
import { thousands } from "../explorer/format";
import { baselineText } from "./columns";
import { csvOf, download } from "./csv";
import type { Store } from "./store";
import { comparedText, fixed, percent } from "./words";

function countText(store: Store): string {
  const table = store.table.value;
  if (table === null) return "";
  const whole = Number(table.whole >= 0);
  const shown = store.rows.value.length - whole;
  return `${thousands(shown)} of ${thousands(table.ids.length - whole)} slices`;
}

/** How many slices have a value that a person may take for different. */
function comparedCount(store: Store): number {
  const value = store.main.value?.value ?? [];
  return store.large.value.filter((slice) => !Number.isNaN(value[slice])).length;
}

function hiddenText(store: Store): string[] {
  const table = store.table.value;
  const { left_out: leftOut } = store.traits.notes.value;
  if (table === null) return [];
  const all = table.ids.length - Number(table.whole >= 0);
  const hidden = all - store.large.value.length;
  const bound = store.settings.minCount.value.value;
  const texts = hidden > 0 ? [`${thousands(hidden)} hidden: n < ${thousands(bound)}`] : [];
  return [...texts, leftOut];
}

function greyText(store: Store): string[] {
  const { small } = store.traits.notes.value;
  return store.rows.value.some(store.isSmall) ? [`grey: n < ${thousands(small)}`] : [];
}

/** What colours mean: of which model, or worse or better. */
function Legend({ store }: { store: Store }) {
  const [first, second] = store.traits.models.value;
  if (second !== undefined) {
    return (
      <span class="tfi-legend">
        <i class="tfi-key tfi-first" /> {first} <i class="tfi-key tfi-second" /> {second}
      </span>
    );
  }
  const { low } = store.difference.value ?? {};
  const tells = low !== undefined && Array.from(low).some((end) => !Number.isNaN(end));
  if (!tells || (store.metric.value?.greater_is_better ?? null) === null) return null;
  return (
    <span class="tfi-legend">
      <i class="tfi-key tfi-worse" /> worse <i class="tfi-key tfi-better" /> better than{" "}
      {baselineText(store)}, at {percent(store.traits.notes.value.level)}
    </span>
  );
}

/** What is hidden, greyed and coloured, and how many slices chance has been given. */
export function Notes({ store }: { store: Store }) {
  const { notes } = store.traits;
  const hasIntervals = (store.metric.value?.interval ?? "") !== "";
  if (store.table.value === null) return null;
  // What a search has picked out of many is not for this rule of thumb; the search says its own.
  const compared = store.found.only.value
    ? ""
    : comparedText(comparedCount(store), notes.value, hasIntervals);
  const said = [compared, ...hiddenText(store), ...greyText(store), notes.value.source];
  return (
    <div class="tfi-notes">
      <p>{said.filter(Boolean).join(" · ")}</p>
      <Legend store={store} />
    </div>
  );
}

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

function save(store: Store): void {
  const [table, answer] = [store.table.peek(), store.traits.answer.peek()];
  if (table === null || answer === null) return;
  const slices = Array.from(store.rows.peek());
  download("slices.csv", csvOf(table, answer, store.traits.models.peek(), slices));
}

const EXAMPLES =
  "Click a slice to list its rows, wrong ones first; Shift-click or B compares with it.";
const COMPARE = "Shift-click a slice, or B, compares with it.";

/** How many slices, how the answer goes, and what can be had of it. */
export function Footer({ store }: { store: Store }) {
  const { status, allows } = store.traits;
  const { state } = status.value;
  return (
    <div class="tfi-footer">
      <span class="tfi-count" role="status">
        {countText(store)}
      </span>
      {(state === "done" || state === "idle") && (
        <p class="tfi-hint">{allows.value.examples ? EXAMPLES : COMPARE}</p>
      )}
      <div class="tfi-progress">
        <Progress
          status={status.value}
          cost={null}
          silent={store.silent.value}
          onCancel={store.cancel}
          onRetry={store.retry}
        />
      </div>
      <div class="tfi-actions">
        {allows.value.finding && (
          <button
            type="button"
            class="tfi-button"
            disabled={state === "running"}
            title="Looks through all combinations of up to three features"
            onClick={store.find}
          >
            Find the worst
          </button>
        )}
        <button
          type="button"
          class="tfi-button"
          disabled={!store.settled.value}
          title="Saves the slices on view, with every metric"
          onClick={() => save(store)}
        >
          Download CSV
        </button>
      </div>
    </div>
  );
}
