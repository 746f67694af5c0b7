"""`run_tfma` on Beam: every kind of rows, in two processes, gives what `slice_metrics` gives."""

import logging

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf
from apache_beam.options.pipeline_options import DirectOptions, StandardOptions

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.tfma_bridge.run import options_of

HERE = ["--runner=DirectRunner"]  # in this process, which starts fast
CONFIG = """
model_specs { label_key: "good" example_weight_key: "weight" }
slicing_specs {} slicing_specs { feature_keys: "home" } slicing_specs { feature_keys: "is_new" }
slicing_specs { feature_keys: ["home", "rooms"] }
metrics_specs {
  metrics {
    class_name: "BinaryAccuracy" threshold { value_threshold { lower_bound { value: 0.6 } } }
  }
  metrics { class_name: "Precision" } metrics { class_name: "AUC" }
  metrics { class_name: "MeanLabel" } metrics { class_name: "WeightedExampleCount" }
}
"""
METRICS = ["count", "weighted_count", "accuracy", "precision", "auc_tfma"]


@pytest.fixture(scope="module")
def frame():
    """Whole and other numbers, bools, and texts, some of which are missing."""
    rng = np.random.default_rng(0)
    n = 400
    home = np.array(["own", "rent", "zu Hause"], dtype=object)[rng.integers(0, 3, n)]
    home[::17] = None
    return pd.DataFrame(
        {
            "home": home,
            "rooms": rng.integers(1, 4, n),
            "amount": rng.normal(size=n).astype(np.float32),
            "is_new": rng.random(n) < 0.4,
            "good": rng.integers(0, 2, n),
            "weight": rng.integers(1, 9, n) / 4,
        }
    )


@pytest.fixture(scope="module")
def model():
    """One matrix of `rooms` and `amount`, so that scores are different for most rows."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((2,))
    return keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(inputs))


@pytest.fixture(scope="module")
def local(frame, model):
    scores = model.predict(frame[["rooms", "amount"]].to_numpy(np.float32), verbose=0)
    return tw.slice_metrics(
        frame.good,
        scores,
        frame[["home", "is_new", "rooms"]],
        slices=[(), "home", "is_new", ("home", "rooms")],
        metrics=METRICS,
        weights=frame.weight,
        interval=None,
        bins={"rooms": None},
    )


def write_records(frame, folder, without_label=()):
    """The rows as somebody else might write them, in two files."""
    for part in range(2):
        with tf.io.TFRecordWriter(str(folder / f"part-{part}.tfrecord")) as file:
            for row in frame.iloc[part::2].itertuples():
                example = tf.train.Example()
                of = example.features.feature
                if row.home is not None:
                    of["home"].bytes_list.value.append(row.home.encode())
                of["rooms"].int64_list.value.append(row.rooms)
                of["is_new"].int64_list.value.append(int(row.is_new))
                of["x"].float_list.value.extend([row.rooms, row.amount])
                if row.Index not in without_label:
                    of["good"].int64_list.value.append(row.good)
                of["weight"].float_list.value.append(row.weight)
                file.write(example.SerializeToString())
    return folder / "part-*.tfrecord"


def as_table(frame, _):
    return frame


def as_csv(frame, folder):
    frame.to_csv(folder / "rows.csv", index=False)
    return folder / "rows.csv"


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [(as_table, ["rooms", "amount"]), (as_csv, ["rooms", "amount"]), (write_records, None)],
)
def test_every_kind_of_rows_in_two_processes(kind, inputs, frame, model, local, tmp_path):
    output = tmp_path / "run"
    table = tw.run_tfma(model, kind(frame, tmp_path), CONFIG, output, inputs=inputs)
    assert set(table) == {key for key in local if None not in dict(key).values()}
    for key in table:
        for metric in METRICS:
            ours, theirs = local[key][metric].value, table[key][metric].value
            exact = 1e-4 if metric == "auc_tfma" else 1e-9
            assert theirs == pytest.approx(ours, rel=0, abs=exact), (key, metric)
    assert list(table.counts) == [local[key]["count"].value for key in table]
    assert table.validation is not None
    failed = {(each.key, each.metric) for each in table.validation.failures}
    assert failed == {place for place, check in table.checks.items() if not check.passed}
    assert 0 < len(failed) < len(table)


def test_two_processes_of_this_machine_are_the_default():
    options = options_of(None)
    assert options.view_as(StandardOptions).runner == "DirectRunner"
    assert options.view_as(DirectOptions).direct_running_mode == "multi_processing"
    assert options.view_as(DirectOptions).direct_num_workers == 2


def test_other_runners_are_chosen_by_beams_own_options():
    options = options_of(["--runner=FlinkRunner", "--flink_master=host:8081"])
    assert options.view_as(StandardOptions).runner == "FlinkRunner"
    assert options_of(options) is options
    with pytest.raises(TypeError, match=r"pipeline_options='--runner=Spark'; expected .* a list"):
        options_of("--runner=Spark")


def test_rows_of_a_table_are_preprocessed_and_read_again_as_records(tmp_path):
    credit = tw.samples.german_credit()
    frame = credit.X_test.assign(bad=credit.y_test)
    config = """
        model_specs { label_key: "bad" } slicing_specs {} slicing_specs { feature_keys: "housing" }
        metrics_specs { metrics { class_name: "BinaryAccuracy" } metrics { class_name: "Recall" } }
    """
    table = tw.run_tfma(
        credit.model, frame, config, tmp_path / "a", HERE, preprocess=credit.preprocess
    )
    scores = credit.model.predict(credit.preprocess(credit.X_test), verbose=0)
    ours = tw.slice_metrics(
        credit.y_test,
        scores,
        credit.X_test,
        slices=[(), "housing"],
        metrics=["count", "accuracy", "recall"],
        interval=None,
    )
    records = tmp_path / "a" / "examples" / "*.tfrecord"
    again = tw.run_tfma(tmp_path / "a" / "model", records, config, tmp_path / "b", HERE)
    for other in (table, again, tw.SliceTable.from_tfma(tmp_path / "a")):
        assert set(other) == set(ours)
        for key in ours:
            for metric in ("count", "accuracy", "recall"):
                assert other[key][metric].value == pytest.approx(ours[key][metric].value, rel=1e-12)


def test_several_models_stand_side_by_side(frame, model, tmp_path):
    other = keras.models.clone_model(model)
    other.set_weights([-each for each in model.get_weights()])
    config = """
        model_specs { label_key: "good" } slicing_specs { feature_keys: "home" }
        metrics_specs { metrics { class_name: "BinaryAccuracy" } }
    """
    models = {"old": model, "new": other}
    table = tw.run_tfma(models, frame, config, tmp_path, HERE, inputs=["rooms", "amount"])
    for name, each in models.items():
        scores = each.predict(frame[["rooms", "amount"]].to_numpy(np.float32), verbose=0)
        ours = tw.slice_metrics(frame.good, scores, frame, ["home"], ["accuracy"], interval=None)
        for key in table:
            assert table[key][f"{name}: accuracy"].value == pytest.approx(
                ours[key]["accuracy"].value
            )


def test_what_fails_on_beam_is_said_at_once(frame, tmp_path):
    rooms = keras.Input((1,), name="rooms", dtype="int64")
    model = keras.Model(rooms, keras.ops.cast(rooms, "float32"))
    without = frame.assign(rooms=frame.rooms.astype("Int64").where(frame.index != 3))
    with pytest.raises(
        RuntimeError, match=r"^TensorFlow Model Analysis failed on Beam: .*feature rooms is missing"
    ):
        tw.run_tfma(model, without, CONFIG, tmp_path, HERE)


def test_a_signature_has_the_name_that_is_asked_for_and_no_chatter_is_heard(
    frame, model, tmp_path, caplog
):
    config = """
        model_specs { label_key: "good" signature_name: "mine" prediction_key: "score" }
        metrics_specs { metrics { class_name: "BinaryAccuracy" } }"""
    before = [logging.getLogger(name).level for name in ("absl", "apache_beam", "tensorflow")]
    table = tw.run_tfma(model, frame, config, tmp_path, HERE, inputs=["rooms", "amount"])
    assert table.metrics == ("count", "accuracy")
    assert [each for each in caplog.records if each.levelno < logging.ERROR] == []
    assert before == [
        logging.getLogger(name).level for name in ("absl", "apache_beam", "tensorflow")
    ]


def test_an_output_with_results_is_refused(frame, model, tmp_path):
    (tmp_path / "metrics-00000-of-00001.tfrecord").touch()
    with pytest.raises(FileExistsError, match="holds results already, such as metrics-00000"):
        tw.run_tfma(model, frame, CONFIG, tmp_path)


def wrong(**changes):
    return {"model": None, "data": None, "config": CONFIG, "inputs": ["rooms", "amount"]} | changes


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (
            wrong(model=lambda x: x),
            TypeError,
            "model is a function; expected a Keras model, or the",
        ),
        (wrong(data=[1, 2]), TypeError, "data is a list; expected a DataFrame, the path of a CSV"),
        (wrong(data="no.csv"), FileNotFoundError, r"No such file .*no\.csv"),
        (wrong(data="no.tfrecord"), FileNotFoundError, r"no file matches 'no\.tfrecord'"),
        (wrong(config=CONFIG.replace("good", "god")), ValueError, "label_key is 'god', which the"),
        (wrong(config=CONFIG.replace('"home"', '"hom"')), ValueError, "Did you mean 'home'"),
        (wrong(config=CONFIG.replace('weight"', 'w"')), ValueError, "example_weight_key is 'w'"),
        (wrong(config=CONFIG.replace("label_key", "name")), ValueError, "have no label_key"),
        (wrong(config=CONFIG.replace('"good"', '"home"')), ValueError, "misses 24 of 400"),
        (wrong(config=CONFIG.replace('"good"', '"text"')), ValueError, "'text', which holds texts"),
        (wrong(data="/"), ValueError, r"'/' is a folder; expected a pattern of files"),
        (wrong(inputs=["rooms", "amuont"]), ValueError, "one of inputs= is 'amuont'.*'amount'"),
        (wrong(inputs=["rooms"]), ValueError, "takes 2 numbers a row, but rooms hold 1 numbers"),
        (wrong(inputs=["rooms", "home"]), ValueError, "'home' holds texts.*preprocess="),
        (wrong(inputs=None), ValueError, "is not clear.*numbers are rooms, amount, is_new"),
        (
            wrong(
                model={"a": None, "b": None},
                config='{"modelSpecs": [{"name": "c", "labelKey": "good"}]}',
            ),
            ValueError,
            "name 'c', but the models are 'a', 'b'",
        ),
    ],
)
def test_what_does_not_fit_is_refused(given, error, message, frame, model, tmp_path):
    if given["data"] is None:
        given["data"] = frame.assign(text="yes")
    if given["model"] is None:
        given["model"] = model
    with pytest.raises(error, match=message):
        tw.run_tfma(output=tmp_path, pipeline_options=HERE, **given)


def test_an_output_that_is_no_folder_is_refused(frame, model, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError, match="is a file; expected a folder"):
        tw.run_tfma(model, frame, CONFIG, tmp_path / "file")
    with pytest.raises(OSError, match="cannot be made"):
        tw.run_tfma(model, frame, CONFIG, tmp_path / "file" / "below")


def test_a_csv_with_semicolons_is_refused(frame, model, tmp_path):
    frame.to_csv(tmp_path / "rows.csv", sep=";")
    with pytest.raises(ValueError, match=r"separated by semicolons.*sep=';'"):
        tw.run_tfma(model, tmp_path / "rows.csv", CONFIG, tmp_path / "run")


def test_columns_of_one_name_as_texts_are_refused(frame, model, tmp_path):
    with pytest.raises(ValueError, match="columns of different names"):
        tw.run_tfma(
            model, frame.assign(**{"1": 1, "x": 2}).rename(columns={"x": 1}), CONFIG, tmp_path
        )


def test_records_cannot_be_preprocessed_here(frame, model, tmp_path):
    place = write_records(frame.head(4), tmp_path)
    with pytest.raises(
        ValueError, match="preprocess= is for rows of a table, but data are TFRecord"
    ):
        tw.run_tfma(model, place, CONFIG, tmp_path / "run", preprocess=lambda rows: rows)


def test_what_preprocess_returns_is_checked(frame, model, tmp_path):
    with pytest.raises(ValueError, match=r"preprocess returned an array of .*expected numbers of"):
        tw.run_tfma(model, frame, CONFIG, tmp_path, preprocess=lambda rows: rows.home)


def test_records_without_a_label_are_refused_at_once(frame, model, tmp_path):
    place = write_records(frame, tmp_path, without_label={3, 5})
    with pytest.raises(ValueError, match=r"'good' holds labels .* misses in 2 of the first 400"):
        tw.run_tfma(model, place, CONFIG, tmp_path / "run", HERE)


def test_a_later_record_without_a_label_is_found_on_beam(frame, model, tmp_path):
    many = pd.concat([frame] * 3, ignore_index=True)
    place = write_records(many, tmp_path, without_label={len(many) - 1})
    with pytest.raises(RuntimeError, match=r"Beam: .*feature good holds labels .* is missing"):
        tw.run_tfma(model, place, CONFIG, tmp_path / "run", HERE)
    saved = tf.saved_model.load(str(tmp_path / "run" / "model"))
    example = tf.train.Example()
    example.features.feature["x"].float_list.value.extend([1, 2])
    served = saved.signatures["serving_default"](tf.constant([example.SerializeToString()]))
    (scores,) = served.values()
    assert scores.shape == (1, 1)


def test_a_file_that_holds_no_records_is_refused(model, tmp_path):
    (tmp_path / "rows.tfrecord").write_text("home,good\nrent,1\n" * 9)
    with pytest.raises(ValueError, match=r"does not hold tf\.Examples in TFRecord"):
        tw.run_tfma(model, tmp_path / "rows.tfrecord", CONFIG, tmp_path / "run")
