/** The slices on view as comma-separated values (RFC 4180), every metric with its interval. */

import type { Answer, MetricValues } from "../wire/slices";
import { type ModelNumbers, modelNumbers, type Table } from "./answer";

type Field = [name: string, text: (slice: number) => string];

const written = (value: number): string => (Number.isNaN(value) ? "" : String(value));

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

function numberFields(name: string, numbers: ModelNumbers, slices: number[]): Field[] {
  const { value, low, high } = numbers;
  const fields: Field[] = [
    [name, (slice) => written(value[slice])],
    [`${name}_low`, (slice) => written(low[slice])],
    [`${name}_high`, (slice) => written(high[slice])],
  ];
  const isUndefined = slices.some((slice) => numbers.why(slice) !== null);
  if (isUndefined) fields.push([`${name}_undefined`, (slice) => numbers.why(slice) ?? ""]);
  return fields;
}

function metricFields(metric: MetricValues, models: string[], slices: number[]): Field[] {
  return metric.models.flatMap((model, k) => {
    const name = models.length > 1 ? `${models[k]}: ${metric.name}` : metric.name;
    return numberFields(name, modelNumbers(model), slices);
  });
}

/** One column for each feature; its missing value is an empty cell, as where it is not sliced by. */
function featureFields({ keys }: Table): Field[] {
  const names = [...new Set(keys.flatMap((key) => key.map(([feature]) => feature)))].sort();
  return names.map((name) => [
    name,
    (slice) => keys[slice].find(([feature]) => feature === name)?.[1] ?? "",
  ]);
}

export function csvOf(table: Table, answer: Answer, models: string[], slices: number[]): string {
  const { weights } = table;
  const fields: Field[] = [
    ["slice", (slice) => table.names[slice]],
    ...featureFields(table),
    ["count", (slice) => written(table.counts[slice])],
  ];
  if (weights !== null) fields.push(["weight", (slice) => written(weights[slice])]);
  fields.push(...answer.metrics.flatMap((metric) => metricFields(metric, models, slices)));
  const lines = [
    fields.map(([name]) => name),
    ...slices.map((slice) => fields.map(([, text]) => text(slice))),
  ];
  return lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

/** Hands a file to the browser. */
export function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.download = name;
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.click();
  URL.revokeObjectURL(link.href);
}
