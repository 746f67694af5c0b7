import { effect, type ReadonlySignal, signal } from "@preact/signals";

const PATIENCE = 4000;

/** True once `unanswered` has held for a few seconds: the kernel is busy, or there is none. */
export function createSilence(
  unanswered: ReadonlySignal<boolean>,
  until: AbortSignal,
): ReadonlySignal<boolean> {
  const silent = signal(false);
  const stop = effect(() => {
    silent.value = false;
    if (!unanswered.value) return;
    const timer = setTimeout(() => {
      silent.value = true;
    }, PATIENCE);
    return () => clearTimeout(timer);
  });
  until.addEventListener("abort", stop);
  return silent;
}
