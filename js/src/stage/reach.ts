/** Brings keys and screen readers to what ipywidgets and bqplot leave out of their reach. */

let groups = 0;

/** Without a name in common arrow keys do not lead from one radio button to the next. */
function joinRadios(root: Element) {
  for (const box of root.querySelectorAll(".widget-radio-box")) {
    const radios = [...box.querySelectorAll<HTMLInputElement>("input:not([name])")];
    if (radios.length === 0) continue;
    const name = `tfi-radios-${groups++}`;
    for (const radio of box.querySelectorAll("input")) radio.name = name;
  }
}

/** A slider's handle has no name of its own. */
function nameSliders(root: Element) {
  for (const handle of root.querySelectorAll(".noUi-handle:not([aria-label])")) {
    const label = handle.closest(".tfi-field")?.querySelector(".widget-label")?.textContent;
    if (label) handle.setAttribute("aria-label", label);
  }
}

/** A chart is one picture, named by the heading above it; its numbers stand beside it as text. */
function nameCharts(root: Element) {
  for (const chart of root.querySelectorAll(".bqplot > svg:not([role])")) {
    let node: Element | null = chart.closest(".bqplot");
    while (node !== null && !node.previousElementSibling?.querySelector(".tfi-title")) {
      node = node.parentElement;
    }
    const title = node?.previousElementSibling?.querySelector(".tfi-title")?.textContent;
    chart.setAttribute("role", "img");
    if (title) chart.setAttribute("aria-label", title);
  }
}

/** Keeps `root` reachable, whatever is drawn in it, until `until` aborts. */
export function makeReachable(root: HTMLElement, until: AbortSignal) {
  const improve = () => {
    joinRadios(root);
    nameSliders(root);
    nameCharts(root);
  };
  improve();
  const observer = new MutationObserver(improve);
  observer.observe(root, { childList: true, subtree: true });
  until.addEventListener("abort", () => observer.disconnect());
  // JupyterLab would take arrow keys for its own, except from where this is set.
  const keepKeys = ({ target }: FocusEvent) =>
    (target as Element).setAttribute("data-lm-suppress-shortcuts", "true");
  root.addEventListener("focusin", keepKeys, { signal: until });
}
