"""A slice explorer as a person meets it: controls, a table of slices, examples below it."""

from __future__ import annotations

from dataclasses import dataclass

import lab as harness
from playwright.sync_api import Locator, expect


@dataclass(frozen=True)
class SlicesView:
    """One view of a slice explorer in a notebook."""

    notebook: harness.Notebook
    root: Locator

    # What there is to see

    @property
    def grid(self) -> Locator:
        """The table of slices, as one stop for Tab."""
        return self.root.get_by_role("grid", name="Slices")

    @property
    def count(self) -> Locator:
        """How many slices are listed."""
        return self.root.locator(".tfi-slices .tfi-count")

    @property
    def notes(self) -> Locator:
        """What is said below the table."""
        return self.root.locator(".tfi-notes")

    @property
    def alert(self) -> Locator:
        """What went wrong."""
        return self.root.get_by_role("alert")

    @property
    def examples(self) -> Locator:
        """The rows of the chosen slice."""
        return self.root.locator(".tfi-examples")

    @property
    def histogram(self) -> Locator:
        """How the metric is distributed over slices."""
        return self.root.locator(".tfi-distribution")

    def slice(self, *words: str) -> Locator:
        """The row of the slice that has these words in its name."""
        row = self.grid.locator(".tfi-row")
        for word in words:
            row = row.filter(has=self.notebook.page.get_by_text(word, exact=True))
        return row.first

    def names(self) -> list[str]:
        """The slices that are in the page, from the top."""
        cells = self.grid.locator(".tfi-row > .tfi-cell:first-child").all_inner_texts()
        return [" ".join(text.split()) for text in cells]

    def values(self) -> dict[str, float]:
        """The value of the metric of each slice in the page."""
        texts = self.grid.locator(".tfi-row > .tfi-value").all_inner_texts()
        numbers = [text.split("[")[0].strip().rstrip("*") for text in texts]
        return {
            name: float(number)
            for name, number in zip(self.names(), numbers, strict=True)
            if number
        }

    # What there is to do

    def button(self, name: str) -> Locator:
        """A button by its words."""
        return self.root.get_by_role("button", name=name)

    def slider(self, name: str) -> Locator:
        """A slider by its words."""
        return self.root.locator(".tfi-slider").filter(has_text=name).get_by_role("slider")

    def drag(self, name: str, share: float) -> None:
        """Drag the thumb of a slider to a share of its way, and hold it there."""
        box, mouse = self.slider(name).bounding_box(), self.notebook.page.mouse
        assert box is not None
        thumb = float(self.slider(name).evaluate("(s) => (s.value - s.min) / (s.max - s.min)"))
        middle = box["y"] + box["height"] / 2
        at = [box["x"] + 8 + part * (box["width"] - 16) for part in (thumb, share)]
        mouse.move(at[0], middle)
        mouse.down()
        mouse.move(at[1], middle, steps=6)

    def sort_by(self, column: str) -> None:
        """Click a heading."""
        self.grid.get_by_role("columnheader").get_by_role("button", name=column).click()


def view_of(notebook: harness.Notebook, cell: int) -> SlicesView:
    """The view in a cell's output, once its first answer is there."""
    view = SlicesView(notebook, notebook.output(cell).locator(".tfi-slicing"))
    expect(view.slice("all")).to_be_visible(timeout=60_000)
    view.root.scroll_into_view_if_needed()
    return view
