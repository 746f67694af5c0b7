import { effect } from "@preact/signals";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { answer } from "../../dev/synthetic";
import { Answers, choose } from "../../src/explorer/answers";
import { type DecodedMap, decodeResult } from "../../src/wire/messages";

interface Given {
  run?: number;
  question?: number;
  image?: number;
  exact?: boolean;
  requested?: number;
}

/** A map of `steps`; a running preview where it is not exact. */
function map(steps: number, given: Given = {}): DecodedMap {
  const { run = 1, question = 1, image = 0, exact = true, requested = steps } = given;
  const found = decodeResult(answer(steps, question, image, run));
  return { ...found, level: exact ? steps : null, requested };
}

let answers = new Answers();

beforeEach(() => {
  answers = new Answers();
  answers.ask(1);
});

describe("Answers", () => {
  it("keeps every exact level, whatever the order of runs", () => {
    answers.receive(map(32, { run: 5 }));
    answers.receive(map(8, { run: 2 }));
    expect([...answers.levels.value.keys()]).toEqual([32, 8]);
    expect(answers.latest.value?.level).toBe(32);
  });

  it("drops a preview of a run that is over", () => {
    answers.receive(map(16, { run: 3 }));
    answers.receive(map(4, { run: 2, exact: false }));
    expect(answers.latest.value?.run).toBe(3);
  });

  it("takes a newer preview of the same run", () => {
    const first = map(4, { exact: false });
    const second = map(4, { exact: false });
    answers.receive(first);
    answers.receive(second);
    expect(answers.latest.value).toBe(second);
    expect(answers.levels.value.size).toBe(0);
  });

  it("drops what answers an older question", () => {
    answers.ask(2);
    answers.receive(map(8, { run: 9, question: 1 }));
    expect(answers.levels.value.size).toBe(0);
    expect(answers.latest.value).toBeNull();
  });

  it("does not make an effect that hands over an old result follow the newest map", () => {
    const hand = vi.fn(() => answers.receive(map(8, { question: 0 })));
    const stop = effect(hand);
    answers.receive(map(16));
    expect(hand).toHaveBeenCalledOnce();
    stop();
  });

  it("forgets the levels of the question before", () => {
    answers.receive(map(8));
    answers.receiveStops(1, [8, 16]);
    answers.ask(2);
    expect(answers.levels.value.size).toBe(0);
    expect(answers.computed.value.size).toBe(0);
  });

  it("does not forget when a trait repeats the question that a message brought", () => {
    answers.receive(map(8, { question: 2 }));
    answers.ask(2);
    expect(answers.levels.value.has(8)).toBe(true);
  });

  it("marks the levels that are here and those that the kernel has", () => {
    answers.receive(map(8));
    answers.receiveStops(1, [16, 32]);
    answers.receiveStops(0, [64]);
    expect([...answers.computed.value].sort((a, b) => a - b)).toEqual([8, 16, 32]);
  });
});

describe("choose", () => {
  const known = (shown: Answers) => ({
    levels: shown.levels.value,
    latest: shown.latest.value,
    last: shown.last.value,
    question: shown.question.value,
  });
  const wanted = (steps: number, image = 0) => ({ steps, hasSteps: true, image });

  it("draws the level asked for at once", () => {
    answers.receive(map(8));
    answers.receive(map(64));
    expect(choose(known(answers), wanted(8), map(64))?.level).toBe(8);
  });

  it("keeps what is drawn while a person drags past an unknown stop", () => {
    const drawn = map(8);
    answers.receive(drawn);
    answers.receive(map(64));
    expect(choose(known(answers), wanted(256), drawn)).toBe(drawn);
  });

  it("draws the previews of what was asked", () => {
    const drawn = map(8);
    answers.receive(drawn);
    const preview = map(16, { run: 2, requested: 256, exact: false });
    answers.receive(preview);
    expect(choose(known(answers), wanted(256), drawn)).toBe(preview);
  });

  it("keeps the map of the question before until there is a preview", () => {
    const drawn = map(8);
    answers.receive(drawn);
    answers.ask(2);
    expect(choose(known(answers), wanted(8), drawn)).toBe(drawn);
    const preview = map(4, { question: 2, run: 2, exact: false, requested: 8 });
    answers.receive(preview);
    expect(choose(known(answers), wanted(8), drawn)).toBe(preview);
  });

  it("never draws a map over another image", () => {
    const drawn = map(8, { image: 0 });
    answers.receive(drawn);
    expect(choose(known(answers), wanted(8, 1), drawn)).toBeNull();
  });

  it("ignores the steps of a method that takes none", () => {
    const result = map(1, { requested: 1 });
    answers.receive(result);
    expect(choose(known(answers), { ...wanted(64), hasSteps: false }, null)).toBe(result);
  });
});
