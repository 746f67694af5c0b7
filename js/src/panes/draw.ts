import type { Camera, Fit } from "./camera";
import type { Layer } from "./layers";

export interface Sheet {
  layer: Layer;
  opacity: number;
}

/** Gives the canvas one pixel for each device pixel; true where that changed its size. */
export function resize(canvas: HTMLCanvasElement, side: number): boolean {
  const pixels = Math.max(1, Math.round(side * devicePixelRatio));
  if (canvas.width === pixels && canvas.height === pixels) return false;
  canvas.width = pixels;
  canvas.height = pixels;
  return true;
}

/**
 * Draws layers over one another as the camera sees them, each over the whole picture however few
 * cells it has, magnified by nearest neighbour.
 */
export function draw(canvas: HTMLCanvasElement, camera: Camera, fit: Fit, sheets: Sheet[]): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const side = canvas.width;
  const scale = (side * camera.k) / fit.extent;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, side, side);
  context.translate(
    Math.round((camera.x + fit.left * camera.k) * side),
    Math.round((camera.y + fit.top * camera.k) * side),
  );
  context.scale(scale, scale);
  context.save();
  context.beginPath();
  context.rect(0, 0, fit.width, fit.height);
  context.clip();
  for (const { layer, opacity } of sheets) {
    context.globalAlpha = opacity;
    context.imageSmoothingEnabled = (scale * fit.width) / layer.width < 1;
    context.drawImage(layer, 0, 0, fit.width, fit.height);
  }
  context.restore();
  // Counts what was written, so that a benchmark can time input against output.
  canvas.dataset.frame = String(Number(canvas.dataset.frame ?? 0) + 1);
}
