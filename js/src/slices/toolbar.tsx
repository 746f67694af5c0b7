import { useCallback, useMemo } from "preact/hooks";
import { Combobox } from "../controls/combobox";
import { Field } from "../controls/field";
import { useUniqueId } from "../controls/hooks";
import { entriesOf, search } from "../controls/search";
import { SearchField } from "../controls/search_field";
import { Select } from "../controls/select";
import { Slider } from "../controls/slider";
import { thousands } from "../explorer/format";
import { indicesOf } from "../table/find";
import { Chips } from "./chips";
import { minCountStops, placeOf } from "./stops";
import type { Store } from "./store";
import { ThresholdFields } from "./threshold";

function MetricField({ store }: { store: Store }) {
  const id = useUniqueId();
  const metrics = store.traits.answer.value?.metrics ?? [];
  const choices = metrics.map(({ name, label }) => ({ value: name, label }));
  const { value } = store.traits.metric;
  return (
    <Field
      label="Metric"
      control={id}
      aside={<span title="What counts as positive">{store.decided.value}</span>}
      class="tfi-metric"
    >
      <Select id={id} value={value} choices={choices} onChoose={store.chooseMetric} />
    </Field>
  );
}

interface PickerProps {
  label: string;
  names: string[];
  /** What stands for no choice; null where one has to be made. */
  none: string | null;
  chosen: number | null;
  /** What is counted below the list. */
  noun: string;
  /** Positions of the names that match what was typed. */
  match: (names: string[], query: string) => number[];
  onChoose: (index: number | null) => void;
}

/** Classes are found by number too, best match first. */
const classesOf = (names: string[], query: string): number[] =>
  search(entriesOf(names, names.length), query).map(({ index }) => index);

/** A choice among many names, or of none. */
function Picker({ label, names, none, chosen, noun, match, onChoose }: PickerProps) {
  const id = useUniqueId();
  const find = useCallback(
    (query: string) => {
      const found = match(names, query).map((index) => ({ index, name: names[index], note: "" }));
      const all = query.trim() === "" && none !== null;
      return all ? [{ index: null, name: none, note: "" }, ...found] : found;
    },
    [names, none, match],
  );
  return (
    <Field label={label} control={id} class="tfi-picker">
      <Combobox
        id={id}
        label={label}
        text={chosen === null ? (none ?? "") : names[chosen]}
        note=""
        chosen={chosen}
        find={find}
        prompt={`one of the ${noun}`}
        count={(found) => `${thousands(found)} of ${thousands(names.length)} ${noun}`}
        onChoose={onChoose}
      />
    </Field>
  );
}

function ClassField({ store }: { store: Store }) {
  const { classes, classId } = store.traits;
  if (classes.value === null || !store.metric.value?.by_class) return null;
  return (
    <Picker
      label="Class"
      names={classes.value}
      none="all classes"
      chosen={classId.value}
      noun="classes"
      match={classesOf}
      onChoose={store.chooseClass}
    />
  );
}

function BaselineField({ store }: { store: Store }) {
  const { allows, baseline } = store.traits;
  const table = store.table.value;
  const chosen = baseline.value === null ? -1 : (table?.ids.indexOf(baseline.value) ?? -1);
  return (
    <Picker
      label="Difference from"
      names={table?.names ?? []}
      none={allows.value.rest ? "the rest of the data" : "nothing"}
      chosen={chosen < 0 ? null : chosen}
      noun="slices"
      match={indicesOf}
      onChoose={(index) => store.chooseBaseline(index === null ? null : store.idOf(index))}
    />
  );
}

function MinCountField({ store }: { store: Store }) {
  const { minCount } = store.settings;
  const largest = store.table.value?.largest ?? 0;
  const stops = useMemo(() => minCountStops(largest), [largest]);
  return (
    <Slider
      label="n ≥"
      title="Hides slices of fewer rows"
      value={placeOf(stops, minCount.value.value)}
      min={0}
      max={stops.length - 1}
      step={1}
      text={thousands(minCount.value.value)}
      onDrag={(place) => minCount.drag(stops[place])}
      onRelease={() => minCount.release()}
    />
  );
}

/** What is asked, above; by what it is sliced and which slices are shown, below. */
export function Toolbar({ store }: { store: Store }) {
  return (
    <div class="tfi-slices-head">
      <div class="tfi-ask">
        <MetricField store={store} />
        <ClassField store={store} />
        <ThresholdFields store={store} />
        <MinCountField store={store} />
        <BaselineField store={store} />
      </div>
      <div class="tfi-sift">
        <SearchField
          setting={store.settings.search}
          label="Search the slices"
          title="Slices whose name holds every word: features and values"
        />
        <Chips store={store} />
      </div>
    </div>
  );
}
