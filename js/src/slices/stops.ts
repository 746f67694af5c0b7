/** Stops of the slider of the least n: 0, 1, 2, 5, 10, 20, ... up to the largest slice. */

export function minCountStops(largest: number): number[] {
  const stops = [0];
  for (let power = 1; power <= largest; power *= 10) {
    stops.push(...[1, 2, 5].map((figure) => figure * power).filter((stop) => stop <= largest));
  }
  return stops;
}

/** The stop at or below a number, where the thumb stands. */
export const placeOf = (stops: number[], minCount: number): number =>
  stops.findLastIndex((stop) => stop <= minCount);
