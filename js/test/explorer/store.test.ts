import { beforeEach, describe, expect, it, vi } from "vitest";
import { MockModel } from "../../dev/mock";
import { answer, image, traits } from "../../dev/synthetic";
import { createStore, type Store } from "../../src/explorer/store";
import type { Model } from "../../src/model";
import type { Traits } from "../../src/wire/traits";

let model: MockModel;
let store: Store;
let life: AbortController;

function open(changed: Partial<Traits> = {}): void {
  life = new AbortController();
  model = new MockModel({ ...traits(), ...changed });
  store = createStore(model as unknown as Model, life.signal);
}

function sendLevel(steps: number, question = 1, run = 1): void {
  const { map, ...rest } = answer(steps, question, 0, run);
  const reference = { dtype: map.dtype, shape: map.shape, buffer: 0 };
  model.message({ kind: "map", ...rest, map: reference }, [map.view as DataView]);
}

beforeEach(() => open());

describe("a setting", () => {
  it("is drawn while it is dragged, and written once on release", () => {
    for (const opacity of [0.1, 0.2, 0.3]) store.settings.opacity.drag(opacity);
    expect(store.settings.opacity.value.value).toBe(0.3);
    expect(model.saved).toEqual([]);
    store.settings.opacity.release();
    store.settings.opacity.release();
    expect(model.saved).toEqual([{ opacity: 0.3 }]);
  });

  it("sends nothing where it came back to its value", () => {
    store.settings.clip.drag(50);
    store.settings.clip.drag(99);
    store.settings.clip.release();
    expect(model.saved).toEqual([]);
  });

  it("follows the kernel, which may give a value back", () => {
    store.settings.steps.set(9);
    model.receive({ steps: 64 });
    expect(store.settings.steps.value.value).toBe(64);
  });

  it("outlives a kernel that is gone", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    model.save_changes = () => {
      throw new Error("no comm");
    };
    store.settings.smooth.set(1);
    expect(store.settings.smooth.value.value).toBe(1);
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });
});

describe("levels", () => {
  it("are drawn while the steps are dragged, without a message", () => {
    sendLevel(8);
    store.settings.steps.drag(8);
    expect(store.shown.value?.level).toBe(8);
    expect(model.saved).toEqual([]);
    expect(model.sent).toEqual([]);
  });

  it("go when the question changes, and the map stays up, stale", () => {
    sendLevel(8);
    expect(store.stale.value).toBe(false);
    model.receive({ _question: 2 });
    expect(store.answers.levels.value.size).toBe(0);
    expect(store.shown.value?.question).toBe(1);
    expect(store.stale.value).toBe(true);
    sendLevel(8, 2, 2);
    expect(store.stale.value).toBe(false);
  });

  it("show the saved result, stale, where the question moved on before saving", () => {
    open({ _question: 5 });
    expect(store.shown.value?.question).toBe(1);
    expect(store.stale.value).toBe(true);
  });

  it("are never drawn over another image", () => {
    model.receive({ _image: image(1), _question: 2 });
    expect(store.shown.value).toBeNull();
  });
});

describe("a change of what is asked", () => {
  it("makes the map stale at once, until the kernel takes it up", () => {
    store.chooseTarget(7);
    expect(model.saved).toEqual([{ target: 7 }]);
    expect(store.stale.value).toBe(true);
    model.receive({ _question: 2 });
    expect(store.pending.value).toBe(false);
    expect(store.stale.value).toBe(true);
  });

  it("is undone when the kernel gives the old value back", () => {
    store.chooseTarget(7);
    model.receive({ target: null });
    expect(store.stale.value).toBe(false);
  });

  it("knows class 0 from no class", () => {
    store.chooseTarget(0);
    expect(model.saved).toEqual([{ target: 0 }]);
    store.chooseTarget([0, 3]);
    expect(model.get("target")).toEqual([0, 3]);
    store.chooseTarget(null);
    expect(model.saved.at(-1)).toEqual({ target: null });
  });

  it("sends nothing for what is asked already", () => {
    store.chooseImage(0);
    store.chooseBaseline("black");
    expect(model.saved).toEqual([]);
  });

  it("changes one parameter and keeps the others", () => {
    model.receive({ _method_parameters: { rule: "auto", samples: 3 } });
    store.chooseParameter("rule", "graded");
    expect(model.saved).toEqual([{ _method_parameters: { rule: "graded", samples: 3 } }]);
  });
});

describe("a question without an answer", () => {
  it("is said to be one after a while, and no longer once the kernel speaks", () => {
    vi.useFakeTimers();
    store.chooseTarget(7);
    vi.advanceTimersByTime(3000);
    expect(store.silent.value).toBe(false);
    vi.advanceTimersByTime(2000);
    expect(store.silent.value).toBe(true);
    model.receive({ _question: 2 });
    expect(store.silent.value).toBe(false);
    vi.useRealTimers();
  });

  it("is a run that was saved with the notebook", () => {
    vi.useFakeTimers();
    open({ status: { ...traits().status, state: "running" } });
    vi.advanceTimersByTime(5000);
    expect(store.silent.value).toBe(true);
    model.receive({ status: { ...traits().status, state: "running", done: 8 } });
    expect(store.silent.value).toBe(false);
    vi.useRealTimers();
  });
});

it("cancels the run that it sees, and asks again", () => {
  model.receive({ status: { ...traits().status, run: 12, state: "running" } });
  store.cancel();
  store.retry();
  expect(model.sent).toEqual([{ kind: "cancel", run: 12 }, { kind: "explain" }]);
});

it("leaves no listener behind", () => {
  expect(model.listeners).toBeGreaterThan(10);
  life.abort();
  expect(model.listeners).toBe(0);
});
