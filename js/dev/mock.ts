/** A stand-in for anywidget's model and for the kernel behind it. */

import type { Traits } from "../src/wire/traits";

type Handler = (...args: never[]) => void;

export class MockModel<T extends object = Traits> {
  readonly sent: object[] = [];
  readonly saved: Partial<T>[] = [];
  /** What plays the kernel: called with the traits of each save. */
  onSave: (changed: Partial<T>) => void = () => {};
  onSend: (content: { kind: string }) => void = () => {};
  private changed: Partial<T> = {};
  private readonly handlers = new Map<string, Set<Handler>>();

  constructor(private readonly traits: T) {}

  get<K extends keyof T>(name: K): T[K] {
    return this.traits[name];
  }

  set<K extends keyof T>(name: K, value: T[K]): void {
    this.changed[name] = value;
    this.receive({ [name]: value } as unknown as Partial<T>);
  }

  /** A change that came from the kernel: all values first, then the events, as Backbone does. */
  receive(values: Partial<T>): void {
    const names = Object.keys(values) as (keyof T & string)[];
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
