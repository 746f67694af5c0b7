"""The result of permutation importance: extended, rescored, bootstrapped, shown."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from matplotlib.figure import Figure
from sklearn.metrics import get_scorer

from tfinterp_widgets.evaluation.importance import experiment as experiment_module
from tfinterp_widgets.evaluation.permutation import permutation_importance, refine_importance

N = 120
rng = np.random.default_rng(0)
X = rng.normal(size=(N, 3)).astype(np.float32)
Y = (X[:, 0] + X[:, 1] + rng.normal(size=N) > 0).astype(int)


def model(x):
    return tf.sigmoid(2 * x[:, 0] + x[:, 1])


def importance(**options):
    return permutation_importance(model, X, Y, **{"repeats": 2, "seed": 0, **options})


class Counting:
    """A model that counts the rows it is asked about."""

    rows = 0

    def predict(self, rows):
        self.rows += len(rows)
        return rows[:, 0]


def test_an_extension_equals_one_longer_run_bit_by_bit():
    longer = importance(repeats=7)
    extended = importance(repeats=2).extend(4).extend(1)
    assert (extended.importances == longer.importances).all()
    assert (extended.interval == longer.interval).all()
    assert extended.final


def test_an_extension_costs_only_the_new_repeats_and_leaves_the_old_result_alone():
    counting = Counting()
    result = permutation_importance(counting, X, Y, repeats=2, seed=0)
    assert counting.rows == result.evaluations == N + 2 * 3 * N
    extended = result.extend(repeats=3)
    assert counting.rows - result.evaluations == extended.evaluations == 3 * 3 * N
    assert result.importances.shape == (3, 2)


def test_an_extension_after_given_permutations_draws_its_own():
    given = np.stack([np.roll(np.arange(N), 1)])
    result = importance(permutations=given, repeats=1).extend(2)
    assert (result.importances[:, 1:] == importance(repeats=3).importances[:, 1:]).all()
    assert result.importances[0, 0] != importance(repeats=1).importances[0, 0]


def test_an_extension_reports_its_own_progress():
    heard = []
    importance().extend(4, progress=heard.append)
    assert [partial.progress for partial in heard] == [0.25, 0.5, 0.75, 1]
    assert [partial.importances.shape[1] for partial in heard] == [3, 4, 5, 6]


def test_closing_the_iterator_cancels_what_is_left():
    counting = Counting()
    results = refine_importance(counting, X, Y, repeats=50, seed=0)
    next(results)
    results.close()
    assert counting.rows == N + 3 * N


def test_another_metric_is_scored_on_kept_predictions():
    counting = Counting()
    result = permutation_importance(counting, X, X[:, 0], "mse", repeats=2, seed=0)
    result.interval  # noqa: B018  # its draws are kept, too
    spent = counting.rows
    other = result.rescored("mae")
    assert other.evaluations == 0
    direct = permutation_importance(Counting(), X, X[:, 0], "mae", repeats=2, seed=0)
    assert (other.importances == direct.importances).all()
    assert other.baseline_score == direct.baseline_score
    assert other.metric == "mae"
    assert (other.interval == direct.interval).all()
    assert counting.rows == spent


def test_another_metric_predicts_again_what_was_not_kept(monkeypatch):
    monkeypatch.setattr(experiment_module, "REPEAT_BYTES", 0)
    result = importance()
    other = result.rescored("log_loss")
    assert other.evaluations == 2 * 3 * N
    assert (other.importances == importance(metric="log_loss").importances).all()


def test_metrics_to_choose_from_begin_with_auto():
    names = [metric.name for metric in importance().metrics]
    assert names[0] == "auc"
    assert "log_loss" in names
    assert "mse" not in names


def test_the_interval_waits_until_it_is_looked_at():
    result = importance()
    assert not result.has_interval
    assert result.score_drops(0).size == 2
    assert result.interval.shape == (3, 2)
    assert result.has_interval
    assert result.score_drops("0").size == 2 + 200
    assert result.extend(1).has_interval


def test_a_bootstrap_that_was_interrupted_goes_on_where_it_was():
    result = importance()
    draws = result.bootstrap()
    shares = [next(draws) for _ in range(3)]
    draws.close()
    assert shares == pytest.approx([0.05, 0.1, 0.15])
    assert not result.has_interval
    rest = list(result.bootstrap())
    assert rest[0] == pytest.approx(0.2)
    assert rest[-1] == 1
    assert list(result.bootstrap()) == []
    assert (result.interval == importance().interval).all()


def test_the_interval_holds_the_importance_and_tells_what_is_needed():
    result = importance(repeats=10)
    low, high = result.interval.T
    assert (low <= result.mean).all()
    assert (result.mean <= high).all()
    assert low[0] > 0
    assert low[2] == high[2] == 0


@pytest.mark.parametrize("rows", [1_000, 4_000])
def test_the_interval_narrows_with_the_square_root_of_the_rows(rows):
    # Above 1,000 rows, draws of 1,000 are scaled; the width must not stay that of 1,000.
    X = np.random.default_rng(1).normal(size=(16_000, 1)).astype(np.float32)

    def width(n):
        result = permutation_importance(lambda x: x, X[:n], X[:n, 0], "mse", 3, seed=0)
        low, high = result.interval[0]
        return high - low

    assert width(4 * rows) / width(rows) == pytest.approx(0.5, rel=0.25)


def test_draws_that_leave_the_metric_undefined_are_left_out():
    # One positive of 10: a third of the draws holds none of it, and has no AUC.
    y = np.arange(10) == 0
    result = permutation_importance(lambda x: x[:, 0], X[:10], y, "auc", 2, seed=0)
    assert np.isfinite(result.interval).all()
    assert np.isnan(result.score_drops(0)).any()


def test_a_metric_undefined_for_most_draws_has_no_interval():
    def of_all_rows(y, predictions):
        return float(predictions.mean()) if len(np.unique(y)) == len(y) else float("nan")

    result = permutation_importance(
        lambda x: x[:, 0], X, np.arange(N) / N, of_all_rows, 1, seed=0, greater_is_better=True
    )
    assert np.isnan(result.interval).all()
    assert np.isfinite(result.mean).all()


def test_draws_that_lack_a_class_which_a_metric_needs_are_left_out():
    y = np.arange(10) == 0
    result = permutation_importance(
        lambda x: tf.sigmoid(x[:, 0]), X[:10], y, get_scorer("neg_log_loss"), 2, seed=0
    )
    assert np.isfinite(result.interval).all()
    assert np.isnan(result.score_drops(0)).any()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "metric", ["accuracy", "balanced_accuracy", "f1", "log_loss", keras.losses.BinaryCrossentropy()]
)
def test_draws_without_a_row_that_counts_are_left_out(metric):
    weights = (np.arange(N) < 3).astype(float)
    result = importance(metric=metric, sample_weight=weights)
    assert np.isfinite(result.interval).all()
    assert np.isnan(result.score_drops(0)).any()


def test_the_frame_is_sorted_and_holds_the_interval():
    result = importance(repeats=5)
    frame = result.to_frame()
    assert frame["feature"].tolist() == ["0", "1", "2"]
    assert list(frame.columns) == ["feature", "mean", "std", "low", "high"]
    assert frame["mean"].to_numpy() == pytest.approx(np.sort(result.mean)[::-1])
    assert frame.loc[0, ["low", "high"]].tolist() == result.interval[0].tolist()


def test_the_plot_is_a_figure_with_a_bar_a_feature():
    figure = importance().plot()
    assert isinstance(figure, Figure)
    assert len(figure.axes[0].patches) == 3


def test_a_result_introduces_itself():
    assert repr(importance()).startswith("<ImportanceResult: auc 0.")
    assert "3 features x 2 repeats, 120 rows" in repr(importance())


@pytest.mark.parametrize("top", [0, -1, 2.5])
def test_a_plot_of_less_than_one_bar(top):
    with pytest.raises((TypeError, ValueError), match=r"top=.*expected a whole number"):
        importance().plot(top=top)


def test_the_drops_of_a_feature_by_name_or_position():
    result = importance()
    for feature in ("1", 1, np.int64(1)):
        np.testing.assert_array_equal(result.score_drops(feature), result.importances[1])


@pytest.mark.parametrize("feature", ["age", 3, -1, None, True])
def test_the_drops_of_a_feature_that_is_not_there(feature):
    with pytest.raises(ValueError, match="is not known; expected one of"):
        importance().score_drops(feature)


class TestNewWeights:
    """After `fit`, nothing of the trained model is mixed with what is known of the other."""

    @pytest.fixture
    def result(self):
        self.model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
        return permutation_importance(self.model, X, Y, "auc", repeats=2, seed=0)

    def train(self):
        self.model.set_weights([-weights for weights in self.model.get_weights()])

    def test_are_noticed(self, result):
        assert result.is_current
        self.train()
        assert not result.is_current

    @pytest.mark.parametrize(
        "add", [lambda result: result.extend(1), lambda result: result.interval]
    )
    def test_refuse_more_of_the_old(self, result, add):
        self.train()
        with pytest.raises(RuntimeError, match=r"weights have changed.*measure it anew"):
            add(result)

    def test_leave_what_is_known_of_the_old(self, result):
        self.train()
        assert result.rescored("accuracy").evaluations == 0


@pytest.mark.parametrize(("repeats", "error"), [(0, ValueError), (1.5, TypeError)])
def test_an_extension_of_no_repeats(repeats, error):
    with pytest.raises(error, match="repeats="):
        importance().extend(repeats)
