"""Columns shuffled together: by name, by position, or because they correlate."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from tfinterp_widgets.evaluation.importance.grouping import features_of, spearman
from tfinterp_widgets.evaluation.permutation import permutation_importance
from tfinterp_widgets.evaluation.tables.tables import as_table

N = 500
rng = np.random.default_rng(0)
AGE = rng.normal(size=N)
FRAME = pd.DataFrame(
    {
        "age": AGE,
        "home": pd.Categorical(rng.choice(["own", "rent", "free"], N)),
        "years": np.exp(AGE) + 0.01 * rng.normal(size=N),
        "size": pd.Categorical(
            np.where(AGE > 0.7, "large", np.where(AGE > -0.7, "medium", "small")),
            categories=["small", "medium", "large"],
            ordered=True,
        ),
        "grown": np.where(AGE > 0, "yes", "no"),
        "noise": rng.normal(size=N),
    }
)


def named(groups, table=FRAME, correlation=0.8):
    table = as_table(table)
    return {
        feature.name: [table.names[column] for column in feature.columns]
        for feature in features_of(table, groups, correlation)
    }


def test_without_groups_every_column_is_single():
    assert named(None) == {name: [name] for name in FRAME.columns}


@pytest.mark.parametrize(
    "group", [["years", "age"], (0, 2), ["age", np.int64(2)], pd.Index([0, 2])]
)
def test_a_list_names_its_group_after_its_columns(group):
    features = named([group])
    assert list(features) == ["age + years", "home", "size", "grown", "noise"]
    assert features["age + years"] == ["age", "years"]


def test_a_dict_names_its_groups():
    features = named({"time": ["years", "age"], "rest": ["noise", "home"]})
    assert features == {
        "time": ["age", "years"],
        "rest": ["home", "noise"],
        "size": ["size"],
        "grown": ["grown"],
    }


def test_columns_of_an_array_are_grouped_by_position():
    assert named([[2, 0]], np.zeros((3, 3))) == {"0 + 2": ["0", "2"], "1": ["1"]}


def test_correlated_columns_are_found_by_rank_order_and_two_levels():
    features = named("correlated")
    assert features["age + years + size + grown"] == ["age", "years", "size", "grown"]
    assert {"home", "noise"} < features.keys()


def test_the_threshold_decides_what_is_correlated():
    assert list(named("correlated", correlation=0.99)) == [
        "age + years", "home", "size", "grown", "noise",
    ]  # fmt: skip
    assert len(named("correlated", correlation=0.001)) == 2  # home has no order


def test_columns_that_are_equal_or_opposite_correlate_at_any_threshold():
    X = np.stack([AGE, -AGE, AGE**3, rng.normal(size=N)], axis=1)
    assert list(named("correlated", X, correlation=1)) == ["0 + 1 + 2", "3"]


def test_a_table_of_one_column_has_no_correlated_ones():
    assert named("correlated", FRAME[["age"]]) == {"age": ["age"]}


def test_correlations_are_spearmans():
    X = rng.normal(size=(200, 4)).round(1) @ rng.normal(size=(4, 4))
    X[:, 3] = X[:, 3].round()  # ties
    assert spearman(as_table(X)) == pytest.approx(spearmanr(X).statistic, abs=1e-12)


def test_a_pair_is_correlated_over_the_rows_where_both_are_there():
    X = np.stack([AGE, AGE, rng.normal(size=N)], axis=1)
    X[::3, 0] = np.nan
    X[1::3, 1] = np.nan
    rho = spearman(as_table(X))
    assert rho[0, 1] > 0.99
    assert abs(rho[0, 2]) < 0.2
    assert np.isfinite(rho).all()


@pytest.mark.filterwarnings("error")
def test_what_has_no_order_correlates_with_nothing():
    frame = pd.DataFrame({"same": np.ones(N), "none": np.full(N, np.nan), "home": FRAME["home"]})
    assert (spearman(as_table(frame.assign(age=AGE)))[:3] == 0).all()


def test_numbers_in_an_array_of_objects_correlate():
    table = as_table(np.array([[1, 2.0, "a"], [2, 4.0, "b"], [3, 8.0, "c"]], object))
    assert [each.name for each in features_of(table, "correlated", 0.8)] == ["0 + 1", "2"]


def test_of_many_rows_some_are_looked_at():
    X = np.random.default_rng(0).normal(size=(200_000, 2))
    X[:, 1] += X[:, 0]
    assert spearman(as_table(X))[0, 1] == pytest.approx(
        6 / np.pi * np.arcsin(0.5**0.5 / 2), abs=0.02
    )


def test_dates_have_an_order():
    frame = pd.DataFrame(
        {"age": AGE, "day": pd.Timestamp("2020-01-01") + pd.to_timedelta(AGE, "D")}
    )
    assert spearman(as_table(frame))[0, 1] == pytest.approx(1)


def test_a_group_shows_what_its_correlated_columns_hide():
    X = np.stack([AGE, AGE, rng.normal(size=N)], axis=1)

    def model(x):
        return x[:, 0] / 2 + x[:, 1] / 2

    alone = permutation_importance(model, X, AGE, "mse", 5, seed=0)
    together = permutation_importance(model, X, AGE, "mse", 5, seed=0, groups="correlated")
    assert together.feature_names == ("0 + 1", "2")
    assert together.columns == {"0 + 1": ("0", "1"), "2": ("2",)}
    # Half the weight on each: a quarter of the loss each, so that they do not add up.
    assert alone.mean[:2] == pytest.approx(together.mean[0] / 4, rel=1e-3)


def test_a_group_is_shuffled_with_one_permutation():
    X = np.stack([AGE, AGE], axis=1)
    result = permutation_importance(
        lambda x: x[:, 0] - x[:, 1], X, AGE, "mse", 3, seed=0, groups=[[0, 1]]
    )
    assert (result.importances == 0).all()


class TestRefused:
    @pytest.mark.parametrize(
        ("groups", "error", "message"),
        [
            ([[]], ValueError, "a group names no column"),
            ({"time": []}, ValueError, "a group names no column"),
            ([["age", "tenure"]], ValueError, r"'tenure', which X lacks. It has age, home"),
            ([["aged"]], ValueError, r"'aged', which X lacks. Did you mean 'age'"),
            ([[0, 6]], ValueError, "column 6, which X lacks"),
            ([[-1]], ValueError, "column -1, which X lacks"),
            ([[True]], ValueError, "column True, which X lacks"),
            ([["age", "size"], ["years", "age"]], ValueError, "'age' is in groups twice"),
            ([["age", "age"]], ValueError, "'age' is in groups twice"),
            ({"home": ["age", "size"]}, ValueError, "'home' has the name of a column"),
            (["age", "size"], TypeError, r"groups holds 'age'; expected lists of columns"),
            ([0, 1], TypeError, "groups holds 0; expected lists of columns"),
            (3, TypeError, "groups=3"),
            ("correlate", TypeError, "groups='correlate'; expected 'correlated'"),
        ],
    )
    def test_groups_that_cannot_be_meant(self, groups, error, message):
        with pytest.raises(error, match=message):
            features_of(as_table(FRAME), groups, 0.8)

    @pytest.mark.parametrize("correlation", [0, 1.1, -0.5, float("nan"), "high"])
    def test_a_threshold_that_is_no_correlation(self, correlation):
        with pytest.raises(ValueError, match=r"correlation=.*expected a threshold in \(0, 1\]"):
            features_of(as_table(FRAME), "correlated", correlation)

    def test_groups_that_would_share_a_name(self):
        table = as_table(pd.DataFrame(columns=["a", "b + c", "a + b", "c"], index=[0]))
        with pytest.raises(ValueError, match=r"two groups would be called 'a \+ b \+ c'"):
            features_of(table, [["a", "b + c"], ["a + b", "c"]], 0.8)
