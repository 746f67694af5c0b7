import { CopyButton } from "../controls/copy";
import { Progress } from "../controls/progress";
import { Thumbnails } from "../controls/thumbnails";
import { attributionText, pixelText } from "../panes/readout";
import { decode } from "../wire/arrays";
import type { Store } from "./store";

/** The numbers under the crosshair, or how to get some. */
function Readout({ store }: { store: Store }) {
  const at = store.probe.at.value;
  const image = store.traits.image.value;
  if (at === null || image === null) {
    return <span class="tfi-muted">Click pins · Ctrl + wheel zooms</span>;
  }
  const map = store.shown.value;
  const pixels = image.raw === null ? store.picture.pixels.value : decode(image.raw);
  return (
    <>
      <span>
        ({at.x}, {at.y})
      </span>
      {pixels !== null && <span>{pixelText(pixels, at)}</span>}
      {map !== null && <span class="tfi-phi">{attributionText(map, at)}</span>}
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

function cost(store: Store) {
  const result = store.traits.result.value;
  const { state, seconds } = store.traits.status.value;
  if (result === null || state !== "done") return null;
  return { evaluations: result.evaluations, seconds: result.seconds ?? seconds };
}

/** The photographs, what is under the crosshair, what the answer cost, and how to reproduce it. */
export function Footer({ store }: { store: Store }) {
  const { traits } = store;
  return (
    <div class="tfi-footer">
      <Thumbnails
        thumbnails={traits.thumbnails.value}
        chosen={traits.imageIndex.value}
        onChoose={store.chooseImage}
      />
      <div class="tfi-readout" aria-live="polite">
        <Readout store={store} />
      </div>
      <div class="tfi-progress">
        <Progress
          status={traits.status.value}
          cost={cost(store)}
          silent={store.silent.value}
          onCancel={store.cancel}
          onRetry={store.retry}
        />
      </div>
      <CopyButton code={store.shown.value?.code ?? null} />
    </div>
  );
}
