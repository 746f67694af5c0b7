export interface Choice {
  value: string;
  label: string;
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

/** A native select in a frame that draws the arrow. */
export function Select({ id, label, value, choices, disabled, title, onChoose }: Props) {
  return (
    <span class="tfi-select" title={title}>
      <select
        id={id}
        aria-label={label}
        value={value}
        disabled={disabled}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
    </span>
  );
}
