import { describe, expect, it } from "vitest";
import { decodeMessage } from "../../src/wire/messages";

describe("decodeMessage", () => {
  it("takes the buffer that the message points to", () => {
    const other = new DataView(new ArrayBuffer(3));
    const view = new DataView(Float32Array.of(1, 2).buffer);
    const content = { kind: "map", run: 4, map: { dtype: "float32", shape: [1, 2], buffer: 1 } };
    const message = decodeMessage(content, [other, view]);
    if (message?.kind !== "map") throw new Error("expected a map");
    expect(message.answer.run).toBe(4);
    expect(Array.from(message.answer.map.data)).toEqual([1, 2]);
  });

  it("passes levels on and ignores what it does not know", () => {
    const levels = { kind: "levels", question: 3, levels: [4, 8] };
    expect(decodeMessage(levels, [])).toEqual(levels);
    expect(decodeMessage({ kind: "from the future" }, [])).toBeNull();
    expect(decodeMessage(null, [])).toBeNull();
  });
});
