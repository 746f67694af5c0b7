import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { Combobox } from "../controls/combobox";
import { Field } from "../controls/field";
import { useUniqueId } from "../controls/hooks";
import type { Option } from "../controls/options";
import { type Entry, entriesOf, search } from "../controls/search";
import type { Prediction } from "../wire/traits";
import { probability, thousands } from "./format";
import { className, firstOf, probabilityOf, secondOf } from "./naming";
import type { Store } from "./store";

const NONE = { top: [], target: [] };

/** Predictions, where they are of the photograph on display. */
export function currentPredictions(store: Store): { top: Prediction[]; target: Prediction[] } {
  const predictions = store.traits.predictions.value;
  const image = store.traits.image.value;
  const current = predictions !== null && predictions.image_index === image?.index;
  return current ? predictions : NONE;
}

function noteOf(index: number, known: Prediction[]): string {
  const part = probabilityOf(known, index);
  return part === null ? String(index) : `${index} · ${probability(part)} %`;
}

/** Puts the likely classes first: the search keeps this order among those that match alike. */
function likelyFirst(entries: Entry[], top: Prediction[]): Entry[] {
  const likely = new Set(top.map(({ index }) => index));
  const first = top.map(({ index }) => entries[index]).filter((entry) => entry !== undefined);
  return [...first, ...entries.filter(({ index }) => !likely.has(index))];
}

/** What to list for a query. */
function useOptions(store: Store, withTop: boolean) {
  const names = store.traits.classNames.value;
  const count = store.traits.classCount.value;
  const { top } = currentPredictions(store);
  const entries = useMemo(() => likelyFirst(entriesOf(names, count), top), [names, count, top]);
  return useCallback(
    (query: string): Option[] => {
      const option = (index: number, name: string) => ({ index, name, note: noteOf(index, top) });
      const found = search(entries, query).map(({ index, name }) => option(index, name));
      const asksAll = withTop && query.trim() === "";
      return asksAll
        ? [{ index: null, name: "Top class", note: "whichever it is" }, ...found]
        : found;
    },
    [entries, top, withTop],
  );
}

interface BoxProps {
  store: Store;
  id?: string;
  label: string;
  /** The class, or null for "the top class" where `withTop`, else for "not chosen yet". */
  index: number | null;
  withTop: boolean;
  autoFocus?: boolean;
  onChoose: (index: number | null) => void;
  onLeave?: (byKey: boolean) => void;
}

function ClassBox({ store, index, withTop, ...rest }: BoxProps) {
  const find = useOptions(store, withTop);
  const count = store.traits.classCount.value;
  const { top, target } = currentPredictions(store);
  const resolved = index ?? (withTop ? (target[0]?.index ?? top[0]?.index ?? null) : null);
  const empty = withTop ? "Top class" : "";
  const text = resolved === null ? empty : className(store.traits.classNames.value, resolved);
  const note = resolved === null ? "" : noteOf(resolved, [...target, ...top]);
  return (
    <Combobox
      {...rest}
      text={text}
      note={index === null && resolved !== null ? `top · ${note}` : note}
      chosen={index}
      find={find}
      count={(found) => `${thousands(found)} of ${thousands(count)} classes`}
      placeholder="Class to compare with"
    />
  );
}

/** The class that a contrast starts from: what is explained now. */
function explained(store: Store): number | null {
  const target = store.traits.target.peek();
  const first = firstOf(target);
  if (first !== null) return first;
  const { top, target: own } = currentPredictions(store);
  return own[0]?.index ?? top[0]?.index ?? null;
}

/** What is explained: a class, the top class, or one class minus another. */
export function TargetField({ store }: { store: Store }) {
  const id = useUniqueId();
  const toggle = useRef<HTMLButtonElement>(null);
  const [adding, setAdding] = useState(false);
  const target = store.traits.target.value;
  const second = secondOf(target);
  const contrast = adding || second !== null;

  const chooseFirst = (index: number | null) => {
    const pair = second !== null && index !== null;
    store.chooseTarget(pair ? [index, second] : index);
  };
  const chooseSecond = (index: number | null) => {
    const first = explained(store);
    setAdding(false);
    if (first !== null && index !== null) store.chooseTarget([first, index]);
  };
  const leaveSecond = (byKey: boolean) => {
    // The box goes, and must not take the focus with it.
    if (byKey && second === null) toggle.current?.focus();
    setAdding(false);
  };
  const clear = () => {
    setAdding(false);
    store.chooseTarget(firstOf(target));
  };
  const aside = (
    <button
      ref={toggle}
      type="button"
      class="tfi-link"
      onClick={contrast ? clear : () => setAdding(true)}
    >
      {contrast ? "× one class only" : "vs another class"}
    </button>
  );
  return (
    <Field
      label={contrast ? "Contrast" : "Target class"}
      control={id}
      aside={aside}
      class="tfi-target"
    >
      <div class={`tfi-target-row ${contrast ? "tfi-contrast" : ""}`}>
        <ClassBox
          store={store}
          id={id}
          label="Target class"
          index={firstOf(target)}
          withTop
          onChoose={chooseFirst}
        />
        {contrast && (
          <>
            <span class="tfi-minus" title="minus">
              −
            </span>
            <ClassBox
              store={store}
              label="Class to subtract"
              index={second}
              withTop={false}
              autoFocus={second === null}
              onChoose={chooseSecond}
              onLeave={leaveSecond}
            />
          </>
        )}
      </div>
    </Field>
  );
}
