/** The table's columns: what a cell says, and by what it is sorted and found. */

import { number, probability } from "../explorer/format";
import { decode, type Values } from "../wire/arrays";
import type { Predictions, RawColumn } from "../wire/table";

export interface Column {
  /** What `sort_by` calls it. */
  key: string;
  label: string;
  numeric: boolean;
  text(row: number): string;
  /** By what rows are sorted; NaN, which comes last, where there is nothing. */
  rank(row: number): number;
}

/** The model's own columns stand before those of the table. */
export interface Model {
  count: number;
  /** What the rows are called; null where they count from 0. */
  numbers: Values | null;
  classNames: string[] | null;
  labels: Values | null;
  predicted: Values | null;
  confidence: Values | null;
}

const MINUS = "−";

/** A value as it is, up to six digits. */
export function valueText(value: number): string {
  if (!Number.isFinite(value)) return "";
  return String(Number(value.toPrecision(6))).replaceAll("-", MINUS);
}

export function rawColumn({ name, values, levels }: RawColumn): Column {
  const { data } = decode(values);
  const has = (row: number) => levels === null || data[row] >= 0;
  return {
    key: name,
    label: name,
    numeric: levels === null,
    text: (row) => (levels === null ? valueText(data[row]) : (levels[data[row]] ?? "")),
    rank: (row) => (has(row) ? data[row] : Number.NaN),
  };
}

export function modelData(
  count: number,
  classNames: string[] | null,
  labels: Values | null,
  predictions: Predictions | null,
  numbers: Values | null = null,
): Model {
  const confidence = predictions?.confidence ?? null;
  return {
    count,
    numbers,
    classNames,
    labels,
    predicted: predictions === null ? null : decode(predictions.predicted).data,
    confidence: confidence === null ? null : decode(confidence).data,
  };
}

/** What a row is called. */
export const numberOf = (model: Model, row: number): number => model.numbers?.[row] ?? row;

export const isClassifier = (model: Model): boolean => model.classNames !== null;

/** Whether a classifier is wrong about a row whose label is known. */
export function isWrong({ labels, predicted, classNames }: Model, row: number): boolean {
  if (labels === null || predicted === null || classNames === null) return false;
  return predicted[row] >= 0 && predicted[row] !== labels[row];
}

function classColumn(key: string, data: Values, names: string[]): Column {
  return {
    key,
    label: key,
    numeric: false,
    text: (row) => names[data[row]] ?? "",
    rank: (row) => (data[row] >= 0 ? data[row] : Number.NaN),
  };
}

function numberColumn(key: string, data: Values): Column {
  const text = (row: number) => (Number.isFinite(data[row]) ? number(data[row], 4) : "");
  return { key, label: key, numeric: true, text, rank: (row) => data[row] };
}

/** The row's number, what the model says of it, and what is true. */
export function modelColumns(model: Model, taken: Set<string>): Column[] {
  const { classNames, labels, predicted, confidence } = model;
  const key = (name: string) => (taken.has(name) ? `${name} (model)` : name);
  const plain = (name: string, data: Values) =>
    classNames === null ? numberColumn(key(name), data) : classColumn(key(name), data, classNames);
  const called = (row: number) => numberOf(model, row);
  const text = (row: number) => String(called(row));
  const columns: Column[] = [{ key: key("row"), label: "row", numeric: true, text, rank: called }];
  if (predicted !== null) columns.push(plain("prediction", predicted));
  if (confidence !== null) {
    const text = (row: number) =>
      Number.isFinite(confidence[row]) ? `${probability(confidence[row])} %` : "";
    const rank = (row: number) => confidence[row];
    columns.push({ key: key("confidence"), label: "confidence", numeric: true, text, rank });
  }
  if (labels !== null) columns.push(plain("label", labels));
  return columns;
}
