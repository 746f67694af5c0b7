"""What the slice explorer answers, and what makes it ask."""

import numpy as np
import pytest
from answers import PATIENCE, check_displays, done

import tfinterp_widgets as tw

RENT = (("housing", "rent"),)


def test_making_one_asks_nothing_and_its_first_display_does(explorer):
    assert explorer._view._answer is None
    check_displays(explorer)


def test_slices_are_told_as_slice_metrics_is_told(finished):
    finished.slices = [(), "age", {"housing": "rent"}]
    assert finished.slices == (("age",), RENT)
    assert done(finished) == "done"
    assert finished.result.slices[0] == ()
    assert finished.result.slices[-1] == RENT
    assert (("housing", "own"),) not in finished.result
    assert finished._view.slices == [["age"], [["housing", "rent"]]]
    finished._view.slices = [[["housing", "rent"]]]  # as the view writes it
    assert finished.slices == (RENT,)
    finished.slices = "auto"
    assert finished.slices == (("age",), ("housing",), ("age", "housing"))


def test_each_feature_is_sliced_by_at_first(finished, rows):
    assert finished.slices == (("age",), ("housing",))
    expected = tw.slice_metrics(*rows, slices=[(), "age", "housing"], metrics=["accuracy"])
    assert finished.result.slices == expected.slices
    np.testing.assert_array_equal(
        finished.result.column("accuracy").value, expected.column("accuracy").value
    )
    assert finished.result.final


def test_combinations_ask_again_whatever_the_order_of_their_features(finished):
    finished.slices = [("housing", "age"), "housing", ("age", "housing")]
    assert finished.slices == (("age", "housing"), ("housing",))
    assert done(finished) == "done"
    assert max(len(key) for key in finished.result) == 2
    assert finished._view.slices == [["age", "housing"], ["housing"]]


def test_a_threshold_is_answered_with_the_counts_and_intervals_of_its_own(finished, rows):
    finished.threshold = 0.335
    assert done(finished) == "done"
    expected = tw.slice_metrics(*rows, slices=["housing"], metrics=["recall"], threshold=0.335)
    for part in ("value", "low", "high"):
        assert getattr(finished.result[RENT]["recall"], part) == pytest.approx(
            getattr(expected[RENT]["recall"], part)
        )


def test_a_slice_lists_its_rows_the_wrong_ones_first(finished, rows):
    labels, scores, frame = rows
    finished.selected = {"housing": "rent"}
    assert finished.selected == RENT
    assert done(finished) == "done"
    listed = finished.selected_examples
    assert listed.dtype == np.int64
    assert set(listed) == set(np.flatnonzero(frame["housing"] == "rent"))
    wrong = (scores[listed] > 0.5) != labels[listed]
    assert wrong[: wrong.sum()].all()
    finished.selected = None
    assert finished.selected_examples.size == 0


def test_a_slice_that_is_chosen_is_told_to_who_wants_to_know(finished):
    heard = []
    finished.on_select(lambda key, positions: heard.append((key, len(positions))))
    finished.selected = RENT
    assert done(finished) == "done"
    assert heard == [(RENT, finished.result[RENT]["accuracy"].count)]
    with pytest.raises(TypeError, match="expected a function"):
        finished.on_select("print")


def test_choosing_a_slice_computes_no_metric_anew(finished):
    before = finished.result
    finished.selected = RENT
    assert done(finished) == "done"
    assert finished.result.columns is before.columns


def test_differences_are_those_of_the_table(finished):
    difference = finished._conversation.result.differences[""]
    at = finished.result.position(RENT)
    expected = finished.result.difference(RENT, ["accuracy"])["accuracy"]
    assert difference.value[at] == pytest.approx(expected.value)
    assert difference.low[at] == pytest.approx(expected.low)
    assert np.isnan(difference.value[0])  # the whole has no rest


def test_a_baseline_is_what_others_differ_from(finished):
    finished.baseline = RENT
    assert done(finished) == "done"
    table, own = finished.result, (("housing", "own"),)
    at = table.position(own)
    expected = table[own]["accuracy"].value - table[RENT]["accuracy"].value
    assert finished._conversation.result.differences[""].value[at] == pytest.approx(expected)


def test_another_metric_by_name_joins_those_on_offer(finished):
    finished.metric = "brier"
    assert done(finished) == "done"
    assert finished.result.metrics == ("accuracy", "recall", "auc", "brier")
    assert finished._view.metric == "brier"


def test_a_function_of_ones_own_is_a_metric(rows):
    def mean_error(labels, predictions):
        return float(np.abs(labels - predictions).mean())

    explorer = tw.SliceExplorer(*rows, metrics=["accuracy", mean_error], greater_is_better=False)
    explorer.metric = "mean_error"
    explorer.explain()
    assert done(explorer) == "done", explorer.status
    labels, scores, _ = rows
    expected = np.abs(labels - scores).mean()
    assert explorer.result[()]["mean_error"].value == pytest.approx(expected)
    explorer.close()


def test_gates_judge_and_bring_their_metric_along(finished):
    finished.gates = {"accuracy": 0.99, "fpr": 0.5}
    assert done(finished) == "done"
    checks = finished.result.checks
    assert not checks[RENT, "accuracy"].passed
    assert checks[(), "fpr"].passed
    gates = {each["name"]: each["gates"] for each in finished._view._answer["metrics"]}
    assert gates["accuracy"] == [{"low": 0.99, "high": None, "ids": None}]
    assert gates["fpr"] == [{"low": None, "high": 0.5, "ids": None}]
    assert gates["auc"] == []


def test_what_the_view_does_by_itself_asks_nothing(finished):
    run = finished.status["run"]
    finished.search, finished.min_count, finished.sort_by = "rent", 20, "value"
    finished.descending, finished.brush = True, (0.5, 0.9)
    assert finished.status["run"] == run
    view = finished._view
    assert (view.search, view.min_count, view.sort_by) == ("rent", 20, "value")
    assert (view.descending, view.brush) == (True, [0.5, 0.9])


def test_slices_worse_than_the_rest_are_found_and_listed(rows):
    explorer = tw.SliceExplorer(*rows, metrics=["accuracy"], slices=["age"])
    explorer.find()
    assert done(explorer) == "done", explorer.status
    found = [finding.key for finding in explorer.findings]
    assert RENT in found
    ids = explorer._view._answer["table"]["ids"]
    items = explorer._view._findings["items"]
    assert {item["id"] for item in items} <= set(ids)
    assert [item["q"] for item in items] == [finding.q for finding in explorer.findings]
    assert {item["of"] for item in items} == {None}
    assert "candidates" in explorer._view._findings["summary"]
    assert "false discovery rate ≤ .05" in explorer._view._findings["summary"]
    explorer.close()


def test_what_was_found_stays_until_something_else_is_asked(rows):
    explorer = tw.SliceExplorer(*rows, metrics=["accuracy", "recall"], slices=["age"])
    explorer.find()
    assert done(explorer) == "done", explorer.status
    found, told = explorer.findings, explorer._view._findings
    explorer.selected = RENT
    assert done(explorer) == "done", explorer.status
    assert explorer.findings is found
    assert explorer._view._findings == told
    explorer.threshold = 0.7
    assert done(explorer) == "done", explorer.status
    assert explorer.findings is None
    assert explorer._view._findings is None
    explorer.close()


def test_another_selection_forgets_the_example(finished):
    finished.selected = RENT
    finished.example = 7
    finished.selected = ()
    assert finished.example is None
    finished.example = 7
    finished.slices = ["age"]
    assert (finished.selected, finished.example) == ((), 7)  # the whole is still there
    finished.selected = (("age", finished.result.slices[1][0][1]),)
    finished.slices = ["housing"]
    assert (finished.selected, finished.example) == (None, None)


@pytest.fixture
def gated(rows, gate):
    """An explorer whose every measuring a test can hold back."""

    def slow(labels, predictions):
        gate.pass_through()
        return float((labels == (predictions > 0.5)).mean())

    explorer = tw.SliceExplorer(
        *rows, metrics=["accuracy", slow], interval=None, greater_is_better=True
    )
    yield explorer
    gate.open()
    explorer.close()


def test_cancelling_keeps_the_last_good_result(gated, gate):
    gated.explain()
    assert done(gated) == "done"
    before = gated.result
    gate.close()
    gated.slices = ["age"]
    gate.await_chunk()
    gated.cancel()
    gate.open()
    assert done(gated) == "cancelled"
    assert gated.result is before


def test_the_newest_question_wins(gated, gate):
    gate.close()
    gated.slices = ["age"]
    gate.await_chunk()
    gated.slices = ["housing"]
    gate.open()
    assert done(gated) == "done"
    assert gated.result.slices == ((), (("housing", "own"),), RENT)


def test_an_error_of_a_metric_is_shown_and_the_next_answer_recovers(rows):
    broken = [True]

    def fragile(labels, predictions):
        if broken:
            raise ValueError("no luck today")
        return float((labels == (predictions > 0.5)).mean())

    explorer = tw.SliceExplorer(*rows, metrics=[fragile], greater_is_better=True)
    explorer.explain()
    assert done(explorer) == "error"
    assert "no luck today" in explorer.status["message"]
    broken.clear()
    explorer._view._handle_custom_msg({"kind": "explain"}, [])
    assert done(explorer) == "done", explorer.status
    explorer.close()


def test_a_table_to_compare_with_is_laid_beside_the_first(rows):
    labels, scores, frame = rows
    other = 1 - scores
    explorer = tw.SliceExplorer(labels, {"old": scores, "new": other}, frame, metrics=["accuracy"])
    explorer.explain()
    assert done(explorer) == "done", explorer.status
    old, new = (explorer.results[name][()]["accuracy"].value for name in ("old", "new"))
    assert explorer.result is explorer.results["new"]
    assert explorer._conversation.result.comparison.value[0] == pytest.approx(new - old)
    (metric,) = explorer._view._answer["metrics"]
    assert explorer._view._models == ["old", "new"]
    assert len(metric["models"]) == 2
    explorer.close()


def test_a_closed_explorer_takes_no_more_questions(rows):
    explorer = tw.SliceExplorer(*rows)
    explorer.explain()
    assert explorer.wait(PATIENCE)
    explorer.close()
    with pytest.raises(RuntimeError, match="closed"):
        explorer.explain()
    explorer.threshold = 0.1
    assert explorer.result.threshold == 0.5
