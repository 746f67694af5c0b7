/** Light or dark, as the page around the widget is: not every host says it in a variable. */

import { type ReadonlySignal, signal } from "@preact/signals";

type Ground = "light" | "dark";

function channels(colour: string): number[] {
  return (colour.match(/[\d.]+/g) ?? []).map(Number);
}

/** Relative luminance (WCAG) of a computed `rgb(...)` colour. */
export function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function isOpaque(colour: string): boolean {
  const values = channels(colour);
  return values.length === 3 || values[3] > 0.5;
}

/** The first opaque background from the element outwards; null where the page leaves it open. */
function background(element: Element): string | null {
  for (let node: Element | null = element; node !== null; node = parentOf(node)) {
    const colour = getComputedStyle(node).backgroundColor;
    if (colour !== "" && isOpaque(colour)) return colour;
  }
  return null;
}

function parentOf(element: Element): Element | null {
  if (element.parentElement !== null) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

const prefersDark = () => matchMedia("(prefers-color-scheme: dark)");

function groundOf(element: Element): Ground {
  const colour = background(element);
  const dark = colour === null ? prefersDark().matches : luminance(colour) < 0.25;
  return dark ? "dark" : "light";
}

/** Follows the page's theme around `element` until `until` aborts. */
export function followTheme(element: Element, until: AbortSignal): ReadonlySignal<Ground> {
  const ground = signal(groundOf(element));
  const update = () => {
    ground.value = groundOf(element);
  };
  const observer = new MutationObserver(update);
  const attributes = {
    attributes: true,
    attributeFilter: ["class", "style", "data-jp-theme-name"],
  };
  for (const node of [document.documentElement, document.body]) observer.observe(node, attributes);
  prefersDark().addEventListener("change", update, { signal: until });
  // A theme's style sheet may arrive after the attributes that announce it.
  document.addEventListener("load", update, { capture: true, signal: until });
  until.addEventListener("abort", () => observer.disconnect());
  return ground;
}
