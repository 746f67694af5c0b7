import { useCommit } from "../controls/hooks";
import { SearchField } from "../controls/search_field";
import { thousands } from "../explorer/format";
import { isClassifier } from "./columns";
import type { Store } from "./store";

function WrongOnly({ store }: { store: Store }) {
  const { labels, predicted, classNames } = store.data.value;
  if (labels === null || classNames === null) return null;
  return (
    <label class="tfi-check">
      <input
        type="checkbox"
        checked={store.wrongOnly.value}
        disabled={predicted === null}
        onChange={(event) => store.chooseWrongOnly(event.currentTarget.checked)}
      />
      wrong only
    </label>
  );
}

function Limit({ store, end, label }: { store: Store; end: 0 | 1; label: string }) {
  const { confidence } = store.settings;
  const change = (text: string, field: HTMLInputElement) => {
    const limits: [number, number] = [...confidence.value.value];
    const value = Number(text) / 100;
    limits[end] = value;
    const fits = text !== "" && limits[0] <= limits[1] && value >= 0 && value <= 1;
    if (fits) confidence.set(limits);
    else field.value = String(Math.round(100 * confidence.value.value[end]));
  };
  return (
    <input
      type="number"
      class="tfi-text tfi-limit"
      min={0}
      max={100}
      step={5}
      aria-label={label}
      value={Math.round(100 * confidence.value.value[end])}
      {...useCommit(change)}
    />
  );
}

function Confidence({ store }: { store: Store }) {
  const data = store.data.value;
  if (!isClassifier(data)) return null;
  return (
    <span class="tfi-limits">
      confidence
      <Limit store={store} end={0} label="Smallest confidence, in per cent" />–
      <Limit store={store} end={1} label="Largest confidence, in per cent" />%
    </span>
  );
}

function countText(store: Store): string {
  const [shown, sent, total] = [store.rows.value.length, store.count.value, store.total.value];
  const rows = `${thousands(shown)} of ${thousands(sent)} rows`;
  return sent === total ? rows : `${rows}, the first of ${thousands(total)}`;
}

export function Toolbar({ store }: { store: Store }) {
  return (
    <div class="tfi-tools">
      <SearchField
        setting={store.settings.search}
        label="Search the rows"
        title="Rows that hold every word, each in some column"
      />
      <WrongOnly store={store} />
      <Confidence store={store} />
      <span class="tfi-count" role="status">
        {countText(store)}
      </span>
    </div>
  );
}
