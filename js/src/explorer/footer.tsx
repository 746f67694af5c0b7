import { CopyButton } from "../controls/copy";
import { Progress } from "../controls/progress";
import { Thumbnails } from "../controls/thumbnails";
import { attributionText, meanText, pixelText, positionText } from "../panes/readout";
import type { Store } from "./store";

/** The numbers under the crosshair, or how to get some. */
function Readout({ store }: { store: Store }) {
  const at = store.probe.at.value;
  const values = store.picture.values.value;
  const image = store.traits.image.value;
  if (at === null || values === null || image === null) {
    return <span class="tfi-muted">Click pins · Ctrl + wheel zooms</span>;
  }
  const map = store.shown.value;
  const { bin } = image;
  return (
    <>
      <span>{positionText(at, bin)}</span>
      <span>{pixelText(values, at)}</span>
      {map !== null && <span>{attributionText(map, image.image.shape, at)}</span>}
      {bin > 1 && <span class="tfi-muted">{meanText(bin)}</span>}
      {at.pinned && <PinMark />}
    </>
  );
}

function PinMark() {
  return (
    <svg class="tfi-pin" viewBox="0 0 12 12" role="img">
      <title>The crosshair is pinned: a click or Escape releases it</title>
      <path d="M6 1a3.6 3.6 0 0 1 3.6 3.6C9.6 7.2 6 11 6 11S2.4 7.2 2.4 4.6A3.6 3.6 0 0 1 6 1z" />
    </svg>
  );
}

/** What the answer on display cost; null while there is none, or a newer one is on its way. */
export function answerCost(store: Store) {
  const result = store.traits.result.value;
  const { state, seconds } = store.traits.status.value;
  if (result === null || state !== "done") return null;
  return { evaluations: result.evaluations, seconds: result.seconds ?? seconds };
}

/** The photographs, what is under the crosshair, what the answer cost, and how to reproduce it. */
export function Footer({ store }: { store: Store }) {
  const { traits, probe } = store;
  return (
    <div class="tfi-footer">
      <Thumbnails
        thumbnails={traits.thumbnails.value}
        chosen={traits.imageIndex.value}
        onChoose={store.chooseImage}
      />
      <div class="tfi-readout" aria-live={probe.at.value?.pinned ? "polite" : "off"}>
        <Readout store={store} />
      </div>
      <div class="tfi-progress">
        <Progress
          status={traits.status.value}
          cost={answerCost(store)}
          silent={store.silent.value}
          onCancel={store.cancel}
          onRetry={store.retry}
        />
      </div>
      <CopyButton code={store.shown.value?.code ?? null} />
    </div>
  );
}
