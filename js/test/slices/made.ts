/** A model with an answer about made-up rows, and the view of it. */

import { act } from "preact/test-utils";
import { MockModel } from "../../dev/mock";
import { answerOf, Z } from "../../dev/slices/answers";
import { FEATURES, makeRows, type Row } from "../../dev/slices/rows";
import createWidget from "../../src/slices/index";
import type { Answer, SliceTraits } from "../../src/wire/slices";
import { enter, find, fire } from "../dom";

export const ROWS = makeRows(600);

const ASKED: SliceTraits = {
  search: "",
  sort_by: "",
  descending: false,
  min_count: 0,
  metric: "accuracy",
  class_id: null,
  threshold: 0.5,
  slices: [["housing"], ["age", "housing"]],
  baseline: null,
  selected: null,
  brush: null,
  _features: FEATURES,
  _allows: { slicing: true, threshold: true, rest: true, finding: true, examples: true },
  _models: [""],
  _classes: null,
  _threshold_rules: [],
  _answer: null,
  _curves: null,
  _notes: { level: 0.95, z: Z, small: 30, left_out: "", source: "" },
  _findings: null,
  _status: { state: "done", done: 0, total: 0, message: "", run: 1, seconds: 0.1 },
};

/** All traits, with what the kernel answers to them. */
export function answered(changed: Partial<SliceTraits> = {}): SliceTraits {
  const asked = { ...ASKED, ...changed };
  const { answer, curves } = answerOf(ROWS, asked);
  return { ...asked, _answer: answer, _curves: curves, ...changed };
}

/** The answer with another version of one metric. */
export function withMetric(
  answer: Answer,
  name: string,
  changed: Partial<Answer["metrics"][number]>,
): Answer {
  const metrics = answer.metrics.map((each) =>
    each.name === name ? { ...each, ...changed } : each,
  );
  return { ...answer, metrics };
}

/** A view in the page, and what a person reads there. */
export class View {
  readonly model: MockModel<SliceTraits>;
  readonly el = document.createElement("div");
  private readonly life = new AbortController();

  constructor(changed: Partial<SliceTraits> = {}) {
    this.model = new MockModel(answered(changed));
    const { model, el, life } = this;
    const widget = createWidget();
    widget.initialize({ model, signal: life.signal } as never);
    document.body.replaceChildren(el);
    act(() => {
      widget.render({ model: Object.create(model), el, signal: life.signal } as never);
    });
    this.layOut(880);
  }

  close(): void {
    act(() => this.life.abort());
    document.body.replaceChildren();
  }

  /** As if the browser had laid the table out. */
  layOut(width: number, height = 700): void {
    const size = (value: number) => ({ value, configurable: true });
    Object.defineProperties(this.grid, { clientWidth: size(width), clientHeight: size(height) });
    fire(this.grid, "scroll");
  }

  receive(changed: Partial<SliceTraits>): void {
    act(() => this.model.receive(changed));
  }

  get answer(): Answer {
    const answer = this.model.get("_answer");
    if (answer === null) throw new Error("nothing was answered");
    return answer;
  }

  /** How many slices there are beside the whole. */
  get parts(): number {
    return this.answer.table.ids.length - 1;
  }

  all(selector: string): HTMLElement[] {
    return Array.from(this.el.querySelectorAll<HTMLElement>(selector));
  }

  get grid(): HTMLElement {
    return find(this.el, "[role=grid]");
  }

  /** Whether the numbers are not of what is asked. */
  get isStale(): boolean {
    return this.grid.getAttribute("aria-busy") === "true";
  }

  get rows(): HTMLElement[] {
    return this.all(".tfi-row");
  }

  get names(): string[] {
    return this.rows.map((row) => {
      const parts = Array.from(row.querySelectorAll(".tfi-slice > .tfi-part:not(.tfi-sure)"));
      return parts.map((part) => part.textContent).join(" ");
    });
  }

  row(name: string): HTMLElement {
    return this.rows[this.names.indexOf(name)];
  }

  cell(row: HTMLElement, column: string): HTMLElement {
    return find(row, `.tfi-cell.tfi-${column}, .tfi-stack > .tfi-${column}`);
  }

  texts(column: string): string[] {
    return this.rows.map((row) => this.cell(row, column).textContent ?? "");
  }

  /** The numbers of a column, the whole left out. */
  numbers(column: string): number[] {
    const plain = (text: string) => text.replace("−", "-").replaceAll(",", "");
    return this.texts(column)
      .slice(1)
      .map((text) => Number.parseFloat(plain(text)));
  }

  heading(column: string): HTMLElement {
    return find(this.el, `.tfi-grid-head button.tfi-${column}`);
  }

  slider(label: string): HTMLInputElement | null {
    const sliders = this.all(".tfi-slider");
    const own = sliders.find(({ textContent }) => textContent?.startsWith(label));
    return own?.querySelector("input") ?? null;
  }

  drag(label: string, value: number): void {
    const input = this.slider(label);
    if (input === null) throw new Error(`there is no slider ${label}`);
    enter(input, String(value));
  }

  release(label: string): void {
    fire(this.slider(label) as HTMLElement, "change");
  }

  text(selector: string): string {
    return find(this.el, selector).textContent ?? "";
  }
}

/** How a share is written. */
export const share = (part: number): string => part.toFixed(2).replace(/^0\./, ".");

/** How many of some rows a model is right about, positive being score > threshold. */
export function accuracy(rows: Row[], threshold: number, model = 1): number {
  const right = rows.filter(({ label, scores }) => label === scores[model] > threshold);
  return right.length / rows.length;
}

export const isAscending = (values: number[]): boolean =>
  values.every((value, k) => k === 0 || value >= values[k - 1]);
