import type { Signal } from "@preact/signals";
import { type Camera, centreOf, type Fit, HOME, strongest, zoomAbout } from "./camera";
import type { createProbe } from "./probe";

interface Seen {
  camera: Signal<Camera>;
  fit: { peek(): Fit };
  probe: ReturnType<typeof createProbe>;
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const FACTOR = 1.5;
const FAR = 10;

/** Zooms about the crosshair, or the middle where there is none. */
function zoomBy({ camera, fit, probe }: Seen, factor: number): void {
  const at = probe.at.peek();
  const point = at === null ? { x: 0.5, y: 0.5 } : centreOf(camera.peek(), fit.peek(), at);
  camera.value = zoomAbout(camera.peek(), factor, point, strongest(fit.peek()));
}

/** Does what a key says to the crosshair or the camera; false for a key that says nothing. */
export function pressKey(seen: Seen, key: string, shift: boolean): boolean {
  const arrow = ARROWS[key];
  if (arrow !== undefined) {
    const step = shift ? FAR : 1;
    seen.probe.move(arrow[0] * step, arrow[1] * step);
    return true;
  }
  const actions: Record<string, () => void> = {
    "+": () => zoomBy(seen, FACTOR),
    "=": () => zoomBy(seen, FACTOR),
    "-": () => zoomBy(seen, 1 / FACTOR),
    "0": () => {
      seen.camera.value = HOME;
    },
    Escape: seen.probe.hide,
  };
  actions[key]?.();
  return key in actions;
}
