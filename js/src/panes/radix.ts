/** A radix sort: several times as fast as the built-in one, which counts while a slider is dragged. */

const BITS = 11;
const BUCKETS = 1 << BITS;
const PASSES = 3;

/** Where each bucket begins when the values are put in order of the digit at `shift`. */
function starts(values: Uint32Array, shift: number): Uint32Array {
  const places = new Uint32Array(BUCKETS);
  for (let k = 0; k < values.length; k++) places[(values[k] >>> shift) & (BUCKETS - 1)]++;
  let place = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const count = places[bucket];
    places[bucket] = place;
    place += count;
  }
  return places;
}

/** Whole numbers of 32 bits in ascending order, in an array of their own. */
export function sortBits(values: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  let from = values;
  let into = new Uint32Array(values.length);
  for (let pass = 0; pass < PASSES; pass++) {
    const shift = pass * BITS;
    const places = starts(from, shift);
    for (let k = 0; k < from.length; k++) {
      into[places[(from[k] >>> shift) & (BUCKETS - 1)]++] = from[k];
    }
    // The first pass must not write into what it was given.
    [from, into] = [into, pass === 0 ? new Uint32Array(values.length) : from];
  }
  return from;
}
