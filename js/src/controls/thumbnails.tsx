import { useEffect, useRef } from "preact/hooks";
import { imageLayer } from "../panes/layers";
import { decode } from "../wire/arrays";
import type { Thumbnail } from "../wire/traits";
import { useUniqueId } from "./hooks";

interface Props {
  thumbnails: Thumbnail[];
  chosen: number;
  onChoose: (index: number) => void;
}

function Picture({ thumbnail }: { thumbnail: Thumbnail }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [height, width] = thumbnail.image.shape;
  useEffect(() => {
    const layer = imageLayer(decode(thumbnail.image));
    canvas.current?.getContext("2d")?.drawImage(layer, 0, 0);
  }, [thumbnail]);
  return <canvas ref={canvas} width={width} height={height} />;
}

/** The photographs: native radio buttons, so Tab reaches them and the arrow keys choose. */
export function Thumbnails({ thumbnails, chosen, onChoose }: Props) {
  const name = useUniqueId();
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = group.current;
    const label = box?.children[chosen] as HTMLElement | undefined;
    if (!box || label === undefined) return;
    // scrollIntoView would scroll the notebook as well.
    const end = label.offsetLeft + label.offsetWidth - box.clientWidth;
    box.scrollLeft = Math.max(end + 4, Math.min(label.offsetLeft - 4, box.scrollLeft));
  }, [chosen]);
  return (
    <div class="tfi-thumbnails" role="radiogroup" aria-label="Photograph" ref={group}>
      {thumbnails.map((thumbnail, k) => (
        <label key={k} title={[thumbnail.name, thumbnail.notice].filter(Boolean).join("\n")}>
          <input
            type="radio"
            name={name}
            aria-label={thumbnail.name}
            checked={k === chosen}
            onChange={() => onChoose(k)}
          />
          <Picture thumbnail={thumbnail} />
        </label>
      ))}
    </div>
  );
}
