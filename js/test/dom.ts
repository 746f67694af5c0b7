import { type ComponentChild, render } from "preact";
import { act } from "preact/test-utils";

/** Renders into a fresh element of the page. */
export function mount(child: ComponentChild): HTMLElement {
  const el = document.createElement("div");
  document.body.replaceChildren(el);
  act(() => render(child, el));
  return el;
}

export function find<T extends Element = HTMLElement>(root: Element, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (found === null) throw new Error(`nothing matches ${selector}`);
  return found;
}

export function key(target: Element, name: string, type = "keydown"): void {
  act(() => {
    target.dispatchEvent(new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true }));
  });
}

/** What a person does to an input: its value, then an event. */
export function enter(
  input: HTMLInputElement | HTMLSelectElement,
  value: string,
  type = "input",
): void {
  act(() => {
    input.value = value;
    input.dispatchEvent(new Event(type, { bubbles: true }));
  });
}

export function fire(target: Element, type: string): void {
  act(() => {
    target.dispatchEvent(new Event(type, { bubbles: true }));
  });
}

export function click(target: HTMLElement): void {
  act(() => target.click());
}
