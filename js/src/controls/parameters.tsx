import type { Parameter, Scalar } from "../wire/traits";
import { useCommit } from "./hooks";
import { Select } from "./select";

interface Props {
  parameters: Parameter[];
  values: Record<string, Scalar>;
  /** What "auto" came to, by parameter; null where that is not known. */
  resolved: Record<string, string | null>;
  onChoose: (name: string, value: Scalar) => void;
}

const AUTO = "auto";

/** The number in a field, held within what the parameter allows; null where it is none. */
export function parseParameter({ kind, min, max }: Parameter, text: string): number | null {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return null;
  if (kind === "int" && !Number.isInteger(value)) return null;
  return Math.min(max ?? value, Math.max(min ?? value, value));
}

function NumberParameter({ parameter, value, onChoose }: OneProps) {
  const commit = useCommit((text, field) => {
    const chosen = parseParameter(parameter, text) ?? value;
    field.value = String(chosen);
    onChoose(parameter.name, chosen);
  });
  return (
    <input
      type="number"
      aria-label={parameter.label}
      min={parameter.min}
      max={parameter.max}
      step={parameter.kind === "int" ? 1 : "any"}
      value={String(value)}
      {...commit}
    />
  );
}

interface OneProps {
  parameter: Parameter;
  value: Scalar;
  resolved: string | null;
  onChoose: Props["onChoose"];
}

function ChoiceParameter({ parameter, value, resolved, onChoose }: OneProps) {
  const isAuto = value === AUTO && resolved !== null;
  const labelOf = (choice: string) => (choice === AUTO && isAuto ? `${AUTO}: ${resolved}` : choice);
  const choices = (parameter.choices ?? []).map((value) => ({ value, label: labelOf(value) }));
  return (
    <Select
      label={parameter.label}
      value={String(value)}
      choices={choices}
      onChoose={(choice) => onChoose(parameter.name, choice)}
    />
  );
}

/** What a method takes beside steps and baseline, as small controls beside its name. */
export function Parameters({ parameters, values, resolved, onChoose }: Props) {
  return (
    <span class="tfi-parameters">
      {parameters.map((parameter) => {
        const One = parameter.kind === "choice" ? ChoiceParameter : NumberParameter;
        const value = values[parameter.name] ?? parameter.default;
        return (
          <span class="tfi-parameter" key={parameter.name}>
            <span aria-hidden="true">{parameter.label.toLowerCase()}</span>
            <One
              parameter={parameter}
              value={value}
              resolved={resolved[parameter.name] ?? null}
              onChoose={onChoose}
            />
          </span>
        );
      })}
    </span>
  );
}
