import type { AnyModel } from "@anywidget/types";
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Traits } from "./wire/traits";

export type Model<T extends object = Traits> = AnyModel<T>;

/** A signal that follows a trait until `until` aborts. */
export function follow<T extends object, K extends keyof T & string>(
  model: Model<T>,
  name: K,
  until: AbortSignal,
): ReadonlySignal<T[K]> {
  const value = signal(model.get(name));
  const update = () => {
    value.value = model.get(name);
  };
  model.on(`change:${name}`, update);
  until.addEventListener("abort", () => model.off(`change:${name}`, update));
  return value;
}

/** Sets traits and tells the kernel; without one the view lives on with what it has. */
export function write<T extends object>(model: Model<T>, values: Partial<T>): void {
  const names = Object.keys(values) as (keyof T & string)[];
  if (names.every((name) => Object.is(model.get(name), values[name]))) return;
  for (const name of names) model.set(name, values[name] as T[typeof name]);
  try {
    model.save_changes();
  } catch (error) {
    console.warn("tfinterp_widgets: the change was not sent to the kernel.", error);
  }
}

/** Sends a message; without a kernel nobody hears it, and nothing breaks. */
export function send<T extends object>(model: Model<T>, content: object): void {
  try {
    model.send(content);
  } catch (error) {
    console.warn("tfinterp_widgets: the message was not sent to the kernel.", error);
  }
}

/**
 * A trait with a draft over it: dragging moves the draft, which only the view sees, and release
 * writes the trait, once.
 */
export class Setting<T extends object, K extends keyof T & string> {
  readonly value: ReadonlySignal<T[K]>;
  private readonly draft = signal<{ value: T[K] } | null>(null);

  constructor(
    private readonly model: Model<T>,
    private readonly name: K,
    until: AbortSignal,
  ) {
    const trait = follow(model, name, until);
    this.value = computed(() => (this.draft.value === null ? trait.value : this.draft.value.value));
  }

  drag(value: T[K]): void {
    this.draft.value = { value };
  }

  release(): void {
    const held = this.draft.peek();
    if (held === null) return;
    write(this.model, { [this.name]: held.value } as unknown as Partial<T>);
    this.draft.value = null;
  }

  set(value: T[K]): void {
    this.drag(value);
    this.release();
  }
}
