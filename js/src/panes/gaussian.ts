/** A two-dimensional array of one channel. */
export interface Grid {
  width: number;
  height: number;
  data: Float32Array;
}

const TRUNCATE = 4;

/** Half of a normalised Gaussian: the centre first. Radius and cut are those of scipy.ndimage. */
export function gaussianWeights(sigma: number): Float64Array {
  const radius = Math.floor(TRUNCATE * sigma + 0.5);
  const weights = Float64Array.from({ length: radius + 1 }, (_, k) =>
    k === 0 ? 1 : Math.exp((-0.5 * k * k) / (sigma * sigma)),
  );
  const total = 2 * weights.reduce((sum, weight) => sum + weight, 0) - 1;
  return weights.map((weight) => weight / total);
}

/** Where an index outside [0, n) falls when the border is a mirror: (d c b a | a b c d | d c b a). */
export function reflect(index: number, n: number): number {
  const period = 2 * n;
  const k = ((index % period) + period) % period;
  return k < n ? k : period - 1 - k;
}

/**
 * Filters one line into `out`; `padded` holds the line with `radius` mirrored values each side.
 * Four sums at a time: a single one would wait for its own last addition.
 */
function filterLine(padded: Float64Array, weights: Float64Array, out: Float64Array): void {
  const radius = weights.length - 1;
  for (let i = 0; i < out.length; i += 4) {
    const centre = i + radius;
    let a = padded[centre] * weights[0];
    let b = padded[centre + 1] * weights[0];
    let c = padded[centre + 2] * weights[0];
    let d = padded[centre + 3] * weights[0];
    for (let k = 1; k <= radius; k++) {
      const left = centre - k;
      const right = centre + k;
      const weight = weights[k];
      a += (padded[left] + padded[right]) * weight;
      b += (padded[left + 1] + padded[right + 1]) * weight;
      c += (padded[left + 2] + padded[right + 2]) * weight;
      d += (padded[left + 3] + padded[right + 3]) * weight;
    }
    out[i] = a;
    out[i + 1] = b;
    out[i + 2] = c;
    out[i + 3] = d;
  }
}

/** Lines of a grid along one axis: how many, how long, and how far apart their values lie. */
interface Lines {
  count: number;
  length: number;
  stride: number;
  next: number;
}

function filterLines(data: Float32Array, lines: Lines, weights: Float64Array): Float32Array {
  const { count, length, stride, next } = lines;
  const radius = weights.length - 1;
  if (radius === 0) return data;
  const whole = Math.ceil(length / 4) * 4;
  const result = new Float32Array(data.length);
  const padded = new Float64Array(whole + 2 * radius);
  const out = new Float64Array(whole);
  const source = Int32Array.from(padded, (_, k) => reflect(k - radius, length) * stride);
  for (let line = 0; line < count; line++) {
    const start = line * next;
    for (let k = 0; k < padded.length; k++) padded[k] = data[start + source[k]];
    filterLine(padded, weights, out);
    for (let k = 0; k < length; k++) result[start + k * stride] = out[k];
  }
  return result;
}

/** The Gaussian filter of scipy.ndimage with mode="reflect" and truncate=4; sigmas are in cells. */
export function smooth({ width, height, data }: Grid, down: number, across = down): Grid {
  const columns = { count: width, length: height, stride: width, next: 1 };
  const rows = { count: height, length: width, stride: 1, next: width };
  const smoothed = filterLines(data, columns, gaussianWeights(down));
  return { width, height, data: filterLines(smoothed, rows, gaussianWeights(across)) };
}
