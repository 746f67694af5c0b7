/** Measures the contrast (WCAG 2) of all that is written in a view, and of what it is drawn with. */

import { luminance } from "../src/explorer/theme";

interface Row {
  what: string;
  ratio: number;
  least: number;
}

type Rgba = [number, number, number, number];

const TEXT = 4.5;
const GRAPHICS = 3;

/** What is drawn, and what it lies on or beside, in the names of the tokens. */
const PAIRS: [string, string, string][] = [
  ["slider: fill beside track", "accent", "track"],
  ["slider: fill and thumb", "accent", "paper"],
  ["steps: mark of a computed stop", "accent", "shade"],
  ["focus ring on paper", "accent", "paper"],
  ["focus ring on header and footer", "accent", "shade"],
  ["field: border on paper", "field", "paper"],
  ["field: border on header", "field", "shade"],
  ["field: border of a wrong number", "warn", "shade"],
  ["top classes: bar beside track", "bar", "track"],
  ["top classes: bar of the target beside track", "accent", "track"],
  ["completeness: sum beside track", "sum", "track"],
  ["completeness: difference beside track", "bar", "track"],
  ["progress beside track", "accent", "track"],
  ["path: curve and dots", "accent", "paper"],
  ["arrows, search and other signs", "muted", "paper"],
  ["pin", "accent", "shade"],
];

const paper = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** Any colour of CSS, by having the browser paint it. */
function rgba(colour: string): Rgba {
  if (paper === null) throw new Error("no canvas to paint on");
  paper.clearRect(0, 0, 1, 1);
  paper.fillStyle = colour;
  paper.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = paper.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

function over([r, g, b, alpha]: Rgba, [red, green, blue]: Rgba): Rgba {
  const mix = (top: number, below: number) => top * alpha + below * (1 - alpha);
  return [mix(r, red), mix(g, green), mix(b, blue), 1];
}

function ratioOf(one: Rgba, other: Rgba): number {
  const [low, high] = [one, other]
    .map(([red, green, blue]) => luminance(`rgb(${red} ${green} ${blue})`))
    .sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** The element and what encloses it, outermost first. */
function lineage(element: Element): Element[] {
  const parent = element.parentElement;
  return parent === null ? [element] : [...lineage(parent), element];
}

const groundOf = (element: Element): Rgba =>
  lineage(element).reduce<Rgba>(
    (ground, node) => over(rgba(getComputedStyle(node).backgroundColor), ground),
    [255, 255, 255, 1],
  );

const opacityOf = (element: Element): number =>
  lineage(element).reduce((part, node) => part * Number(getComputedStyle(node).opacity), 1);

function inkRatio(element: Element, pseudo?: string): number {
  const style = getComputedStyle(element, pseudo);
  const ground = groundOf(element);
  const [red, green, blue, alpha] = rgba(element instanceof SVGElement ? style.fill : style.color);
  const ink = over([red, green, blue, alpha * opacityOf(element)], ground);
  return ratioOf(ink, ground);
}

const isSeen = (element: Element): boolean =>
  element.checkVisibility() &&
  element.closest(".tfi-unseen, option, :disabled, title") === null &&
  rgba(getComputedStyle(element).color)[3] > 0;

function writing(root: Element): Row[] {
  const found = Array.from(root.querySelectorAll("*")).filter((element) => {
    const isField = element.matches("select, input:not([type=range], [type=radio])");
    const isWritten = Array.from(element.childNodes).some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
    );
    return (isField || isWritten) && isSeen(element);
  });
  return found.map((element) => {
    const text = (element as HTMLInputElement).value ?? element.textContent;
    const place = element.closest("[class]")?.getAttribute("class");
    const what = `text: ${place}: ${text.trim().slice(0, 24)}`;
    return { what, ratio: inkRatio(element), least: TEXT };
  });
}

function drawing(root: Element): Row[] {
  const style = getComputedStyle(root);
  const token = (name: string) => {
    const probe = document.createElement("i");
    probe.style.color = style.getPropertyValue(`--tfi-${name}`);
    root.append(probe);
    const colour = rgba(getComputedStyle(probe).color);
    probe.remove();
    return colour;
  };
  return PAIRS.map(([what, ink, ground]) => ({
    what,
    ratio: ratioOf(token(ink), token(ground)),
    least: GRAPHICS,
  }));
}

/** The lowest ratios first. */
export function measureContrast(root: Element): Row[] {
  return [...writing(root), ...drawing(root)].sort((a, b) => a.ratio / a.least - b.ratio / b.least);
}
