import { useRelease } from "./hooks";

interface Props {
  label: string;
  title?: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** The value in words, shown beside the slider and announced. */
  text: string;
  onDrag: (value: number) => void;
  onRelease: () => void;
}

/** Where the fill of a track ends, for the style sheet. */
export function fillStyle(value: number, min: number, max: number) {
  const part = Math.min(1, Math.max(0, (value - min) / (max - min)));
  return { "--tfi-fill": String(part) };
}

export function Slider({ label, title, value, min, max, step, text, onDrag, onRelease }: Props) {
  const release = useRelease(onRelease);
  return (
    <label class="tfi-slider" title={title}>
      <span>{label}</span>
      <input
        type="range"
        class="tfi-range"
        style={fillStyle(value, min, max)}
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={text}
        onInput={(event) => onDrag(event.currentTarget.valueAsNumber)}
        {...release}
      />
      <output>{text}</output>
    </label>
  );
}
