/** What a search has found: shown by itself or among all, near duplicates folded. */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Finding, Findings } from "../wire/slices";

/** What is known of one slice that was found. */
export interface Found {
  /** One for each model that is worse there. */
  findings: Finding[];
  /** Ids of slices that hold nearly the same rows, and are less sure. */
  alike: string[];
  /** The slice that it is like; null for one that stands for itself. */
  like: string | null;
}

/** Slices by id: each that stands for itself, and behind it those that are like it. */
export function gathered(items: Finding[]): Map<string, Found> {
  const heads = new Map<string, Finding[]>();
  for (const item of items) {
    let head = item;
    // Each is like an earlier one: this comes to an end.
    while (head.like !== null) head = items[head.like];
    heads.set(head.id, [...(heads.get(head.id) ?? []), item]);
  }
  const found = new Map<string, Found>();
  for (const [head, group] of heads) {
    const ids = [...new Set([head, ...group.map(({ id }) => id)])];
    for (const id of ids) {
      found.set(id, {
        findings: group.filter((item) => item.id === id),
        alike: id === head ? ids.slice(1) : [],
        like: id === head ? null : head,
      });
    }
  }
  return found;
}

export function createFound(findings: ReadonlySignal<Findings | null>, until: AbortSignal) {
  /** By itself when it comes, and until somebody wants to see all. */
  const only = signal(false);
  const unfolded = signal<ReadonlySet<string>>(new Set());
  const stop = effect(() => {
    only.value = (findings.value?.items.length ?? 0) > 0;
    unfolded.value = new Set();
  });
  until.addEventListener("abort", stop);
  const known = computed(() => gathered(findings.value?.items ?? []));
  /** Whether findings of several models stand side by side. */
  const isMixed = computed(() => new Set(findings.value?.items.map(({ of }) => of)).size > 1);
  /** Where slices that are not folded away stand, the surest first. */
  const places = computed(() => {
    const open = [...known.value].filter(
      ([, { like }]) => like === null || unfolded.value.has(like),
    );
    return new Map(open.map(([id], place) => [id, place]));
  });
  const fold = (id: string, folded: boolean) => {
    const others = [...unfolded.peek()].filter((each) => each !== id);
    unfolded.value = new Set(folded ? others : [...others, id]);
  };
  return { only, known, isMixed, places, unfolded, fold };
}
