import { Progress } from "../controls/progress";
import { thousands } from "../explorer/format";
import { csvOf, download } from "./csv";
import type { Store } from "./store";

function countText(store: Store): string {
  const table = store.table.value;
  if (table === null) return "";
  const whole = Number(table.whole >= 0);
  const shown = store.rows.value.length - whole;
  return `${thousands(shown)} of ${thousands(table.ids.length - whole)} slices`;
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
