"""What takes time is done for the metric on view, and but once."""

from dataclasses import replace

import numpy as np
import pytest
from answers import done

import tfinterp_widgets as tw
from tfinterp_widgets.widgets.slices import known
from tfinterp_widgets.widgets.slices.answers import Answers
from tfinterp_widgets.widgets.slices.found import Question
from tfinterp_widgets.widgets.slices.sources import Wanted


def found(answers, question):
    """What is found, without the shares that are done."""
    return (each for each in answers.answer(question) if not isinstance(each, float))


@pytest.fixture
def drawn(finished):
    """An explorer that has shown one metric with drawn intervals, after another."""
    assert np.isfinite(finished.result.column("auc").value).all()
    assert np.isnan(finished.result.column("auc").low).all()
    finished.metric = "auc"
    assert done(finished) == "done", finished.status
    return finished


def test_intervals_and_differences_are_found_of_a_metric_when_it_is_picked(drawn):
    assert np.isfinite(drawn.result.column("auc").low).all()
    assert np.isfinite(drawn._conversation.result.differences[""].low[1:]).all()


def test_intervals_are_those_that_slice_metrics_draws(drawn, rows):
    slices = [(), "age", "housing"]
    expected = tw.slice_metrics(*rows, slices=slices, metrics=["accuracy", "auc"], seed=0)
    for key in expected:
        assert drawn.result[key]["auc"] == expected[key]["auc"]


def test_what_is_known_is_not_computed_again(drawn, monkeypatch):
    def computed(*_):
        raise AssertionError("computed again")

    before = drawn.result
    for name in ("with_intervals", "differences"):
        monkeypatch.setattr(known, name, computed)
    monkeypatch.setattr(drawn._source, "measure", computed)
    for metric in ("accuracy", "auc"):
        drawn.metric = metric
        assert done(drawn) == "done", drawn.status
    assert drawn.result.columns is before.columns


def test_a_threshold_leaves_alone_what_does_not_depend_on_it(drawn):
    before = drawn.result
    drawn.threshold = 0.3
    assert done(drawn) == "done"
    assert drawn.result.column("auc") is before.column("auc")
    assert drawn.result.column("recall") is not before.column("recall")


def test_who_picks_a_slice_meanwhile_loses_no_interval(explorer):
    question = Question(Wanted((("age",),), ("auc",), None, 0.5), "auc", {}, None, None)
    answers = Answers(explorer._source)
    begun = next(each for each in found(answers, question) if each.progress > 0.4)
    again = list(found(answers, replace(question, selected=())))
    assert again[0].main.column("auc") is begun.main.column("auc")
    assert again[0].examples.size == 240
    assert np.isfinite(again[-1].main.column("auc").low).all()
