import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Model } from "../model";
import type { Named, Scalar, Status, Target } from "../wire/traits";
import { nameOf } from "./naming";

interface Asked {
  target: ReadonlySignal<Target>;
  method: ReadonlySignal<Named>;
  baseline: ReadonlySignal<Named>;
  imageIndex: ReadonlySignal<number>;
  parameters: ReadonlySignal<Record<string, Scalar>>;
  question: ReadonlySignal<number>;
  status: ReadonlySignal<Status>;
}

const key = (
  target: Target,
  method: Named,
  baseline: Named,
  image: number,
  parameters: Record<string, Scalar>,
) => JSON.stringify([target, nameOf(method), nameOf(baseline), image, parameters]);

/**
 * True from a change of what is asked until the kernel takes it up, by a new question or a new
 * run, or gives the old value back.
 */
export function createPending(
  model: Model,
  asked: Asked,
  until: AbortSignal,
): ReadonlySignal<boolean> {
  const current = computed(() =>
    key(
      asked.target.value,
      asked.method.value,
      asked.baseline.value,
      asked.imageIndex.value,
      asked.parameters.value,
    ),
  );
  // Read from the model: of several traits in one update, some signals may not have moved yet.
  const now = () =>
    key(
      model.get("target"),
      model.get("method"),
      model.get("baseline"),
      model.get("image_index"),
      model.get("_method_parameters"),
    );
  const taken = signal(now());
  const run = computed(() => asked.status.value.run);
  const stop = effect(() => {
    asked.question.value;
    run.value;
    taken.value = now();
  });
  until.addEventListener("abort", stop);
  return computed(() => current.value !== taken.value);
}
