import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import { useEffect, useRef, useState } from "preact/hooks";
import { score } from "../explorer/format";
import type { Path } from "../wire/traits";

interface Props {
  path: Path;
  unit: string;
}

/** Whether there is a score to draw. */
export const hasCurve = ({ scores }: Path): boolean => scores.some((value) => value !== null);

interface Curve {
  alphas: number[];
  scores: number[];
}

const HEIGHT = 100;
const MARGIN = { top: 8, right: 6, bottom: 22, left: 38 };

function useWidth() {
  const ref = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(400);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

/** Scales that hold the whole curve; a flat one gets room, so that it does not divide by zero. */
function scales(alphas: number[], { scores }: Curve, width: number) {
  const low = Math.min(0, ...scores);
  const high = Math.max(0, ...scores);
  return {
    x: scaleLinear([alphas[0], alphas[alphas.length - 1]], [MARGIN.left, width - MARGIN.right]),
    y: scaleLinear([low, high > low ? high : low + 1], [HEIGHT - MARGIN.bottom, MARGIN.top]),
    low,
    high,
  };
}

/** The points with a score: JSON has no way to write one that is not finite. */
function finite({ alphas, scores }: Path): Curve {
  const kept = alphas.map((_, k) => k).filter((k) => scores[k] !== null);
  return { alphas: kept.map((k) => alphas[k]), scores: kept.map((k) => scores[k] as number) };
}

/** Where the model was differentiated: some rules leave one end of the path out. */
const evaluatedAlphas = ({ alphas, evaluated }: Path): number[] =>
  evaluated === undefined ? alphas : alphas.filter((_, k) => evaluated[k]);

/** The score on the way from the baseline to the input, with a dot at each evaluation. */
export function PathChart({ path, unit }: Props) {
  const known = finite(path);
  const { ref, width } = useWidth();
  const { x, y, low, high } = scales(path.alphas, known, width);
  const points = known.alphas.map((alpha, k): [number, number] => [x(alpha), y(known.scores[k])]);
  const floor = HEIGHT - MARGIN.bottom;
  const curve = line()(points) ?? "";
  const fill = area().y0(y(0))(points) ?? "";
  // One element, however many evaluations: lines of no length with round ends.
  const evaluations = evaluatedAlphas(path);
  const dots = evaluations.map((alpha) => `M${x(alpha)} ${floor}h0`).join("");
  const first = path.scores.at(0) ?? null;
  const last = path.scores.at(-1) ?? null;
  const label =
    `Score along the path from the baseline, ${score(first)}, to the input, ${score(last)} ` +
    `(${unit}); ${evaluations.length} evaluations`;
  return (
    <figure class="tfi-path" ref={ref}>
      <svg width={width} height={HEIGHT} role="img" aria-label={label}>
        <path class="tfi-path-area" d={fill} />
        <path class="tfi-path-axis" d={`M${MARGIN.left} ${MARGIN.top}V${floor}H${width}`} />
        {low < 0 && <path class="tfi-path-zero" d={`M${MARGIN.left} ${y(0)}H${width}`} />}
        <path class="tfi-path-line" d={curve} />
        <path class="tfi-path-dots" d={dots} />
        <text x={MARGIN.left - 6} y={MARGIN.top + 8} text-anchor="end">
          {score(high)}
        </text>
        <text x={MARGIN.left - 6} y={floor} text-anchor="end">
          {score(low)}
        </text>
        <text x={MARGIN.left} y={HEIGHT - 5}>
          F(x′)
        </text>
        <text x={(MARGIN.left + width) / 2} y={HEIGHT - 5} text-anchor="middle">
          score F along the path, α →
        </text>
        <text x={width - MARGIN.right} y={HEIGHT - 5} text-anchor="end">
          F(x)
        </text>
      </svg>
    </figure>
  );
}
