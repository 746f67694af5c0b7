export interface Choice {
  value: string;
  label: string;
  /** What it is listed under, if under anything. */
  group?: string;
  title?: string;
}

interface Props {
  id?: string;
  label?: string;
  value: string;
  choices: Choice[];
  disabled?: boolean;
  title?: string;
  onChoose: (value: string) => void;
}

/** Choices by their group, groups and choices in the order in which they come. */
function grouped(choices: Choice[]): [string, Choice[]][] {
  const groups = new Map<string, Choice[]>();
  for (const choice of choices) {
    const group = choice.group ?? "";
    groups.set(group, [...(groups.get(group) ?? []), choice]);
  }
  return [...groups];
}

function Option({ choice, value }: { choice: Choice; value: string }) {
  return (
    <option value={choice.value} selected={choice.value === value} title={choice.title}>
      {choice.label}
    </option>
  );
}

/** A native select in a frame that draws the arrow. */
export function Select({ id, label, value, choices, disabled, title, onChoose }: Props) {
  return (
    <span class="tfi-select">
      <select
        id={id}
        aria-label={label}
        title={title}
        value={value}
        disabled={disabled}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {grouped(choices).map(([group, members]) => {
          const options = members.map((choice) => (
            <Option key={choice.value} choice={choice} value={value} />
          ));
          return group === "" ? (
            options
          ) : (
            <optgroup key={group} label={group}>
              {options}
            </optgroup>
          );
        })}
      </select>
    </span>
  );
}
