import type { ComponentChildren } from "preact";
import { thousands } from "../explorer/format";
import type { Numbers } from "./answer";
import { Whisker } from "./chart";
import type { Column } from "./columns";
import { verdictOf } from "./judge";
import { CountBelow, Name } from "./name";
import type { Store } from "./store";
import { between, checkTitle, differenceTitle, fixed, NONE, rateText, signed } from "./words";

export interface CellProps {
  store: Store;
  slice: number;
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

/** Of two models, which model it is: shapes tell them apart. Of one, whether it is worse: colours. */
function toneOf(store: Store, slice: number, model: number): string {
  if (store.models.value.length > 1) return model === 0 ? "tfi-first" : "tfi-second";
  const difference = store.difference.value;
  if (difference === null) return "";
  const greater = store.metric.value?.greater_is_better ?? null;
  return `tfi-${verdictOf(difference, slice, greater)}`;
}

/** Why there is no value: of two models in the line of the one that has none. */
function Why({ store, slice }: CellProps) {
  const whys = store.models.value.map(({ why }) => why(slice));
  const isAll = whys.every((why) => why !== null);
  const shown = isAll ? whys.slice(-1) : whys;
  return shown.map(
    (why, model) =>
      why !== null && (
        <span key={model} class={`tfi-why ${isAll ? "tfi-all" : toneOf(store, slice, model)}`}>
          undefined: {why}
        </span>
      ),
  );
}

function Chart({ store, slice }: CellProps) {
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
      <Why store={store} slice={slice} />
    </>
  );
}

/** Stands for the reason why there is no interval, which the readout has. */
export const NO_INTERVAL = "*";

interface ValueProps extends CellProps {
  /** From the end. */
  model: number;
  hasEnds: boolean;
}

function Value({ store, slice, model, hasEnds }: ValueProps) {
  const numbers = store.models.value.at(model);
  if (numbers === undefined) return null;
  const decimals = store.decimals.value;
  const [value, low, high] = [numbers.value[slice], numbers.low[slice], numbers.high[slice]];
  if (Number.isNaN(value)) {
    // Why no model has one stands in the chart, and runs on over this.
    const isAll = store.models.value.every(({ why }) => why(slice) !== null);
    return isAll ? null : NONE;
  }
  return (
    <>
      {fixed(value, decimals)}
      {numbers.whyAlone(slice) !== null && <span class="tfi-muted">{NO_INTERVAL}</span>}
      {hasEnds && !Number.isNaN(low) && !Number.isNaN(high) && (
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

const SURE =
  "q: the false discovery rate at which this slice would first be found, over all candidates " +
  "(Benjamini-Yekutieli)";

/** How sure it is that a slice is worse than the rest: of which model, where not all are of one. */
function Sure({ store, slice }: CellProps) {
  const { found } = store.shownOf(slice);
  if (found === null) return null;
  const texts = found.findings.map(({ of, q }) => {
    const whose = store.found.isMixed.value && of !== null ? `${of} ` : "";
    return `${whose}q ${rateText(q)}`;
  });
  return (
    <span class="tfi-sure" title={SURE}>
      {texts.join(", ")}
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

/** What stands in a column of its own, or below another. */
export function contentOf({ key, under }: Column, props: CellProps): ComponentChildren {
  const { store } = props;
  const contents: Record<Column["key"], () => ComponentChildren> = {
    slice: () => (
      <>
        <Name {...props} />
        {under !== null && <CountBelow {...props} />}
      </>
    ),
    n: () => <Size {...props} />,
    chart: () => <Chart {...props} />,
    other: () => <Value {...props} model={0} hasEnds={under !== null} />,
    value: () => <Value {...props} model={-1} hasEnds />,
    comparison: () => <Difference {...props} numbers={store.comparison.value} />,
    difference: () => (
      <>
        <Difference {...props} numbers={ownDifference(props)} />
        <Sure {...props} />
      </>
    ),
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
