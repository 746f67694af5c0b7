/** The step counts of the slider: 1, 2, 4, ... 512. A number field takes those between and above. */

export const STOPS = Array.from({ length: 10 }, (_, k) => 2 ** k);
export const LAST = STOPS.length - 1;
export const MOST_STEPS = 4096;

/** Where a step count lies on the slider, between stops too. */
export const positionOf = (steps: number): number => Math.min(LAST, Math.max(0, Math.log2(steps)));

/** The stop nearest to a position of the thumb. */
export const stopAt = (position: number): number => STOPS[Math.round(position)];

/** The stop that a key goes to; null for a key that does not move the slider. */
export function stopForKey(key: string, steps: number): number | null {
  const position = positionOf(steps);
  const up = Math.min(LAST, Math.floor(position) + 1);
  const down = Math.max(0, Math.ceil(position) - 1);
  const moves: Record<string, number> = {
    ArrowRight: up,
    ArrowUp: up,
    PageUp: up,
    ArrowLeft: down,
    ArrowDown: down,
    PageDown: down,
    Home: 0,
    End: LAST,
  };
  return key in moves ? STOPS[moves[key]] : null;
}

/** The number in a field, or null for what is no whole number of steps. */
export function parseSteps(text: string): number | null {
  const value = Number(text);
  const valid = text.trim() !== "" && Number.isInteger(value) && value >= 1 && value <= MOST_STEPS;
  return valid ? value : null;
}
