import { effect, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Store } from "../explorer/store";
import { HOME, type Point } from "./camera";
import { Crosshair } from "./crosshair";
import { draw, resize, type Sheet } from "./draw";
import { pressKey } from "./keys";
import { attachZoom } from "./zoom";

interface Props {
  store: Store;
  title: string;
  /** What stands at the end of the title's line. */
  aside: ComponentChildren;
  /** What to draw, bottom first; read inside an effect. */
  sheets: () => Sheet[];
  /** Said over the pane while there is nothing to draw. */
  empty?: string;
  dim?: boolean;
}

/** Draws whenever anything it shows has changed; returns what undoes it. */
function mount(store: Store, box: HTMLElement, canvas: HTMLCanvasElement, sheets: () => Sheet[]) {
  const side = signal(box.clientWidth);
  const ratio = signal(devicePixelRatio);
  const zoom = attachZoom(box, { camera: store.camera, fit: store.fit, side });
  const stopFollowing = effect(zoom.follow);
  const stopDrawing = effect(() => {
    ratio.value;
    resize(canvas, side.value);
    draw(canvas, store.camera.value, store.fit.value, sheets());
  });
  const observer = new ResizeObserver(() => {
    side.value = box.clientWidth;
  });
  observer.observe(box);
  const onResize = () => {
    ratio.value = devicePixelRatio;
  };
  window.addEventListener("resize", onResize);
  return () => {
    window.removeEventListener("resize", onResize);
    observer.disconnect();
    stopDrawing();
    stopFollowing();
    zoom.detach();
  };
}

function pointOf(event: MouseEvent): Point {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
}

const KEYS = "Arrow keys move the crosshair, plus and minus zoom, 0 resets, Escape hides.";

/** One picture of the three that share zoom, pan and crosshair. */
export function Pane({ store, title, aside, sheets, empty, dim }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { probe, camera } = store;

  useEffect(() => {
    if (box.current === null || canvas.current === null) return;
    return mount(store, box.current, canvas.current, sheets);
  }, [store, sheets]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!pressKey(store, event.key, event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const zoomed = camera.value.k > 1;
  return (
    <figure class="tfi-pane">
      <figcaption>
        <span>{title}</span>
        <span class="tfi-aside">{aside}</span>
      </figcaption>
      <div
        ref={box}
        class={`tfi-box ${dim ? "tfi-dim" : ""} ${zoomed ? "tfi-zoomed" : ""}`}
        role="application"
        aria-label={`${title} pane. ${KEYS}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys
        tabIndex={0}
        onPointerMove={(event) => event.pointerType === "mouse" && probe.hover(pointOf(event))}
        onPointerLeave={() => probe.hover(null)}
        onClick={(event) => probe.toggle(pointOf(event))}
        onDblClick={() => {
          camera.value = HOME;
        }}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} />
        <Crosshair store={store} />
        {empty && <span class="tfi-empty">{empty}</span>}
      </div>
    </figure>
  );
}
