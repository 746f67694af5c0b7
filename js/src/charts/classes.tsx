import { probability } from "../explorer/format";
import type { Prediction } from "../wire/traits";

interface Props {
  top: Prediction[];
  /** The class that is explained, and the true one where it is known. */
  target: number | null;
  truth: number | null;
  onChoose: (index: number) => void;
}

/** The most likely classes; choosing one makes it the target. */
export function TopClasses({ top, target, truth, onChoose }: Props) {
  const most = Math.max(...top.map((prediction) => prediction.probability ?? 0), 0);
  return (
    <section class="tfi-classes">
      <h3>
        Top classes <span>probability %</span>
      </h3>
      {top.map((prediction) => {
        const { index, name, probability: part } = prediction;
        const isTrue = index === truth;
        return (
          <button
            type="button"
            key={index}
            class="tfi-class"
            aria-pressed={index === target}
            title={`${name} · ${index}${isTrue ? " · true label" : ""}`}
            onClick={() => onChoose(index)}
          >
            <span class="tfi-class-name">
              {name}
              {isTrue && <em>true</em>}
            </span>
            <span class="tfi-class-value">{probability(part)}</span>
            <span class="tfi-class-track">
              {part !== null && (
                <span style={{ width: `${most > 0 ? (100 * part) / most : 0}%` }} />
              )}
            </span>
          </button>
        );
      })}
    </section>
  );
}
