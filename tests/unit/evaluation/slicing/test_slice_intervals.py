"""Intervals of slices: which are made how, and that they are what the methods say."""

import numpy as np
import pytest

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.slices import refine_slices
from tfinterp_widgets.evaluation.uncertainty.intervals import TOO_FEW
from tfinterp_widgets.evaluation.uncertainty.wilson import wilson

ROWS = 300
METRICS = ["count", "accuracy", "recall", "f1", "auc", "log_loss"]


def sliced(rows=ROWS, **options):
    rng = np.random.default_rng(3)
    scores = rng.random(rows)
    labels = (rng.random(rows) < scores).astype(int)
    features = {"site": rng.choice(list("ab"), rows)}
    arguments = {"slices": [(), "site"], "metrics": METRICS, "seed": 0}
    return tw.slice_metrics(labels, scores, features, **(arguments | options))


def methods(table):
    return [column.method for column in table.columns.values()]


def brier(y, p):
    return float(np.square(y - p).mean())


def test_auto_is_a_closed_form_for_all_metrics_but_functions_of_ones_own():
    table = sliced(metrics=[*METRICS, "pr_auc", brier])
    expected = ["", "Wilson", "Wilson", "Wilson-based", "DeLong", "Student", "logit", "bootstrap"]
    assert methods(table) == expected


def test_rows_with_weights_have_closed_forms_too():
    weighted = sliced(weights=np.random.default_rng(0).random(ROWS) + 0.5)
    assert methods(weighted) == ["", *["Wilson-based"] * 3, "DeLong", "Student"]


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("wilson", ["", "Wilson", "Wilson", "", "", ""]),
        ("bootstrap", ["", *["bootstrap"] * 5]),
        ("jackknife", ["", *["jackknife"] * 5]),
        (None, [""] * 6),
    ],
)
def test_intervals_are_made_as_asked(interval, expected):
    table = sliced(interval=interval)
    assert methods(table) == expected
    assert table.interval == interval
    for column, method in zip(table.columns.values(), expected, strict=True):
        assert np.isnan(column.low).all() == (method == "")


def test_wilsons_interval_is_on_the_denominator_of_the_metric():
    table = sliced()
    for key in table:
        recall = table[key]["recall"]
        labels = table.data.problem.labels[table.rows(key)]
        assert recall.denominator == (labels == 1).sum()
        low, high = wilson([round(recall.value * recall.denominator)], [recall.denominator])
        assert (recall.low, recall.high) == pytest.approx((low[0], high[0]))


@pytest.mark.parametrize("interval", ["auto", "bootstrap", "jackknife"])
@pytest.mark.parametrize("name", METRICS[1:])
def test_intervals_hold_the_value_and_narrow_with_the_rows(name, interval):
    few, many = (sliced(rows, metrics=[name], interval=interval) for rows in (200, 3200))
    for table in (few, many):
        column = table.column(name)
        assert ((column.low < column.value) & (column.value < column.high)).all()
    ratio = (few[()][name].high - few[()][name].low) / (many[()][name].high - many[()][name].low)
    assert 2 < ratio < 8  # 4, and what a draw of 20 groups is unsure of


def test_the_seed_alone_decides_the_draws():
    first, again, other = (sliced(seed=s, interval="bootstrap").to_frame() for s in (5, 5, 6))
    assert first.equals(again)
    assert not first.equals(other)


def test_nothing_is_drawn_for_closed_forms():
    assert sliced(seed=5).to_frame().equals(sliced(seed=6).to_frame())


@pytest.mark.parametrize("interval", ["auto", "bootstrap"])
def test_a_slice_has_the_same_interval_whatever_else_is_asked(interval):
    alone = sliced(metrics=["auc"], interval=interval)
    assert alone[()]["auc"] == sliced(interval=interval)[()]["auc"]


def test_closed_forms_come_before_what_is_drawn():
    rng = np.random.default_rng(0)
    labels, scores = rng.integers(0, 2, 60), rng.random(60)
    tables = refine_slices(labels, scores, slices=[()], metrics=[brier, "auc", "f1"], seed=0)
    known = [[name for name in t.metrics if t[()][name].low is not None] for t in tables]
    assert known[0] == ["f1"]
    assert known[1] == ["auc", "f1"]
    assert known[-1] == ["brier", "auc", "f1"]


def test_averages_pooled_classes_and_functions_have_intervals():
    rng = np.random.default_rng(0)
    labels, scores = rng.integers(0, 3, 120), rng.dirichlet(np.ones(3), 120)

    def first_class(y, p):
        return float((p.argmax(axis=1) == y).mean())

    asked = ["f1", "auc", "auc_micro", "precision_top_2", first_class]
    table = tw.slice_metrics(labels, scores, slices=[()], metrics=asked, seed=0)
    for metric in table[()].values():
        assert metric.low < metric.value < metric.high


def test_a_class_of_one_row_leaves_no_interval_and_says_why():
    table = tw.slice_metrics([1, 0, 0, 0], [0.6, 0.7, 0.2, 0.1], slices=[()], metrics="auc", seed=0)
    metric = table[()]["auc"]
    assert metric.value == pytest.approx(2 / 3)
    assert (metric.low, metric.high) == (None, None)
    assert metric.no_interval == TOO_FEW


def test_closing_the_tables_ends_the_draws():
    tables = refine_slices([1, 0, 1], [0.6, 0.7, 0.9], slices=[()], metrics=["auc"], seed=0)
    next(tables)
    tables.close()
    assert next(tables, None) is None


def seldom_positive(rows, seed):
    """Rows of which one in twenty is positive; scores say how likely that is."""
    rng = np.random.default_rng(seed)
    labels = (rng.random(rows) < 0.05).astype(int)
    odds = np.exp(1.5 * (rng.standard_normal(rows) + 1.5 * labels) - 1.125) * 0.05 / 0.95
    return labels, odds / (1 + odds)


@pytest.mark.parametrize(
    ("name", "most_missed"),
    [
        ("f1@0.2", 0.07),
        ("balanced_accuracy@0.2", 0.07),
        ("recall@0.2", 0.07),
        ("auc", 0.05),
        ("pr_auc", 0.07),
        ("brier", 0.1),
        ("log_loss", 0.1),
        ("calibration", 0.07),
    ],
)
def test_slices_of_about_five_positives_are_covered(name, most_missed):
    slices, rows = 1500, 100
    labels, scores = seldom_positive(slices * rows, seed=1)
    feature = {"slice": np.repeat(np.arange(slices), rows).astype(str)}
    column = tw.slice_metrics(labels, scores, feature, slices=["slice"], metrics=name).column(name)
    whole = tw.slice_metrics(
        *seldom_positive(2_000_000, seed=2), slices=[()], metrics=name, interval=None
    )
    truth = whole[()][name].value
    given = ~np.isnan(column.low)
    assert given.mean() > 0.9  # few slices have no positive, or one
    missed = (column.low[given] > truth) | (column.high[given] < truth)
    assert missed.mean() <= most_missed


@pytest.mark.parametrize("name", ["recall", "precision", "f1", "f1_weighted"])
def test_averages_over_classes_of_which_one_is_rare_are_covered(name):
    def rows_of(count, seed):
        rng = np.random.default_rng(seed)
        labels = rng.choice(3, count, p=[0.8, 0.15, 0.05])
        odds = np.exp(rng.standard_normal((count, 3)) + 1.5 * np.eye(3)[labels])
        return labels, odds / odds.sum(axis=1, keepdims=True)

    slices, rows, decided = 1000, 60, {"threshold": "argmax", "metrics": name}
    feature = {"slice": np.repeat(np.arange(slices), rows).astype(str)}
    column = tw.slice_metrics(
        *rows_of(slices * rows, 3), feature, slices=["slice"], **decided
    ).column(name)
    whole = tw.slice_metrics(*rows_of(1_000_000, 4), slices=[()], interval=None, **decided)
    truth = whole[()][name].value
    assert not np.isnan(column.low).any()
    assert ((column.low > truth) | (column.high < truth)).mean() <= 0.08
