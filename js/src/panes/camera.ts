/** What part of the picture is seen: shared by all panes, in units of a pane's own side. */

export interface Camera {
  k: number;
  x: number;
  y: number;
}

export const HOME: Camera = { k: 1, x: 0, y: 0 };

/** How many pixels of the photograph are left across a pane at the strongest zoom. */
const FEWEST_PIXELS = 8;

/** Where a picture lies in the unit square when it is fitted and centred. */
export interface Fit {
  left: number;
  top: number;
  /** Pixels of the picture along the unit side. */
  extent: number;
  width: number;
  height: number;
}

export function fitted(width: number, height: number): Fit {
  const extent = Math.max(width, height);
  return {
    left: (1 - width / extent) / 2,
    top: (1 - height / extent) / 2,
    extent,
    width,
    height,
  };
}

export const strongest = ({ extent }: Fit): number => Math.max(4, extent / FEWEST_PIXELS);

/** Keeps the pane filled: the unit square may not leave a gap. */
export function clamp({ k, x, y }: Camera): Camera {
  const within = (shift: number) => Math.min(0, Math.max(1 - k, shift));
  return { k, x: within(x), y: within(y) };
}

/** Zooms by `factor` about a point of the pane that stays where it is. */
export function zoomAbout(camera: Camera, factor: number, point: Point, most: number): Camera {
  const k = Math.min(most, Math.max(1, camera.k * factor));
  const ratio = k / camera.k;
  return clamp({
    k,
    x: point.x - (point.x - camera.x) * ratio,
    y: point.y - (point.y - camera.y) * ratio,
  });
}

export interface Point {
  x: number;
  y: number;
}

/** The pixel of the picture under a point of the pane (0..1), or null beside the picture. */
export function pixelAt(camera: Camera, { left, top, extent, width, height }: Fit, at: Point) {
  const x = Math.floor(((at.x - camera.x) / camera.k - left) * extent);
  const y = Math.floor(((at.y - camera.y) / camera.k - top) * extent);
  return x >= 0 && y >= 0 && x < width && y < height ? { x, y } : null;
}

/** The point of the pane (0..1) at the centre of a pixel. */
export function centreOf(camera: Camera, { left, top, extent }: Fit, pixel: Point): Point {
  return {
    x: ((pixel.x + 0.5) / extent + left) * camera.k + camera.x,
    y: ((pixel.y + 0.5) / extent + top) * camera.k + camera.y,
  };
}

/** Shifts the camera by as little as brings a point of the pane into view. */
export function reveal(camera: Camera, point: Point): Camera {
  const shift = (value: number) => (value < 0 ? -value : value > 1 ? 1 - value : 0);
  return clamp({
    k: camera.k,
    x: camera.x + shift(point.x) * 1.05,
    y: camera.y + shift(point.y) * 1.05,
  });
}
