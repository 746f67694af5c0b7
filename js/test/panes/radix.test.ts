import { expect, it } from "vitest";
import { sortedMagnitudes } from "../../src/panes/pipeline";
import { sortBits } from "../../src/panes/radix";

it("sorts as the built-in sort does", () => {
  const values = Uint32Array.from({ length: 5000 }, (_, k) => Math.imul(k * k + 1, 2654435761));
  expect(sortBits(values)).toEqual(values.slice().sort());
});

it("sorts magnitudes of every size", () => {
  const values = Float32Array.of(3, -1e-40, 1e30, 0, -0, -2.5, 2.5, 1e-8);
  expect(Array.from(sortedMagnitudes(values))).toEqual(
    Array.from(values, Math.abs).sort((a, b) => a - b),
  );
});

it("leaves what it was given alone", () => {
  const values = Uint32Array.of(3, 1, 2);
  sortBits(values);
  expect(Array.from(values)).toEqual([3, 1, 2]);
});
