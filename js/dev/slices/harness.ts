/**
 * The view of slices without a notebook, on synthetic data.
 *
 *   slices.html?theme=dark&width=500&state=error&models=2&rows=1000&host=theme.css
 */

import createWidget from "../../src/slices/index";
import type { Combination, SliceTraits } from "../../src/wire/slices";
import { MockModel } from "../mock";
import { query, show } from "../page";
import { answerOf, slicesOf, Z } from "./answers";
import { FEATURES, makeRows } from "./rows";

const DELAY = 250;
const rows = makeRows(Number(query.get("rows") ?? 1000));

const NOTES = { level: 0.95, z: Z, small: 30, left_out: "", source: "" };

function traits(): SliceTraits {
  return {
    search: "",
    sort_by: "",
    descending: false,
    min_count: 20,
    metric: "accuracy",
    class_id: null,
    threshold: 0.5,
    slices: [["age"], ["housing"], ["purpose"], ["age", "housing"]],
    baseline: null,
    selected: null,
    brush: null,
    _features: FEATURES,
    _allows: { slicing: true, threshold: true, rest: true, finding: true, examples: true },
    _models: query.get("models") === "2" ? ["old", "new"] : [""],
    _classes: null,
    _threshold_rules: [],
    _answer: null,
    _curves: null,
    _notes: NOTES,
    _findings: null,
    _status: { state: "done", done: 0, total: 0, message: "", run: 1, seconds: 0.1 },
  };
}

const idsOf = (asked: Combination[]) => slicesOf(rows, asked).map(({ id }) => id);

/** The states that are hard to reach by hand. */
const STATES: Record<string, (base: SliceTraits) => Partial<SliceTraits>> = {
  running: (base) => ({ _status: { ...base._status, state: "running", done: 12, total: 40 } }),
  cancelled: (base) => ({ _status: { ...base._status, state: "cancelled", done: 12, total: 40 } }),
  error: (base) => ({
    _status: {
      ...base._status,
      state: "error",
      message: "slices name feature 'colour', which is not among age, housing, job, purpose.",
    },
  }),
  empty: () => ({ _answer: null }),
  none: () => ({ search: "boat" }),
  many: () => ({
    slices: FEATURES.flatMap(({ name }, k) =>
      FEATURES.slice(k).map((other) => [...new Set([name, other.name])]),
    ),
    min_count: 0,
  }),
  imported: (base) => ({
    _allows: { slicing: false, threshold: false, rest: false, finding: false, examples: false },
    _notes: { ...base._notes, source: "TensorFlow Model Analysis 0.52" },
    _curves: null,
  }),
  brushed: () => ({ brush: [0.6, 0.7] }),
  found: ({ slices }) => ({
    _findings: {
      metric: "accuracy",
      summary: "154 candidates, 4 worse, false discovery rate ≤ .05 (Benjamini-Yekutieli).",
      items: idsOf(slices)
        .slice(-6, -2)
        .map((id, k) => ({ id, q: 0.003 * k ** 2, of: null, like: k === 2 ? 0 : null })),
    },
  }),
  classes: () => ({
    _classes: ["setosa", "versicolor", "virginica"],
    _threshold_rules: [
      { value: "argmax", label: "most probable class" },
      { value: "score", label: "score > t" },
    ],
  }),
};

/** Plays the kernel: answers after a while what only it can. */
function playKernel(model: MockModel<SliceTraits>): void {
  const status = (changed: Partial<SliceTraits["_status"]>) =>
    model.receive({ _status: { ...model.get("_status"), ...changed } });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const reply = () => {
    clearTimeout(timer);
    status({ state: "running", run: model.get("_status").run + 1, message: "" });
    timer = setTimeout(() => {
      const { answer, curves } = answerOf(rows, allTraits(model));
      model.receive({ _answer: answer, _curves: curves });
      status({ state: "done" });
    }, DELAY);
  };
  model.onSend = ({ kind }) => {
    if (kind === "explain") reply();
    if (kind !== "cancel") return;
    clearTimeout(timer);
    status({ state: "cancelled" });
  };
  model.onSave = (changed) => {
    const asked = ["slices", "threshold", "metric", "class_id", "baseline"];
    if (asked.some((name) => name in changed)) reply();
  };
}

function allTraits(model: MockModel<SliceTraits>): SliceTraits {
  const names = Object.keys(traits()) as (keyof SliceTraits)[];
  return Object.fromEntries(names.map((name) => [name, model.get(name)])) as unknown as SliceTraits;
}

const base = traits();
const state = STATES[query.get("state") ?? ""]?.(base) ?? {};
const asked = { ...base, ...state };
const { answer, curves } = answerOf(rows, asked);
const model = new MockModel<SliceTraits>({ ...asked, _answer: answer, _curves: curves, ...state });
playKernel(model);
await show(createWidget(), model, "tfi-card tfi");
