/** JupyterLab keeps its hands off the keys of an element with this attribute, not of those within. */
export function keepKeys(event: FocusEvent): void {
  (event.target as Element).setAttribute("data-lm-suppress-shortcuts", "true");
}
