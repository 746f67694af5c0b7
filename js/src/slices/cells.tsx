import type { ComponentChildren } from "preact";
import { thousands } from "../explorer/format";
import { MISSING, type Numbers } from "./answer";
import { Whisker } from "./chart";
import type { Column } from "./columns";
import { verdictOf } from "./judge";
import type { Store } from "./store";
import { between, checkTitle, differenceTitle, fixed, NONE, signed } from "./words";

export interface CellProps {
  store: Store;
  slice: number;
}

function Name({ store, slice }: CellProps) {
  const key = store.table.value?.keys[slice] ?? [];
  if (key.length === 0) return <b>all</b>;
  return (
    <>
      {key.flatMap(([feature, value]) => [
        <span key={feature} class="tfi-feature">
          <bdi>{feature}</bdi>
        </span>,
        <span key={`${feature} value`} class="tfi-level">
          {value ?? <em>{MISSING}</em>}
        </span>,
      ])}
    </>
  );
}

function Size({ store, slice }: CellProps) {
  const table = store.table.value;
  if (table === null) return null;
  const count = table.counts[slice];
  return (
    <>
      {thousands(count)}
      <i class="tfi-amount" style={{ "--tfi-part": String(count / table.largest) }} />
    </>
  );
}

/** The colour of a slice: of two models, which model it is; of one, whether it is worse. */
function toneOf(store: Store, slice: number, model: number): string {
  if (store.models.value.length > 1) return model === 0 ? "tfi-first" : "tfi-second";
  const difference = store.difference.value;
  if (difference === null) return "";
  const greater = store.metric.value?.greater_is_better ?? null;
  return `tfi-${verdictOf(difference, slice, greater)}`;
}

function Chart({ store, slice }: CellProps) {
  const why = store.main.value?.why(slice) ?? null;
  return (
    <>
      <span class="tfi-strip" aria-hidden="true">
        {store.models.value.map((numbers, model) => (
          <Whisker
            key={model}
            scale={store.scale.value}
            numbers={numbers}
            slice={slice}
            class={toneOf(store, slice, model)}
          />
        ))}
      </span>
      {why !== null && <span class="tfi-why">undefined: {why}</span>}
    </>
  );
}

function Value({ store, slice, model }: CellProps & { model: number }) {
  const numbers = store.models.value.at(model);
  if (numbers === undefined) return null;
  const decimals = store.decimals.value;
  const [value, low, high] = [numbers.value[slice], numbers.low[slice], numbers.high[slice]];
  // Why there is none stands in the chart, and runs on over this.
  if (Number.isNaN(value)) return numbers.why(slice) === null ? NONE : null;
  return (
    <>
      {fixed(value, decimals)}
      {model < 0 && !Number.isNaN(low) && !Number.isNaN(high) && (
        <span class="tfi-ends"> {between(low, high, decimals)}</span>
      )}
    </>
  );
}

interface DifferenceProps extends CellProps {
  numbers: Numbers | null;
}

function Difference({ store, slice, numbers }: DifferenceProps) {
  const value = numbers?.value[slice] ?? Number.NaN;
  if (numbers === null || Number.isNaN(value)) {
    return <span class="tfi-muted">{numbers === null && store.stale.value ? "…" : NONE}</span>;
  }
  const decimals = store.decimals.value;
  const verdict = verdictOf(numbers, slice, store.metric.value?.greater_is_better ?? null);
  const text = signed(value, decimals);
  const arrow = text.startsWith("+") ? "▲" : "▼";
  return (
    <span class={`tfi-${verdict}`} title={differenceTitle(numbers, slice, verdict, decimals)}>
      {text} <i aria-hidden="true">{/[1-9]/.test(text) ? arrow : ""}</i>
      {verdict !== "open" && <span class="tfi-unseen">{verdict}</span>}
    </span>
  );
}

const MARKS = { passed: "✓", failed: "✗", unsure: "~" } as const;

function GateMark({ store, slice }: CellProps) {
  const check = store.check(slice);
  if (check === null) return null;
  const mark = check.unsure ? "unsure" : check.passed ? "passed" : "failed";
  const isDefined = !Number.isNaN(store.main.value?.value[slice] ?? Number.NaN);
  const said = checkTitle(check, isDefined);
  return (
    <span class={`tfi-mark tfi-${mark}`} role="img" aria-label={said} title={said}>
      {MARKS[mark]}
    </span>
  );
}

/** What stands in a cell. */
export function contentOf(key: Column["key"], props: CellProps): ComponentChildren {
  const { store } = props;
  const contents: Record<Column["key"], () => ComponentChildren> = {
    slice: () => <Name {...props} />,
    n: () => <Size {...props} />,
    chart: () => <Chart {...props} />,
    other: () => <Value {...props} model={0} />,
    value: () => <Value {...props} model={-1} />,
    comparison: () => <Difference {...props} numbers={store.comparison.value} />,
    difference: () => <Difference {...props} numbers={ownDifference(props)} />,
    gate: () => <GateMark {...props} />,
  };
  return contents[key]();
}

/** The whole has no rest, and a baseline nothing to differ from. */
function ownDifference({ store, slice }: CellProps): Numbers | null {
  const { baseline } = store.traits;
  const table = store.table.value;
  const isOwn =
    baseline.value === null ? slice === table?.whole : table?.ids[slice] === baseline.value;
  return isOwn ? null : store.difference.value;
}
