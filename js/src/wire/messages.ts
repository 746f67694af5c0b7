/** Messages of the kernel, with their arrays decoded. */

import { type Dtype, decode, type NdArray } from "./arrays";
import type { MapMessage } from "./traits";

export type DecodedMap = MapMessage<NdArray>;

interface BufferReference {
  dtype: Dtype;
  shape: number[];
  buffer: number;
}

export type KernelMessage =
  | { kind: "map"; answer: DecodedMap }
  | { kind: "levels"; question: number; levels: number[] };

export function decodeResult(result: MapMessage): DecodedMap {
  return { ...result, map: decode(result.map) };
}

/** The message, or null for one of a kind that this view does not know. */
export function decodeMessage(content: unknown, buffers: DataView[]): KernelMessage | null {
  const message = content as { kind?: string };
  if (message?.kind === "levels") return content as KernelMessage;
  if (message?.kind !== "map") return null;
  const raw = content as MapMessage<BufferReference>;
  const { dtype, shape, buffer } = raw.map;
  return { kind: "map", answer: { ...raw, map: decode({ dtype, shape, view: buffers[buffer] }) } };
}
