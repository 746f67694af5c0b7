import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { Combobox } from "../controls/combobox";
import { thousands } from "../explorer/format";
import { indicesOf } from "../table/find";
import type { Combination, Feature } from "../wire/slices";
import { MISSING } from "./answer";
import type { Store } from "./store";

const TIMES = " × ";

const isSame = (one: Combination, other: Combination): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** "age × housing", or of a single slice "age: [25, 40) × housing: rent". */
const textOf = (combination: Combination): string =>
  combination
    .map((each) => (typeof each === "string" ? each : `${each[0]}: ${each[1] ?? MISSING}`))
    .join(TIMES);

/** What can be added: each feature and each pair, features in the order of their names. */
export function combinations(features: Feature[], taken: Combination[]): Feature[][] {
  const sorted = [...features].sort((a, b) => (a.name < b.name ? -1 : 1));
  const singles = features.map((feature) => [feature]);
  const pairs = sorted.flatMap((one, k) => sorted.slice(k + 1).map((other) => [one, other]));
  const isNew = (each: Feature[]) =>
    !taken.some((one) =>
      isSame(
        one,
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
  const { features, slices } = store.traits;
  const offered = useMemo(
    () => combinations(features.value, slices.value),
    [features.value, slices.value],
  );
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
        if (index !== null) store.sliceBy([...slices.peek(), namesOf(offered[index])]);
        onClose(true);
      }}
      onLeave={onClose}
    />
  );
}

interface ChipProps {
  store: Store;
  combination: Combination;
  onRemove: () => void;
}

function Chip({ store, combination, onRemove }: ChipProps) {
  const { slices, allows } = store.traits;
  const remove = () => {
    store.sliceBy(slices.peek().filter((each) => !isSame(each, combination)));
    onRemove();
  };
  const text = textOf(combination);
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
  const slices = store.traits.slices.value;
  const shown = all || slices.length <= MOST_CHIPS ? slices : slices.slice(0, MOST_CHIPS - 2);
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
      {shown.map((each) => (
        <Chip key={textOf(each)} store={store} combination={each} onRemove={refocus} />
      ))}
      {shown.length < slices.length && (
        <button type="button" class="tfi-link" onClick={() => setAll(true)}>
          {slices.length - shown.length} more
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
