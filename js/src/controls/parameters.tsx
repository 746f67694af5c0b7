import type { LayerInfo, Parameter, Scalar } from "../wire/traits";
import { useNumber } from "./hooks";
import { type Choice, Select } from "./select";

interface Shared {
  /** The model's layers, for parameters that name one. */
  layers: LayerInfo[];
  onChoose: (name: string, value: Scalar) => void;
}

interface Props extends Shared {
  parameters: Parameter[];
  values: Record<string, Scalar>;
  /** What "auto" came to, by parameter; null where that is not known. */
  resolved: Record<string, string | null>;
}

interface OneProps extends Shared {
  parameter: Parameter;
  value: Scalar;
  resolved: string | null;
}

const AUTO = "auto";
/** In a menu, for null: the method chooses. */
const UNNAMED = "";
const DIGITS = { least: 3, most: 5 };

/** The number in a field, held within what the parameter allows; null where it is none. */
export function parseParameter({ kind, min, max }: Parameter, text: string): number | null {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return null;
  if (kind === "int" && !Number.isInteger(value)) return null;
  return Math.min(max ?? value, Math.max(min ?? value, value));
}

function NumberParameter({ parameter, value, onChoose }: OneProps) {
  const typing = useNumber((text, field) => {
    const chosen = parseParameter(parameter, text) ?? value;
    field.value = String(chosen);
    onChoose(parameter.name, chosen);
  });
  const isInt = parameter.kind === "int";
  const digits = isInt ? String(parameter.max ?? value).length : DIGITS.most;
  return (
    <input
      type="number"
      aria-label={parameter.label}
      min={parameter.min}
      max={parameter.max}
      step={isInt ? 1 : "any"}
      style={{ "--tfi-digits": String(Math.max(DIGITS.least, Math.min(DIGITS.most, digits))) }}
      value={String(value)}
      {...typing}
    />
  );
}

function BoolParameter({ parameter, value, onChoose }: OneProps) {
  return (
    <input
      type="checkbox"
      aria-label={parameter.label}
      checked={value === true}
      onChange={(event) => onChoose(parameter.name, event.currentTarget.checked)}
    />
  );
}

const autoLabel = (resolved: string | null): string =>
  resolved === null ? AUTO : `${AUTO}: ${resolved}`;

function ChoiceParameter({ parameter, value, resolved, onChoose }: OneProps) {
  const found = value === AUTO ? resolved : null;
  const choices = (parameter.choices ?? []).map((choice) => ({
    value: choice,
    label: choice === AUTO ? autoLabel(found) : choice,
  }));
  return (
    <Select
      label={parameter.label}
      value={String(value)}
      choices={choices}
      onChoose={(choice) => onChoose(parameter.name, choice)}
    />
  );
}

/** The model's layers by the size of their maps; one that Python named is there in any case. */
export function layerChoices(layers: LayerInfo[], named: Scalar): Choice[] {
  const listed = layers.map(({ name, height, width }) => ({
    value: name,
    label: name,
    group: height === null || width === null ? "Size not known" : `${width} × ${height} cells`,
  }));
  const known = named === null || layers.some(({ name }) => name === named);
  return known ? listed : [{ value: String(named), label: String(named) }, ...listed];
}

function LayerParameter({ parameter, value, resolved, layers, onChoose }: OneProps) {
  const automatic = { value: UNNAMED, label: autoLabel(value === null ? resolved : null) };
  return (
    <Select
      label={parameter.label}
      value={value === null ? UNNAMED : String(value)}
      choices={[automatic, ...layerChoices(layers, value)]}
      onChoose={(name) => onChoose(parameter.name, name === UNNAMED ? null : name)}
    />
  );
}

const CONTROLS = {
  int: NumberParameter,
  float: NumberParameter,
  bool: BoolParameter,
  choice: ChoiceParameter,
  layer: LayerParameter,
};

/** What a method takes beside steps and baseline, each as a small control with its name. */
export function Parameters({ parameters, values, resolved, layers, onChoose }: Props) {
  return (
    <>
      {parameters.map((parameter) => {
        const { name, label, kind, help } = parameter;
        const Control = CONTROLS[kind];
        const value = name in values ? values[name] : parameter.default;
        return (
          <span class={`tfi-parameter tfi-${kind}`} key={name} title={help}>
            <span aria-hidden="true">{label}</span>
            <Control
              parameter={parameter}
              value={value}
              resolved={resolved[name] ?? null}
              layers={layers}
              onChoose={onChoose}
            />
          </span>
        );
      })}
    </>
  );
}
