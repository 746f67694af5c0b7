"""A real JupyterLab, and a notebook in it that a test drives through Chromium.

Cells are run through JupyterLab's own commands, as typing into cells is not dependable; all that a
test does to a *widget* goes through ``page.mouse`` and ``page.keyboard``.
"""

from __future__ import annotations

import ast
import base64
import io
import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from find_chromium import find
from lab_server import Lab
from lab_server import serve as serve  # whoever drives a lab also starts it
from PIL import Image
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    WebSocket,
    sync_playwright,
)

# Two device pixels to one of the page's, as on a good screen: a pane then has a pixel or more for
# each pixel of a photograph of 224 x 224, and draws it by nearest neighbour.
SCREEN = {"viewport": {"width": 1400, "height": 1100}, "device_scale_factor": 2}
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What JupyterLab itself says, by its beginning.
NOISE = (
    # Notebook 7 reads the settings of a plugin that it leaves out.
    "Cannot read properties of undefined (reading 'schema')",
    # A kernel was shut down before its debugger was known.
    "Could not restore the debugger state: Canceled future",
)
# JavaScript: the notebook that is in front.
PANEL = "window.jupyterapp?.shell.currentWidget"


@contextmanager
def launch() -> Iterator[Browser]:
    """Run a headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Notebook:
    """A notebook that is open in front of a JupyterLab page."""

    page: Page
    sent: list[dict[str, Any]] = field(default_factory=list)
    """The widget messages that the page has sent to the kernel, oldest first."""
    received: list[dict[str, Any]] = field(default_factory=list)
    """The widget messages that the kernel has sent to the page, oldest first."""
    errors: list[str] = field(default_factory=list)
    """Exceptions that no script in the page caught, and what was logged as an error."""

    def run(self, index: int, *, wait: bool = True) -> None:
        """Run one cell; unless ``wait`` is off, until it ends, and raise if it ends in an error."""
        outputs = self.page.evaluate(
            f"""async ([index, wait]) => {{
                const notebook = {PANEL}.content;
                notebook.activeCellIndex = index;
                const ended = jupyterapp.commands.execute("notebook:run-cell-and-select-next");
                if (!wait) return [];
                await ended;
                return notebook.widgets[index].model.toJSON().outputs;
            }}""",
            [index, wait],
        )
        for output in outputs:
            if output["output_type"] == "error":
                raise AssertionError(f"cell {index}:\n" + "\n".join(output["traceback"]))

    def run_all(self) -> None:
        """Run every cell in turn."""
        for index in range(self.page.evaluate(f"{PANEL}.content.widgets.length")):
            self.run(index)

    def output(self, index: int) -> Locator:
        """The output area of one cell."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index).locator(".jp-Cell-outputArea")

    def python(self, expression: str) -> Any:
        """Evaluate an expression in the kernel and return its value, which must be JSON."""
        answer = self.page.evaluate(
            f"""async (expression) => {{
                const kernel = {PANEL}.sessionContext.session.kernel;
                const request = {{
                    code: "", silent: false, store_history: false,
                    user_expressions: {{ value: expression }},
                }};
                return (await kernel.requestExecute(request).done).content.user_expressions.value;
            }}""",
            f"__import__('json').dumps({expression})",
        )
        if answer["status"] != "ok":
            raise AssertionError(f"{expression}: {answer['ename']}: {answer['evalue']}")
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    def wait_until(self, expression: str, *, timeout: float = 60) -> None:
        """Wait until an expression is true in the kernel."""
        wait_until(lambda: bool(self.python(expression)), expression, self.page, timeout)

    def save(self) -> None:
        """Save, the state of the widgets included."""
        self.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")

    def set_theme(self, name: str) -> None:
        """Change JupyterLab's theme: ``JupyterLab Light`` or ``JupyterLab Dark``."""
        self.page.evaluate(
            "(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })", name
        )
        light = "true" if name.endswith("Light") else "false"
        self.page.wait_for_selector(f"body[data-jp-theme-light={light}]", state="attached")

    def array(self, expression: str) -> np.ndarray:
        """Evaluate an expression in the kernel whose value is an array."""
        packed = self.python(
            "(lambda array: [str(array.dtype), array.shape, __import__('base64').b64encode("
            f"array.tobytes()).decode()])({expression})"
        )
        dtype, shape, data = packed
        return np.frombuffer(base64.b64decode(data), dtype).reshape(shape)

    def check(self) -> None:
        """Raise what went wrong in the page since the last check."""
        errors, self.errors[:] = self.errors[:], []
        if errors:
            raise AssertionError("errors in the page:\n" + "\n".join(errors))

    def close(self) -> None:
        """Shut the kernel down and close the page; raise what went wrong in it."""
        self.page.evaluate(f"() => {PANEL}?.sessionContext?.shutdown()")
        self.page.context.close()
        self.check()


def open_notebook(browser: Browser, lab: Lab, path: Path, *, kernel: bool = True) -> Notebook:
    """Open a notebook in a page of its own; without ``kernel`` its widgets have what it saved only.

    JupyterLab's widget manager waits for a kernel, whichever, before it shows what was saved
    (ipywidgets issue 3773). So one that has run nothing is there meanwhile, and then shut down.
    """
    page = browser.new_context(**SCREEN).new_page()
    notebook = watch(page)
    # A workspace of its own: no tabs of other tests, and none left for them.
    page.goto(f"{lab.url}/lab/workspaces/{path.stem}-{time.monotonic_ns()}")
    page.wait_for_function("() => window.jupyterapp")
    page.evaluate(
        """async (path) => {
            await jupyterapp.restored;
            await jupyterapp.commands.execute("docmanager:open", { path, factory: "Notebook" });
        }""",
        path.name,
    )
    wait_for_kernel(page)
    if not kernel:
        page.locator(".jupyter-widgets-disconnected").first.wait_for()
        page.evaluate(f"() => {PANEL}.sessionContext.shutdown()")
    return notebook


def wait_for_kernel(page: Page) -> None:
    """Wait until the notebook in front has a kernel, and it is idle."""
    page.wait_for_function(
        f"() => {PANEL}?.sessionContext?.session?.kernel?.status === 'idle'", timeout=60_000
    )


def watch(page: Page) -> Notebook:
    """Keep what goes wrong in a page, and what it has to say to a kernel."""
    notebook = Notebook(page)

    def keep(text: str, details: str) -> None:
        if not text.startswith(NOISE):
            notebook.errors.append(f"{text}\n{details}")

    def keep_logged(message: ConsoleMessage) -> None:
        if message.type == "error":
            keep(message.text, message.location["url"])

    page.on("pageerror", lambda error: keep(str(error), error.stack or ""))
    page.on("console", keep_logged)
    page.on("websocket", lambda socket: record(socket, notebook))
    return notebook


def record(socket: WebSocket, notebook: Notebook) -> None:
    """Keep the widget messages that pass through a kernel's socket."""

    def keep(frame: str | bytes, messages: list[dict[str, Any]]) -> None:
        header, content = decode(frame)
        if header["msg_type"].startswith("comm_"):
            messages.append({"type": header["msg_type"], **content})

    if "/channels" in socket.url:
        socket.on("framesent", lambda frame: keep(frame, notebook.sent))
        socket.on("framereceived", lambda frame: keep(frame, notebook.received))


def decode(frame: str | bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and content of a frame of Jupyter's kernel protocol, in either of its forms."""
    if isinstance(frame, str):
        message = json.loads(frame)
        return message["header"], message["content"]
    count = int.from_bytes(frame[:8], "little")
    offsets = [int.from_bytes(frame[8 * k : 8 * k + 8], "little") for k in range(1, count + 1)]
    parts = [frame[start:end] for start, end in itertools.pairwise(offsets)]
    _, header, _, _, content, *_ = parts  # between them the channel, the parent header, metadata
    return json.loads(header), json.loads(content)


def pixels(canvas: Locator) -> np.ndarray:
    """Read a canvas back: uint8, (height, width, RGBA)."""
    url = canvas.evaluate("(canvas) => canvas.toDataURL('image/png')")
    with Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as image:
        return np.asarray(image.convert("RGBA"))


def wait_until(holds: Callable[[], bool], what: str, page: Page, timeout: float = 10) -> None:
    """Ask again and again until ``holds``, the page running meanwhile."""
    deadline = time.monotonic() + timeout
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {what}")
        page.wait_for_timeout(50)
