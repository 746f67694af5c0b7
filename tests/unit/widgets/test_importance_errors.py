"""What the importance widget refuses, what it reports, and how it ends."""

import gc
import threading
import weakref

import ipywidgets
import numpy as np
import pytest
from answers import PATIENCE
from importance import Gated, labels, settled, table

import tfinterp_widgets as tw

X = table()
Y = labels(X)


@pytest.fixture
def widget(gate, view):  # noqa: ARG001  # the view has to be there first
    widget = tw.PermutationImportance(Gated(gate), X, Y, repeats=2)
    yield widget
    gate.open()
    widget.close()


@pytest.fixture
def finished(widget):
    widget.explain()
    assert settled(widget) == "done"
    return widget


WRONG = [
    ("metric", "acuracy", "Did you mean 'accuracy'"),
    ("metric", 3, "expected a metric's name"),
    ("repeats", 0, "expected a whole number from 1 to 100"),
    ("data", "train", "no training rows were given"),
    ("grouped", 1, "expected True or False"),
    ("correlation", 1.5, "expected a number from 0 to 1"),
    ("top", 0, "expected a whole number from 1"),
    ("search", 5, "expected text"),
    ("feature", "stron", "Did you mean 'strong'"),
    ("feature", None, "expected a column's name"),
    ("seed", -1, "expected a whole number from 0"),
    ("target", "first", "expected a whole number"),
]


@pytest.mark.parametrize(("name", "value", "why"), WRONG, ids=lambda value: str(value)[:20])
def test_a_wrong_value_is_refused_and_the_last_result_stays(finished, name, value, why):
    before, result = getattr(finished, name), finished.result
    setattr(finished, name, value)
    assert why in finished.status["message"]
    assert finished.status["state"] == "error"
    assert "tfi-alert" in finished._board.controls.state.value
    assert (getattr(finished, name), finished.result) == (before, result)
    setattr(finished, name, before)
    assert finished.status["message"] == ""


@pytest.mark.parametrize(("name", "value", "why"), WRONG, ids=lambda value: str(value)[:20])
def test_a_wrong_value_raises_where_it_is_made(gate, name, value, why):
    with pytest.raises((TypeError, ValueError), match=why.replace("'", ".")):
        tw.PermutationImportance(Gated(gate), X, Y, **{name: value})


def test_an_output_that_the_model_lacks_is_refused_once_that_is_known(finished):
    finished.target = 5
    assert "the model has 2 outputs" in finished.status["message"]
    assert finished.target is None
    finished.target = 1
    assert settled(finished) == "done"


@pytest.mark.parametrize("feature", ["", "strong"])
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"target": 5}, "target=5; the model has 2 outputs"),
        ({"class_names": ["a", "b", "c"]}, "class_names has 3 names, but the model has 2 outputs"),
    ],
)
def test_what_does_not_fit_the_outputs_is_said_by_the_first_run(gate, view, feature, given, why):  # noqa: ARG001
    widget = tw.PermutationImportance(Gated(gate), X, Y, repeats=2, feature=feature, **given)
    widget.explain()
    assert settled(widget) == "error"
    assert why in widget.status["message"]
    widget.close()


def test_what_does_not_fit_is_said_at_once(gate):
    model = Gated(gate)
    with pytest.raises(ValueError, match="59"):
        tw.PermutationImportance(model, X, Y[:-1])
    with pytest.raises(ValueError, match="0 rows"):
        tw.PermutationImportance(model, X[:0], Y[:0])
    with pytest.raises(TypeError, match="Did you mean 'repeats'"):
        tw.PermutationImportance(model, X, Y, repeat=3)
    with pytest.raises(TypeError, match="expected a pair"):
        tw.PermutationImportance(model, X, Y, train=X)
    with pytest.raises(TypeError, match="class_names is a str"):
        tw.PermutationImportance(model, X, Y, class_names="good")
    with pytest.raises(TypeError, match="int"):
        tw.PermutationImportance(3, X, Y)


def test_an_error_of_the_model_is_shown_and_recovered_from(finished, gate):
    before = finished.result
    gate.close()
    gate.error = RuntimeError("the model broke")
    finished.repeats = 4
    gate.await_chunk()
    gate.let_one_through()
    assert settled(finished) == "error"
    assert "the model broke" in finished.status["message"]
    assert finished.result is before
    gate.open()
    finished.repeats = 3
    assert settled(finished) == "done"
    assert finished.status["message"] == ""
    assert finished.result.importances.shape == (4, 3)


def test_a_metric_that_raises_is_named(finished):
    def moody(y, predictions):  # noqa: ARG001
        raise ZeroDivisionError("no mood")

    moody.greater_is_better = True
    finished.metric = moody
    assert settled(finished) == "error"
    assert "moody" in finished.status["message"]
    assert finished.result.metric == "auc"
    finished.metric = "accuracy"
    assert settled(finished) == "done"


def test_wait_in_an_observer_would_never_return(finished):
    raised = []

    def observe(_):
        with pytest.raises(RuntimeError, match="inside an observer") as error:
            finished.wait()
        raised.append(error)

    finished.observe(observe, "top")
    finished.top = 3
    assert raised


def open_widgets():
    """Those that ipywidgets holds on to: by this name since version 8."""
    module = ipywidgets.widgets.widget
    return set(module._instances if hasattr(module, "_instances") else module.Widget.widgets)


def test_closed_it_leaves_nothing_behind(gate):
    widgets, threads = open_widgets(), set(threading.enumerate())
    widget = tw.PermutationImportance(Gated(gate), X, Y, feature="strong")
    gate.close()
    widget.explain()
    gate.await_chunk()
    (thread,) = set(threading.enumerate()) - threads
    widget.close()
    widget.close()
    assert widget.status["state"] == "cancelled"
    assert open_widgets() == widgets
    gone = weakref.ref(widget)
    del widget
    gc.collect()
    assert gone() is None
    gate.open()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_closed_widget_stays_quiet(finished):
    finished.close()
    finished.repeats = 7
    assert settled(finished) == "done"
    assert "closed" in repr(finished)
    with pytest.raises(RuntimeError, match="closed"):
        finished.explain()


def test_nan_predictions_are_an_error_that_says_so(view):  # noqa: ARG001
    widget = tw.PermutationImportance(lambda rows: np.full(len(rows), np.nan), X, Y)
    widget.explain()
    assert settled(widget) == "error"
    assert "NaN" in widget.status["message"]
    widget.close()
