import { batch, computed, signal } from "@preact/signals";
import type { DecodedMap } from "../wire/messages";

/** The maps that answer the current question, and the newest of them. */
export class Answers {
  readonly question = signal(-1);
  /** Maps that are exact for a number of steps: always right, whatever run they came with. */
  readonly levels = signal<ReadonlyMap<number, DecodedMap>>(new Map());
  /** The newest message of the newest run: a running preview, or the result. */
  readonly latest = signal<DecodedMap | null>(null);
  /** The last map that came, whichever its question: it stays up until there is a better one. */
  readonly last = signal<DecodedMap | null>(null);
  /** Step counts that cost nothing: those here, and those that the kernel says it has. */
  readonly computed = computed(() => new Set([...this.stops.value, ...this.levels.value.keys()]));
  private readonly stops = signal<number[]>([]);
  private newestRun = -1;

  /** A new question: nothing that is known answers it. */
  ask(question: number): void {
    if (question === this.question.peek()) return;
    batch(() => {
      this.question.value = question;
      this.levels.value = new Map();
      this.latest.value = null;
      this.stops.value = [];
    });
  }

  receive(answer: DecodedMap): void {
    // Questions are numbered upwards, and a message may overtake the trait that names its question.
    if (answer.question < this.question.peek()) {
      // Read without following it: an effect hands over the saved result.
      if (this.last.peek() === null) this.last.value = answer;
      return;
    }
    batch(() => {
      this.ask(answer.question);
      if (answer.level !== null) {
        this.levels.value = new Map(this.levels.peek()).set(answer.level, answer);
      }
      if (answer.run < this.newestRun) return;
      this.newestRun = answer.run;
      this.latest.value = answer;
      this.last.value = answer;
    });
  }

  receiveStops(question: number, stops: number[]): void {
    if (question < this.question.peek()) return;
    this.ask(question);
    this.stops.value = stops;
  }
}

export interface Known {
  levels: ReadonlyMap<number, DecodedMap>;
  latest: DecodedMap | null;
  last: DecodedMap | null;
  question: number;
}

export interface Wanted {
  steps: number;
  hasSteps: boolean;
  image: number | null;
}

/**
 * The map to draw: the one asked for where it is known, else the newest preview of it, else what
 * was drawn before, so that nothing flickers while a person drags past unknown stops.
 */
export function choose(
  { levels, latest, last, question }: Known,
  wanted: Wanted,
  shown: DecodedMap | null,
): DecodedMap | null {
  const answersIt = latest !== null && (!wanted.hasSteps || latest.requested === wanted.steps);
  const kept = shown?.question === question ? shown : null;
  const exact = wanted.hasSteps ? levels.get(wanted.steps) : undefined;
  const map = exact ?? (answersIt ? latest : null) ?? kept ?? latest ?? shown ?? last;
  // A map is never drawn over another image.
  return map !== null && map.image_index === wanted.image ? map : null;
}
