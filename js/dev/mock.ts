/** A stand-in for anywidget's model and for the kernel behind it. */

import type { Traits } from "../src/wire/traits";

type Handler = (...args: never[]) => void;

export class MockModel {
  readonly sent: object[] = [];
  readonly saved: Partial<Traits>[] = [];
  /** What plays the kernel: called with the traits of each save. */
  onSave: (changed: Partial<Traits>) => void = () => {};
  onSend: (content: { kind: string }) => void = () => {};
  private changed: Partial<Traits> = {};
  private readonly handlers = new Map<string, Set<Handler>>();

  constructor(private readonly traits: Traits) {}

  get<K extends keyof Traits>(name: K): Traits[K] {
    return this.traits[name];
  }

  set<K extends keyof Traits>(name: K, value: Traits[K]): void {
    this.changed[name] = value;
    this.receive({ [name]: value } as Partial<Traits>);
  }

  /** A change that came from the kernel: all values first, then the events, as Backbone does. */
  receive(values: Partial<Traits>): void {
    const names = Object.keys(values) as (keyof Traits)[];
    const moved = names.filter((name) => this.traits[name] !== values[name]);
    Object.assign(this.traits, values);
    for (const name of moved) this.emit(`change:${name}`);
  }

  message(content: object, buffers: DataView[] = []): void {
    this.emit("msg:custom", content, buffers);
  }

  save_changes(): void {
    const changed = this.changed;
    this.changed = {};
    this.saved.push(changed);
    this.onSave(changed);
  }

  send(content: { kind: string }): void {
    this.sent.push(content);
    this.onSend(content);
  }

  on(name: string, handler: Handler): void {
    if (!this.handlers.has(name)) this.handlers.set(name, new Set());
    this.handlers.get(name)?.add(handler);
  }

  off(name: string, handler: Handler): void {
    this.handlers.get(name)?.delete(handler);
  }

  get listeners(): number {
    return [...this.handlers.values()].reduce((sum, handlers) => sum + handlers.size, 0);
  }

  private emit(name: string, ...args: unknown[]): void {
    for (const handler of this.handlers.get(name) ?? [])
      (handler as (...a: unknown[]) => void)(...args);
  }
}
