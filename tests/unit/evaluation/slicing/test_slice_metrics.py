"""Metrics of slices: closed forms on rows that one can count by hand."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.slices import refine_slices

LABELS = [1, 1, 0, 0, 1, 0, 1, 0]
SCORES = [0.9, 0.4, 0.6, 0.1, 0.8, 0.3, 0.7, 0.2]
FRAME = pd.DataFrame(
    {
        "housing": ["rent", "rent", "rent", "rent", "own", "own", "own", None],
        "age": [20, 30, 40, 50, 20, 30, 40, 50],
    }
)
RENT, OWN, NOT_KNOWN = ((("housing", value),) for value in ("rent", "own", None))


def sliced(**options):
    arguments = {"features": FRAME, "slices": [(), "housing"], "interval": None, "seed": 0}
    return tw.slice_metrics(LABELS, SCORES, **(arguments | options))


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("count", 4),
        ("weighted_count", 4),
        ("accuracy", 2 / 4),  # true: .9 and .1; false: .4 and .6
        ("balanced_accuracy", 1 / 2),
        ("precision", 1 / 2),
        ("recall", 1 / 2),
        ("f1", 1 / 2),
        ("fpr", 1 / 2),
        ("fnr", 1 / 2),
        ("specificity", 1 / 2),
        ("auc", 3 / 4),  # of four pairs .4 < .6 alone is in the wrong order
        ("auc_tfma", 3 / 4),
        ("pr_auc", (1 + 2 / 3) / 2),
        ("calibration", (0.9 + 0.4 + 0.6 + 0.1) / 2),
        ("brier", (0.1**2 + 0.6**2 + 0.6**2 + 0.1**2) / 4),
        ("mse", (0.1**2 + 0.6**2 + 0.6**2 + 0.1**2) / 4),
        ("rmse", np.sqrt((0.1**2 + 0.6**2 + 0.6**2 + 0.1**2) / 4)),
        ("mae", (0.1 + 0.6 + 0.6 + 0.1) / 4),
        ("log_loss", -(np.log(0.9) * 2 + np.log(0.4) * 2) / 4),
        ("r2", 1 - 0.74),  # squares sum to .74, and labels' squared deviations to 1
        ("mean_label", 0.5),
        ("mean_prediction", 0.5),
    ],
)
def test_each_metric_of_a_slice_is_that_worked_out_by_hand(metric, expected):
    value = sliced(metrics=metric)[RENT][metric].value
    assert value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        ("auc", "one class only"),
        ("balanced_accuracy", "one class only"),
        ("r2", "all labels alike"),
        ("precision", "nothing predicted positive"),
        ("recall", "no positives"),
        ("fnr", "no positives"),
        ("pr_auc", "no positives"),
        ("f1", "no positives, and none predicted"),
        ("calibration", "labels sum to 0"),
    ],
)
def test_what_one_class_leaves_undefined_says_so(metric, reason):
    found = sliced(metrics=metric)[NOT_KNOWN][metric]
    assert found.value is None
    assert found.undefined == reason
    assert sliced(metrics=metric)[()][metric].undefined is None


@pytest.mark.parametrize("metric", ["fpr", "specificity"])
def test_rates_of_negatives_need_negatives(metric):
    table = tw.slice_metrics([1, 1], [0.2, 0.8], slices=[()], metrics=metric)
    assert table[()][metric].undefined == "no negatives"


def test_missing_values_are_a_slice_of_their_own():
    table = sliced()
    assert list(table) == [(), OWN, RENT, NOT_KNOWN]
    assert table.counts.tolist() == [8, 3, 4, 1]
    assert table[{"housing": np.nan}]["count"].value == 1


def test_features_are_crossed_and_found_in_any_order():
    table = sliced(slices=[("housing", "age")], metrics="count")
    assert table[(("housing", "rent"), ("age", 20))]["count"].value == 1
    assert all([name for name, _ in key] == ["age", "housing"] for key in table)
    assert table.counts.sum() == 8


@pytest.mark.parametrize("given", [{"housing": "rent"}, RENT, {"age": 20, "housing": "rent"}])
def test_single_slices_are_given_by_their_keys(given):
    table = sliced(slices=[given], metrics="count")
    assert len(table) == 1
    assert given in table


def test_a_slice_asked_for_twice_is_there_once_and_the_whole_comes_first():
    table = sliced(slices=["housing", {"housing": "rent"}, "housing", (), ()])
    assert list(table) == [(), OWN, RENT, NOT_KNOWN]
    assert table.counts.tolist() == [8, 3, 4, 1]
    assert table[()]["auc"] == sliced()[()]["auc"]


def test_auto_is_the_whole_every_feature_and_every_pair():
    table = sliced(slices="auto", metrics="count")
    assert {tuple(name for name, _ in key) for key in table} == {
        (),
        ("age",),
        ("housing",),
        ("age", "housing"),
    }
    assert next(iter(table)) == ()


def test_small_slices_are_hidden_and_counted():
    table = sliced(slices="auto", min_count=3)
    assert list(table) == [(), OWN, RENT]
    assert table.hidden == 1 + 4 + 8
    assert table.hidden_rows == len(FRAME)  # of pairs all are too small: each row counts once
    assert "13 hidden, of 8 rows" in repr(table)


@pytest.mark.parametrize(
    ("slices", "hidden", "rows"),
    [
        (["housing"], 1, 1),
        ([(), {"housing": "rent"}], 0, 0),
        # Rows with other values are in no slice that was asked for.
        ([{"housing": "own", "age": 20}], 1, 1),
    ],
)
def test_rows_of_small_slices_are_counted(slices, hidden, rows):
    table = sliced(slices=slices, min_count=3)
    assert (table.hidden, table.hidden_rows) == (hidden, rows)


def test_weights_count_rows_as_often():
    weights = [1, 2, 0, 3, 1, 0, 2, 1]
    repeated = np.repeat(np.arange(8), weights)
    metrics = ["accuracy", "auc", "pr_auc", "f1", "log_loss", "calibration", "r2", "auc_tfma"]
    weighted = sliced(weights=weights, metrics=metrics)
    frame = FRAME.iloc[repeated].reset_index(drop=True)
    plain = tw.slice_metrics(
        np.array(LABELS)[repeated],
        np.array(SCORES)[repeated],
        frame,
        slices=[(), "housing"],
        metrics=metrics,
        interval=None,
    )
    assert weighted.weights.tolist() == plain.counts.tolist() == [10, 3, 6, 1]
    assert weighted.counts.tolist() == [8, 3, 4, 1]
    for name in metrics:
        ours, theirs = weighted.column(name).value, plain.column(name).value
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_a_slice_without_weight_is_undefined():
    table = sliced(weights=[1] * 7 + [0], metrics=["accuracy", "auc", "log_loss"])
    assert {metric.undefined for metric in table[NOT_KNOWN].values()} == {"no weight"}


def test_labels_may_be_bools_and_scores_columns_of_two_classes():
    both = np.stack([1 - np.array(SCORES), SCORES], axis=1)
    table = tw.slice_metrics(np.array(LABELS, bool), both, FRAME, [(), "housing"], interval=None)
    np.testing.assert_array_equal(table.column("auc").value, sliced().column("auc").value)


def test_one_class_against_the_rest_turns_the_question_round():
    table = sliced(metrics=["recall_class_0@0.55", "precision_class_1", "recall_macro"])
    # Class 0 scores .1, .4, .9, .6 among those who rent; .9 and .6 are above .55.
    assert table[RENT]["recall_class_0@0.55"].value == 1 / 2
    assert table[RENT]["precision_class_1"].value == 1 / 2
    assert table[RENT]["recall_macro"].value == 1 / 2


def test_thresholds_in_names_stay_while_that_of_the_table_moves():
    table = sliced(metrics=["recall@0.75", "recall"], threshold=0.35)
    assert table[()]["recall@0.75"].value == 2 / 4
    assert table[()]["recall"].value == 4 / 4
    moved = table.at_threshold(0.85)
    assert moved[()]["recall@0.75"].value == 2 / 4
    assert moved[()]["recall"].value == 1 / 4


def test_a_function_of_ones_own_sees_the_rows_of_each_slice():
    seen = []

    def spread(y, p):
        seen.append((y.tolist(), p.tolist()))
        return float(p.max() - p.min())

    table = sliced(metrics=[spread], greater_is_better=False)
    assert table[RENT]["spread"].value == pytest.approx(0.8)
    assert ([1, 1, 0, 0], [0.9, 0.4, 0.6, 0.1]) in seen
    assert list(table.worst("spread", 1)) == [RENT]


def test_a_function_that_needs_two_classes_leaves_one_undefined():
    from sklearn.metrics import get_scorer

    table = sliced(metrics=[get_scorer("neg_log_loss")])
    assert table[NOT_KNOWN]["neg_log_loss"].undefined == "one class only"
    assert table[RENT]["neg_log_loss"].value == pytest.approx(
        -sliced(metrics="log_loss")[RENT]["log_loss"].value
    )


def test_a_function_that_fails_is_named():
    def broken(*_):
        raise ZeroDivisionError("no")

    with pytest.raises(RuntimeError, match="'broken' failed on a slice of 8 rows: ZeroDivision"):
        sliced(metrics=[broken])


def test_numbers_are_measured_as_such():
    y, p = np.array([1.5, 2.5, 4.0, 8.0]), np.array([1.0, 3.0, 4.0, 6.0])
    site = {"site": list("aabb")}
    table = tw.slice_metrics(y, p, site, ["site"], ["mse", "mae", "r2"], interval=None)
    a = table[{"site": "a"}]
    assert a["mse"].value == pytest.approx(0.25)
    assert a["mae"].value == pytest.approx(0.5)
    assert a["r2"].value == pytest.approx(1 - 0.5 / 0.5)


def test_labels_that_are_all_alike_have_no_r2_however_they_round():
    table = tw.slice_metrics(np.full(1000, 0.1), np.linspace(0, 1, 1000), metrics="r2")
    assert table[()]["r2"].undefined == "all labels alike"


def test_tables_come_in_with_values_first_and_intervals_last():
    tables = list(refine_slices(LABELS, SCORES, FRAME, ["housing"], ["accuracy", "auc"], seed=0))
    assert tables[0][RENT]["accuracy"].low is not None
    assert tables[0][RENT]["auc"].value == 0.75
    assert tables[0][RENT]["auc"].low is None
    progress = [table.progress for table in tables]
    assert progress == sorted(progress)
    assert [table.final for table in tables] == [False] * (len(tables) - 1) + [True]


def test_gates_are_checked_slice_by_slice():
    table = sliced(metrics=["accuracy", "log_loss"], gates={"accuracy": 0.7, "log_loss": (0, 9)})
    assert not table.checks[RENT, "accuracy"].passed
    assert table.checks[OWN, "accuracy"].passed
    assert table.checks[RENT, "log_loss"].passed
    assert table.checks[OWN, "accuracy"].bound == "≥ 0.7"


def test_examples_are_the_wrong_ones_first():
    table = sliced()
    assert table.examples(RENT).tolist()[:2] == [1, 2]  # .6 off each, and both wrong
    assert sorted(table.examples(RENT)) == [0, 1, 2, 3]
    assert table.rows(RENT).tolist() == [0, 1, 2, 3]
    assert table.rows({"housing": "rent", "age": 40}).tolist() == [2]
    assert table.at_threshold(0.65).examples(RENT).tolist()[0] == 1
    assert table.at_threshold(0.95).examples(())[:4].tolist() == [1, 6, 4, 0]


def test_slices_are_measured_without_tensorflow():
    code = (
        "import sys, tfinterp_widgets as tw; "
        "tw.slice_metrics([1, 0, 1], [0.9, 0.2, 0.3], slices=[()], metrics=['auc', 'f1'], seed=0); "
        "print(*sys.modules)"
    )
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "tfinterp_widgets.evaluation.slices" in loaded
    assert not {"tensorflow", "keras", "matplotlib", "bqplot"} & set(loaded)


def test_class_ids_reach_a_function_such_that_arithmetic_holds():
    def cost(y, p):
        return float((y * 100_000 + p).sum())

    table = tw.slice_metrics([1, 0, 1], [0.5, 0.25, 0.25], slices=[()], metrics=[cost])
    assert table[()]["cost"].value == 200_001
