"""An explorer as a person meets it: panes to look at, controls to move by pointer and by keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import lab as harness
import numpy as np
from playwright.sync_api import FloatRect, Locator, expect

# The thumb of a range input; its centre travels along the track less one thumb.
THUMB = 16


@dataclass(frozen=True)
class Readout:
    """A pixel, its colour and its attribution."""

    column: int
    row: int
    rgb: list[int]
    attribution: float


@dataclass(frozen=True)
class ExplorerView:
    """One view of an explorer in a notebook."""

    notebook: harness.Notebook
    root: Locator

    def show(self) -> None:
        """Bring it into sight: the pointer reaches nothing else."""
        self.root.scroll_into_view_if_needed()

    # What there is to see

    def pane(self, title: str) -> Locator:
        """The input, the attribution or the overlay."""
        return self.root.get_by_role("application", name=re.compile(f"^{title} pane"))

    def canvas(self, title: str) -> np.ndarray:
        """All pixels of a pane as they are on the screen."""
        return harness.pixels(self.pane(title).locator("canvas"))

    def picture(self, title: str, shape: tuple[int, ...]) -> np.ndarray:
        """What a pane that is not zoomed shows of each pixel of a picture."""
        canvas = self.canvas(title)
        height, width = shape[:2]
        scale = len(canvas) / max(height, width)
        rows, columns = (((np.arange(n) + 0.5) * scale).astype(int) for n in (height, width))
        return canvas[rows + offset(height, shape, scale)][:, columns + offset(width, shape, scale)]

    @property
    def readout(self) -> Readout:
        """What is said of the pixel under the crosshair."""
        text = self.root.locator(".tfi-readout").inner_text()
        match = re.search(r"\((\d+), (\d+)\)\s+rgb (\d+) (\d+) (\d+)\s+φ (\S+)", text)
        assert match is not None, text
        column, row, *rgb = map(int, match.groups()[:5])
        return Readout(column, row, rgb, float(match[6].replace("−", "-")))

    @property
    def progress(self) -> Locator:
        """How far the answer is, or what it cost."""
        return self.root.locator(".tfi-progress")

    def crosshair(self, title: str) -> tuple[float, float] | None:
        """Where the crosshair lies in a pane, in parts of its side."""
        pane = self.pane(title)
        if pane.locator(".tfi-crosshair").count() == 0:
            return None
        box = box_of(pane)
        vertical, horizontal = (
            box_of(pane.locator(f".tfi-{k}")) for k in ("vertical", "horizontal")
        )
        x = (vertical["x"] + vertical["width"] / 2 - box["x"]) / box["width"]
        y = (horizontal["y"] + horizontal["height"] / 2 - box["y"]) / box["height"]
        return x, y

    def expect_picture(self, title: str, expected: np.ndarray, *, within: int = 2) -> None:
        """Wait until a pane shows a picture, RGBA; colours may be off by rounding."""

        def shows() -> bool:
            shown = self.picture(title, expected.shape).astype(int)
            return bool(np.abs(shown - expected).max() <= within)

        harness.wait_until(shows, f"{title} shows the picture", self.notebook.page, 60)

    # What there is to move

    def slider(self, label: str) -> Locator:
        """A slider by the beginning of its label."""
        return self.root.get_by_role("slider", name=re.compile(f"^{label}"))

    def combobox(self, label: str) -> Locator:
        """A field to search a class in."""
        return self.root.get_by_role("combobox", name=label, exact=True)

    def button(self, name: str) -> Locator:
        """A button by its words."""
        return self.root.get_by_role("button", name=name)

    def choose_method(self, label: str) -> None:
        """Choose a method in the menu, by keys."""
        self.root.get_by_role("combobox", name="Method").click()
        self.notebook.page.keyboard.type(label)
        self.notebook.page.keyboard.press("Enter")

    def set_number(self, label: str, value: float) -> None:
        """Type into a number field, and press Enter."""
        self.root.get_by_role("spinbutton", name=label).click(click_count=3)
        self.notebook.page.keyboard.type(str(value))
        self.notebook.page.keyboard.press("Enter")

    def drag(
        self, slider: Locator, parts: Iterable[float], at_each: Callable[[float], Any] | None = None
    ) -> None:
        """Drag a slider's thumb by pointer through parts of its track; look around at each."""
        slider.scroll_into_view_if_needed()
        box = box_of(slider)
        low, high, value = slider.evaluate("(input) => [+input.min, +input.max, +input.value]")
        mouse, y = self.notebook.page.mouse, box["y"] + box["height"] / 2

        def x(part: float) -> float:
            return box["x"] + THUMB / 2 + part * (box["width"] - THUMB)

        mouse.move(x((value - low) / (high - low)), y)
        mouse.down()
        for part in parts:
            mouse.move(x(part), y, steps=4)
            if at_each is not None:
                at_each(part)
        mouse.up()

    def point_at(self, title: str, x: float, y: float) -> None:
        """Move the pointer to a point of a pane, in parts of its side."""
        self.pane(title).scroll_into_view_if_needed()
        box = box_of(self.pane(title))
        # Whole pixels of the page: a click is told in these.
        left, top = (round(box[k] + part * box["width"]) for k, part in (("x", x), ("y", y)))
        self.notebook.page.mouse.move(left, top)

    def see_all(self) -> None:
        """Leave zoom and crosshair, by keys."""
        self.pane("Input").press("0")
        self.pane("Input").press("Escape")

    def search(self, label: str, text: str) -> None:
        """Type into a class field, and leave its list open."""
        self.combobox(label).click()
        self.notebook.page.keyboard.type(text)
        expect(self.root.get_by_role("listbox")).to_be_visible()


def box_of(locator: Locator) -> FloatRect:
    """Where an element lies on the page."""
    box = locator.bounding_box()
    assert box is not None, f"{locator} is not to be seen"
    return box


def offset(size: int, shape: tuple[int, ...], scale: float) -> int:
    """Where a picture that is not square begins: it is centred in its pane."""
    return round((max(shape[:2]) - size) / 2 * scale)


def view_of(notebook: harness.Notebook, cell: int, index: int = 0) -> ExplorerView:
    """The view in a cell's output, once it is there and in sight."""
    view = ExplorerView(notebook, notebook.output(cell).locator(".tfi").nth(index))
    expect(view.root).to_be_visible(timeout=60_000)
    view.show()
    return view


def settle(notebook: harness.Notebook) -> None:
    """Wait until the newest question is answered."""
    notebook.wait_until("explorer.wait(60) and explorer.status['state'] == 'done'")


def written(notebook: harness.Notebook, before: int) -> list[dict[str, Any]]:
    """The traits that the page has written since it had sent so many messages."""
    notebook.python("None")  # what was sent earlier has come through when this has
    messages = widget_messages(notebook.sent[before:])
    return [message["state"] for message in messages if message["method"] == "update"]


def widget_messages(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The trait writes and custom messages among widget messages."""
    data = [message["data"] for message in messages if message["type"] == "comm_msg"]
    return [entry for entry in data if entry.get("method") in ("update", "custom")]


def over(map_pixels: np.ndarray, photograph: np.ndarray, opacity: float) -> np.ndarray:
    """A map over the grey photograph, as the overlay shows it."""
    grey = np.round(photograph @ (0.299, 0.587, 0.114))[..., None]
    covered = opacity * (map_pixels[..., 3:] / 255)
    mixed = covered * map_pixels[..., :3] + (1 - covered) * grey
    return np.concatenate([mixed, np.full((*mixed.shape[:2], 1), 255)], axis=-1)
