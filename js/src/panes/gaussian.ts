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

/** Filters one line into `out`; `padded` holds the line with `radius` mirrored values each side. */
function filterLine(padded: Float64Array, weights: Float64Array, out: Float64Array): void {
  const radius = weights.length - 1;
  for (let i = 0; i < out.length; i++) {
    const centre = i + radius;
    let sum = padded[centre] * weights[0];
    for (let k = 1; k <= radius; k++) sum += (padded[centre - k] + padded[centre + k]) * weights[k];
    out[i] = sum;
  }
}

function filterRows({ width, height, data }: Grid, weights: Float64Array): Grid {
  const radius = weights.length - 1;
  const result = new Float32Array(data.length);
  const padded = new Float64Array(width + 2 * radius);
  const line = new Float64Array(width);
  const source = Int32Array.from(padded, (_, k) => reflect(k - radius, width));
  for (let row = 0; row < height; row++) {
    const start = row * width;
    for (let k = 0; k < padded.length; k++) padded[k] = data[start + source[k]];
    filterLine(padded, weights, line);
    result.set(line, start);
  }
  return { width, height, data: result };
}

/** Whole rows at a time, so that memory is read in order. */
function filterColumns({ width, height, data }: Grid, weights: Float64Array): Grid {
  const radius = weights.length - 1;
  const result = new Float32Array(data.length);
  const sums = new Float64Array(width);
  for (let row = 0; row < height; row++) {
    for (let x = 0; x < width; x++) sums[x] = data[row * width + x] * weights[0];
    for (let k = 1; k <= radius; k++) {
      const above = reflect(row - k, height) * width;
      const below = reflect(row + k, height) * width;
      for (let x = 0; x < width; x++) sums[x] += (data[above + x] + data[below + x]) * weights[k];
    }
    result.set(sums, row * width);
  }
  return { width, height, data: result };
}

/** The Gaussian filter of scipy.ndimage with mode="reflect" and truncate=4. */
export function smooth(grid: Grid, sigma: number): Grid {
  const weights = gaussianWeights(sigma);
  return weights.length === 1 ? grid : filterRows(filterColumns(grid, weights), weights);
}
