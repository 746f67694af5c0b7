import { Field } from "../controls/field";
import { useUniqueId } from "../controls/hooks";
import { Parameters } from "../controls/parameters";
import { Select } from "../controls/select";
import { Steps } from "../controls/steps";
import type { MethodInfo, Parameter } from "../wire/traits";
import { nameOf } from "./naming";
import type { Store } from "./store";
import { TargetField } from "./target";

/** A lone choice has room beside the method's name, where the steps take the rest of the row. */
const fitsBeside = ({ has_steps, parameters }: MethodInfo): boolean =>
  has_steps && parameters.length === 1 && parameters[0].kind === "choice";

function MethodParameters({ store, parameters }: { store: Store; parameters: Parameter[] }) {
  const map = store.stale.value ? null : store.shown.value;
  return (
    <Parameters
      parameters={parameters}
      values={store.traits.parameters.value}
      resolved={{ rule: map?.rule ?? null, layer: map?.layer ?? null }}
      layers={store.traits.layers.value}
      onChoose={store.chooseParameter}
    />
  );
}

function MethodField({ store }: { store: Store }) {
  const id = useUniqueId();
  const { traits, method } = store;
  const chosen = method.value;
  const beside = chosen !== null && fitsBeside(chosen) && (
    <MethodParameters store={store} parameters={chosen.parameters} />
  );
  const choices = traits.methods.value.map(({ name, label, family, summary, note }) => ({
    value: name,
    label,
    group: family,
    title: `${summary} ${note}`,
  }));
  return (
    <Field label="Method" control={id} aside={beside} class="tfi-method">
      <Select
        id={id}
        value={nameOf(traits.method.value)}
        choices={choices}
        title={chosen?.summary}
        onChoose={store.chooseMethod}
      />
    </Field>
  );
}

function BaselineField({ store }: { store: Store }) {
  const id = useUniqueId();
  const { baseline, baselines } = store.traits;
  return (
    <Field label="Baseline" control={id} class="tfi-baseline">
      <Select
        id={id}
        value={nameOf(baseline.value)}
        choices={baselines.value.map(({ name, label }) => ({ value: name, label }))}
        onChoose={store.chooseBaseline}
      />
    </Field>
  );
}

function StepsField({ store }: { store: Store }) {
  const { steps } = store.settings;
  return (
    <Steps
      steps={steps.value.value}
      computed={store.answers.computed.value}
      onDrag={(value) => steps.drag(value)}
      onRelease={() => steps.release()}
    />
  );
}

/** What is asked of the model: of steps, baseline and parameters what the method has. */
export function Header({ store }: { store: Store }) {
  const method = store.method.value;
  const others = method === null || fitsBeside(method) ? [] : method.parameters;
  const has = { steps: method?.has_steps ?? true, baseline: method?.has_baseline ?? true };
  const without = [
    has.steps ? "" : "tfi-without-steps",
    has.baseline ? "" : "tfi-without-baseline",
    others.length > 0 ? "" : "tfi-without-parameters",
  ];
  return (
    <div class={`tfi-header ${without.join(" ")}`}>
      <MethodField store={store} />
      <TargetField store={store} />
      {has.baseline && <BaselineField store={store} />}
      {has.steps && <StepsField store={store} />}
      {others.length > 0 && (
        <div class="tfi-parameters">
          <MethodParameters store={store} parameters={others} />
        </div>
      )}
    </div>
  );
}
