import { useRef } from "preact/hooks";
import { Field } from "../controls/field";
import { useUniqueId } from "../controls/hooks";
import { Select } from "../controls/select";
import { Slider } from "../controls/slider";
import type { Store } from "./store";
import { thresholdText } from "./words";

const STEP = 100;
const MIDDLE = 0.5;

interface RuleProps {
  store: Store;
  /** To which it goes back from the most probable class. */
  score: number;
}

/** Of several classes: whether the most probable one is predicted, or each above a score. */
function RuleField({ store, score }: RuleProps) {
  const id = useUniqueId();
  const { threshold } = store.settings;
  const rules = store.traits.rules.value;
  if (rules.length === 0) return null;
  const value = typeof threshold.value.value === "number" ? "score" : "argmax";
  return (
    <Field label="Decide by" control={id} class="tfi-rule">
      <Select
        id={id}
        value={value}
        choices={rules}
        onChoose={(rule) => threshold.set(rule === "argmax" ? rule : score)}
      />
    </Field>
  );
}

function ScoreField({ store, score }: RuleProps) {
  const { threshold } = store.settings;
  const metric = store.metric.value;
  const rests = metric === null || metric.thresholded;
  return (
    <Slider
      label="Threshold"
      title={rests ? "Positive is a score above it" : `${metric.label} does not depend on it`}
      value={score}
      min={0}
      max={1}
      step={1 / STEP}
      text={thresholdText(score)}
      // As the stops are: 0.29 of the thumb is 29/100.
      onDrag={(at) => threshold.drag(Math.round(STEP * at) / STEP)}
      onRelease={() => threshold.release()}
    />
  );
}

/** What counts as positive. */
export function ThresholdFields({ store }: { store: Store }) {
  const { value } = store.settings.threshold.value;
  const { allows, curves } = store.traits;
  const score = useRef(MIDDLE);
  if (typeof value === "number") score.current = value;
  const metric = store.metric.value;
  // Of numbers nothing depends on it, nor what each class's own metric says of several classes.
  const counts = metric === null || metric.thresholded || curves.value !== null;
  if (!allows.value.threshold || !counts) return null;
  return (
    <>
      <RuleField store={store} score={score.current} />
      {typeof value === "number" && <ScoreField store={store} score={value} />}
    </>
  );
}
