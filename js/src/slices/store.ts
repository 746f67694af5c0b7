import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { createSilence } from "../explorer/silence";
import { follow, type Model, Setting, send, write } from "../model";
import { nextSorting } from "../table/find";
import type { Combination, SliceRequest, SliceTraits, SortBy } from "../wire/slices";
import { tableOf } from "./answer";
import { keepBrushPlain } from "./brush";
import { createFound } from "./found";
import { checkOf } from "./judge";
import { partsOf } from "./names";
import { createNumbers } from "./numbers";
import { arranged, largeEnough, matching, type Ranks } from "./rows";
import { type Scale, scaleOver } from "./scale";
import { decimalsFor, fixed } from "./words";

/** All state of one view of slices; every view of the model shares it. */
export type Store = ReturnType<typeof createStore>;
type SliceModel = Model<SliceTraits>;

function followAll(model: SliceModel, until: AbortSignal) {
  const trait = <K extends keyof SliceTraits>(name: K) => follow(model, name, until);
  return {
    sortBy: trait("sort_by"),
    descending: trait("descending"),
    metric: trait("metric"),
    classId: trait("class_id"),
    slices: trait("slices"),
    baseline: trait("baseline"),
    brush: trait("brush"),
    features: trait("_features"),
    allows: trait("_allows"),
    models: trait("_models"),
    classes: trait("_classes"),
    answer: trait("_answer"),
    curves: trait("_curves"),
    notes: trait("_notes"),
    findings: trait("_findings"),
    rules: trait("_threshold_rules"),
    status: trait("_status"),
  };
}

function createSettings(model: SliceModel, until: AbortSignal) {
  return {
    search: new Setting(model, "search", until),
    minCount: new Setting(model, "min_count", until),
    threshold: new Setting(model, "threshold", until),
    selected: new Setting(model, "selected", until),
  };
}

/** True once the kernel has been heard of: a run that was saved with a notebook never ends. */
function createHeard(model: SliceModel, until: AbortSignal): ReadonlySignal<boolean> {
  const heard = signal(false);
  const hear = () => {
    heard.value = true;
  };
  model.on("change:_status", hear);
  until.addEventListener("abort", () => model.off("change:_status", hear));
  return heard;
}

export function createStore(model: SliceModel, until: AbortSignal) {
  const traits = followAll(model, until);
  keepBrushPlain(model, until);
  const settings = createSettings(model, until);
  const heard = createHeard(model, until);
  const found = createFound(traits.findings, until);
  const table = computed(() => {
    const sent = traits.answer.value?.table;
    return sent === undefined ? null : tableOf(sent);
  });
  const threshold = settings.threshold.value;
  const view = createNumbers({ ...traits, threshold }, { ...traits, table });

  /** The model that is judged: of two the second, which is the new one. */
  const main = computed(() => view.models.value.at(-1) ?? null);
  const difference = computed(() => view.differences.value.at(-1) ?? null);
  const check = (slice: number) =>
    view.metric.value === null || main.value === null || table.value === null
      ? null
      : checkOf(view.metric.value, main.value, slice, table.value.ids[slice]);

  const large = computed(() =>
    table.value === null
      ? new Int32Array()
      : largeEnough(table.value, settings.minCount.value.value),
  );
  const ranks: Ranks = {
    slice: (slice) => table.value?.alphabet[slice] ?? slice,
    n: (slice) => table.value?.counts[slice] ?? Number.NaN,
    value: (slice) => main.value?.value[slice] ?? Number.NaN,
    other: (slice) => view.models.value[0]?.value[slice] ?? Number.NaN,
    difference: (slice) => difference.value?.value[slice] ?? Number.NaN,
    comparison: (slice) => view.comparison.value?.value[slice] ?? Number.NaN,
    gate: (slice) => {
      const { passed, unsure } = check(slice) ?? {};
      if (passed === undefined) return Number.NaN;
      return unsure ? 1 : 2 * Number(passed);
    },
  };
  const placeFound = (slice: number) =>
    found.places.value.get(table.value?.ids[slice] ?? "") ?? Number.NaN;
  const rows = computed(() => {
    if (table.value === null) return new Int32Array();
    const matched = matching(table.value, main.value?.value ?? [], {
      search: settings.search.value.value,
      minCount: settings.minCount.value.value,
      brush: traits.brush.value,
      found: found.only.value ? found.places.value : null,
    });
    const { value: key } = traits.sortBy;
    if (key !== "") return arranged(table.value, matched, ranks[key], traits.descending.value);
    return arranged(table.value, matched, found.only.value ? placeFound : null, false);
  });

  /** How many rows a slice's numbers rest on; of two models, the fewer. */
  const restsOn = (slice: number) => {
    const rows = table.value?.counts[slice] ?? 0;
    return Math.min(...view.models.value.map(({ over }) => over(slice) ?? rows));
  };
  const isSmall = (slice: number) => restsOn(slice) < traits.notes.value.small;
  const range = computed(() => view.metric.value?.range ?? ([null, null] as [null, null]));
  // Of what the kernel said, too: while the threshold is dragged the scale grows and goes back.
  const scale = computed<Scale>(() =>
    scaleOver([...view.told.value, ...view.models.value], withWhole.value, isSmall, range.value),
  );
  const withWhole = computed(() =>
    table.value === null ? large.value : arranged(table.value, large.value, null, false),
  );
  const decimals = computed(() => {
    const told = view.told.value.at(-1);
    const { value: ends } = range;
    return told === undefined ? 2 : decimalsFor(told, ends[0] === 0 && ends[1] === 1);
  });

  /** How long its longest number is written. */
  const letters = computed(() => {
    const written = scale.value.domain.map((end) => fixed(end, decimals.value).length);
    return Math.max(...written);
  });

  /** What the column of names has to hold; whatever is searched or hidden, so that it stays. */
  const named = computed(() => {
    const { ids = [], keys = [] } = table.value ?? {};
    const all = [...ids.keys()].filter((k) => !found.only.value || found.places.value.has(ids[k]));
    return all.map((slice) => partsOf(keys[slice], shownOf(slice)));
  });
  const shownOf = (slice: number) => {
    const id = table.value?.ids[slice] ?? "";
    return {
      isBaseline: traits.baseline.value === id,
      found: found.only.value ? (found.known.value.get(id) ?? null) : null,
    };
  };

  const unanswered = computed(() => {
    const { state } = traits.status.value;
    return state === "running" ? !heard.value : view.stale.value && state !== "error";
  });
  const silent = createSilence(unanswered, until);
  const request = (content: SliceRequest) => send(model, content);

  return {
    traits,
    settings,
    table,
    ...view,
    main,
    difference,
    check,
    restsOn,
    isSmall,
    rows,
    large,
    scale,
    decimals,
    letters,
    named,
    shownOf,
    found,
    silent,
    place: computed(() => {
      const { value: id } = settings.selected.value;
      return id === null ? -1 : rows.value.findIndex((slice) => table.value?.ids[slice] === id);
    }),
    idOf: (slice: number) => table.peek()?.ids[slice] ?? null,
    sort: (key: Exclude<SortBy, "">) =>
      write(model, nextSorting(key, traits.sortBy.peek(), traits.descending.peek())),
    chooseMetric: (metric: string) => write(model, { metric }),
    chooseClass: (class_id: number | null) => write(model, { class_id }),
    chooseBaseline: (baseline: string | null) => write(model, { baseline }),
    clearBrush: () => write(model, { brush: null }),
    sliceBy: (slices: Combination[]) => write(model, { slices }),
    cancel: () => request({ kind: "cancel", run: traits.status.peek().run }),
    retry: () => request({ kind: "explain" }),
    find: () => request({ kind: "find", metric: traits.metric.peek() }),
  };
}
