import type { Numbers } from "./answer";
import type { Scale } from "./scale";
import type { Store } from "./store";
import { short } from "./words";

const percent = (part: number): string => `${100 * part}%`;
const clamped = (part: number): number => Math.min(1, Math.max(0, part));
const isInside = (part: number): boolean => part >= 0 && part <= 1;

interface WhiskerProps {
  scale: Scale;
  numbers: Numbers;
  slice: number;
  class: string;
}

/** A value as a dot, its interval as a line with ends; where the scale cuts them, an arrow, no end. */
export function Whisker({ scale, numbers, slice, class: name }: WhiskerProps) {
  const value = scale.at(numbers.value[slice]);
  if (Number.isNaN(value)) return null;
  const [low, high] = [scale.at(numbers.low[slice]), scale.at(numbers.high[slice])];
  const cut = `${low < 0 ? "tfi-cut-low" : ""} ${high > 1 ? "tfi-cut-high" : ""}`;
  const [left, right] = [clamped(low), clamped(high)];
  return (
    <>
      {!Number.isNaN(low) && !Number.isNaN(high) && (
        <i
          class={`tfi-whisker ${name} ${cut}`}
          style={{ left: percent(left), width: percent(right - left) }}
        />
      )}
      {isInside(value) ? (
        <i class={`tfi-dot ${name}`} style={{ left: percent(value) }} />
      ) : (
        <i class={`tfi-beyond ${name}`} style={{ left: percent(clamped(value)) }}>
          {value < 0 ? "◂" : "▸"}
        </i>
      )}
    </>
  );
}

/** The numbers of the scale. */
export function Axis({ scale }: { scale: Scale }) {
  return (
    <span class="tfi-strip tfi-axis" aria-hidden="true">
      {scale.ticks.map((tick) => (
        <i key={tick} style={{ left: percent(scale.at(tick)) }}>
          {short(tick)}
        </i>
      ))}
    </span>
  );
}

interface LineProps {
  scale: Scale;
  value: number;
  class: string;
}

function Line({ scale, value, class: name }: LineProps) {
  const part = scale.at(value);
  return isInside(part) ? <i class={name} style={{ left: percent(part) }} /> : null;
}

/** Behind all rows: the scale's lines, the bounds of gates for all, and the value of the whole. */
export function Lines({ store, column }: { store: Store; column: number }) {
  const scale = store.scale.value;
  const table = store.table.value;
  const main = store.main.value;
  const gates = store.metric.value?.gates.filter(({ ids }) => ids === null) ?? [];
  const bounds = gates.flatMap(({ low, high }) => [low, high]).filter((bound) => bound !== null);
  return (
    <span class="tfi-strip" aria-hidden="true" style={{ gridColumn: column }}>
      {scale.ticks.map((tick) => (
        <Line key={tick} scale={scale} value={tick} class="tfi-tick" />
      ))}
      {bounds.map((bound) => (
        <Line key={bound} scale={scale} value={bound} class="tfi-bound" />
      ))}
      {table !== null && main !== null && table.whole >= 0 && (
        <Line scale={scale} value={main.value[table.whole]} class="tfi-whole-value" />
      )}
    </span>
  );
}
