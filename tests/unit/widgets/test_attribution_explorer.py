"""The explorer on a real engine: questions in, answers out, and what is refused."""

import gc
import json
import re
import threading
import weakref

import numpy as np
import pytest

import tfinterp_widgets as tw
from tfinterp_widgets import AttributionExplorer
from tfinterp_widgets.runtime import Event
from tfinterp_widgets.wire import from_message, from_wire

PATIENCE = 120


def done(explorer):
    assert explorer.wait(PATIENCE)
    return explorer.status["state"]


def attribute(explorer, **changes):
    """The same answer from the engine, without the widget."""
    asked = {"steps": explorer.steps, "target": explorer.target, **changes}
    x = explorer._photographs[explorer.image_index].values
    method = tw.IntegratedGradients(steps=asked["steps"])
    return explorer.engine.attribute(x, target=asked["target"], method=method)


# Asking


def test_making_an_explorer_asks_nothing(explorer):
    assert explorer.wait(PATIENCE)
    assert explorer.status["state"] == "idle"
    assert explorer.result is None


def test_the_first_display_asks_and_the_second_does_not(explorer):
    explorer._repr_mimebundle_()
    assert done(explorer) == "done"
    run = explorer.status["run"]
    explorer._repr_mimebundle_()
    assert done(explorer) == "done"
    assert explorer.status["run"] == run


def test_a_view_inside_a_layout_box_asks_once_it_is_shown(explorer, view):
    view.send({"kind": "ready"})
    assert done(explorer) == "idle"
    view.send({"kind": "shown"})
    assert done(explorer) == "done"
    view.send({"kind": "shown"})
    assert done(explorer) == "done"
    assert explorer.status["run"] == 1


def test_the_result_is_the_engines(finished):
    expected = attribute(finished)
    np.testing.assert_array_equal(finished.result.values, expected.values)
    assert finished.result.final
    assert finished.result.target == expected.target


@pytest.mark.parametrize(
    ("name", "value"),
    [("steps", 4), ("target", 0), ("target", (2, 0)), ("image_index", 2), ("baseline", "white")],
)
def test_setting_a_trait_asks(finished, name, value):
    run, before = finished.status["run"], finished.result
    setattr(finished, name, value)
    assert done(finished) == "done"
    assert finished.status["run"] == run + 1
    assert not np.array_equal(finished.result.values, before.values)


def test_a_class_named_zero_is_a_class(finished):
    finished.target = 0
    assert done(finished) == "done"
    assert finished.result.target == 0


def test_several_changes_at_once_ask_once(finished):
    run, question = finished.status["run"], finished._question
    with finished.hold_trait_notifications():
        finished.steps, finished.target, finished.image_index = 2, 1, 1
    assert done(finished) == "done"
    assert (finished.status["run"], finished._question) == (run + 1, question + 1)
    assert finished.result.target == 1


def test_several_changes_by_the_view_ask_once(finished, view):
    run = finished.status["run"]
    view.set(steps=2, target=[0, 2])
    assert done(finished) == "done"
    assert finished.status["run"] == run + 1
    assert finished.target == (0, 2)
    assert finished.result.method.steps == 2


def test_more_steps_keep_the_question_and_everything_else_changes_it(finished):
    question = finished._question
    finished.steps = 16
    assert finished._question == question
    for number, (name, value) in enumerate(
        [("target", 1), ("baseline", "grey"), ("method", "saliency"), ("image_index", 1)], 1
    ):
        setattr(finished, name, value)
        assert finished._question == question + number


def test_what_only_the_view_needs_asks_nothing(finished):
    run = finished.status["run"]
    finished.opacity, finished.sign, finished.smooth = 0.1, "absolute", 0
    assert done(finished) == "done"
    assert finished.status["run"] == run


def test_the_latest_question_wins(explorer, gate, view):
    gate.close()
    explorer.target = 0
    gate.await_chunk()
    explorer.target = 1
    explorer.target = 2
    gate.open()
    assert done(explorer) == "done"
    assert explorer.result.target == 2
    assert {content["target"] for content, _ in view.custom("map")} == {2}
    assert [result["target"] for result in view.updates("_result")] == [2]


def test_cancel_leaves_the_last_good_result(finished, gate):
    before = finished.result
    gate.close()
    finished.target = 1
    gate.await_chunk()
    finished.cancel()
    gate.open()
    assert done(finished) == "cancelled"
    assert finished.result is before
    finished.explain()
    assert done(finished) == "done"
    assert finished.result.target == 1


@pytest.mark.parametrize(("age", "state"), [(0, "cancelled"), (1, "done")])
def test_the_view_cancels_the_run_that_it_sees_and_no_later_one(explorer, gate, view, age, state):
    gate.close()
    explorer.explain()
    gate.await_chunk()
    view.send({"kind": "cancel", "run": explorer.status["run"] - age})
    gate.open()
    assert done(explorer) == state


def test_an_event_of_an_older_run_that_is_still_under_way_is_not_heard(finished):
    before = finished.status
    for kind in ("item", "error", "cancelled", "done"):
        finished._conversation._hear(Event(before["run"] - 1, kind))
    assert finished.status is before


def test_two_explorers_share_an_engine_and_do_not_disturb_one_another(finished, engine, images):
    other = AttributionExplorer(engine, images, steps=4, target=1)
    other.explain()
    finished.target = 2
    assert done(other) == done(finished) == "done"
    assert (other.result.target, finished.result.target) == (1, 2)
    other.close()
    finished.target = 0
    assert done(finished) == "done"


def halve_weights(model):
    model.set_weights([weights * 0.5 for weights in model.get_weights()])


@pytest.mark.parametrize("steps", [1, 4, 8, 16])
def test_new_weights_make_it_a_new_question(make_model, images, steps):
    model = make_model(seed=1)
    engine = tw.AttributionEngine(model, batch_size=4)
    explorer = AttributionExplorer(engine, images, steps=8, target=0)
    explorer.explain()
    assert done(explorer) == "done"
    before, question = explorer.result, explorer._question
    predicted = explorer._predictions
    halve_weights(model)
    explorer.steps = steps
    explorer.explain()
    assert done(explorer) == "done"
    assert explorer._question == question + 1
    assert explorer.result.score != before.score
    assert explorer._predictions != predicted
    assert set(explorer._conversation._levels) == {2**k for k in range(5) if 2**k <= steps}
    for message in explorer._conversation._levels.values():
        assert message["score"] == explorer.result.score
    explorer.close()


def test_new_weights_that_leave_the_scores_as_they_were_are_new(make_model, images):
    model = make_model(seed=3)
    explorer = AttributionExplorer(model, images, steps=4, target=0)
    explorer.explain()
    assert done(explorer) == "done"
    question = explorer._question
    *_, kernel, bias = model.get_weights()
    kernel[:, 1] += 1  # another class than the target's
    model.layers[-1].set_weights([kernel, bias])
    explorer.explain()
    assert done(explorer) == "done"
    assert explorer._question == question + 1
    explorer.close()


def test_what_the_engine_has_forgotten_is_no_sign_of_new_weights(model, images):
    engine = tw.AttributionEngine(model, cache_bytes=0)
    explorer = AttributionExplorer(engine, images, steps=8)
    explorer.explain()
    assert done(explorer) == "done"
    question = explorer._question
    explorer.steps = 4
    assert done(explorer) == "done"
    assert explorer._question == question
    assert 8 in explorer._conversation._levels
    explorer.close()


def test_a_known_answer_reads_the_weights_once(model, images, monkeypatch):
    from tfinterp_widgets.engine.differentiable import Differentiable

    reads, fingerprint = [], Differentiable.fingerprint
    monkeypatch.setattr(
        Differentiable, "fingerprint", lambda self: reads.append(self) or fingerprint(self)
    )
    engine = tw.AttributionEngine(model, batch_size=4)
    method = tw.IntegratedGradients(rule="graded")
    explorer = AttributionExplorer(engine, images, method=method, steps=8)
    explorer.explain()
    assert done(explorer) == "done"
    assert len(reads) == 3  # when it is asked, and after both chunks, in which levels end
    explorer.steps = 4
    assert done(explorer) == "done"
    assert len(reads) == 4  # nothing was computed in between
    explorer.close()


def test_new_weights_that_another_explorer_noticed_first(make_model, images):
    model = make_model(seed=2)
    engine = tw.AttributionEngine(model)
    ours, theirs = (AttributionExplorer(engine, images, steps=8, target=0) for _ in range(2))
    ours.explain()
    assert done(ours) == "done"
    question = ours._question
    halve_weights(model)
    theirs.explain()
    assert done(theirs) == "done"
    ours.steps = 4
    assert done(ours) == "done"
    assert ours.result.evaluations == 0
    assert ours._question == question + 1
    np.testing.assert_array_equal(
        ours._conversation._levels[8]["map"], theirs._conversation._levels[8]["map"]
    )
    ours.close()
    theirs.close()


# Waiting


def test_wait_gives_up_after_its_timeout(explorer, gate):
    gate.close()
    explorer.explain()
    assert explorer.wait(0.01) is False
    gate.open()
    assert explorer.wait(PATIENCE) is True


@pytest.mark.parametrize("trait", ["steps", "status"])
def test_wait_inside_an_observer_is_an_error(explorer, trait):
    errors = []

    def observer(_):
        try:
            explorer.wait()
        except RuntimeError as error:
            errors.append(str(error))

    explorer.observe(observer, trait)
    explorer.steps = 4
    explorer.unobserve(observer, trait)
    assert "inside an observer" in errors[0]
    assert done(explorer) == "done"


def test_wait_while_changes_are_held_is_an_error(explorer):
    with explorer.hold_trait_notifications(), pytest.raises(RuntimeError, match="hold_trait"):
        explorer.wait()


def test_an_observer_may_ask_the_next_question(explorer):
    asked = threading.Event()

    def observer(change):
        if change["new"]["state"] == "done" and not asked.is_set():
            asked.set()
            explorer.target = 1

    explorer.observe(observer, "status")
    explorer.target = 0
    assert asked.wait(PATIENCE)
    assert done(explorer) == "done"
    assert explorer.result.target == 1


# What the view is told


def test_levels_arrive_as_maps_and_each_is_exact(finished, view):
    maps = {
        content["level"]: (content, from_message(content["map"], buffers))
        for content, buffers in view.custom("map")
        if content["exact"]
    }
    assert {1, 2, 4} <= set(maps)
    assert [level for level, (content, _) in maps.items() if content["moved"] is None] == [1]
    for level, (content, array) in maps.items():
        expected = attribute(finished, steps=level)
        np.testing.assert_allclose(array, expected.heatmap(), rtol=1e-5, atol=1e-7)
        assert content["question"] == finished._question
        assert content["total"] == pytest.approx(expected.values.sum(), rel=1e-4)


def test_the_final_result_is_a_trait_that_a_saved_notebook_keeps(finished):
    result = finished.get_state()["_result"]
    np.testing.assert_array_equal(from_wire(result["map"]), finished.result.heatmap())
    assert (result["level"], result["requested"], result["final"]) == (8, 8, True)
    assert result["target_label"] == ("cat", "dog", "duck")[finished.result.target]
    assert result["output"] == "logits"
    assert result["evaluations"] == finished.result.evaluations
    assert result["relative_error"] == pytest.approx(finished.result.relative_error)
    assert result["path"]["alphas"][0] == 0
    assert result["path"]["alphas"][-1] == 1
    assert sum(result["path"]["evaluated"]) == result["evaluations"]


@pytest.mark.filterwarnings("ignore:the outputs of")
def test_scores_are_told_in_their_own_units(model, images):
    import tensorflow as tf

    for given in (
        tw.AttributionEngine(model, output="probability"),
        tf.function(lambda batch: model(batch)),
    ):
        explorer = AttributionExplorer(given, images, steps=2)
        explorer.explain()
        assert done(explorer) == "done"
        assert explorer._result["output"] == "probability"
        explorer.close()


def test_how_far_the_map_moved_since_half_the_steps(finished):
    half, whole = (attribute(finished, steps=steps).heatmap() for steps in (4, 8))
    expected = np.abs(whole - half).sum() / np.abs(whole).sum()
    assert finished._result["moved"] == pytest.approx(expected, rel=1e-4)


def test_a_level_that_the_view_has_costs_nothing(finished):
    finished.steps = 4
    assert done(finished) == "done"
    assert finished.result.evaluations == 0
    assert finished.status["done"] == 0
    assert finished._result["level"] == 4
    assert finished._result["moved"] is not None


@pytest.mark.usefixtures("finished")
def test_a_view_that_is_opened_later_gets_every_level(view):
    view.messages.clear()
    view.send({"kind": "ready"})
    assert [content["level"] for content, _ in view.custom("map")] == [1, 2, 4, 8]
    ((stops, _),) = view.custom("levels")
    assert stops["levels"] == [1, 2, 4, 8]


def test_predictions_name_the_top_classes_and_the_targets(finished):
    finished.target = (2, 0)
    assert done(finished) == "done"
    predicted = finished._predictions
    assert [p["index"] for p in predicted["target"]] == [2, 0]
    assert [p["name"] for p in predicted["target"]] == ["duck", "cat"]
    assert sum(p["probability"] for p in predicted["top"]) == pytest.approx(1, abs=1e-5)
    scores = [p["score"] for p in predicted["top"]]
    assert scores == sorted(scores, reverse=True)


def test_every_message_is_json_without_nan(finished, view):
    finished.method = "saliency"
    assert done(finished) == "done"

    def plain(value):
        if isinstance(value, memoryview):
            return value.nbytes
        raise TypeError(type(value))

    for data, _ in view.messages:
        json.dumps(data, allow_nan=False, default=plain)


def test_names_that_cannot_be_written_are_mended(model, images, view):
    names = ["c\0at", "d\ud800og", "\udce9duck"]
    mended = ["c\ufffdat", "d\ufffdog", "\ufffdduck"]
    pictures = dict(zip(names, images.values(), strict=True))
    explorer = AttributionExplorer(model, pictures, class_names=names, steps=8)
    explorer.set_state({"target": (0, 1)})
    assert done(explorer) == "done"
    assert explorer._class_names == mended
    assert [thumbnail["name"] for thumbnail in explorer._thumbnails] == mended
    assert explorer._image["name"] == mended[0]
    assert f"# {mended[0]} − {mended[1]}" in explorer._result["code"]
    compile(explorer._result["code"], "copied", "exec")
    sent = json.dumps([data for data, _ in view.messages], default=str, ensure_ascii=False)
    sent.encode("utf-8")  # raises for surrogates
    assert "\\u0000" not in sent
    explorer.close()


def test_progress_counts_evaluations(explorer):
    seen = []
    explorer.observe(lambda change: seen.append(change["new"]), "status")
    explorer.explain()
    assert done(explorer) == "done"
    assert seen[0]["state"] == "running"
    assert (seen[0]["done"], seen[0]["total"]) == (0, 8)
    assert seen[-1]["done"] == seen[-1]["total"] == explorer.result.evaluations
    counts = [status["done"] for status in seen]
    assert counts == sorted(counts)
    assert {type(status["run"]) for status in seen} == {int}


def test_the_initial_state_is_small_however_many_images(engine):
    many = [np.full((8, 8, 3), n % 256, np.uint8) for n in range(300)]
    many = [image.repeat(40, 0).repeat(40, 1) for image in many]
    explorer = AttributionExplorer(engine, many)
    assert state_bytes(explorer) < 4_000_000
    explorer.close()


def state_bytes(explorer):
    def size(value):
        if isinstance(value, dict):
            return sum(map(size, value.values()))
        if isinstance(value, list | tuple):
            return sum(map(size, value))
        return value.nbytes if isinstance(value, memoryview) else len(str(value))

    return size(explorer.get_state())


def test_a_large_image_is_sent_smaller_and_says_so():
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            keras.layers.Conv2D(2, 3, strides=9),
            keras.layers.GlobalAveragePooling2D(),
        ]
    )
    image = np.random.default_rng(0).integers(0, 256, (1000, 1300, 3), np.uint8)
    explorer = AttributionExplorer(model, image, steps=1, target=0)
    explorer.explain()
    assert done(explorer) == "done"
    result = explorer._result
    assert explorer._image["bin"] == 2
    assert result["map"]["shape"] == explorer._image["image"]["shape"][:2] == [500, 650]
    assert "1/2" in explorer._image["notice"]
    assert result["total"] == pytest.approx(float(explorer.result.values.sum()), rel=1e-4)
    assert state_bytes(explorer) < 4_000_000
    explorer.close()


def test_floats_are_sent_in_their_own_units(engine, images):
    explorer = AttributionExplorer(engine, images["tabby"] / 255.0)
    np.testing.assert_allclose(from_wire(explorer._image["raw"]), images["tabby"] / 255.0, 1e-6)
    explorer.baseline = "white"
    assert done(explorer) == "done"
    assert explorer.result.baseline.max() == explorer.result.baseline.min() == 1
    explorer.close()


def test_labels_and_notices_reach_the_view(engine, images):
    wide = {**images, "wide": np.zeros((8, 16), np.uint8)}
    explorer = AttributionExplorer(engine, wide, labels=[0, 1, 2, 0], image_index=3)
    assert explorer._image["label"] == 0
    assert "stretched" in explorer._image["notice"]
    assert [thumbnail["name"] for thumbnail in explorer._thumbnails] == list(wide)
    explorer.close()


# Wrong values


HUGE = 10**400  # no float

WRONG = {
    "steps": [0, -1, 4097, 1.5, "many", None, True, HUGE],
    "target": [3, -1, 1.5, "cat", (0,), (0, 0), (0, 3), True],
    "method": ["integrated radiants", 3, None],
    "baseline": ["blackish", object(), np.zeros((3, 3, 3)), np.full((8, 8, 3), np.nan), HUGE],
    "image_index": [3, -1, "tabby"],
    "colormap": ["jet", None],
    "opacity": [1.5, -0.1, float("nan"), "half", HUGE],
    "clip_percentile": [101, None, HUGE],
    "sign": ["minus"],
    "smooth": [-1, 101, float("inf"), HUGE],
    "top_percent": [-5, -HUGE],
}
CASES = [(name, value) for name, values in WRONG.items() for value in values]
IDS = [f"{name}-{number}" for name, values in WRONG.items() for number, _ in enumerate(values)]


@pytest.mark.parametrize(("name", "value"), CASES, ids=IDS)
def test_a_wrong_argument_raises(engine, images, name, value):
    with pytest.raises((TypeError, ValueError), match=r"expected|give|Use"):
        AttributionExplorer(engine, images, **{name: value})


@pytest.mark.parametrize(("name", "value"), CASES, ids=IDS)
def test_a_wrong_value_goes_to_the_status_and_the_last_good_one_stays(finished, name, value):
    good, result = getattr(finished, name), finished.result
    setattr(finished, name, value)
    assert done(finished) == "error"
    assert f"{name} stays as it was" in finished.status["message"]
    assert getattr(finished, name) == good
    assert finished.result is result


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("steps", 0),
        ("steps", {"a": []}),
        ("target", [0, 0]),
        ("sign", 3),
        ("method", {"name": "x"}),
        ("smooth", HUGE),
        ("baseline", {"name": HUGE}),
    ],
)
def test_the_view_is_told_the_last_good_value(finished, view, name, value):
    view.messages.clear()
    view.set(**{name: value})
    assert done(finished) == "error"
    assert view.updates(name)[-1] == finished.get_state(name)[name]
    assert getattr(finished, name) != value


def test_a_good_value_clears_the_error_even_if_it_is_the_old_one(finished):
    finished.steps = 0
    assert finished.status["state"] == "error"
    finished.steps = 8
    assert finished.status["state"] == "done"
    assert finished.status["message"] == ""


def test_a_refusal_stays_in_sight_while_the_older_run_goes_on(explorer, gate):
    gate.close()
    explorer.explain()
    gate.await_chunk()
    explorer.target = 99
    assert explorer.status["state"] == "running"  # with its progress, and a way to cancel it
    assert "target 99" in explorer.status["message"]
    gate.open()
    assert done(explorer) == "error"
    assert "target 99" in explorer.status["message"]
    assert explorer.status["done"] == explorer.status["total"] > 0
    assert explorer.result is not None
    explorer.target = None
    assert done(explorer) == "done"
    assert explorer.status["message"] == ""


def test_a_good_value_while_the_run_goes_on_clears_the_refusal(explorer, gate):
    gate.close()
    explorer.explain()
    gate.await_chunk()
    explorer.opacity = 3
    assert "opacity=3" in explorer.status["message"]
    explorer.opacity = 0.3
    assert (explorer.status["state"], explorer.status["message"]) == ("running", "")
    gate.open()
    assert done(explorer) == "done"


def test_what_is_refused_together_with_a_good_change_stays_in_sight(finished, view):
    view.set(steps=0, target=1)
    assert done(finished) == "error"
    assert "steps=0" in finished.status["message"]
    assert finished.result.target == 1
    finished.target = 2
    assert done(finished) == "done"


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (tw.IntegratedGradients(5000, rule="left"), "the method's steps=5000; expected .* to 4096"),
        (tw.IntegratedGradients(2, np.zeros((3, 3, 3)), "left"), r"has shape \(3, 3, 3\)"),
    ],
    ids=["steps", "baseline"],
)
def test_a_method_that_the_controls_cannot_take_is_refused_as_a_whole(
    finished, engine, images, method, message
):
    run, names = finished.status["run"], ("method", "steps", "baseline", "_method_parameters")
    before = [getattr(finished, name) for name in names]
    finished.method = method
    assert done(finished) == "error"
    assert re.search(message, finished.status["message"])
    assert finished.status["run"] == run
    assert [getattr(finished, name) for name in names] == before
    with pytest.raises(ValueError, match=message):
        AttributionExplorer(engine, images, method=method)


def test_an_unknown_keyword_names_the_nearest_trait(engine, images):
    with pytest.raises(TypeError, match=r"no keyword 'step'\. Did you mean 'steps'"):
        AttributionExplorer(engine, images, step=3)
    with pytest.raises(TypeError, match="It is the engine's"):
        AttributionExplorer(engine, images, output="probability")
    with pytest.raises(TypeError, match="no keyword '_question'"):
        AttributionExplorer(engine, images, _question=3)


@pytest.mark.parametrize(
    ("labels", "message"),
    [([0], "1 entries for 3 images"), ([0, 1, 3], r"labels\[2\]=3"), ([0, 1, "a"], r"labels\[2\]")],
)
def test_wrong_labels(engine, images, labels, message):
    with pytest.raises((TypeError, ValueError), match=message):
        AttributionExplorer(engine, images, labels=labels)


@pytest.mark.parametrize("names", [["cat"], "cat", 3])
def test_wrong_class_names(model, engine, images, names):
    for given in (model, engine):
        with pytest.raises((TypeError, ValueError), match="class_names"):
            AttributionExplorer(given, images, class_names=names)


@pytest.mark.filterwarnings("ignore:the outputs of")
@pytest.mark.parametrize("as_engine", [False, True])
@pytest.mark.parametrize("target", [None, 2])
def test_class_names_of_the_wrong_length_for_a_callable(model, images, as_engine, target):
    import tensorflow as tf

    call = tf.function(lambda batch: model(batch))
    given = tw.AttributionEngine(call) if as_engine else call
    explorer = AttributionExplorer(given, images, class_names=["cat"], target=target)
    explorer.explain()
    assert done(explorer) == "error"
    assert "class_names has 1 names, but the model has 3" in explorer.status["message"]
    assert "class_names has 1 names" in repr(explorer)
    explorer._repr_mimebundle_()
    assert explorer.wait(PATIENCE)
    explorer.close()


def test_an_engine_has_its_own_preprocess(engine, images):
    with pytest.raises(TypeError, match="preprocess came together with an engine"):
        AttributionExplorer(engine, images, preprocess=lambda batch: batch)


def test_a_failed_construction_leaves_nothing_behind(engine, images):
    threads = set(threading.enumerate())
    with pytest.raises(ValueError, match="steps=0"):
        AttributionExplorer(engine, images, steps=0)
    gc.collect()
    assert set(threading.enumerate()) <= threads


MALFORMED = [None, 3, [], "ready", {}, {"kind": "dance"}, {"kind": []}, {"kind": None, "run": {}}]


@pytest.mark.parametrize("content", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_message_goes_to_the_status(finished, view, content, capfd):
    view.send(content)
    assert finished.status["state"] == "error"
    assert "no message of this widget" in finished.status["message"]
    assert capfd.readouterr().err == ""
    finished.explain()
    assert done(finished) == "done"


@pytest.mark.parametrize("state", [None, 3, [1], "steps"])
def test_a_malformed_state_goes_to_the_status(finished, state, capfd):
    finished.set_state(state)
    assert finished.status["state"] == "error"
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [("layout", 5), ("layout", "IPY_MODEL_none"), ("_view_count", "a"), ("_dom_classes", 5)],
)
def test_a_wrong_value_for_what_every_widget_has(finished, view, name, value):
    good = getattr(finished, name)
    view.messages.clear()
    finished.set_state({"steps": 16, name: value, "opacity": 0.25})
    assert done(finished) == "error"
    assert f"{name.strip('_')} stays as it was" in finished.status["message"]
    assert getattr(finished, name) == good
    assert view.updates(name)[-1] == finished.get_state(name)[name]
    assert (finished.steps, finished.result.level, finished.opacity) == (16, 16, 0.25)
    finished.set_state(finished.get_state(name))
    assert done(finished) == "done"


def test_the_view_cannot_set_what_is_the_kernels(finished, view):
    before = finished.status
    view.set(status={"state": "done"}, _question=77, _result=None, _image={})
    assert finished.status == before
    assert finished._question != 77
    assert finished._result is not None
    with pytest.raises(Exception, match="read-only"):
        finished.status = {}


def test_an_error_halfway_through_a_run_keeps_the_last_good_result(finished, gate, capfd):
    before = finished.result
    gate.close()
    finished.target = 1
    gate.await_chunk()
    gate.error = RuntimeError("the device fell off")
    gate.let_one_through()
    assert done(finished) == "error"
    assert finished.status["message"] == "RuntimeError: the device fell off"
    assert finished.result is before
    assert capfd.readouterr().err == ""
    gate.open()
    finished.explain()
    assert done(finished) == "done"
    assert finished.result.target == 1


@pytest.fixture
def dead_sensor():
    """A model that TensorFlow calls back, and that fails there, deep inside other functions."""
    import tensorflow as tf

    def read(_):
        raise RuntimeError("boom: my sensor is off")

    def classify(x):
        scores = tf.numpy_function(read, [x], tf.float32)
        return tf.ensure_shape(scores, (None, 3))

    return classify


def test_an_error_inside_the_model_is_told_by_its_cause(dead_sensor, images):
    explorer = AttributionExplorer(dead_sensor, images)
    explorer.explain()
    assert done(explorer) == "error"
    message = explorer.status["message"]
    assert message.startswith("UnknownError: Graph execution error:")
    assert message.count("boom: my sensor is off") == 1
    assert "File" not in message
    assert "Traceback" not in message
    assert len(message) < 300
    explorer.close()


def test_a_long_error_is_told_by_its_head_and_its_end(finished, gate):
    gate.close()
    finished.steps = 16
    gate.error = RuntimeError("the head " + 5000 * "x" + " the end")
    gate.let_one_through()
    assert done(finished) == "error"
    message = finished.status["message"]
    assert message.startswith("RuntimeError: the head")
    assert message.endswith(" the end")
    assert len(message) == 1000


def test_messages_have_no_colours_of_a_terminal(finished, gate):
    gate.error = ValueError("Exception in \x1b[1mDense.call()\x1b[0m, \x1b[38;5;9mred\x1b[0m.")
    gate.close()
    finished.target = 1
    gate.await_chunk()
    gate.open()
    assert done(finished) == "error"
    assert finished.status["message"] == "Exception in Dense.call(), red."


def test_a_baseline_that_does_not_fit_the_next_image():
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(2),
        ]
    )
    explorer = AttributionExplorer(
        model, [np.ones((4, 4, 3)), np.ones((5, 5, 3))], baseline=np.zeros((4, 4, 3)), steps=2
    )
    explorer.explain()
    assert done(explorer) == "done"
    explorer.image_index = 1
    assert done(explorer) == "error"
    assert "baseline has shape (4, 4, 3)" in explorer.status["message"]
    explorer.baseline = "white"
    assert done(explorer) == "done"
    explorer.close()


# Methods and baselines


@pytest.mark.parametrize(
    "written", ["Saliency", "saliency", "SALIENCY", tw.Saliency, tw.Saliency()]
)
def test_a_method_by_any_spelling(finished, written):
    finished.method = written
    assert done(finished) == "done"
    assert isinstance(finished.result.method, tw.Saliency)
    assert finished._result["level"] is None
    assert finished._result["baseline_label"] is None
    finished.method = "integrated gradients"
    assert done(finished) == "done"
    assert finished.method == "IntegratedGradients"


def test_the_controls_take_over_what_a_method_says(finished):
    run = finished.status["run"]
    finished.method = tw.IntegratedGradients(steps=16, baseline=255.0, rule="left")
    assert (finished.steps, finished.baseline) == (16, "white")
    assert finished._method_parameters == {"rule": "left"}
    assert done(finished) == "done"
    assert finished.status["run"] == run + 1
    assert finished.result.method == tw.IntegratedGradients(16, 255.0, "left")
    finished.steps = 4
    assert done(finished) == "done"
    assert finished.result.method == tw.IntegratedGradients(4, 255.0, "left")


def test_what_is_set_beside_a_method_wins_over_what_the_method_says(finished, engine, images):
    method = tw.IntegratedGradients(steps=16, baseline=255.0)
    with finished.hold_trait_notifications():
        finished.method = method
        finished.steps = 2
    assert finished.steps == 2
    other = AttributionExplorer(engine, images, method=method, baseline="grey")
    assert (other.steps, other.baseline) == (16, "grey")
    other.close()


def test_the_view_sets_further_parameters(finished, view):
    view.set(_method_parameters={"rule": "midpoint"})
    assert done(finished) == "done"
    assert finished.result.method.rule == "midpoint"
    view.set(_method_parameters={"rule": "guesswork"})
    assert done(finished) == "error"
    assert "guesswork" in finished.status["message"]
    assert finished._method_parameters == {"rule": "midpoint"}
    view.set(method="Saliency")
    assert finished._method_parameters == {}
    assert done(finished) == "done"


@pytest.mark.parametrize(
    ("given", "value"), [("gray", 127.5), ("Black", 0), (7, 7), (tw.baselines.Constant(9), 9)]
)
def test_a_baseline_by_name_number_or_object(finished, given, value):
    finished.baseline = "white"
    finished.baseline = given
    assert done(finished) == "done"
    np.testing.assert_array_equal(finished.result.baseline, np.full((8, 8, 3), value))


def test_a_given_baseline_joins_the_menu(finished, view):
    names = [entry["name"] for entry in finished._baselines]
    finished.baseline = np.full((8, 8, 3), 3.0)
    assert [entry["name"] for entry in finished._baselines] == [*names, "given"]
    assert finished._baselines[-1]["note"] == ""
    assert finished.get_state("baseline")["baseline"]["name"] == "given"
    finished.baseline = "black"
    view.set(baseline="given")
    assert done(finished) == "done"
    assert finished.result.baseline.max() == 3


# The rest of the surface


def test_repr_is_one_line(finished, gate):
    text = repr(finished)
    assert "\n" not in text
    for part in ("AttributionExplorer", "small", "tabby", "1 of 3", "done"):
        assert part in text
    gate.close()
    finished.target = 1
    gate.await_chunk()
    gate.error = RuntimeError("a graph\nof many lines\n" * 50)
    gate.open()
    assert done(finished) == "error"
    assert "\n" not in repr(finished)
    assert len(repr(finished)) < 300


def test_a_static_picture_goes_along(explorer, tmp_path):
    import base64
    import io

    from PIL import Image

    def picture():
        data, _ = explorer._repr_mimebundle_()
        assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
        assert data["text/plain"] == repr(explorer)
        return Image.open(io.BytesIO(base64.b64decode(data["image/png"])))

    waiting = picture()
    assert done(explorer) == "done"
    computed = picture()
    assert computed.size[0] == waiting.size[0] == 1800
    assert computed.tobytes() != waiting.tobytes()
    path = explorer.save_png(tmp_path / "explorer.png")
    assert Image.open(path).tobytes() == computed.tobytes()


def test_saving_a_picture_before_there_is_one(explorer, tmp_path):
    with pytest.raises(RuntimeError, match=r"explain\(\), then wait"):
        explorer.save_png(tmp_path / "nothing.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "baseline", ["blur", 12.0, np.full((8, 8, 3), 5.0)], ids=["name", "number", "array"]
)
def test_copied_code_computes_the_same_without_the_widget(finished, images, baseline):
    finished.target, finished.baseline = (0, 1), baseline
    assert done(finished) == "done"
    scope = {"engine": finished.engine, "images": images, "baseline": baseline}
    exec(finished._result["code"], scope)  # noqa: S102  # it is what is tested
    np.testing.assert_array_equal(scope["heatmap"], finished.result.heatmap())


class Fading:
    """A baseline of the user's own."""

    def of(self, x):
        return x / 2


@pytest.mark.parametrize("unit", [1, 255])
@pytest.mark.parametrize("baseline", ["grey", "white", "noise", Fading()])
@pytest.mark.parametrize("method", ["IntegratedGradients", "Saliency"])
def test_copied_code_for_other_outputs_and_units(model, images, unit, baseline, method):
    engine = tw.AttributionEngine(model, output="probability", preprocess=lambda x: x / unit * 255)
    floats = {name: image / 255 * unit for name, image in images.items()}
    explorer = AttributionExplorer(
        engine, floats, baseline=baseline, image_index=1, method=method, steps=3, target=1
    )
    explorer.explain()
    assert done(explorer) == "done"
    scope = {"engine": engine, "images": floats, "baseline": baseline}
    exec(explorer._result["code"], scope)  # noqa: S102  # it is what is tested
    np.testing.assert_array_equal(scope["heatmap"], explorer.result.heatmap())
    assert scope["attribution"].score == explorer.result.score
    explorer.close()


def test_copied_code_makes_the_engine_of_a_model(model, images):
    for preprocess in (None, lambda batch: batch / 2):
        explorer = AttributionExplorer(model, images, preprocess=preprocess, steps=2)
        explorer.explain()
        assert done(explorer) == "done"
        scope = {"model": model, "images": images, "preprocess": preprocess}
        code = explorer._result["code"]
        assert "widgets." not in code
        exec(code, scope)  # noqa: S102  # it is what is tested
        np.testing.assert_allclose(
            scope["heatmap"], explorer.result.heatmap(), rtol=1e-5, atol=1e-7
        )
        explorer.close()


def test_a_closed_explorer_is_displayed_as_text_and_picture(finished):
    finished.close()
    run = finished.status["run"]
    data, _ = finished._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png"}
    assert "closed" in data["text/plain"]
    assert finished.status["run"] == run


def test_closed_and_dropped_it_dies_and_the_thread_ends(engine, images, gate):
    before = set(threading.enumerate())
    explorer = AttributionExplorer(engine, images)
    gate.close()
    explorer.explain()
    gate.await_chunk()
    (thread,) = set(threading.enumerate()) - before
    explorer.close()
    explorer.close()
    assert explorer.status["state"] == "cancelled"
    assert explorer.wait(PATIENCE)
    gone = weakref.ref(explorer)
    del explorer
    gc.collect()
    assert gone() is None
    gate.open()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_closed_explorer_stays_quiet(finished):
    finished.close()
    finished.steps = 2
    assert finished.wait(PATIENCE)
    assert finished.status["state"] == "done"
    with pytest.raises(RuntimeError, match="closed"):
        finished.explain()


LATE = [{"kind": kind} for kind in ("ready", "shown", "explain", "cancel", "dance")]


@pytest.mark.parametrize("content", LATE, ids=lambda content: content["kind"])
def test_a_message_that_comes_too_late_is_ignored(finished, view, content, capfd):
    finished.close()
    before = finished.status
    view.messages.clear()
    finished._handle_custom_msg(content, [])
    assert finished.status == before
    assert view.messages == []
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("name", "value"), CASES, ids=IDS)
def test_a_wrong_value_after_closing_changes_nothing(explorer, name, value):
    explorer.close()
    good = getattr(explorer, name)
    setattr(explorer, name, value)
    explorer.set_state({name: value})
    assert getattr(explorer, name) == good


def test_changes_from_several_threads_are_all_heard(explorer, view):
    heard = []
    explorer.observe(lambda change: heard.append(change["new"]), "opacity")
    rounds, barrier = 200, threading.Barrier(3)

    def from_the_view():
        barrier.wait(PATIENCE)
        for number in range(rounds):
            view.set(opacity=number / rounds, smooth=number)

    def from_python(offset):
        barrier.wait(PATIENCE)
        for number in range(rounds):
            explorer.opacity = (number + offset) / rounds

    threads = [
        threading.Thread(target=from_the_view),
        threading.Thread(target=from_python, args=(0.25,)),
        threading.Thread(target=from_python, args=(0.75,)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(heard) == 3 * rounds
    assert heard[-1] == explorer.opacity


def test_linked_explorers_changed_from_two_threads_do_not_deadlock(finished, engine, images):
    import traitlets

    other = AttributionExplorer(engine, images, steps=8)
    link = traitlets.link((finished, "opacity"), (other, "opacity"))
    barrier = threading.Barrier(2)

    def change(explorer, offset):
        barrier.wait(PATIENCE)
        for number in range(200):
            explorer.opacity = (number + offset) / 200

    threads = [
        threading.Thread(target=change, args=(finished, 0.25), daemon=True),
        threading.Thread(target=change, args=(other, 0.75), daemon=True),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    assert finished.opacity == other.opacity
    link.unlink()
    other.close()


def test_a_missing_bundle_says_how_to_build_it(engine, images, monkeypatch, tmp_path):
    from tfinterp_widgets.widgets import static

    monkeypatch.setattr(static, "files", lambda _: tmp_path)
    with pytest.raises(FileNotFoundError, match="npm ci && npm run build"):
        AttributionExplorer(engine, images)


def test_the_bundle_is_a_string_so_that_closed_widgets_are_freed(explorer):
    assert type(explorer._esm) is str
    assert len(explorer._esm) > 10_000
