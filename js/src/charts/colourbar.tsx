import { number } from "../explorer/format";
import type { Scale } from "../panes/pipeline";

interface Props {
  table: Uint32Array;
  scale: Scale;
  /** False while there is no map, and so nothing that the colours stand for. */
  known: boolean;
  caption: string;
}

const STOPS = 32;

function colour(pixel: number): string {
  return `rgb(${pixel & 255} ${(pixel >> 8) & 255} ${(pixel >> 16) & 255})`;
}

function gradient(table: Uint32Array): string {
  const stops = Array.from({ length: STOPS + 1 }, (_, k) =>
    colour(table[Math.round((k / STOPS) * 255)]),
  );
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** The values at both ends of the bar; empty while there is no map. */
function ends({ signed, floor, limit }: Scale, known: boolean): [string, string] {
  if (!known) return ["", ""];
  if (limit === 0) return ["0", "0"];
  return signed
    ? [number(-limit, 2), `+${number(limit, 2)}`]
    : [number(floor, 2), number(limit, 2)];
}

/** The colours and the values at which they are drawn. */
export function Colourbar({ table, scale, known, caption }: Props) {
  const [low, high] = ends(scale, known);
  const { signed } = scale;
  return (
    <figure class="tfi-colourbar" aria-label={`Colours from ${low} to ${high}, ${caption}`}>
      <div class="tfi-colourbar-strip" style={{ backgroundImage: gradient(table) }} />
      <div class="tfi-colourbar-numbers">
        <span>
          {low} {signed && <i>against</i>}
        </span>
        <span>{signed && known && "0"}</span>
        <span>
          {signed && <i>for</i>} {high}
        </span>
      </div>
      <figcaption>{caption}</figcaption>
    </figure>
  );
}
