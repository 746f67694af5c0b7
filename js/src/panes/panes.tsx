import { useCallback } from "preact/hooks";
import { reductionLabel } from "../explorer/naming";
import type { Store } from "../explorer/store";
import type { DecodedMap } from "../wire/messages";
import { HOME } from "./camera";
import type { Sheet } from "./draw";
import type { Layer } from "./layers";
import { Pane } from "./pane";
import { hasCells } from "./readout";

const sheet = (layer: Layer | null, opacity = 1): Sheet[] =>
  layer === null ? [] : [{ layer, opacity }];

/** What one number of a map is. */
function describe(map: DecodedMap, shape: readonly number[]): string {
  const [rows, columns] = map.map.shape;
  if (hasCells(map, shape)) return `${columns} × ${rows} cells`;
  return map.channels > 1 ? reductionLabel(map.reduction) : "";
}

/** What is drawn, where that is not the map asked for. */
function MapAside({ store }: { store: Store }) {
  const map = store.shown.value;
  const image = store.traits.image.value;
  if (map === null || image === null) return null;
  const wanted = store.settings.steps.value.value;
  const asked = !store.method.value?.has_steps || map.requested === wanted;
  if (map.level === wanted || (map.final && asked)) return <>{describe(map, image.image.shape)}</>;
  return <>{map.level === null ? "running preview" : `drawn: ${map.level} steps`}</>;
}

function ZoomAside({ store }: { store: Store }) {
  const { k } = store.camera.value;
  const reset = () => {
    store.camera.value = HOME;
  };
  if (k <= 1) return <>map over grey</>;
  return (
    <button type="button" class="tfi-link" title="Show the whole picture again" onClick={reset}>
      {k.toFixed(1)} × reset
    </button>
  );
}

function ImageAside({ store }: { store: Store }) {
  const image = store.traits.image.value;
  if (image === null) return null;
  const [height, width] = image.image.shape;
  const size = `${width} × ${height}`;
  return <span title={image.notice || size}>{image.notice || size}</span>;
}

function emptyText(store: Store): string | undefined {
  if (store.traits.image.value === null) return undefined;
  if (store.shown.value !== null) return undefined;
  return store.traits.status.value.state === "running" ? "computing …" : "no map yet";
}

/** Input, attribution and overlay. */
export function Panes({ store }: { store: Store }) {
  const { picture, settings, shown } = store;
  const input = useCallback(() => sheet(picture.photograph.value), [store]);
  const attribution = useCallback(() => sheet(picture.map.value?.layer ?? null), [store]);
  const overlay = useCallback(
    () => [
      ...sheet(picture.grey.value),
      ...sheet(picture.map.value?.layer ?? null, settings.opacity.value.value),
    ],
    [store],
  );
  const empty = emptyText(store);
  const dim = store.stale.value && shown.value !== null;
  return (
    <div class="tfi-panes">
      <Pane store={store} title="Input" aside={<ImageAside store={store} />} sheets={input} />
      <Pane
        store={store}
        title="Attribution"
        aside={<MapAside store={store} />}
        sheets={attribution}
        empty={empty}
        dim={dim}
      />
      <Pane
        store={store}
        title="Overlay"
        aside={<ZoomAside store={store} />}
        sheets={overlay}
        dim={dim}
      />
    </div>
  );
}
