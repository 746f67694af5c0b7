import { Field } from "../controls/field";
import { useUniqueId } from "../controls/hooks";
import { Parameters } from "../controls/parameters";
import { Select } from "../controls/select";
import { Steps } from "../controls/steps";
import { nameOf } from "./naming";
import type { Store } from "./store";
import { TargetField } from "./target";

const choicesOf = (entries: { name: string; label: string }[]) =>
  entries.map(({ name, label }) => ({ value: name, label }));

function MethodField({ store }: { store: Store }) {
  const id = useUniqueId();
  const { traits, method } = store;
  const parameters = (
    <Parameters
      parameters={method.value?.parameters ?? []}
      values={traits.parameters.value}
      resolved={{ rule: store.stale.value ? null : (store.shown.value?.rule ?? null) }}
      onChoose={store.chooseParameter}
    />
  );
  return (
    <Field label="Method" control={id} aside={parameters} class="tfi-method">
      <Select
        id={id}
        value={nameOf(traits.method.value)}
        choices={choicesOf(traits.methods.value)}
        title={method.value?.summary}
        onChoose={store.chooseMethod}
      />
    </Field>
  );
}

function BaselineField({ store }: { store: Store }) {
  const id = useUniqueId();
  const { traits, method } = store;
  const none = method.value?.has_baseline === false;
  const reason = `${method.value?.label} has no baseline`;
  return (
    <Field label="Baseline" control={id} aside={none ? "none" : ""} class="tfi-baseline">
      <Select
        id={id}
        value={nameOf(traits.baseline.value)}
        choices={choicesOf(traits.baselines.value)}
        disabled={none}
        title={none ? reason : undefined}
        onChoose={store.chooseBaseline}
      />
    </Field>
  );
}

function StepsField({ store }: { store: Store }) {
  const { steps } = store.settings;
  const none = store.method.value?.has_steps === false;
  return (
    <Steps
      steps={steps.value.value}
      computed={store.answers.computed.value}
      reason={none ? `${store.method.value?.label} takes no steps` : null}
      onDrag={(value) => steps.drag(value)}
      onRelease={() => steps.release()}
    />
  );
}

/** What is asked of the model. */
export function Header({ store }: { store: Store }) {
  return (
    <div class="tfi-header">
      <MethodField store={store} />
      <TargetField store={store} />
      <BaselineField store={store} />
      <StepsField store={store} />
    </div>
  );
}
