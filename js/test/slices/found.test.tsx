import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { gathered } from "../../src/slices/found";
import type { Finding } from "../../src/wire/slices";
import { click, find, key } from "../dom";
import { View } from "./made";

const finding = (id: string, like: number | null = null, of: string | null = null): Finding => ({
  id,
  q: 0.003,
  of,
  like,
});

describe("findings", () => {
  it("are gathered behind the surest of those that are alike", () => {
    const found = gathered([finding("a"), finding("b", 0), finding("c"), finding("d", 1)]);
    expect([...found.keys()]).toEqual(["a", "b", "d", "c"]);
    expect(found.get("a")?.alike).toEqual(["b", "d"]);
    expect([found.get("a")?.like, found.get("d")?.like]).toEqual([null, "a"]);
    expect(found.get("c")?.alike).toEqual([]);
  });

  it("of two models on one slice are one, and not alike to each other", () => {
    const found = gathered([finding("a", null, "old"), finding("a", 0, "new")]);
    expect([...found.keys()]).toEqual(["a"]);
    expect(found.get("a")?.findings.map(({ of }) => of)).toEqual(["old", "new"]);
    expect(found.get("a")?.alike).toEqual([]);
  });
});

let view: View;

beforeEach(() => {
  view = new View();
});

afterEach(() => view.close());

function receive(items: Finding[]): void {
  view.receive({ _findings: { metric: "accuracy", summary: "42 candidates, 3 worse", items } });
}

/** The first is like the third. */
function receiveAlike(): void {
  const { ids } = view.answer.table;
  receive([finding(ids[5]), finding(ids[2]), finding(ids[3], 0)]);
}

describe("what is nearly the same", () => {
  it("is folded under what is surer, and counted there", () => {
    const before = view.names;
    receiveAlike();
    expect(view.names.map((name) => name.replace(" + 1 alike", ""))).toEqual([
      "all",
      before[5],
      before[2],
    ]);
    click(find(view.rows[1], ".tfi-link"));
    expect(view.names.slice(2)).toEqual([`≈ ${before[3]}`, before[2]]);
    expect(view.rows[1].getAttribute("aria-expanded")).toBe("true");
    expect(view.model.saved).toEqual([]);
    click(find(view.rows[1], ".tfi-link"));
    expect(view.rows.length).toBe(3);
  });

  it("comes and goes by keys as well", () => {
    receiveAlike();
    click(view.rows[1]);
    key(view.grid, "ArrowRight");
    expect(view.rows.length).toBe(4);
    key(view.grid, "ArrowLeft");
    expect(view.rows.length).toBe(3);
    click(view.rows[2]);
    key(view.grid, "ArrowRight");
    expect(view.rows.length).toBe(3);
  });

  it("is folded again when something else is found", () => {
    receiveAlike();
    click(find(view.rows[1], ".tfi-link"));
    receiveAlike();
    expect(view.rows.length).toBe(3);
  });
});

describe("how sure a finding is", () => {
  it("stands with the difference, and the notes say what it is", () => {
    receive([finding(view.answer.table.ids[3])]);
    const sure = find(view.rows[1], ".tfi-difference .tfi-sure");
    expect(sure.textContent).toBe("q .003");
    expect(sure.title).toContain("Benjamini-Yekutieli");
    expect(view.text(".tfi-notes")).toContain("q: the false discovery rate");
    click(find(view.el, ".tfi-found button"));
    expect(view.el.querySelector(".tfi-sure")).toBeNull();
  });

  it("says of which model where both have some", () => {
    view = new View({ _models: ["old", "new"] });
    const { ids } = view.answer.table;
    receive([finding(ids[3], null, "old"), finding(ids[2], null, "new")]);
    const texts = view.all(".tfi-sure").map(({ textContent }) => textContent);
    expect(texts).toEqual(["old q .003", "new q .003"]);
  });

  it("is not said of which model where all are of one", () => {
    view = new View({ _models: ["old", "new"] });
    receive([finding(view.answer.table.ids[3], null, "new")]);
    expect(view.all(".tfi-sure").map(({ textContent }) => textContent)).toEqual(["q .003"]);
  });
});
