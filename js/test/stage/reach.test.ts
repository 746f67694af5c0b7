import { afterEach, expect, test, vi } from "vitest";
import { makeReachable } from "../../src/stage/reach";

const life = new AbortController();

function board(html: string): HTMLElement {
  document.body.innerHTML = `<div class="tfi">${html}</div>`;
  const root = document.body.firstElementChild as HTMLElement;
  makeReachable(root, life.signal);
  return root;
}

const RADIOS = `<div class="widget-radio-box"><input type="radio"><input type="radio"></div>`;

afterEach(() => {
  document.body.innerHTML = "";
});

test("radio buttons of one box share a name that no other box has", () => {
  const root = board(RADIOS + RADIOS);
  const [a, b, c, d] = [...root.querySelectorAll("input")].map((radio) => radio.name);
  expect(a).not.toBe("");
  expect([a, c]).toEqual([b, d]);
  expect(a).not.toBe(c);
});

test("what is drawn later is reached as well", async () => {
  const root = board("");
  root.innerHTML = RADIOS;
  await vi.waitFor(() => expect(root.querySelector("input")?.name).not.toBe(""));
});

test("a slider's handle has its label's name", () => {
  const root = board(
    `<div class="tfi-field"><label class="widget-label">Repeats</label><i class="noUi-handle"></i></div>`,
  );
  expect(root.querySelector("i")?.getAttribute("aria-label")).toBe("Repeats");
});

test("a chart is a picture named by the heading above it", () => {
  const root = board(
    `<p><b class="tfi-title">Importance</b></p><div><div class="bqplot"><svg></svg></div></div>`,
  );
  const chart = root.querySelector("svg");
  expect(chart?.getAttribute("role")).toBe("img");
  expect(chart?.getAttribute("aria-label")).toBe("Importance");
});

test("keys pressed on what has the focus are its own", () => {
  const root = board(RADIOS);
  const radio = root.querySelector("input");
  radio?.focus();
  expect(radio?.getAttribute("data-lm-suppress-shortcuts")).toBe("true");
});
