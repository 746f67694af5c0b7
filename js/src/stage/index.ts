/**
 * Stands, unseen, in widgets that are composed of ipywidgets and bqplot: says when they are first
 * displayed, brings their style, and follows the page's theme.
 */

import type { RenderProps } from "@anywidget/types";
import { effect } from "@preact/signals";
import { followTheme } from "../explorer/theme";
import { lifetime } from "../lifetime";
import { makeReachable } from "./reach";
import "./stage.css";

function render({ model, el, signal }: RenderProps) {
  const life = lifetime(signal);
  el.classList.add("tfi-stage");
  // The element is not yet in the page: its root cannot be found before the next frame.
  requestAnimationFrame(() => {
    const root = el.closest<HTMLElement>(".tfi");
    if (root === null || life.signal.aborted) return;
    const ground = followTheme(root.parentElement ?? root, life.signal);
    const stop = effect(() => {
      root.dataset.ground = ground.value;
    });
    life.signal.addEventListener("abort", stop);
    makeReachable(root, life.signal);
  });
  model.send({ kind: "shown" });
  return () => life.abort();
}

export default { render };
