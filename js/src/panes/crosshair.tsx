import type { Store } from "../explorer/store";
import { centreOf } from "./camera";

/** Two dashed lines, black on white, so that they show on any picture. */
export function Crosshair({ store }: { store: Store }) {
  const at = store.probe.at.value;
  if (at === null) return null;
  const { x, y } = centreOf(store.camera.value, store.fit.value, at);
  return (
    <div class={`tfi-crosshair ${at.pinned ? "tfi-pinned" : ""}`} aria-hidden="true">
      <i class="tfi-vertical" style={{ left: `${100 * x}%` }} />
      <i class="tfi-horizontal" style={{ top: `${100 * y}%` }} />
    </div>
  );
}
