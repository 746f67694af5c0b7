/**
 * The explorer without a notebook, on synthetic data.
 *
 *   index.html?theme=dark&width=500&state=error&host=theme.css
 *
 * `host` is a style sheet of a host, such as a theme of JupyterLab. In the console,
 * `console.table(contrast())` measures whether all can be read.
 */

import createWidget from "../src/explorer/index";
import type { Traits } from "../src/wire/traits";
import { playKernel } from "./kernel";
import { MockModel } from "./mock";
import { query, show } from "./page";
import { answer, traits } from "./synthetic";

declare global {
  interface Window {
    /** Set by data.js: traits and levels to show instead of the synthetic ones. */
    TFI_DATA?: { traits: Partial<Traits>; levels: ReturnType<typeof answer>[] };
  }
}

/** The states that are hard to reach by hand. */
const STATES: Record<string, (base: Traits) => Partial<Traits>> = {
  running: (base) => ({ status: { ...base.status, state: "running", done: 24, total: 64 } }),
  cancelled: (base) => ({ status: { ...base.status, state: "cancelled", done: 24, total: 64 } }),
  error: (base) => ({
    status: {
      ...base.status,
      state: "error",
      message: "target=1000 is outside the classes; expected a whole number from 0 to 999.",
    },
  }),
  empty: () => ({ _result: null }),
  contrast: () => ({ target: [285, 282] }),
  stale: () => ({ _question: 2 }),
  refused: (base) => ({
    status: { ...base.status, state: "running", done: 24, message: "steps=0; expected 1 to 4096." },
  }),
};

function start(): MockModel {
  const base = { ...traits(), ...window.TFI_DATA?.traits };
  const state = STATES[query.get("state") ?? ""];
  const model = new MockModel({ ...base, ...state?.(base) });
  playKernel(model);
  return model;
}

const model = start();
await show(createWidget(), model);
const levels = window.TFI_DATA?.levels ?? [4, 8, 16, 32].map((n) => answer(n, 1, 0, 1));
if (query.get("state") !== "empty") {
  for (const level of levels) {
    const { map, ...rest } = level;
    const reference = { dtype: map.dtype, shape: map.shape, buffer: 0 };
    model.message({ kind: "map", ...rest, map: reference }, [map.view as DataView]);
  }
}
