import { computed } from "@preact/signals";
import { follow, type Model, Setting, write } from "../model";
import { decode, type WireArray } from "../wire/arrays";
import type { TableTraits } from "../wire/table";
import { type Column, modelColumns, modelData, numberOf, rawColumn } from "./columns";
import { matching, nextSorting, sorted } from "./find";

/** All state of one table; every view of the model shares it. */
export type Store = ReturnType<typeof createStore>;

const PIXELS_A_LETTER = 7.6; // digits are wide letters, and themes have wide fonts
const PADDING = 18;
const NARROWEST = 52;
const WIDEST = 340;
const ROWS_MEASURED = 200;

/** As wide as its name and its first cells need. */
function widthOf(column: Column, count: number): number {
  let letters = column.label.length + 2; // the arrow that tells how it is sorted
  for (let row = 0; row < Math.min(count, ROWS_MEASURED); row++) {
    letters = Math.max(letters, column.text(row).length);
  }
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, PIXELS_A_LETTER * letters + PADDING)));
}

function createSettings(model: Model<TableTraits>, until: AbortSignal) {
  return {
    row: new Setting(model, "row", until),
    search: new Setting(model, "search", until),
    confidence: new Setting(model, "confidence", until),
  };
}

export function createStore(model: Model<TableTraits>, until: AbortSignal) {
  const trait = <K extends keyof TableTraits>(name: K) => follow(model, name, until);
  const settings = createSettings(model, until);
  const [sortBy, descending, wrongOnly] = [
    trait("sort_by"),
    trait("descending"),
    trait("wrong_only"),
  ];
  const raw = trait("_columns");
  const [classNames, labels, predictions] = [
    trait("_class_names"),
    trait("_labels"),
    trait("_predictions"),
  ];
  const [numbers, compares] = [trait("_rows"), trait("_compares")];
  const decoded = (sent: WireArray | null) => (sent === null ? null : decode(sent).data);
  const count = computed(() => raw.value[0]?.values.shape[0] ?? 0);
  const rawColumns = computed(() => raw.value.map(rawColumn));
  const data = computed(() =>
    modelData(
      count.value,
      classNames.value,
      decoded(labels.value),
      predictions.value,
      decoded(numbers.value),
    ),
  );
  const columns = computed(() => {
    const taken = new Set(rawColumns.value.map(({ key }) => key));
    return [...modelColumns(data.value, taken), ...rawColumns.value];
  });
  const widths = computed(() => columns.value.map((column) => widthOf(column, count.value)));
  const found = computed(() =>
    matching(data.value, columns.value, {
      search: settings.search.value.value,
      wrongOnly: wrongOnly.value,
      confidence: settings.confidence.value.value,
    }),
  );
  const sorting = computed(() => columns.value.find(({ key }) => key === sortBy.value) ?? null);
  const rows = computed(() => sorted(found.value, sorting.value, descending.value));

  const called = (row: number) => numberOf(data.value, row);

  const sort = (key: string) => write(model, nextSorting(key, sortBy.peek(), descending.peek()));

  return {
    settings,
    sortBy,
    descending,
    wrongOnly,
    data,
    columns,
    widths,
    rows,
    count,
    called,
    hint: trait("_hint"),
    total: trait("_total"),
    baselineRow: trait("baseline_row"),
    place: computed(() => rows.value.findIndex((row) => called(row) === settings.row.value.value)),
    sort,
    chooseWrongOnly: (wrong_only: boolean) => write(model, { wrong_only }),
    compareWith(number: number | null): void {
      if (compares.value && number !== null) write(model, { baseline_row: number });
    },
  };
}
