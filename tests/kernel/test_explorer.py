"""The explorer in a real kernel: idle, busy, and closed in the middle of a run."""

import os

import numpy as np


def await_done(widget, after=0):
    return widget.await_status("done", after)


def test_an_idle_kernel_answers_what_the_view_sets(widget, front_end):
    widget.custom({"kind": "ready"})
    widget.custom({"kind": "shown"})
    first = await_done(widget)
    widget.set(steps=16)
    second = await_done(widget, after=first["run"])
    assert second["run"] == first["run"] + 1
    assert front_end.evaluate("explorer.steps, explorer.result.method.steps") == (16, 16)
    assert front_end.streams() == []


def test_maps_and_run_numbers_arrive_as_they_should(widget, front_end):
    widget.set(target=1)
    status = await_done(widget)
    maps = widget.maps()
    assert {content["level"] for content, _ in maps} >= {1, 2, 4}
    for content, array in maps:
        assert type(content["run"]) is int
        assert content["run"] == status["run"]
        assert array.shape == (8, 8)
        assert np.isfinite(array).all()
    exact = {content["level"]: array for content, array in maps if content["exact"]}
    expected = front_end.evaluate(
        "engine.attribute(images[0], 1, tw.IntegratedGradients(4)).heatmap().tolist()"
    )
    np.testing.assert_allclose(exact[4], expected, rtol=1e-5, atol=1e-7)
    (result,) = widget.updates("_result")
    assert (result["level"], result["target"]) == (8, 1)


def test_a_display_asks_and_carries_a_static_picture(widget, front_end):
    front_end.finish(cell := front_end.begin("explorer"))
    (shown,) = [
        message["content"]["data"]
        for message in front_end.heard
        if message["msg_type"] == "execute_result" and message["parent_header"]["msg_id"] == cell
    ]
    assert shown["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.comm_id
    assert shown["image/png"].startswith("iVBORw0KGgo")
    assert shown["text/plain"].startswith("<AttributionExplorer of")
    if not any(status["state"] == "done" for status in widget.updates("status")):
        await_done(widget)
    assert front_end.streams() == []


def test_a_busy_cell_loses_nothing_and_the_latest_question_is_answered(widget, front_end, tmp_path):
    widget.set(target=0)
    before = await_done(widget)
    os.mkfifo(pipe := tmp_path / "pipe")
    busy = front_end.begin(f"print('busy'); _ = open({str(pipe)!r}).read()")
    front_end.listen(lambda message: message["msg_type"] == "stream")
    front_end.heard.clear()
    widget.set(steps=2, opacity=0.1)
    widget.set(target=1)
    widget.set(steps=32, target=2)
    pipe.write_text("go on")
    front_end.finish(busy)
    last = front_end.evaluate("explorer._runner.run")
    assert last == before["run"] + 3
    if not any(s["state"] == "done" and s["run"] == last for s in widget.updates("status")):
        await_done(widget, after=last - 1)
    asked = "explorer.result.target, explorer.result.method.steps, explorer.opacity"
    assert front_end.evaluate(asked) == (2, 32, 0.1)
    assert widget.updates("_result")[-1]["target"] == 2
    assert {status["run"] for status in widget.updates("status") if status["state"] == "done"} <= {
        last - 2,
        last - 1,
        last,
    }
    assert front_end.streams() == []


def test_results_arrive_while_a_cell_runs(widget, front_end, tmp_path):
    os.mkfifo(pipe := tmp_path / "pipe")
    busy = front_end.begin(f"explorer.target = 2; _ = open({str(pipe)!r}).read()")
    await_done(widget)
    assert widget.updates("_result")[-1]["target"] == 2
    pipe.write_text("go on")
    front_end.finish(busy)


def test_wait_in_a_cell_blocks_until_the_answer(widget, front_end):
    front_end.run("explorer.steps = 64; waited = explorer.wait()")
    assert front_end.evaluate("waited, explorer.status['state'], explorer.result.level") == (
        True,
        "done",
        64,
    )
    assert widget.updates("steps") == [64]


def test_closing_during_a_run_leaves_no_thread_and_no_noise(front_end):
    front_end.run(
        """
import gc, threading, weakref
from tfinterp_widgets.engine.asking.question import Question
chunks, go_on = threading.Semaphore(0), threading.Event()

class SlowQuestion(Question):
    def gradients(self, points):
        chunks.release()
        assert go_on.wait(180)
        return super().gradients(points)

class Slow(tw.AttributionEngine):
    def ask(self, x, target=None):
        return SlowQuestion(**vars(super().ask(x, target)))

slow = tw.AttributionExplorer(Slow(model), images[0])
slow.explain()
assert chunks.acquire(timeout=180)
workers = [thread for thread in threading.enumerate() if thread.name == "tfinterp-worker"]
gone = weakref.ref(slow)
slow.close()
del slow
gc.collect()
"""
    )
    assert front_end.evaluate("gone() is None") is True
    front_end.run("go_on.set()\nfor thread in workers[-1:]: thread.join(180)")
    assert front_end.evaluate("workers[-1].is_alive()") is False
    assert front_end.streams() == []


def test_a_wrong_value_from_the_view_is_answered_with_the_good_one(widget, front_end):
    widget.set(steps=0)
    status = widget.await_status("error", after=-1)
    assert "expected a whole number from 1 to 4096" in status["message"]
    assert front_end.evaluate("explorer.steps") == 8
    front_end.run("")
    assert widget.updates("steps")[-1] == 8
    assert front_end.streams() == []


def test_nonsense_from_the_view_leaves_the_kernel_well(widget, front_end):
    for data in ({"method": "custom", "content": 3}, {"method": "update", "state": {"no": 1}}):
        widget.send(data)
    widget.await_status("error", after=-1)
    widget.custom({"kind": "explain"})
    await_done(widget)
    assert front_end.streams() == []
