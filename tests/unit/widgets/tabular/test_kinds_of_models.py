"""Two classes, several classes, numbers: what the explorer makes of each."""

import keras
import numpy as np
import pytest
from answers import done

import tfinterp_widgets as tw
from tfinterp_widgets.wire import from_wire


@pytest.fixture(scope="module")
def values():
    return np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)


def dense(units, activation=None):
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(units, activation=activation)])


def explained(*args, **kwargs):
    explorer = tw.TabularExplorer(*args, **kwargs)
    explorer.explain()
    assert done(explorer) == "done", explorer.status
    return explorer


def test_one_output_has_two_classes(values):
    model = dense(1, "sigmoid")
    explorer = explained(model, values, (values[:, 0] > 0), class_names=["bad", "good"])
    table = explorer._table
    probability = model(values).numpy()[:, 0]
    np.testing.assert_array_equal(from_wire(table._predictions["predicted"]), probability > 0.5)
    np.testing.assert_allclose(
        from_wire(table._predictions["confidence"]),
        np.maximum(probability, 1 - probability),
        rtol=1e-5,
    )
    assert table._class_names == ["bad", "good"]
    assert explorer._board.controls.target.layout.display == "none"
    assert "good" in explorer._board._said.value
    explorer.close()


def test_several_outputs_are_as_many_classes_and_targets(values):
    explorer = explained(dense(3, "softmax"), values, class_names=["a", "b", "c"])
    options = dict(explorer._board.controls.target.options)
    assert options == {"Top class": None, "a": 0, "b": 1, "c": 2}
    explorer.target = (2, 0)
    assert done(explorer) == "done"
    assert explorer.result.target == (2, 0)
    assert explorer._board.controls.target.value == (2, 0)
    assert "c − a" in explorer._board._said.value
    assert explorer._board._bars.title.value == "contribution to c − a, in logits"
    explorer.close()


def test_a_number_is_shown_as_it_is(values):
    model, labels = dense(1), np.linspace(-1, 1, 30)
    explorer = explained(model, values, labels)
    table = explorer._table
    np.testing.assert_allclose(
        from_wire(table._predictions["predicted"]), model(values).numpy()[:, 0], rtol=1e-5
    )
    assert table._predictions["confidence"] is None
    assert table._class_names is None
    assert explorer.result.prediction == pytest.approx(float(model(values[:1])[0, 0]), rel=1e-5)
    explorer.close()


def test_an_engine_of_probabilities_says_so_on_the_axis(values):
    engine = tw.AttributionEngine(dense(1, "sigmoid"), output="probability")
    explorer = explained(engine, values)
    assert explorer._board._bars.title.value == "contribution to 1, in probability"
    explorer.close()


def test_a_callable_learns_its_classes_with_the_first_answer(values):
    import tensorflow as tf

    weights = tf.constant(np.eye(4, 3), tf.float32)
    explorer = explained(lambda rows: rows @ weights, values, class_names=["a", "b", "c"])
    assert [name for name, _ in explorer._board.controls.target.options][1:] == ["a", "b", "c"]
    explorer.close()


def test_a_large_table_sends_its_first_rows():
    values = np.zeros((100_000, 4), np.float32)
    explorer = tw.TabularExplorer(dense(1, "sigmoid"), values)
    table = explorer._table
    assert (table.sent, table._total) == (3_000_000 // 44, 100_000)
    assert table._columns[0]["values"]["shape"] == [table.sent]
    explorer.row = 99_999
    assert done(explorer) == "done"
    assert explorer.result.row == 99_999
    explorer.close()


def test_the_headline_agrees_with_the_table_and_says_what_the_bars_explain(finished, labels):
    """One output is the probability of class 1; the model may decide for class 0."""
    classes = finished._table._predictions
    decided = from_wire(classes["predicted"])
    for row in (int(np.argmin(decided)), int(np.argmax(decided))):
        finished.row = row
        assert done(finished) == "done"
        name = ["bad", "good"][decided[row]]
        confidence = f"{100 * from_wire(classes['confidence'])[row]:.1f} %"
        said = finished._board._said.value
        assert f"predicted </span> <b>{name} {confidence}</b>" in said
        good = f"explained: good {100 * finished.result.prediction:.1f} %"
        assert (good in said) == (name == "bad")
        assert ("✗" in said) == (decided[row] != labels[row])
        assert f"true: {['bad', 'good'][labels[row]]}" in said
