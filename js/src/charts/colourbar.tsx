import { number } from "../explorer/format";
import type { Scale } from "../panes/pipeline";

interface Props {
  table: Uint32Array;
  scale: Scale;
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

/** The colours and the values at which they are drawn. */
export function Colourbar({ table, scale, caption }: Props) {
  const { signed, limit } = scale;
  const low = signed && limit > 0 ? number(-limit) : "0";
  const high = limit > 0 ? `${signed ? "+" : ""}${number(limit)}` : "0";
  return (
    <figure class="tfi-colourbar" aria-label={`Colours from ${low} to ${high}, ${caption}`}>
      <div class="tfi-colourbar-strip" style={{ backgroundImage: gradient(table) }} />
      <div class="tfi-colourbar-numbers">
        <span>
          {low} {signed && <i>against</i>}
        </span>
        {signed && <span>0</span>}
        <span>
          {signed && <i>for</i>} {high}
        </span>
      </div>
      <figcaption>{caption}</figcaption>
    </figure>
  );
}
