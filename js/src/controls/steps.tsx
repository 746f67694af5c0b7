import { useEffect, useState } from "preact/hooks";
import { Field } from "./field";
import { useCommit, useRelease, useUniqueId } from "./hooks";
import { fillStyle } from "./slider";
import { LAST, MOST_STEPS, parseSteps, positionOf, STOPS, stopAt, stopForKey } from "./stops";

interface Props {
  steps: number;
  computed: ReadonlySet<number>;
  onDrag: (steps: number) => void;
  onRelease: () => void;
}

function Ticks({ computed, steps }: Pick<Props, "computed" | "steps">) {
  return (
    <div class="tfi-ticks" aria-hidden="true">
      {STOPS.map((stop, k) => (
        <span
          key={stop}
          class={`${computed.has(stop) ? "tfi-computed" : ""} ${stop === steps ? "tfi-here" : ""}`}
          style={{ "--tfi-at": String(k / LAST) }}
        >
          {stop}
        </span>
      ))}
    </div>
  );
}

function announce(steps: number, computed: ReadonlySet<number>): string {
  return `${steps} steps${computed.has(steps) ? ", computed" : ""}`;
}

function StepsSlider({ id, steps, computed, onDrag, onRelease }: Props & { id: string }) {
  const release = useRelease(onRelease);
  const onKeyDown = (event: KeyboardEvent) => {
    const stop = stopForKey(event.key, steps);
    if (stop === null) return;
    event.preventDefault();
    release.onKeyDown();
    onDrag(stop);
  };
  const onInput = (event: { currentTarget: HTMLInputElement }) => {
    const stop = stopAt(event.currentTarget.valueAsNumber);
    event.currentTarget.value = String(positionOf(stop));
    onDrag(stop);
  };
  return (
    <div class="tfi-stops">
      <input
        id={id}
        type="range"
        class="tfi-range"
        style={fillStyle(positionOf(steps), 0, LAST)}
        min={0}
        max={LAST}
        step="any"
        value={positionOf(steps)}
        aria-valuetext={announce(steps, computed)}
        onInput={onInput}
        {...release}
        onKeyDown={onKeyDown}
      />
      <Ticks computed={computed} steps={steps} />
    </div>
  );
}

interface NumberProps extends Omit<Props, "computed"> {
  wrong: boolean;
  setWrong: (wrong: boolean) => void;
  message: string;
}

function StepsNumber({ steps, wrong, setWrong, message, onDrag, onRelease }: NumberProps) {
  // What is being typed stays, right or wrong, until it is taken or given up.
  const [text, setText] = useState<string | null>(null);
  const reset = () => {
    setText(null);
    setWrong(false);
  };
  // Whatever sets the steps ends the typing.
  useEffect(reset, [steps]);
  const commit = useCommit((text) => {
    const value = parseSteps(text);
    if (value === null) return setWrong(true);
    reset();
    onDrag(value);
    onRelease();
  }, reset);
  return (
    <input
      type="number"
      class="tfi-number"
      aria-label="Number of steps"
      aria-invalid={wrong}
      aria-errormessage={wrong ? message : undefined}
      min={1}
      max={MOST_STEPS}
      step={1}
      value={text ?? steps}
      onInput={(event) => setText(event.currentTarget.value)}
      {...commit}
    />
  );
}

/** The number of steps: a slider over the stops, and a field for any other whole number. */
export function Steps(props: Props) {
  const id = useUniqueId();
  const [wrong, setWrong] = useState(false);
  const aside = props.computed.size > 0 ? "marked stops are computed: free" : "";
  const message = (
    <span id={`${id}-error`} class="tfi-invalid" role="alert">
      A whole number from 1 to {MOST_STEPS}
    </span>
  );
  return (
    <Field label="Steps" control={id} aside={wrong ? message : aside} class="tfi-steps">
      <div class="tfi-steps-row">
        <StepsSlider {...props} id={id} />
        <StepsNumber {...props} wrong={wrong} setWrong={setWrong} message={`${id}-error`} />
      </div>
    </Field>
  );
}
