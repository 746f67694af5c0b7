import { useUniqueId } from "./hooks";

export interface Segment<T extends string> {
  value: T;
  label: string;
  title: string;
  disabled?: boolean;
}

interface Props<T extends string> {
  label: string;
  value: T;
  segments: Segment<T>[];
  onChoose: (value: T) => void;
}

/** Native radio buttons drawn as one bar. */
export function Segmented<T extends string>({ label, value, segments, onChoose }: Props<T>) {
  const name = useUniqueId();
  return (
    <div class="tfi-segmented" role="radiogroup" aria-label={label}>
      {segments.map((segment) => (
        <label key={segment.value} title={segment.title}>
          <input
            type="radio"
            name={name}
            value={segment.value}
            checked={segment.value === value}
            disabled={segment.disabled}
            onChange={() => onChoose(segment.value)}
          />
          <span>{segment.label}</span>
        </label>
      ))}
    </div>
  );
}
