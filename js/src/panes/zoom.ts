import type { Signal } from "@preact/signals";
import { select } from "d3-selection";
import { type D3ZoomEvent, zoom, zoomIdentity } from "d3-zoom";
import { type Camera, type Fit, strongest } from "./camera";

interface Gestures {
  camera: Signal<Camera>;
  fit: { readonly value: Fit };
  side: { readonly value: number };
}

/**
 * The wheel alone scrolls the page, as everywhere in a notebook; with Ctrl (which is what a pinch on
 * a touchpad sends), or once one of the panes has the focus, it zooms.
 */
function accepts(element: HTMLElement, event: MouseEvent): boolean {
  if (event.type !== "wheel") return !event.button && !event.ctrlKey;
  const focused = element.closest(".tfi-panes")?.matches(":focus-within") ?? false;
  return event.ctrlKey || event.metaKey || focused;
}

/** Pan, wheel and pinch on one pane move the camera that all panes share. */
export function attachZoom(element: HTMLElement, { camera, fit, side }: Gestures) {
  const selection = select(element);
  const behaviour = zoom<HTMLElement, unknown>()
    .filter((event) => accepts(element, event))
    .clickDistance(4)
    .on("zoom", ({ transform, sourceEvent }: D3ZoomEvent<HTMLElement, unknown>) => {
      if (sourceEvent === null) return;
      const { k, x, y } = transform;
      camera.value = { k, x: x / side.value, y: y / side.value };
    });
  selection.call(behaviour).on("dblclick.zoom", null);

  return {
    /** Keeps d3 in step with what another pane, a key or a resize did. */
    follow(): void {
      const { k, x, y } = camera.value;
      const size = side.value;
      const square: [[number, number], [number, number]] = [
        [0, 0],
        [size, size],
      ];
      behaviour
        .extent(square)
        .translateExtent(square)
        .scaleExtent([1, strongest(fit.value)]);
      // The property that d3 reads: `behaviour.transform` would end a gesture on its way.
      Object.assign(element, { __zoom: zoomIdentity.translate(x * size, y * size).scale(k) });
    },
    detach(): void {
      selection.on(".zoom", null);
    },
  };
}
