/** Made-up rows of people who asked for credit, with made-up scores. Nothing was computed by a model. */

import { random } from "../synthetic";

export interface Row {
  values: Record<string, string | null>;
  label: boolean;
  /** Of each model. */
  scores: number[];
}

const LEVELS: Record<string, string[]> = {
  age: ["[19, 27)", "[27, 33)", "[33, 42)", "[42, 75]"],
  checking_account: ["none", "< 0 DM", "0 to 200 DM", "≥ 200 DM"],
  housing: ["rent", "own", "for free"],
  job: ["unskilled", "skilled", "management, self-employed, officer", "unemployed"],
  purpose: [
    "car (new)",
    "car (used)",
    "furniture, equipment",
    "radio, television",
    "education",
    "business",
    "repairs",
    "vacation",
  ],
};

export const FEATURES = Object.entries(LEVELS).map(([name, levels]) => ({
  name,
  kind: name === "age" ? ("bins" as const) : ("category" as const),
  levels: levels.length + Number(name === "checking_account"),
}));

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The first levels are the most common. */
const pick = (levels: string[], part: number): string =>
  levels[Math.floor(levels.length * part ** 1.7)];

export function makeRows(count: number): Row[] {
  const draw = random(7);
  const noise = () => draw() + draw() + draw() - 1.5;
  return Array.from({ length: count }, () => {
    const values: Row["values"] = {};
    for (const [name, levels] of Object.entries(LEVELS)) {
      values[name] = name === "checking_account" && draw() < 0.1 ? null : pick(levels, draw());
    }
    const label = draw() < 0.7;
    const isHard = values.housing === "rent" && values.age === "[19, 27)";
    const pull = (label ? 0.9 : -0.5) * (isHard ? 0.1 : 1);
    const old = sigmoid(0.3 + 1.6 * pull + 1.5 * noise());
    const fresh = sigmoid(0.3 + 1.9 * pull + (isHard ? 0.6 : 1.3) * noise());
    return { values, label, scores: [old, fresh] };
  });
}
