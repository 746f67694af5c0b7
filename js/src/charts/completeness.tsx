import { score } from "../explorer/format";
import { unitOf } from "../explorer/naming";
import type { DecodedMap } from "../wire/messages";
import { difference, type Extent, extents, movement, sentence } from "./sums";

interface BarProps {
  symbol: string;
  name: string;
  value: number | null;
  bar: Extent | null;
  zero: number;
}

function Bar({ symbol, name, value, bar, zero }: BarProps) {
  return (
    <div class="tfi-sum" role="img" title={name} aria-label={`${name}: ${score(value)}`}>
      <span class="tfi-sum-name">{symbol}</span>
      <span class="tfi-sum-track">
        {bar !== null && (
          <span style={{ left: `${100 * bar.start}%`, width: `${100 * bar.size}%` }} />
        )}
        {zero > 0 && <i style={{ left: `${100 * zero}%` }} />}
      </span>
      <span class="tfi-sum-value">{score(value)}</span>
    </div>
  );
}

/** The sum of the attributions against the difference that it should add up to. */
export function Completeness({ map }: { map: DecodedMap | null }) {
  if (map === null) return null;
  if (map.baseline_label === null) {
    return (
      <section class="tfi-completeness">
        <h3>
          Completeness <span>does not apply</span>
        </h3>
        <p>{map.method_label} has no baseline, so its values need not add up to a score.</p>
        <p>
          F(x) = {score(map.score)} ({unitOf(map.output)})
        </p>
      </section>
    );
  }
  const values = [map.total, difference(map)];
  const { zero, bars } = extents(values);
  return (
    <section class="tfi-completeness">
      <h3>
        Completeness <span>{unitOf(map.output)}</span>
      </h3>
      <Bar symbol="Σφ" name="Sum of attributions Σφ" value={values[0]} bar={bars[0]} zero={zero} />
      <Bar symbol="F − F′" name="F(x) − F(x′)" value={values[1]} bar={bars[1]} zero={zero} />
      <p>{sentence(map)}</p>
      <p>{movement(map)}</p>
    </section>
  );
}
