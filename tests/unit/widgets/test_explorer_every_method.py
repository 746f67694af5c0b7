"""Every method of the registry, asked through the explorer."""

import json

import numpy as np
import pytest
from answers import done
from methods import SIDE, SMALL, conv_images, conv_model, explorer_of

import tfinterp_widgets as tw
from tfinterp_widgets.engine.methods import METHODS
from tfinterp_widgets.wire import from_wire

# What comes in more than one chunk of four: these have a preview before they have an answer.
MANY = [name for name in METHODS if name in SMALL and "layer" not in SMALL[name]]


@pytest.fixture(scope="module")
def engine():
    return tw.AttributionEngine(conv_model(), class_names=("cat", "dog", "duck"), batch_size=4)


@pytest.fixture
def explorer(engine, view):  # noqa: ARG001  # the view has to be there first
    explorer = explorer_of(engine)
    yield explorer
    explorer.close()


def ask(explorer, name):
    explorer.method = METHODS[name](**SMALL.get(name, {}))
    assert done(explorer) == "done", explorer.status
    return explorer.result


def forget(engine):
    limit, engine.cache_bytes = engine.cache_bytes, 0
    engine.cache_bytes = limit


@pytest.mark.parametrize("name", METHODS)
def test_the_answer_is_the_engine_s_and_so_is_that_of_the_copied_code(explorer, engine, name):
    result = ask(explorer, name)
    x = conv_images()["tabby"]
    again = engine.attribute(x, method=result.method)
    np.testing.assert_array_equal(result.values, again.values)
    scope = {"engine": engine, "images": conv_images()}
    exec(explorer._result["code"], scope)  # noqa: S102  # it is what is tested
    np.testing.assert_array_equal(scope["heatmap"], result.heatmap())
    assert scope["method"] == result.method


@pytest.mark.parametrize("name", METHODS)
def test_the_view_is_told_what_there_is_to_know(explorer, name):
    result = ask(explorer, name)
    message = {**explorer._result}
    heatmap = from_wire(message.pop("map"))
    json.dumps(message, allow_nan=False)
    np.testing.assert_array_equal(heatmap, result.heatmap())
    cells = 4 if name == "LayerIntegratedGradients" else SIDE
    assert heatmap.shape == (cells, cells)
    assert message["method"] == name
    assert message["channels"] == result.values.shape[-1]
    assert message["adds_up"] == (result.baseline_score is not None)
    assert (message["standard_error"] is None) == (result.standard_error is None)
    assert (message["r_squared"] is None) == (name != "LIME")
    assert message["warning"] is None
    assert (message["layer"] is None) == (not hasattr(METHODS[name], "layer"))


@pytest.mark.parametrize("name", METHODS)
def test_the_picture_and_the_text_are_made_of_any_method(explorer, tmp_path, name):
    ask(explorer, name)
    assert explorer.save_png(tmp_path / "map.png").stat().st_size > 10_000
    assert "image/png" in explorer._repr_mimebundle_()[0]


@pytest.mark.parametrize("name", MANY)
def test_previews_come_chunk_by_chunk(explorer, engine, view, name, monkeypatch):
    forget(engine)
    monkeypatch.setattr("tfinterp_widgets.widgets.explorer.conversation.PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("tfinterp_widgets.widgets.shared.runner.PAUSE_SECONDS", 0.0)
    before = len(view.custom("map"))
    result = ask(explorer, name)
    previews = [content for content, _ in view.custom("map")[before:]]
    assert len(previews) > 1
    assert not any(preview["final"] for preview in previews)
    counts = [preview["evaluations"] for preview in previews]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] < result.evaluations
    totals = {status["total"] for status in view.updates("status") if status["done"]}
    assert totals == {result.evaluations}


@pytest.mark.parametrize("name", METHODS)
def test_progress_never_goes_back(explorer, engine, view, name, monkeypatch):
    forget(engine)
    monkeypatch.setattr("tfinterp_widgets.widgets.shared.runner.PAUSE_SECONDS", 0.0)
    result = ask(explorer, name)
    statuses = [status for status in view.updates("status") if status["done"]]
    shares = [status["progress"] for status in statuses]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert all(status["done"] <= status["total"] for status in statuses if status["total"])
    assert (statuses[-1]["done"], statuses[-1]["total"]) == (result.evaluations,) * 2


@pytest.mark.parametrize("name", METHODS)
def test_an_answer_can_be_cancelled_and_asked_for_again(explorer, engine, view, name, monkeypatch):
    forget(engine)
    taken = explorer._conversation._take_estimate

    def cancel_at_once(estimate, query):
        taken(estimate, query)
        view.send({"kind": "cancel", "run": explorer.status["run"]})

    monkeypatch.setattr(explorer._conversation, "_take_estimate", cancel_at_once)
    explorer.method = METHODS[name](**SMALL.get(name, {}))
    assert done(explorer) in ({"cancelled"} if name in MANY else {"cancelled", "done"})
    monkeypatch.undo()
    explorer.explain()
    assert done(explorer) == "done"
    assert explorer.result.final


def test_what_has_no_sign_is_told_from_what_has(explorer):
    signed = {name: explorer._result["signed"] for name in METHODS if ask(explorer, name)}
    assert not any(
        signed[name]
        for name in METHODS
        if METHODS[name].family == "Class activation" or METHODS[name].reduction == "max_abs"
    )
    assert not signed["VarGrad"]
    assert not signed["RISE"]
    for name in ("IntegratedGradients", "IDGI", "KernelSHAP", "LayerIntegratedGradients"):
        assert signed[name], name


def test_notes_on_baselines_hold_only_where_what_equals_them_gets_nothing(engine, view):  # noqa: ARG001
    image = conv_images()["tabby"]
    image[:8] = 0
    explorer = tw.AttributionExplorer(engine, [image], steps=8)
    blind = {name: explorer._result["blind"] for name in METHODS if ask(explorer, name)}
    assert blind["IntegratedGradients"]
    assert blind["GuidedIntegratedGradients"]
    for name in ("IDGI", "Occlusion", "KernelSHAP", "LayerIntegratedGradients", "Saliency"):
        assert not blind[name], name
    explorer.close()


def test_the_typical_error_is_the_root_mean_square(explorer):
    result = ask(explorer, "RISE")
    error = explorer._result["standard_error"]
    typical = np.sqrt(np.mean(result.standard_error**2))
    assert error["typical"] == pytest.approx(typical, rel=1e-5)
    assert error["relative"] == pytest.approx(typical / result.values.std(), rel=1e-5)


def test_an_error_that_nobody_can_tell_is_none(explorer):
    explorer.method = tw.KernelSHAP(samples=3, region_count=6, regions="patches")
    assert done(explorer) == "done"
    assert np.isnan(explorer.result.standard_error).any()
    assert explorer._result["standard_error"] == {"typical": None, "relative": None}


def test_a_warning_of_the_engine_reaches_the_view(images, view):  # noqa: ARG001
    import tensorflow as tf

    flat = lambda x: tf.stack([0 * tf.reduce_sum(x, (1, 2, 3)) + k for k in range(3)], 1)  # noqa: E731
    explorer = tw.AttributionExplorer(flat, images, method="Saliency", target=1)
    explorer.explain()
    assert done(explorer) == "done", explorer.status
    assert explorer.result.warning
    assert explorer._result["warning"] == explorer.result.warning
    explorer.close()
