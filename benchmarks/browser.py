"""How soon the view answers, in Chromium and a real JupyterLab, on the embedded classifier.

Measured in the page, from the input event to the canvas that was written because of it: script
time, without the wait for a frame. All input is by pointer and keys.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path += [str(ROOT / "tests" / "browser"), str(ROOT / "scripts")]

import lab as harness  # noqa: E402  # the browser tests' harness
from explorer_view import ExplorerView, view_of, widget_messages  # noqa: E402

MOVES = 50
LAST_STOP = 9  # the slider's stops are 2**0 to 2**9
NEW_CLASSES = range(300, 312)

CELL = f"""
import sys
sys.path.append({str(Path(__file__).parent)!r})
import functools, statistics
import numpy as np, tensorflow as tf
import tfinterp_widgets as tw
from integrated_gradients import bare_gradient, logits_of, seconds

sample = tw.samples.imagenet()
photos = tw.samples.photos()
engine = tw.AttributionEngine(
    sample.model, preprocess=sample.preprocess, class_names=sample.class_names
)
explorer = tw.AttributionExplorer(engine, photos, steps=512)

def batch_1_gradient():
    x = tf.constant(sample.preprocess(photos["cat"][None]))
    run = functools.partial(bare_gradient(logits_of(sample.model)), x)
    run()
    return statistics.median(seconds(run) for _ in range(30))

explorer
"""

# Times each input event of a kind against the last canvas written before the next one.
WATCH = """
(root, kind) => {
    const times = (window.times = []);
    let began = null;
    const written = () => {
        if (began !== null) times[times.length - 1] = performance.now() - began;
    };
    const observer = new MutationObserver(written);
    for (const canvas of root.querySelectorAll("[role=application] canvas")) {
        observer.observe(canvas, { attributes: true, attributeFilter: ["data-frame"] });
    }
    const begin = () => {
        began = performance.now();
        times.push(null);
    };
    window.addEventListener(kind, begin, { capture: true });
    window.stopWatching = () => {
        observer.disconnect();
        window.removeEventListener(kind, begin, { capture: true });
        return times;
    };
}
"""
# The same, until the attribution pane is dimmed no more: a first map of the new question is there.
WATCH_PREVIEW = """
(root) => {
    const pane = root.querySelectorAll("[role=application]")[1];
    const began = performance.now();
    let dimmed = false;
    return new Promise((resolve) => {
        new MutationObserver((_, observer) => {
            dimmed ||= pane.classList.contains("tfi-dim");
            if (!dimmed || pane.classList.contains("tfi-dim")) return;
            observer.disconnect();
            resolve(performance.now() - began);
        }).observe(pane, { attributes: true, attributeFilter: ["class"] });
    });
}
"""


def watch(view: ExplorerView, kind: str) -> None:
    view.root.evaluate(WATCH, kind)


def watched(view: ExplorerView) -> list[float]:
    """The times, in ms, of the events that a canvas was written after."""
    times = view.notebook.page.evaluate("() => window.stopWatching()")
    return [time for time in times if time is not None]


def report(what: str, times: Sequence[float], goal: float) -> None:
    p95 = float(np.percentile(times, 95))
    print(f"{what}, p95 of {len(times)}: {p95:.1f} ms (goal: <= {goal:.0f} ms)", flush=True)


def to_and_fro(low: float, high: float) -> list[float]:
    """Parts of a track, so many that even the slider with the fewest values has enough moves."""
    there = [*np.linspace(low, high, MOVES // 2)]
    return [*there, *reversed(there)] * 2


def view_controls(view: ExplorerView) -> None:
    for label in ("Opacity", "Clip", "Smooth", "Top"):
        watch(view, "input")
        view.drag(view.slider(label), to_and_fro(0.1, 0.9))
        report(f"view control, {label.lower()}", watched(view), goal=16)


def computed_steps(view: ExplorerView, notebook: harness.Notebook) -> None:
    before = len(notebook.sent)
    messages = []
    stops = [*range(LAST_STOP, -1, -1), *range(1, LAST_STOP + 1)]
    rounds = [stop / LAST_STOP for stop in [*stops * 3, 5]]  # ends elsewhere: one write is due
    watch(view, "input")
    view.drag(view.slider("Steps"), rounds, lambda _: messages.append(len(notebook.sent) - before))
    report("steps, a level already computed", watched(view), goal=16)
    notebook.python("None")
    writes = widget_messages(notebook.sent[before:])
    print(
        f"  messages while dragging: {max(messages)} (goal: 0); on release: {len(writes)} (goal: 1)"
    )


def cached_steps(view: ExplorerView, notebook: harness.Notebook) -> None:
    """From letting go of a key to the canvas written with what the kernel answered."""
    times = []
    for move in range(MOVES):
        notebook.wait_until("explorer.wait(60)")
        asked = notebook.python("explorer.status['run']")
        watch(view, "keyup")
        notebook.page.keyboard.press("ArrowRight" if move % 2 == 0 else "ArrowLeft")
        notebook.wait_until(f"explorer.status['run'] > {asked} and explorer.wait(60)")
        times += watched(view)
    report("steps, a cached answer through the kernel", times, goal=120)


def first_previews(view: ExplorerView, notebook: harness.Notebook) -> None:
    """From Enter to the first map of a class that nobody has asked about."""
    gradient = 1000 * notebook.python("batch_1_gradient()")
    times = [first_preview(view, notebook, index) for index in NEW_CLASSES]
    print(f"batch-1 gradient: {gradient:.1f} ms")
    report("first preview of a new class", times, goal=12 * gradient)
    print(f"  median, in gradients of one point: {np.median(times) / gradient:.1f} (goal: <= 12)")


def first_preview(view: ExplorerView, notebook: harness.Notebook, index: int) -> float:
    view.search("Target class", str(index))
    view.root.evaluate(f"(root) => {{ window.preview = ({WATCH_PREVIEW})(root); }}")
    notebook.page.keyboard.press("Enter")
    time: Any = notebook.page.evaluate("() => window.preview")
    notebook.wait_until("explorer.wait(60)")
    return float(time)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        harness.serve(Path(folder)) as lab,
        harness.launch() as browser,
    ):
        notebook = harness.open_notebook(browser, lab, lab.write("browser", [CELL]))
        notebook.run(0)
        view = view_of(notebook, 0)
        notebook.wait_until("explorer.status['state'] == 'done'", timeout=120)
        view_controls(view)
        computed_steps(view, notebook)
        cached_steps(view, notebook)
        notebook.python("setattr(explorer, 'steps', 64)")
        first_previews(view, notebook)
        notebook.close()


if __name__ == "__main__":
    main()
