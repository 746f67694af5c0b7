"""Very many slices: values at once, then what takes time, of the slices on view first."""

import numpy as np
import pandas as pd
import pytest
from answers import done

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.slicing.keys import WHOLE
from tfinterp_widgets.widgets.slices import answers as answering
from tfinterp_widgets.widgets.slices import conversation, joining
from tfinterp_widgets.widgets.slices.answers import Answers
from tfinterp_widgets.widgets.slices.arranging import Sight, arranged
from tfinterp_widgets.widgets.slices.found import Found, Question
from tfinterp_widgets.widgets.slices.known import AT_ONCE
from tfinterp_widgets.widgets.slices.sources import Wanted


@pytest.fixture(scope="module")
def crowd():
    """Labels, scores and features of 3,000 rows, two of which make 66 slices; one shop is worse."""
    random = np.random.default_rng(0)
    labels, shop = random.integers(0, 2, 3000), random.integers(0, 60, 3000)
    said = np.where(shop == 7, 1 - labels, labels)
    scores = np.clip(0.2 + 0.6 * said + random.normal(0, 0.3, 3000), 0, 1)
    features = {"shop": shop.astype(str), "day": random.integers(0, 6, 3000).astype(str)}
    return labels, scores, pd.DataFrame(features)


@pytest.fixture
def explorer(crowd):
    explorer = tw.SliceExplorer(*crowd, metrics=["accuracy", "auc", "recall"])
    yield explorer
    explorer.close()


def question(explorer, metric, find=""):
    wanted = Wanted(explorer.slices, ("accuracy", "auc", "recall"), None, 0.5)
    return Question(wanted, metric, {}, None, None, find)


def found_by(answers, asked):
    """What is found, as it is found: the estimates are filled in from one to the next."""
    return (each for each in answers.answer(asked) if isinstance(each, Found))


def with_interval(found):
    return keys_with(found, found.main.column(found.column).low)


def differing_in(found):
    return keys_with(found, found.differences[""].low) if found.differences else set()


def keys_with(found, ends):
    return {found.main.slices[at] for at in np.flatnonzero(np.isfinite(ends))}


@pytest.mark.parametrize("sight", [Sight(sort_by="value"), Sight(search="shop: 5")])
def test_slices_on_view_get_their_intervals_first(explorer, sight):
    answers = Answers(explorer._source)
    answers.sight = sight
    items = found_by(answers, question(explorer, "auc"))
    on_view = {*arranged(sight, next(items))[:AT_ONCE]}
    first = next(each for each in items if with_interval(each))
    assert with_interval(first) <= on_view or len(on_view) < AT_ONCE
    served = next(each for each in items if on_view <= with_interval(each))
    assert len(with_interval(served)) <= AT_ONCE
    differing = next(each for each in items if on_view <= {WHOLE, *differing_in(each)})
    assert len(with_interval(differing)) <= AT_ONCE  # before the intervals of others
    *_, last = items
    assert len(with_interval(last)) == len(last.main)


def test_who_sorts_meanwhile_is_served_next(explorer):
    answers = Answers(explorer._source)
    items = found_by(answers, question(explorer, "auc"))
    begun = next(each for each in items if with_interval(each))
    answers.sight = Sight(sort_by="value")
    wanted = arranged(answers.sight, begun)[:AT_ONCE]
    served = next(each for each in items if {*wanted} <= with_interval(each))
    assert len(with_interval(served)) <= 2 * AT_ONCE


def test_of_many_combinations_the_metric_on_view_is_measured_first(explorer, monkeypatch):
    monkeypatch.setattr(answering, "MANY", 1)
    items = [*Answers(explorer._source).answer(question(explorer, "recall"))]
    found = [each for each in items if isinstance(each, Found)]
    assert found[0].main.metrics == ("recall",)
    assert np.isfinite(found[0].main.column("recall").value).any()
    known = [each.main.metrics for each in found]
    assert ("recall", "accuracy") in known
    assert known[-1][:3] == ("recall", "accuracy", "auc")


@pytest.mark.parametrize("find", ["", "accuracy"])
def test_shares_that_are_done_grow(explorer, monkeypatch, find):
    monkeypatch.setattr(answering, "MANY", 1)
    items = [*Answers(explorer._source).answer(question(explorer, "accuracy", find))]
    shares = [each if isinstance(each, float) else each.progress for each in items]
    told = [share for share in shares if share > 0]
    assert told[-1] == 1
    assert len(told) > AT_ONCE


def test_a_search_for_the_worst_tells_how_far_it_is_and_can_be_left(explorer):
    answers = Answers(explorer._source)
    asked = question(explorer, "accuracy", "accuracy")
    searching = answers.answer(asked)
    share = next(each for each in searching if isinstance(each, float))
    assert 0 < share < 1
    searching.close()
    found = next(each for each in found_by(answers, asked) if each.findings is not None)
    assert (("shop", "7"),) in [finding.key for finding in found.findings]


def test_what_is_measured_in_parts_is_as_measured_at_once(crowd, monkeypatch):
    labels, scores, frame = crowd
    rough = np.where(frame["day"] == "3", scores.round(5) / 1e4, scores)  # AUC and TFMA's differ
    features = frame.assign(half=frame["shop"] > "3", odd=np.arange(3000) % 2)
    metrics = ["accuracy", "auc", "recall", "precision", "f1", "brier"]
    monkeypatch.setattr(joining, "AT_ONCE", 2)
    explorer = tw.SliceExplorer(labels, rough, features, slices="auto", metrics=metrics)
    explorer.explain()
    assert done(explorer) == "done", explorer.status
    expected = tw.slice_metrics(labels, rough, features, metrics=metrics, interval=None)
    assert "auc_tfma" in expected.metrics
    found = explorer.result
    assert {*found.slices} == {*expected.slices}
    at = [found.position(key) for key in expected]
    np.testing.assert_array_equal(found.counts[at], expected.counts)
    for name in expected.metrics:
        ours, theirs = found.column(name).take(np.array(at)), expected.column(name)
        np.testing.assert_array_equal(ours.value, theirs.value)
        np.testing.assert_array_equal(ours.denominator, theirs.denominator)
        assert ours.undefined == theirs.undefined
    rows = found.rows({"shop": "7", "day": "3"})
    assert set(rows) == set(np.flatnonzero((frame["shop"] == "7") & (frame["day"] == "3")))
    moved, other = found.at_threshold(0.3), expected.at_threshold(0.3)
    np.testing.assert_array_equal(moved.column("f1").value[at], other.column("f1").value)
    explorer.close()


def test_very_many_slices_are_said_to_take_time_while_they_do(crowd, monkeypatch, gate):
    monkeypatch.setattr(conversation, "VERY_MANY", 50)

    def slow(labels, predictions):
        gate.pass_through()
        return float((labels == (predictions > 0.5)).mean())

    explorer = tw.SliceExplorer(*crowd, metrics=[slow], greater_is_better=True, interval=None)
    heard = []
    explorer.observe(lambda change: heard.append(change["new"]), "status")
    explorer.explain()
    assert done(explorer) == "done", explorer.status
    said = [status["message"] for status in heard if status["state"] == "running"]
    assert any("There are 67 slices" in message for message in said)
    assert explorer.status["message"] == ""
    gate.close()
    explorer.baseline = {"shop": "7"}
    gate.await_chunk()
    explorer.cancel()
    gate.open()
    assert done(explorer) == "cancelled"
    assert explorer.status["message"] == ""
    explorer.close()


def test_who_cancels_the_intervals_keeps_the_values(crowd, gate):
    def slow(labels, predictions):
        if len(labels) < 3000:  # a draw, or a slice
            gate.pass_through()
        return float((labels == (predictions > 0.5)).mean())

    explorer = tw.SliceExplorer(*crowd, metrics=["accuracy", slow], greater_is_better=True)
    explorer.explain()
    assert done(explorer) == "done"
    gate.close()
    explorer.metric = "slow"
    gate.await_chunk()
    explorer.cancel()
    gate.open()
    assert done(explorer) == "cancelled"
    column = explorer.result.column("slow")
    assert np.isfinite(column.value).all()
    assert np.isnan(column.low).any()
    explorer.close()


def test_slices_that_were_found_can_be_picked_and_their_threshold_moved(crowd):
    explorer = tw.SliceExplorer(*crowd, metrics=["accuracy", "auc"], slices=["day"])
    explorer.explain()
    assert done(explorer) == "done"
    before = explorer.result.column("accuracy")
    explorer.find()
    assert done(explorer) == "done", explorer.status
    view, shop = explorer._view, '[["shop", "7"]]'
    assert shop in view._answer["table"]["ids"]
    assert view._curves["partition"] == view._answer["partition"]
    assert view._curves["models"][0]["positives"]["shape"] == [len(explorer.result)]
    view.set_state({"selected": shop})
    assert explorer.selected == (("shop", "7"),)
    assert done(explorer) == "done", explorer.status
    assert explorer.selected_examples.size == explorer.result[{"shop": "7"}]["auc"].count
    np.testing.assert_array_equal(explorer.result.column("accuracy").low[: len(before)], before.low)
    explorer.metric = "recall"  # measured of those found, too
    assert done(explorer) == "done", explorer.status
    assert explorer.result[{"shop": "7"}]["recall"].value is not None
    explorer.close()


def test_slices_that_are_found_in_a_finished_table_join_it(crowd):
    table = tw.slice_metrics(*crowd, slices=[(), "day"], metrics=["accuracy"])
    explorer = tw.SliceExplorer(table)
    explorer.find()
    assert done(explorer) == "done", explorer.status
    assert (("shop", "7"),) in explorer.result
    assert explorer.findings
    explorer.close()


def test_two_models_are_compared_in_the_slices_on_view_first(crowd):
    labels, scores, frame = crowd
    explorer = tw.SliceExplorer(labels, {"old": scores, "new": 1 - scores}, frame)
    answers = Answers(explorer._source)
    items = found_by(answers, question(explorer, "auc"))
    first = next(each for each in items if each.comparison is not None)
    assert 0 < np.isfinite(first.comparison.value).sum() <= AT_ONCE
    *_, last = items
    assert np.isfinite(last.comparison.low).all()
    explorer.close()
