"""What the view is told: maps, results, predictions and progress."""

import json

import numpy as np
import pytest
from answers import attribute, done

import tfinterp_widgets as tw
from tfinterp_widgets import AttributionExplorer
from tfinterp_widgets.wire import from_message, from_wire


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
