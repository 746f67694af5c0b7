"""A tabular explorer as a person meets it: a table to pick from, bars to read, controls."""

from __future__ import annotations

import re
from dataclasses import dataclass

import lab as harness
from playwright.sync_api import Locator, expect


@dataclass(frozen=True)
class TabularView:
    """One view of a tabular explorer in a notebook."""

    notebook: harness.Notebook
    root: Locator

    # What there is to see

    @property
    def grid(self) -> Locator:
        """The table's rows, as one stop for Tab."""
        return self.root.get_by_role("grid")

    @property
    def headline(self) -> Locator:
        """The row that the bars are about, and what the model predicts of it."""
        return self.root.locator(".tfi-row-view .tfi-said")

    @property
    def count(self) -> Locator:
        """How many rows are listed."""
        return self.root.locator(".tfi-count")

    @property
    def alert(self) -> Locator:
        """What went wrong."""
        return self.root.get_by_role("alert")

    def row(self, number: int) -> Locator:
        """A row of the table that is in sight, by its number."""
        first = self.notebook.page.locator(
            ".tfi-cell:first-child", has_text=re.compile(f"^{number}$")
        )
        return self.grid.get_by_role("row").filter(has=first)

    def cells(self, number: int) -> list[str]:
        """What a row of the table says, from its number on."""
        return [text.strip() for text in self.row(number).get_by_role("gridcell").all_inner_texts()]

    def numbers(self) -> list[int]:
        """The numbers of the rows that are in the page, from the top."""
        texts = self.grid.locator(".tfi-row > .tfi-cell:first-child").all_inner_texts()
        return [int(text) for text in texts]

    def bars(self) -> dict[str, float]:
        """The bars from the top: their names, and how far they reach, in pixels."""
        names = self.root.locator(".tfi-row-view .axis .tick text").all_text_contents()
        rectangles = self.root.locator(".tfi-row-view .bargroup rect")
        widths = rectangles.evaluate_all("(all) => all.map((one) => one.getBBox().width)")
        return dict(
            zip([name for name in names if " = " in name or ": " in name], widths, strict=False)
        )

    # What there is to do

    def button(self, name: str) -> Locator:
        """A button by its words."""
        return self.root.get_by_role("button", name=name)

    def choose(self, label: str, option: str) -> None:
        """Choose from a menu."""
        seen = self.notebook.page.locator("select:visible")
        self.root.get_by_label(label, exact=True).and_(seen).select_option(option)

    def sort_by(self, column: str) -> None:
        """Click a heading."""
        self.grid.get_by_role("columnheader").get_by_role("button", name=column).click()


def view_of(notebook: harness.Notebook, cell: int) -> TabularView:
    """The view in a cell's output, once its first answer is there."""
    view = TabularView(notebook, notebook.output(cell).locator(".tfi-tabular"))
    expect(view.headline).to_contain_text("Row", timeout=60_000)
    view.root.scroll_into_view_if_needed()
    return view
