"""What an explorer is made of: wrong arguments by name, and its bundle."""

import gc
import threading

import pytest
from answers import PATIENCE, done

import tfinterp_widgets as tw
from tfinterp_widgets import AttributionExplorer


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


def test_a_missing_bundle_says_how_to_build_it(engine, images, monkeypatch, tmp_path):
    from tfinterp_widgets.widgets.shared import static

    monkeypatch.setattr(static, "files", lambda _: tmp_path)
    with pytest.raises(FileNotFoundError, match="npm ci && npm run build"):
        AttributionExplorer(engine, images)


def test_the_bundle_is_a_string_so_that_closed_widgets_are_freed(explorer):
    assert type(explorer._esm) is str
    assert len(explorer._esm) > 10_000
