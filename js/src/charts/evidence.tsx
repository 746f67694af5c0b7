import { number, score } from "../explorer/format";
import { unitOf } from "../explorer/naming";
import type { DecodedMap } from "../wire/messages";
import type { StandardError } from "../wire/traits";
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
function Sums({ map }: { map: DecodedMap }) {
  const values = [map.total, difference(map)];
  const { zero, bars } = extents(values);
  return (
    <>
      <h3>
        Completeness <span>{unitOf(map.output)}</span>
      </h3>
      <Bar symbol="Σφ" name="Sum of attributions Σφ" value={values[0]} bar={bars[0]} zero={zero} />
      <Bar symbol="F − F′" name="F(x) − F(x′)" value={values[1]} bar={bars[1]} zero={zero} />
      <p>{sentence(map)}</p>
      <p>{movement(map)}</p>
    </>
  );
}

/** Of a map whose values are no shares of anything: what they are about. */
function NoSums({ map }: { map: DecodedMap }) {
  return (
    <>
      <h3>
        Score F(x){" "}
        <span>
          {score(map.score)} {unitOf(map.output)}
        </span>
      </h3>
      <p>Completeness does not apply.</p>
    </>
  );
}

const FITS = "Weighted R²: the share of the variance of the scores that a linear model explains";

/** How well a linear model stands in for the model. */
function Fit({ value }: { value: number }) {
  const bar = { start: 0, size: Math.min(1, Math.max(0, value)) };
  return <Bar symbol="R²" name={FITS} value={value} bar={bar} zero={0} />;
}

const ERROR_MEANS = "Root mean square of the standard errors of all values φ";

function Uncertainty({ typical }: StandardError) {
  return (
    <p class="tfi-uncertainty" title={ERROR_MEANS}>
      Standard error <span>± {typical === null ? "—" : number(typical, 2)}</span>
    </p>
  );
}

/** What there is to judge the numbers by: their sum, a fit, a standard error. */
export function Evidence({ map }: { map: DecodedMap | null }) {
  if (map === null) return null;
  return (
    <section class="tfi-completeness">
      {map.adds_up ? <Sums map={map} /> : <NoSums map={map} />}
      {map.r_squared !== null && <Fit value={map.r_squared} />}
      {map.standard_error !== null && <Uncertainty {...map.standard_error} />}
    </section>
  );
}
