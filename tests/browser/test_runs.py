"""What the view does while the model is at work: a gate in the kernel holds each estimate back."""

from __future__ import annotations

import lab as harness
from cells import GATED
from explorer_view import ExplorerView, over, settle, widget_messages
from playwright.sync_api import Locator, expect

SIDE = 24
CLASSES = ("tench", "cat", "dog", "duck", "egg", "fox")

BUSY = """
import pathlib, time
while not pathlib.Path("go-on").exists():
    time.sleep(0.01)
"""

CELLS = [GATED, BUSY]


def choose_steps(view: ExplorerView, steps: int) -> None:
    position = steps.bit_length() - 1
    view.drag(view.slider("Steps"), [position / 9])


def type_steps(view: ExplorerView, steps: int) -> None:
    view.root.get_by_role("spinbutton", name="Number of steps").click(click_count=3)
    view.notebook.page.keyboard.type(str(steps))
    view.notebook.page.keyboard.press("Enter")


def dimmed(pane: Locator) -> bool:
    """Whether a pane, or what is in it, is drawn faintly."""
    return pane.evaluate(
        "(pane) => [pane, ...pane.children].some((part) => getComputedStyle(part).opacity < 1)"
    )


def choose_image(view: ExplorerView, name: str) -> None:
    view.root.get_by_role("radio", name=name, exact=True).click()


def test_the_first_preview_comes_before_the_end(notebook, view):
    pane, before = view.pane("Attribution"), len(notebook.received)
    notebook.python("gate.close()")
    view.root.locator(".tfi-class", has_text="egg").click()
    notebook.wait_until("gate.waiting")
    target = CLASSES.index("egg")
    assert notebook.python("explorer.target") == target
    assert dimmed(pane), "the map on display answers another question"

    notebook.python("gate.let_through()")
    view.expect_picture(
        "Attribution", notebook.array(f"colours(first_preview({target}).heatmap())")
    )
    harness.wait_until(lambda: not dimmed(pane), "the preview is not dimmed", notebook.page)
    status = notebook.python("explorer.status")
    done = notebook.python(f"first_preview({target}).evaluations")
    assert (status["state"], status["done"]) == ("running", done)
    expect(view.progress).to_contain_text(f"{done} of {status['total']}")

    notebook.python("gate.open()")
    settle(notebook)
    view.expect_picture("Attribution", notebook.array("picture()"))
    messages = widget_messages(notebook.received[before:])
    is_map = [message.get("content", {}).get("kind") == "map" for message in messages]
    is_result = ["_result" in message.get("state", {}) for message in messages]
    assert is_map.index(True) < is_result.index(True)


def test_python_moves_the_view(notebook, view):
    notebook.python("setattr(explorer, 'steps', 64)")
    expect(view.root.get_by_role("spinbutton", name="Number of steps")).to_have_value("64")
    settle(notebook)
    view.expect_picture("Attribution", notebook.array("picture()"))

    notebook.python("setattr(explorer, 'target', 0)")
    expect(view.combobox("Target class")).to_have_value("tench")
    settle(notebook)
    view.expect_picture("Attribution", notebook.array("picture()"))

    notebook.python("setattr(explorer, 'opacity', 0.25)")
    expect(view.slider("Opacity")).to_have_value("0.25")
    expected = over(notebook.array("picture()"), notebook.array("images['one']"), 0.25)
    view.expect_picture("Overlay", expected)

    notebook.python("setattr(explorer, 'image_index', 2)")
    expect(view.root.get_by_role("radio", name="three")).to_be_checked()
    settle(notebook)
    assert (view.picture("Input", (SIDE, SIDE))[..., :3] == notebook.array("images['three']")).all()
    view.expect_picture("Attribution", notebook.array("picture()"))

    notebook.python("setattr(explorer, 'method', 'Saliency')")
    expect(view.slider("Steps")).to_have_count(0)
    settle(notebook)
    view.expect_picture("Attribution", notebook.array("picture()"))


def test_cancel_keeps_the_last_result(notebook, view):
    notebook.python("gate.close()")
    choose_steps(view, 512)
    notebook.wait_until("gate.waiting")
    notebook.python("gate.let_through()")
    notebook.wait_until("gate.waiting")
    view.button("Cancel").click()
    notebook.python("None")
    notebook.python("gate.open()")
    notebook.wait_until("explorer.status['state'] == 'cancelled'")

    expect(view.progress).to_contain_text("cancelled")
    assert notebook.python("explorer.result.method.steps") == 16
    assert notebook.python("explorer._result['level']") == 16

    # Back to what was there: nothing to compute.
    choose_steps(view, 16)
    settle(notebook)
    assert notebook.python("explorer.result.evaluations") == 0
    view.expect_picture("Attribution", notebook.array("picture()"))

    view.drag(view.slider("Steps"), [1.0])
    settle(notebook)
    assert notebook.python("explorer.result.method.steps") == 512


def test_an_error_in_the_model_is_shown_in_place_and_recovered_from(notebook, view):
    shown = view.canvas("Attribution")
    notebook.python("gate.fail(RuntimeError('the model broke'))")
    type_steps(view, 100)  # which no other test has asked for

    alert = view.root.get_by_role("alert")
    expect(alert).to_contain_text("RuntimeError: the model broke")
    notebook.wait_until("explorer.status['state'] == 'error'")
    assert notebook.python("explorer.result.method.steps") == 16
    assert (view.canvas("Attribution") == shown).all(), "the last good result stays"

    view.button("Retry").click()
    settle(notebook)
    expect(alert).to_have_count(0)
    assert notebook.python("explorer.result.method.steps") == 100
    view.expect_picture("Attribution", notebook.array("picture()"))


# Looks at the input and the map as each frame is about to be painted.
RECORD = """
(root) => {
    const canvases = [...root.querySelectorAll("[role=application] canvas")].slice(0, 2);
    const frames = (window.frames_seen = []);
    const hash = (canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let sum = 0;
        for (let k = 0; k < data.length; k += 4) {
            sum = (Math.imul(sum, 31) + (data[k] << 16) + (data[k + 1] << 8) + data[k + 2]) | 0;
        }
        return sum;
    };
    const look = () => {
        const seen = canvases.map(hash);
        const last = frames.at(-1);
        if (last === undefined || seen.some((value, k) => value !== last[k])) frames.push(seen);
        window.recording = requestAnimationFrame(look);
    };
    look();
}
"""


def test_no_frame_shows_a_map_over_another_image(notebook, view):
    view.root.evaluate(RECORD)
    (photograph_one, map_one), *_ = notebook.page.evaluate("window.frames_seen")
    notebook.python("gate.close()")
    choose_image(view, "two")
    notebook.wait_until("gate.waiting")
    two = notebook.array("images['two']")
    harness.wait_until(
        lambda: (view.picture("Input", two.shape)[..., :3] == two).all(), "two", notebook.page
    )
    assert not view.canvas("Attribution").any(), "an empty pane until there is a map"

    # While the second one is still being asked about, a third and the first again.
    for name in ("three", "one", "two"):
        choose_image(view, name)
        notebook.python("gate.let_through()")
    notebook.python("gate.open()")
    settle(notebook)
    view.expect_picture("Attribution", notebook.array("picture()"))
    notebook.page.evaluate("cancelAnimationFrame(window.recording)")
    frames = notebook.page.evaluate("window.frames_seen")

    photograph_two, map_two = frames[-1]
    assert len({photograph for photograph, _ in frames}) == 3, "all three were seen"
    nothing = 0
    maps = {}
    for photograph, shown in frames:
        if shown != nothing:
            maps.setdefault(shown, set()).add(photograph)
    assert maps[map_one] == {photograph_one}
    assert maps[map_two] == {photograph_two}
    assert all(len(photographs) == 1 for photographs in maps.values()), maps


def test_a_busy_kernel_answers_the_latest_question_afterwards(notebook, view, lab):
    choose_image(view, "four")  # of which nothing is known but 16 steps
    settle(notebook)
    notebook.run(1, wait=False)
    notebook.page.wait_for_function(
        f"() => {harness.PANEL}.sessionContext.session.kernel.status === 'busy'"
    )
    view.show()
    for position in (6, 5, 8):
        view.drag(view.slider("Steps"), [position / 9])
    go_on = lab.folder / "go-on"
    go_on.touch()
    try:
        # The widget manager sends the next change once the last one has been taken.
        notebook.wait_until("explorer.steps == 256")
        settle(notebook)
    finally:
        go_on.unlink()

    assert notebook.python("explorer.result.method.steps") == 256
    assert notebook.python("explorer.result.evaluations") > 128, "not from the cache"
    expect(view.root.get_by_role("spinbutton", name="Number of steps")).to_have_value("256")
    view.expect_picture("Attribution", notebook.array("picture()"))
