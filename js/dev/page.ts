/** What the harnesses share: the page's theme and width, and a widget put into it. */

import { measureContrast } from "./contrast";

export const query = new URLSearchParams(location.search);

/** Waits for it: the view's colours are taken from it. */
function addStyles(href: string): Promise<Event> {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href });
  document.head.append(link);
  return new Promise((resolve) => link.addEventListener("load", resolve));
}

interface Widget {
  initialize: (props: never) => unknown;
  render: (props: never) => unknown;
}

/** Shows a widget as an element of these classes. */
export async function show(widget: Widget, model: object, classes = ""): Promise<void> {
  const host = query.get("host");
  if (host !== null) await addStyles(host);
  document.body.classList.toggle("dark", query.get("theme") === "dark");
  const el = document.createElement("div");
  el.className = classes;
  const width = query.get("width") ?? 900;
  el.style.width = width === "page" ? "auto" : `${width}px`;
  document.body.append(el);
  Object.assign(window, {
    model,
    contrast: () => measureContrast(document.querySelector(".tfi") as Element),
  });
  const { signal } = new AbortController();
  const props = { model, signal };
  await widget.initialize(props as never);
  await widget.render(Object.assign({}, props, { el }) as never);
}
