import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type Camera, centreOf, type Fit, type Point, pixelAt, reveal } from "./camera";

export interface Probe extends Point {
  pinned: boolean;
}

const inside = (value: number, size: number) => Math.min(size - 1, Math.max(0, value));

/** The crosshair: it follows the pointer until a click or an arrow key pins it to a pixel. */
export function createProbe(camera: Signal<Camera>, fit: ReadonlySignal<Fit>) {
  const at = signal<Probe | null>(null);

  const keepInside = effect(() => {
    const { width, height } = fit.value;
    const probe = at.peek();
    if (probe !== null && (probe.x >= width || probe.y >= height)) at.value = null;
  });

  return {
    at: at as ReadonlySignal<Probe | null>,
    hover(point: Point | null): void {
      if (at.peek()?.pinned) return;
      const pixel = point === null ? null : pixelAt(camera.peek(), fit.peek(), point);
      at.value = pixel === null ? null : { ...pixel, pinned: false };
    },
    toggle(point: Point): void {
      const pixel = pixelAt(camera.peek(), fit.peek(), point);
      if (pixel !== null) at.value = { ...pixel, pinned: !at.peek()?.pinned };
    },
    move(dx: number, dy: number): void {
      const { width, height } = fit.peek();
      const from = at.peek() ?? { x: width >> 1, y: height >> 1 };
      const pixel = { x: inside(from.x + dx, width), y: inside(from.y + dy, height) };
      at.value = { ...pixel, pinned: true };
      camera.value = reveal(camera.peek(), centreOf(camera.peek(), fit.peek(), pixel));
    },
    hide(): void {
      at.value = null;
    },
    dispose: keepInside,
  };
}
