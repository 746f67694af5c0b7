import type { AnyModel } from "@anywidget/types";
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Traits } from "./wire/traits";

export type Model = AnyModel<Traits>;

/** A signal that follows a trait until `until` aborts. */
export function follow<K extends keyof Traits>(
  model: Model,
  name: K,
  until: AbortSignal,
): ReadonlySignal<Traits[K]> {
  const value = signal(model.get(name));
  const update = () => {
    value.value = model.get(name);
  };
  model.on(`change:${name}`, update);
  until.addEventListener("abort", () => model.off(`change:${name}`, update));
  return value;
}

/** Sets traits and tells the kernel; without one the view lives on with what it has. */
export function write(model: Model, values: Partial<Traits>): void {
  const names = Object.keys(values) as (keyof Traits)[];
  if (names.every((name) => Object.is(model.get(name), values[name]))) return;
  for (const name of names) model.set(name, values[name] as Traits[typeof name]);
  try {
    model.save_changes();
  } catch (error) {
    console.warn("tfinterp_widgets: the change was not sent to the kernel.", error);
  }
}

/** Sends a message; without a kernel nobody hears it, and nothing breaks. */
export function send(model: Model, content: object): void {
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
export class Setting<K extends keyof Traits> {
  readonly value: ReadonlySignal<Traits[K]>;
  private readonly draft = signal<{ value: Traits[K] } | null>(null);

  constructor(
    private readonly model: Model,
    private readonly name: K,
    until: AbortSignal,
  ) {
    const trait = follow(model, name, until);
    this.value = computed(() => (this.draft.value === null ? trait.value : this.draft.value.value));
  }

  drag(value: Traits[K]): void {
    this.draft.value = { value };
  }

  release(): void {
    const held = this.draft.peek();
    if (held === null) return;
    write(this.model, { [this.name]: held.value } as Partial<Traits>);
    this.draft.value = null;
  }

  set(value: Traits[K]): void {
    this.drag(value);
    this.release();
  }
}
