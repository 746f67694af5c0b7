"""What a slice explorer can be made of, and what it refuses."""

import keras
import numpy as np
import pandas as pd
import pytest
from answers import done

import tfinterp_widgets as tw


def answered(*data, **options):
    explorer = tw.SliceExplorer(*data, **options)
    explorer.explain()
    assert done(explorer) == "done", explorer.status
    return explorer


def test_a_model_predicts_the_rows_of_a_table(rows):
    labels, _, frame = rows
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, activation="sigmoid")])
    X = frame[["age"]] / 80
    explorer = answered(model, X, labels, features=frame, metrics=["accuracy"], slices=["housing"])
    scores = model(X.to_numpy(np.float32)).numpy()[:, 0]
    expected = tw.slice_metrics(labels, scores, frame, slices=["housing"], metrics=["accuracy"])
    np.testing.assert_array_equal(
        explorer.result.column("accuracy").value[1:], expected.column("accuracy").value
    )
    assert (
        explorer._runner._slot._worker is tw.SliceExplorer(model, X, labels)._runner._slot._worker
    )
    explorer.close()


def test_a_model_of_images_is_sliced_by_what_is_known_of_them():
    images = np.random.default_rng(0).uniform(0, 255, (70, 6, 6, 3)).astype(np.float32)
    labels = np.arange(70) % 2

    def brightness(batch):
        return np.asarray(batch).mean(axis=(1, 2, 3))

    features = {"place": np.where(np.arange(70) % 3, "indoors", "outdoors")}
    explorer = answered(brightness, images, labels, features, lambda batch: batch / 255)
    expected = tw.slice_metrics(labels, brightness(images / 255), features, slices=[(), "place"])
    assert explorer.result[()]["auc"].value == pytest.approx(expected[()]["auc"].value)
    explorer.close()
    with pytest.raises(TypeError, match=r"no columns to slice by; pass features="):
        tw.SliceExplorer(brightness, images, labels)


def test_predicting_images_can_be_cancelled_and_goes_on_where_it_was(gate):
    images = np.random.default_rng(0).uniform(0, 1, (130, 6, 6, 3)).astype(np.float32)
    asked = []

    def brightness(batch):
        gate.pass_through()
        asked.append(len(batch))
        return np.asarray(batch).mean(axis=(1, 2, 3))

    explorer = tw.SliceExplorer(brightness, images, np.arange(130) % 2, {"a": np.arange(130) % 3})
    gate.close()
    explorer.explain()
    gate.await_chunk()
    explorer.cancel()
    gate.open()
    assert done(explorer) == "cancelled"
    assert asked == [64]
    explorer.threshold = 0.4
    assert done(explorer) == "done", explorer.status
    assert asked == [64, 64, 2]
    assert len(explorer.result) == 4
    explorer.close()


def test_a_finished_table_is_shown_as_it_is(rows):
    table = tw.slice_metrics(*rows, slices=[(), "housing"], metrics=["count", "recall"])
    explorer = answered(table)
    assert explorer.result.columns == table.columns
    assert explorer.slices == (("housing",),)
    assert explorer._view.metric == "recall"
    assert explorer._view._allows["slicing"] is False
    explorer.threshold = 0.25
    assert done(explorer) == "done"
    expected = table.at_threshold(0.25)[()]["recall"].value
    assert explorer.result[()]["recall"].value == expected
    explorer.slices = ["age"]
    assert "no feature 'age'" in explorer.status["message"]
    explorer.close()


def test_two_tables_are_compared_where_both_have_a_slice(rows):
    labels, scores, frame = rows
    one = tw.slice_metrics(labels, scores, frame, slices=[(), "housing"], metrics=["accuracy"])
    other = tw.slice_metrics(labels, scores, frame, slices=[(), "age"], metrics=["accuracy"])
    explorer = answered({"before": one, "after": other})
    assert len(explorer._view._answer["table"]["ids"]) == len({*one, *other})
    (metric,) = explorer._view._answer["metrics"]
    before, after = metric["models"]
    assert set(before["undefined"].values()) == {"not in these results"}
    assert len(after["undefined"]) == 2
    explorer.close()


def test_several_classes_can_be_set_against_the_rest_one_by_one():
    random = np.random.default_rng(0)
    labels, scores = random.integers(0, 3, 90), random.dirichlet([1, 1, 1], 90)
    explorer = answered(
        labels, scores, {"half": np.arange(90) % 2}, class_names=["cat", "dog", "fox"]
    )
    assert explorer._view._classes == ["cat", "dog", "fox"]
    assert explorer._view._curves is None
    with explorer.hold_trait_notifications():
        explorer.metric, explorer.class_id = "recall", "fox"
    assert (explorer.class_id, explorer.class_name) == (2, "fox")
    assert done(explorer) == "done", explorer.status
    expected = ((scores.argmax(axis=1) == 2) & (labels == 2)).sum() / (labels == 2).sum()
    assert explorer.result[()]["recall_class_2"].value == pytest.approx(expected)
    assert explorer._view._curves is not None
    names = [each["name"] for each in explorer._view._answer["metrics"]]
    assert "recall" in names
    explorer.class_id = "wolf"
    assert "Did you mean 'fox'?" in explorer.status["message"]
    explorer.close()


def test_numbers_have_metrics_of_numbers_and_no_threshold_to_move():
    random = np.random.default_rng(0)
    truth = random.normal(5, 1, 80)
    explorer = answered(truth, truth + random.normal(0, 1, 80), {"half": np.arange(80) % 2})
    assert explorer.result.metrics[0] == "mae"
    assert explorer._view._curves is None
    explorer.selected = ()
    assert done(explorer) == "done"
    worst = explorer.selected_examples[:5]
    errors = np.abs(explorer.result.data.problem.predictions[:, 0] - truth)
    assert set(worst) == set(np.argsort(-errors)[:5])
    explorer.close()


def test_what_does_not_fit_is_said_at_once(rows):
    labels, scores, frame = rows
    with pytest.raises(ValueError, match="239"):
        tw.SliceExplorer(labels[:-1], scores, frame)
    with pytest.raises(ValueError, match="'age' has 239 rows"):
        tw.SliceExplorer(labels, scores, {"age": frame["age"][:-1]})
    with pytest.raises(TypeError, match=r"missing a required .*expected SliceExplorer\(labels"):
        tw.SliceExplorer(labels)
    with pytest.raises(TypeError, match="Did you mean 'threshold'"):
        tw.SliceExplorer(labels, scores, frame, treshold=0.5)
    with pytest.raises(ValueError, match="Did you mean 'housing'"):
        tw.SliceExplorer(labels, scores, frame, slices=["hosing"])
    with pytest.raises(TypeError, match="expected SliceTables"):
        tw.SliceExplorer({"old": 3})
    with pytest.raises(ValueError, match="expected one, or two"):
        tw.SliceExplorer(labels, dict.fromkeys("abc", scores), frame)
    with pytest.raises(
        ValueError, match=r"class_id=5, but there are 2 classes.*0 \(bad\), 1 \(good\)"
    ):
        tw.SliceExplorer(labels, scores, frame, class_id=5, class_names=["bad", "good"])
    with pytest.raises(ValueError, match="labels are numbers, not classes"):
        tw.SliceExplorer(labels * 1.5, scores, frame, class_id=0)
    turned = pd.Series(labels)[::-1]
    with pytest.raises(ValueError, match=r"labels.*features"):
        tw.SliceExplorer(turned, scores, frame)


def test_two_tables_that_have_nothing_in_common_are_not_compared(rows):
    home, age = (
        tw.slice_metrics(*rows, slices=[by], metrics=["recall"]) for by in ("housing", "age")
    )
    with pytest.raises(ValueError, match="no slice in common: 'a' has housing: own"):
        tw.SliceExplorer({"a": home, "b": age})
    other = tw.slice_metrics(*rows, slices=["housing"], metrics=["fpr"])
    with pytest.raises(ValueError, match="no metric in common: 'a' has recall; 'b' has fpr"):
        tw.SliceExplorer({"a": home, "b": other})


def test_several_classes_are_decided_for_the_most_probable():
    random = np.random.default_rng(0)
    labels, scores = random.integers(0, 3, 90), random.dirichlet([1, 1, 1], 90)
    features = {"half": np.arange(90) % 2}
    given = answered(labels, scores, features)
    assert (given.threshold, given._view.threshold) == ("argmax", "argmax")
    assert given.result.threshold == "argmax"
    rules = [rule["value"] for rule in given._view._threshold_rules]
    assert rules == ["argmax", "score"]
    given._view.set_state({"threshold": 0.4})
    assert done(given) == "done"
    assert given.result.threshold == 0.4
    given._view.set_state({"threshold": "argmax"})
    assert done(given) == "done"
    assert given.result.threshold == "argmax"
    given.close()


@pytest.mark.parametrize(("classes", "threshold"), [(3, "argmax"), (1, 0.5)])
def test_what_decides_is_known_when_a_model_has_said_how_many_classes_there_are(classes, threshold):
    random = np.random.default_rng(0)
    X, weights = random.normal(size=(60, 2)), random.uniform(0, 1, (2, classes))
    labels = random.integers(0, max(2, classes), 60)

    def model(rows):
        return 1 / (1 + np.exp(-np.asarray(rows) @ weights))

    explorer = tw.SliceExplorer(model, X, labels, {"half": np.arange(60) % 2})
    assert explorer.threshold is None
    explorer.find()
    assert done(explorer) == "done", explorer.status
    assert (explorer.threshold, explorer._view.threshold) == (threshold, threshold)
    assert explorer.findings is not None  # learning asked nothing else
    assert explorer.status["run"] == 1
    explorer.class_id = 5
    assert explorer.class_id is None
    assert "there are" in explorer.status["message"]
    explorer.close()


def test_a_class_that_a_model_does_not_have_is_said_by_its_run():
    X, labels = np.linspace(0, 1, 40)[:, None], np.arange(40) % 2
    explorer = tw.SliceExplorer(lambda rows: np.asarray(rows), X, labels, class_id=5)
    explorer.explain()
    assert done(explorer) == "error"
    assert "class_id=5, but there are 2 classes" in explorer.status["message"]
    explorer.class_id = 0
    assert done(explorer) == "done", explorer.status
    explorer.close()


def test_a_table_of_several_classes_moves_between_what_decides():
    random = np.random.default_rng(0)
    labels, scores = random.integers(0, 3, 90), random.dirichlet([1, 1, 1], 90)
    table = tw.slice_metrics(labels, scores, slices=[()], metrics=["recall"])
    explorer = answered(table)
    assert explorer.threshold == 0.5
    explorer.threshold = "argmax"
    assert done(explorer) == "done", explorer.status
    expected = table.at_threshold("argmax")[()]["recall"].value
    assert explorer.result[()]["recall"].value == expected
    explorer.class_id = 1
    assert "results are finished" in explorer.status["message"]
    explorer.close()


def test_an_unknown_metric_is_refused_by_the_run(rows):
    explorer = tw.SliceExplorer(*rows, metrics=["acuracy"])
    explorer.explain()
    assert done(explorer) == "error"
    assert "Did you mean 'accuracy'?" in explorer.status["message"]
    explorer.close()


def test_missing_values_are_a_slice_of_their_own():
    frame = pd.DataFrame({"job": ["a", None, "b", None] * 10})
    explorer = answered([0, 1] * 20, np.linspace(0, 1, 40), frame, metrics=["accuracy"])
    missing = (("job", None),)
    explorer.selected = {"job": float("nan")}
    assert done(explorer) == "done"
    assert explorer.selected == missing
    assert explorer._view.selected == '[["job", null]]'
    assert len(explorer.selected_examples) == 20
    explorer.close()
