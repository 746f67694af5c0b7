"""Permutation importance: its sign, what was planted, who agrees, what it does not depend on."""

import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from sklearn.ensemble import RandomForestClassifier
from sklearn.inspection import permutation_importance as oracle
from sklearn.linear_model import LinearRegression, LogisticRegression

from tfinterp_widgets.evaluation.models import predictor as predictor_module
from tfinterp_widgets.evaluation.permutation import permutation_importance

N = 400
rng = np.random.default_rng(0)
X = rng.normal(size=(N, 4)).astype(np.float32)
WEIGHTS = np.array([3.0, -1.0, 0.5, 0.0], np.float32)
NUMBERS = X @ WEIGHTS
CLASSES = (NUMBERS + rng.normal(size=N) > 0).astype(int)


def linear(x):
    return tf.linalg.matvec(x, WEIGHTS)


def logistic(x):
    return tf.sigmoid(linear(x))


def sklearns_permutations(seed, repeats, rows):
    """The permutations that scikit-learn makes: one shuffle is done on top of the other."""
    random_state = np.random.RandomState(seed)
    random_state = np.random.RandomState(random_state.randint(np.iinfo(np.int32).max + 1))
    order, column, permutations = np.arange(rows), np.arange(rows), []
    for _ in range(repeats):
        random_state.shuffle(order)
        column = column[order]
        permutations.append(column)
    return np.stack(permutations)


@pytest.mark.parametrize("metric", ["auc", "accuracy", "log_loss", "brier"])
def test_what_the_model_needs_is_positive_for_scores_and_losses(metric):
    result = permutation_importance(logistic, X, CLASSES, metric, seed=0)
    assert result.greater_is_better == (metric in ("auc", "accuracy"))
    assert result.mean[0] > result.mean[1] > 0
    assert (result.importances[3] == 0).all()


def test_planted_importance_of_a_linear_model_is_twice_its_weights_squared():
    X = np.random.default_rng(1).normal(size=(20_000, 4)).astype(np.float32)
    result = permutation_importance(linear, X, X @ WEIGHTS, "mse", repeats=3, seed=0)
    assert result.mean == pytest.approx(2 * WEIGHTS**2, rel=0.03)


@pytest.mark.parametrize(
    ("y", "model", "metric"), [(CLASSES, logistic, "auc"), (NUMBERS, linear, "r2")]
)
def test_auto_picks_by_the_output_and_says_which(y, model, metric):
    assert permutation_importance(model, X, y, repeats=1, seed=0).metric == metric


@pytest.mark.parametrize(
    ("model", "y", "scorer", "metric"),
    [
        (LinearRegression(), NUMBERS + X[:, 3] ** 2, "r2", "r2"),
        (LinearRegression(), NUMBERS + X[:, 3] ** 2, "neg_mean_squared_error", "mse"),
        (RandomForestClassifier(20, random_state=0), CLASSES, "roc_auc", "auc"),
        (LogisticRegression(), CLASSES, "neg_log_loss", "log_loss"),
    ],
)
def test_scikit_learn_agrees_on_the_same_permutations(model, y, scorer, metric):
    model.fit(X[:200], y[:200])
    expected = oracle(model, X, y, scoring=scorer, n_repeats=3, random_state=5)
    permutations = sklearns_permutations(5, 3, N)
    result = permutation_importance(model, X, y, metric, permutations=permutations)
    assert result.importances == pytest.approx(expected.importances, rel=1e-5, abs=1e-6)
    assert result.mean == pytest.approx(expected.importances_mean, rel=1e-5, abs=1e-6)
    assert result.std == pytest.approx(expected.importances_std, rel=1e-4, abs=1e-6)


def test_weights_count_as_scikit_learn_counts_them():
    model = LinearRegression().fit(X, NUMBERS + CLASSES)
    weights = np.random.default_rng(2).uniform(0, 3, N)
    expected = oracle(
        model, X, NUMBERS, scoring="r2", n_repeats=2, random_state=5, sample_weight=weights
    )
    permutations = sklearns_permutations(5, 2, N)
    result = permutation_importance(
        model, X, NUMBERS, "r2", permutations=permutations, sample_weight=weights
    )
    assert result.importances == pytest.approx(expected.importances, rel=1e-4)


def test_the_same_seed_gives_the_same_numbers_and_another_gives_others():
    one, same, other = (
        permutation_importance(logistic, X, CLASSES, repeats=2, seed=seed).importances
        for seed in (3, 3, 4)
    )
    assert (one == same).all()
    assert (one[0] != other[0]).all()


def test_a_run_without_a_seed_tells_the_one_that_repeats_it():
    result = permutation_importance(logistic, X, CLASSES, repeats=2)
    again = permutation_importance(logistic, X, CLASSES, repeats=2, seed=result.seed)
    assert (again.importances == result.importances).all()


@pytest.mark.parametrize("rows", [1, 7, 399, 1000])
def test_the_numbers_do_not_depend_on_the_chunks(rows, monkeypatch):
    def model(x):
        return x[:, 0] + 2 * x[:, 1]  # the same to the last bit, whatever the batch

    y = X[:, 0] + 2 * X[:, 1]
    whole = permutation_importance(model, X[:50], y[:50], "mse", repeats=2, seed=0)
    monkeypatch.setattr(predictor_module, "CHUNK_ROWS", rows)
    cut = permutation_importance(model, X[:50], y[:50], "mse", repeats=2, seed=0)
    assert (cut.importances == whole.importances).all()


def test_other_columns_do_not_change_a_columns_numbers():
    both = permutation_importance(lambda x: x[:, 0], X, X[:, 0], "mse", repeats=2, seed=0)
    alone = permutation_importance(lambda x: x[:, 0], X[:, :1], X[:, 0], "mse", repeats=2, seed=0)
    assert (both.importances[0] == alone.importances[0]).all()


def test_missing_values_reach_the_model_as_they_are():
    frame = pd.DataFrame(
        {"home": ["own", None] * 20, "age": [np.nan, 30.0] * 20, "rooms": [1, 2] * 20}
    )
    missing = []

    class Model:
        def predict(self, rows):
            missing.append(rows.isna().sum().tolist())
            return rows["home"].isna() + rows["age"].fillna(0)

    permutation_importance(Model(), frame, frame["rooms"], "mse", repeats=1, seed=0)
    assert {tuple(np.array(count) % 20) for count in missing} == {(0, 0, 0)}
    assert any(sum(count) for count in missing)


@pytest.mark.filterwarnings("error")
def test_a_constant_column_has_importance_0_without_a_prediction_or_a_warning():
    held = np.array(X)
    held[:, 1] = 7.0
    held[:, 2] = np.nan
    result = permutation_importance(lambda x: x[:, 0] + x[:, 1], held, NUMBERS, "mse", 2, seed=0)
    assert (result.importances[[1, 2]] == 0).all()
    assert (result.interval[[1, 2]] == 0).all()
    assert result.evaluations == N + 2 * 2 * N


def test_max_rows_uses_only_so_many_with_their_labels_and_weights():
    seen = set()

    class Model:
        def predict(self, rows):
            seen.update(rows[:, 0].tolist())
            return rows[:, 0]

    result = permutation_importance(
        Model(), X, X[:, 0], "mse", 2, seed=0, sample_weight=np.ones(N), max_rows=50
    )
    assert result.rows == len(seen) == 50
    assert result.baseline_score == 0
    assert result.evaluations == 50 + 2 * 4 * 50
    assert permutation_importance(Model(), X, X[:, 0], "mse", 1, max_rows=10**6).rows == N


def test_progress_hears_every_repeat():
    heard = []
    result = permutation_importance(logistic, X, CLASSES, repeats=4, seed=0, progress=heard.append)
    assert [partial.importances.shape for partial in heard] == [(4, r) for r in (1, 2, 3, 4)]
    assert [partial.progress for partial in heard] == [0.25, 0.5, 0.75, 1]
    assert [partial.final for partial in heard] == [False, False, False, True]
    assert heard[-1] is result


def test_what_progress_raises_ends_the_run():
    heard = []

    def stop(partial):
        heard.append(partial)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        permutation_importance(logistic, X, CLASSES, repeats=100, seed=0, progress=stop)
    assert len(heard) == 1
