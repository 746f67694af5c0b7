"""What the importance widget answers, and what an answer costs."""

import keras
import numpy as np
import pytest
from answers import check_displays
from importance import Gated, labels, settled, table

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.partial_dependence import partial_dependence
from tfinterp_widgets.evaluation.permutation import permutation_importance

X, X_TRAIN = table(), table(seed=5, rows=80)
Y, Y_TRAIN = labels(X), labels(X_TRAIN)


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.layers[0].set_weights([np.array([[3.0], [1.0], [0.0], [0.0]]), np.zeros(1)])
    return model


@pytest.fixture
def widget(model, view):  # noqa: ARG001  # the view has to be there first
    widget = tw.PermutationImportance(model, X, Y, train=(X_TRAIN, Y_TRAIN), repeats=3)
    yield widget
    widget.close()


@pytest.fixture
def finished(widget):
    widget.explain()
    assert settled(widget) == "done"
    return widget


def test_making_one_asks_nothing_and_its_first_display_does(widget):
    check_displays(widget)


def test_it_answers_as_the_function_does(finished, model):
    expected = permutation_importance(model, X, Y, repeats=3, seed=0)
    assert (finished.result.importances == expected.importances).all()
    assert (finished.result.interval == expected.interval).all()
    assert finished.result.feature_names == tuple(X.columns)
    assert finished.result.metric == "auc"


def test_more_repeats_cost_only_the_new_ones_and_equal_one_longer_run(finished, model):
    finished.repeats = 5
    assert settled(finished) == "done"
    assert finished.result.evaluations == 2 * X.size
    expected = permutation_importance(model, X, Y, repeats=5, seed=0)
    assert (finished.result.importances == expected.importances).all()


def test_fewer_repeats_are_the_first_ones_and_cost_nothing(finished):
    before = finished.result.importances
    finished.repeats = 2
    assert settled(finished) == "done"
    assert (finished.result.importances == before[:, :2]).all()
    assert (finished.result.evaluations, finished.result.progress) == (0, 1)
    finished.repeats = 3
    assert settled(finished) == "done"
    assert finished.result.evaluations == 0


def test_another_metric_costs_nothing(finished, model):
    finished.metric = "log_loss"
    assert settled(finished) == "done"
    expected = permutation_importance(model, X, Y, "log_loss", repeats=3, seed=0)
    assert finished.result.evaluations == 0
    assert (finished.result.importances == expected.importances).all()
    finished.metric = "auto"
    assert settled(finished) == "done"
    assert (finished.result.metric, finished.result.evaluations) == ("auc", 0)


def test_a_metric_may_be_an_object(finished):
    finished.metric = keras.metrics.BinaryAccuracy(name="hits")
    assert settled(finished) == "done"
    assert finished.result.metric_label == "hits"
    assert finished._board.controls.metric.label == "hits"
    finished.metric = "accuracy"
    assert settled(finished) == "done"
    hits = finished._board.controls.metric.options[-1][1]
    finished._board.controls.metric.value = hits
    assert settled(finished) == "done"
    assert finished.result.metric_label == "hits"


def test_the_training_part_is_a_click_away(finished, model):
    finished.data = "train"
    assert settled(finished) == "done"
    expected = permutation_importance(model, X_TRAIN, Y_TRAIN, repeats=3, seed=0)
    assert (finished.result.importances == expected.importances).all()
    finished.data = "test"
    assert settled(finished) == "done"
    assert finished.result.evaluations == 0


def test_correlated_columns_are_shuffled_together(finished):
    finished.grouped = True
    assert settled(finished) == "done"
    assert finished.result.columns["strong + twin"] == ("strong", "twin")
    assert "no columns correlate" not in finished._board._bars_title.value
    finished.correlation = 1.0
    assert settled(finished) == "done"
    assert finished.result.feature_names == tuple(X.columns)
    assert "no columns correlate from 1.00 on" in finished._board._bars_title.value
    finished.grouped = False
    assert settled(finished) == "done"
    assert "no columns correlate" not in finished._board._bars_title.value


def test_a_column_opens_its_partial_dependence(finished, model):
    finished.feature = "strong"
    assert settled(finished) == "done"
    expected = partial_dependence(model, X, "strong", ice=40, seed=0)
    assert np.allclose(finished.dependence.average, expected.average)
    assert np.allclose(finished.dependence.individual, expected.individual)
    assert finished.result.evaluations == 0, "the repeats were known"
    finished.feature = ""
    assert finished.dependence is None


def test_a_group_stands_for_its_first_column(finished):
    finished.grouped = True
    assert settled(finished) == "done"
    finished.feature = "strong + twin"
    assert settled(finished) == "done"
    assert finished.feature == "strong"
    assert finished.dependence.features == ("strong",)


def test_of_several_outputs_one_is_drawn():
    def three(rows):
        return np.stack([rows[:, 0], rows[:, 1], rows[:, 0] * 0], axis=1)

    data = np.random.default_rng(0).normal(size=(30, 2))
    widget = tw.PermutationImportance(three, data, three(data).argmax(1), repeats=1, feature="1")
    widget.explain()
    assert settled(widget) == "done", widget.status
    assert widget.dependence.target == 0
    widget.target = 1
    assert settled(widget) == "done"
    assert widget.dependence.target == 1
    assert np.ptp(widget.dependence.average) > 1
    picker = widget._board.controls.target
    assert (picker.layout.display, picker.label) == (None, "output 1")
    picker.value = 2
    assert widget.target == 2
    assert settled(widget) == "done"
    assert widget._board._curves._left.label == "value of output 2"
    widget.close()


def test_classes_have_the_names_they_are_given():
    def three(rows):
        scores = np.exp(np.stack([rows[:, 0], rows[:, 1], rows[:, 0] * 0], axis=1))
        return scores / scores.sum(axis=1, keepdims=True)

    data = np.random.default_rng(0).normal(size=(30, 2))
    y = three(data).argmax(1)
    widget = tw.PermutationImportance(
        three, data, y, repeats=1, feature="1", class_names=["cat", "dog", "duck"]
    )
    widget.explain()
    assert settled(widget) == "done", widget.status
    assert widget._board._curves._left.label == "probability of cat"
    widget._board.controls.target.label = "duck"
    assert settled(widget) == "done"
    assert widget._board._curves._left.label == "probability of duck"
    widget.shuffle()
    assert settled(widget) == "done"
    assert "probability of duck" in widget._board._shuffle.value
    widget.close()


def test_one_output_speaks_for_the_second_class(model):
    widget = tw.PermutationImportance(
        model, X, Y, repeats=1, feature="weak", class_names=("bad", "good")
    )
    widget.explain()
    assert settled(widget) == "done", widget.status
    assert widget._board._curves._left.label == "probability of good"
    assert widget._board.controls.target.layout.display == "none"
    widget.close()


def test_of_many_ways_to_shuffle_the_latest_few_stay_known(finished):
    for seed in range(1, 5):
        finished.seed = seed
        assert settled(finished) == "done"
    for seed, evaluations in ((1, 0), (0, (1 + 3 * X.shape[1]) * len(X))):
        finished.seed = seed
        assert settled(finished) == "done"
        assert finished.result.evaluations == evaluations


def test_explain_computes_afresh_with_the_weights_there_are(finished, model):
    before, weights = finished.result, model.get_weights()
    model.set_weights([-weights[0], weights[1]])
    try:
        finished.explain()
        assert settled(finished) == "done"
    finally:
        model.set_weights(weights)
    assert finished.result.evaluations == (1 + 3 * X.shape[1]) * len(X)
    assert np.isclose(finished.result.baseline_score, 1 - before.baseline_score)


def test_new_weights_are_noticed_by_whatever_is_asked_next(finished, model):
    before, weights = finished.result, model.get_weights()
    model.set_weights([-weights[0], weights[1]])
    try:
        finished.metric = "accuracy"
        assert settled(finished) == "done"
        finished.metric = "auto"
        assert settled(finished) == "done"
    finally:
        model.set_weights(weights)
    assert np.isclose(finished.result.baseline_score, 1 - before.baseline_score)


def test_cancelled_it_keeps_what_it_knows_and_goes_on_from_there(gate, view):  # noqa: ARG001
    model = Gated(gate)
    widget = tw.PermutationImportance(model, X, Y, repeats=4)
    gate.close()
    widget.explain()
    gate.await_chunk()  # the unshuffled rows
    for _ in range(2):
        gate.let_one_through()
        gate.await_chunk()
    widget.cancel()
    gate.open()
    assert settled(widget) == "cancelled"
    known = widget._shown.importances.shape[1]
    assert 0 < known < 4
    widget.repeats = 5
    assert settled(widget) == "done"
    # A repeat that was under way as the cancelling came is known as well, if not shown.
    assert widget.result.evaluations in {(5 - known) * X.size, (4 - known) * X.size}
    expected = permutation_importance(Gated(gate), X, Y, repeats=5, seed=0)
    assert (widget.result.importances == expected.importances).all()
    widget.close()


def test_a_shuffle_moves_values_between_a_few_rows(finished):
    finished.feature = "strong"
    finished.shuffle()
    assert settled(finished) == "done"
    html = finished._board._shuffle.value
    assert 'data-take="1"' in html
    assert html.count("tfi-mover") == 6
    finished.shuffle()
    assert settled(finished) == "done"
    assert 'data-take="2"' in finished._board._shuffle.value
    finished.feature = ""
    with pytest.raises(RuntimeError, match="No column is chosen"):
        finished.shuffle()


def test_of_a_group_all_columns_are_shuffled_and_named(finished):
    finished.grouped = True
    finished.feature = "twin"
    assert settled(finished) == "done"
    assert finished._board.controls.shuffle.description == "Shuffle strong + twin"
    finished.shuffle()
    assert settled(finished) == "done"
    html = finished._board._shuffle.value
    assert "rows swap their strong + twin together" in html
    assert html.count("tfi-mover") == 6 * 2
