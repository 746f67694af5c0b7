/** Plays the kernel for the harness: answers after a while, one level after another. */

import type { MapMessage, Traits } from "../src/wire/traits";
import type { MockModel } from "./mock";
import { answer, image } from "./synthetic";

const STEP = 120;

export function playKernel(model: MockModel): void {
  let timers: ReturnType<typeof setTimeout>[] = [];

  const status = (changed: Partial<Traits["status"]>) =>
    model.receive({ status: { ...model.get("status"), ...changed } });

  const sendMap = ({ map, ...rest }: MapMessage) =>
    model.message(
      { kind: "map", ...rest, exact: true, map: { dtype: map.dtype, shape: map.shape, buffer: 0 } },
      [map.view as DataView],
    );

  const sendLevel = (steps: number, total: number, run: number) => {
    const found = answer(steps, model.get("_question"), model.get("image_index"), run);
    sendMap({ ...found, requested: total, final: steps === total });
    status({ done: steps, total });
    if (steps < total) return;
    model.receive({ _result: found });
    status({ state: "done", seconds: found.seconds });
  };

  const explain = () => {
    for (const timer of timers) clearTimeout(timer);
    const total = model.get("steps");
    const run = model.get("status").run + 1;
    status({ state: "running", done: 0, total, run });
    const levels = [4, 8, 16, 32, 64, 128, 256, 512].filter((n) => n < total && total % n === 0);
    timers = [...levels, total].map((n, k) =>
      setTimeout(() => sendLevel(n, total, run), STEP * (k + 1)),
    );
  };

  model.onSend = ({ kind }) => {
    if (kind === "explain") explain();
    if (kind !== "cancel") return;
    for (const timer of timers) clearTimeout(timer);
    status({ state: "cancelled" });
  };
  model.onSave = (changed) => {
    const asked = ["target", "method", "baseline", "image_index", "_method_parameters"];
    const renews = asked.some((name) => name in changed);
    if (renews) {
      const index = model.get("image_index");
      const predictions = model.get("_predictions");
      model.receive({
        _question: model.get("_question") + 1,
        _image: image(index),
        _predictions: predictions && { ...predictions, image_index: index },
      });
    }
    if (renews || "steps" in changed) explain();
  };
}
