"""One row explained and many: sums per raw column, completeness, streaming."""

import credit
import numpy as np
import pytest

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, Saliency
from tfinterp_widgets.evaluation.rows.row_attribution import (
    RowQuestion,
    refine_row,
    refine_table,
    sample_of,
    with_baseline,
)
from tfinterp_widgets.evaluation.rows.row_model import (
    classes_of,
    of_target,
    stream_predictions,
    task_of,
)
from tfinterp_widgets.evaluation.rows.rows import Rows
from tfinterp_widgets.evaluation.rows.swarm import swarm_offsets


@pytest.fixture(scope="module")
def rows():
    return Rows(credit.table(), credit.preprocess)


@pytest.fixture(scope="module")
def engine():
    return AttributionEngine(credit.model())


def explain(engine, rows, baseline, method, row=4, edits=None, target=None):
    point, reference = rows.row(row, edits), rows.baseline(baseline)
    asked = RowQuestion(row, point, reference, with_baseline(method, reference), target)
    *_, last = refine_row(engine, rows, "binary", asked)
    return last


@pytest.mark.parametrize("baseline", ["median", "mean", "zero"])
def test_contributions_of_a_linear_score_are_weight_times_difference(engine, rows, baseline):
    found = explain(engine, rows, baseline, IntegratedGradients(steps=8))
    difference = rows.matrix[4] - rows.baseline(baseline).matrix
    np.testing.assert_allclose(
        found.contributions, rows.sums(credit.WEIGHTS * difference), atol=1e-5
    )
    assert found.total == pytest.approx(found.score_change, abs=1e-5)
    assert found.convergence_delta == pytest.approx(0, abs=1e-5)


def test_predictions_are_probabilities_of_the_row_and_of_the_baseline(engine, rows):
    found = explain(engine, rows, "median", IntegratedGradients(steps=4))

    def probability(matrix):
        return 1 / (1 + np.exp(-(matrix @ credit.WEIGHTS + 0.2)))

    assert found.prediction == pytest.approx(probability(rows.matrix[4]), abs=1e-6)
    median = rows.baseline("median").matrix
    assert found.baseline_prediction == pytest.approx(probability(median), abs=1e-6)


def test_an_edited_value_moves_its_own_column_only(engine, rows):
    method = IntegratedGradients(steps=4)
    before = explain(engine, rows, "median", method)
    after = explain(engine, rows, "median", method, edits={"duration": 60.0})
    moved = np.flatnonzero(np.abs(after.contributions - before.contributions) > 1e-5)
    assert [rows.names[at] for at in moved] == ["duration"]
    assert after.prediction < before.prediction


def test_a_constant_column_counts_for_completeness(engine):
    def constant(raw):
        return np.concatenate([credit.preprocess(raw)[:, :6], np.ones((len(raw), 1))], axis=1)

    rows = Rows(credit.table(), constant)
    found = explain(engine, rows, "zero", IntegratedGradients(steps=4))
    assert found.unassigned == pytest.approx(0.0, abs=1e-6)
    assert found.convergence_delta == pytest.approx(0, abs=1e-5)


def test_a_method_without_baseline_has_no_completeness(engine, rows):
    found = explain(engine, rows, "median", Saliency())
    assert found.convergence_delta is None
    assert found.score_change is None
    np.testing.assert_allclose(found.contributions[0], credit.WEIGHTS[0], atol=1e-6)


def test_the_frame_has_the_largest_contribution_first(engine, rows):
    frame = explain(engine, rows, "zero", IntegratedGradients(steps=4)).to_frame()
    assert frame["contribution"].abs().is_monotonic_decreasing
    assert set(frame["column"]) == set(rows.names)


def test_many_rows_stream_one_by_one(engine, rows):
    method = with_baseline(IntegratedGradients(steps=4), rows.baseline("mean"))
    sample = sample_of(rows, 10)
    estimates = list(refine_table(engine, rows, sample, method, None))
    assert [len(estimate.rows) for estimate in estimates] == list(range(1, 11))
    assert [estimate.final for estimate in estimates] == [False] * 9 + [True]
    difference = rows.matrix[sample] - rows.baseline("mean").matrix
    expected = np.abs(rows.sums(credit.WEIGHTS * difference)).mean(axis=0)
    np.testing.assert_allclose(estimates[-1].mean_absolute, expected, atol=1e-5)
    assert estimates[0].contributions.shape == (1, 4)
    assert estimates[-1].to_frame()["mean_absolute"].is_monotonic_decreasing


def test_rows_that_cannot_be_explained_are_left_out_of_many(engine):
    values = credit.preprocess(credit.table(6))
    values[2, 0] = np.nan
    rows = Rows(values)
    *_, last = refine_table(engine, rows, np.arange(6), Saliency(), None)
    assert last.rows.tolist() == [0, 1, 3, 4, 5]
    with pytest.raises(ValueError, match="none of the 1 rows can be explained"):
        list(refine_table(engine, rows, np.array([2]), Saliency(), None))


def test_a_sample_is_all_rows_where_they_are_few(rows):
    assert sample_of(rows, 1000).tolist() == list(range(60))
    drawn = sample_of(rows, 20)
    assert len(set(drawn)) == 20
    assert (np.diff(drawn) > 0).all()


def test_predictions_of_many_rows_are_the_models_own(engine, rows):
    matrix = np.tile(rows.matrix, (20, 1))
    matrix[5, 1] = np.inf
    parts = list(stream_predictions(engine, "binary", matrix))
    predicted = np.concatenate([part for _, part in parts])
    expected = credit.model()(matrix).numpy()
    expected[5] = np.nan
    np.testing.assert_allclose(predicted, expected, atol=1e-6)
    assert [begin for begin, _ in parts] == [0, 512, 1024]


def test_classes_are_decided_at_half_and_at_the_largest():
    chosen, confidence = classes_of(np.array([[0.7], [0.2], [np.nan]], np.float32))
    assert chosen.tolist() == [1, 0, -1]
    np.testing.assert_allclose(confidence, [0.7, 0.8, np.nan])
    chosen, confidence = classes_of(np.array([[0.2, 0.5, 0.3]], np.float32))
    assert (chosen.tolist(), confidence.tolist()) == ([1], [0.5])


def test_a_contrast_predicts_the_difference():
    predicted = np.array([[0.2, 0.5, 0.3]], np.float32)
    assert of_target(predicted, (1, 0)).tolist() == pytest.approx([0.3])
    assert of_target(predicted, 2).tolist() == pytest.approx([0.3])


def test_the_task_is_read_off_outputs_and_labels(engine, rows):
    import keras

    assert task_of(engine.ask(rows.matrix[0]), None) == "binary"
    linear = keras.Sequential([keras.Input((7,)), keras.layers.Dense(1)])
    question = AttributionEngine(linear).ask(rows.matrix[0])
    assert task_of(question, None) == "regression"
    assert task_of(question, np.array([0, 1, 1])) == "binary"
    classes = keras.Sequential([keras.Input((7,)), keras.layers.Dense(3)])
    question = AttributionEngine(classes).ask(rows.matrix[0])
    assert task_of(question, None) == "multiclass"


def test_crowded_points_move_aside_and_lonely_ones_stay():
    values = np.array([0.0, 0.001, 0.002, 0.5, 1.0])
    offsets = swarm_offsets(values, 0.0, 1.0)
    assert offsets.tolist() == [0, 1, -1, 0, 0]
    assert np.abs(swarm_offsets(np.zeros(50), -1.0, 1.0)).max() == 1
    assert swarm_offsets(np.array([]), 0.0, 1.0).size == 0


def test_a_row_that_holds_nan_is_refused_with_its_column_and_what_to_do(engine):
    values = credit.preprocess(credit.table(5))
    values[1, 0] = np.nan
    rows, method = Rows(values), IntegratedGradients(steps=2)
    with pytest.raises(ValueError, match=r"row 1 has NaN.*of column '0'; .*Fill.*`preprocess`"):
        explain(engine, rows, "median", method, row=1)
    with pytest.raises(ValueError, match=r"row to compare with has NaN.*Fill.*`preprocess`"):
        with_baseline(method, rows.baseline("row", 1))
