import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { Combobox } from "../controls/combobox";
import { thousands } from "../explorer/format";
import { indicesOf } from "../table/find";
import type { Feature } from "../wire/slices";
import type { Store } from "./store";

const TIMES = " × ";

const isSame = (one: string[], other: string[]): boolean => one.join("\0") === other.join("\0");

/** What can be added: each feature and each pair, features in the order of their names. */
export function combinations(features: Feature[], by: string[][]): Feature[][] {
  const sorted = [...features].sort((a, b) => (a.name < b.name ? -1 : 1));
  const singles = features.map((feature) => [feature]);
  const pairs = sorted.flatMap((one, k) => sorted.slice(k + 1).map((other) => [one, other]));
  const isNew = (each: Feature[]) =>
    !by.some((taken) =>
      isSame(
        taken,
        each.map(({ name }) => name),
      ),
    );
  return [...singles, ...pairs].filter(isNew);
}

const namesOf = (combination: Feature[]): string[] => combination.map(({ name }) => name);

/** How many slices it makes: at most, for a pair. */
function noteOf(combination: Feature[]): string {
  const [{ kind, levels }] = combination;
  if (combination.length === 1) return `${levels} ${kind === "bins" ? "bins" : "values"}`;
  const product = combination.reduce((slices, feature) => slices * feature.levels, 1);
  return `≤ ${thousands(product)} slices`;
}

interface AddProps {
  store: Store;
  onClose: (byKey: boolean) => void;
}

function Add({ store, onClose }: AddProps) {
  const { features, by } = store.traits;
  const offered = useMemo(() => combinations(features.value, by.value), [features.value, by.value]);
  const names = useMemo(() => offered.map((each) => namesOf(each).join(TIMES)), [offered]);
  const find = useCallback(
    (query: string) =>
      indicesOf(names, query).map((index) => ({
        index,
        name: names[index],
        note: noteOf(offered[index]),
      })),
    [names, offered],
  );
  return (
    <Combobox
      label="Feature, or pair of features, to slice by"
      text=""
      note=""
      chosen={null}
      find={find}
      count={(found) => `${found} of ${offered.length} features and pairs`}
      prompt="feature or pair"
      autoFocus
      onChoose={(index) => {
        if (index !== null) store.sliceBy([...by.peek(), namesOf(offered[index])]);
        onClose(true);
      }}
      onLeave={onClose}
    />
  );
}

interface ChipProps {
  store: Store;
  names: string[];
  onRemove: () => void;
}

function Chip({ store, names, onRemove }: ChipProps) {
  const { by, allows } = store.traits;
  const remove = () => {
    store.sliceBy(by.peek().filter((each) => !isSame(each, names)));
    onRemove();
  };
  const text = names.join(TIMES);
  return (
    <span class="tfi-chip">
      {text}
      {allows.value.slicing && (
        <button type="button" aria-label={`Do not slice by ${text}`} onClick={remove}>
          ×
        </button>
      )}
    </span>
  );
}

const MOST_CHIPS = 8;

/** By what is sliced, and a way to slice by more. */
export function Chips({ store }: { store: Store }) {
  const [adding, setAdding] = useState(false);
  const [all, setAll] = useState(false);
  const by = store.traits.by.value;
  const shown = all || by.length <= MOST_CHIPS ? by : by.slice(0, MOST_CHIPS - 2);
  const opener = useRef<HTMLButtonElement>(null);
  // What had the focus goes, and must not take it along.
  const refocus = () => requestAnimationFrame(() => opener.current?.focus());
  const close = (byKey: boolean) => {
    setAdding(false);
    if (byKey) refocus();
  };
  return (
    <fieldset class="tfi-chips" aria-label="Slice by">
      <span class="tfi-muted" aria-hidden="true">
        by
      </span>
      {shown.map((names) => (
        <Chip key={names.join(TIMES)} store={store} names={names} onRemove={refocus} />
      ))}
      {shown.length < by.length && (
        <button type="button" class="tfi-link" onClick={() => setAll(true)}>
          {by.length - shown.length} more
        </button>
      )}
      {store.traits.allows.value.slicing &&
        (adding ? (
          <Add store={store} onClose={close} />
        ) : (
          <button ref={opener} type="button" class="tfi-add" onClick={() => setAdding(true)}>
            + slice by
          </button>
        ))}
    </fieldset>
  );
}
