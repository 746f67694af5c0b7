"""TFMA's results as a table: from the folder of a run, and from what it returns."""

import json
import math

import pytest
import tensorflow as tf
import tensorflow_model_analysis as tfma
from google.protobuf import text_format
from tensorflow_model_analysis.proto import metrics_for_slice_pb2, validation_result_pb2
from tfma_rows import KEYS, two_classes

import tfinterp_widgets as tw

COUNT = (
    'metric_keys_and_values { key { name: "example_count" } value { double_value { value: %d } } }'
)
CONFIG = {"evalConfig": {"modelSpecs": [{"labelKey": "y"}]}, "version": "0.52.0"}


def write(folder, *slices, shards=1, config=CONFIG, validation=""):
    """A folder as TFMA writes it, of slices in protocol buffers' text."""
    for shard in range(shards):
        name = folder / f"metrics-{shard:05}-of-{shards:05}.tfrecord"
        with tf.io.TFRecordWriter(str(name)) as file:
            for text in slices[shard::shards]:
                proto = text_format.Parse(text, metrics_for_slice_pb2.MetricsForSlice())
                file.write(proto.SerializeToString())
    if config is not None:
        (folder / "eval_config.json").write_text(json.dumps(config))
    if validation:
        proto = text_format.Parse(validation, validation_result_pb2.ValidationResult())
        with tf.io.TFRecordWriter(str(folder / "validations.tfrecord")) as file:
            file.write(proto.SerializeToString())
    return folder


def metric(name, value, key=""):
    return f'metric_keys_and_values {{ key {{ name: "{name}" {key} }} value {{ {value} }} }}'


def number(value):
    return f"double_value {{ value: {value} }}"


def test_every_output_model_class_rank_and_average_has_a_name(tmp_path):
    whole = COUNT % 9 + "".join(
        metric("recall", number(at / 10), key)
        for at, key in enumerate(
            [
                'output_name: "sex"',
                'model_name: "new" output_name: "sex"',
                'model_name: "new" is_diff: true',
                "sub_key { class_id { value: 0 } }",
                "sub_key { class_id { value: 2 } top_k { value: 3 } }",
                "sub_key { k { value: 2 } }",
                "aggregation_type { micro_average: true } sub_key { top_k { value: 2 } }",
                "aggregation_type { weighted_macro_average: true }",
                "example_weighted { value: true }",
                "example_weighted {}",
            ]
        )
    )
    table = tw.SliceTable.from_tfma(write(tmp_path, whole))
    assert table.metrics == (
        "count",
        "sex: recall",
        "new: sex: recall",
        "new: recall_diff",
        "recall_class_0",
        "recall_class_2_top_3",
        "recall_k_2",
        "recall_micro_top_2",
        "recall_weighted",
        "recall",
        "recall (unweighted)",
    )
    assert [table[()][name].value for name in table.metrics[1:]] == [at / 10 for at in range(10)]
    assert table.source == "TensorFlow Model Analysis 0.52.0"
    assert table.column("sex: recall").info.greater_is_better is True


def test_slices_of_every_type_of_value_come_in_order(tmp_path):
    def of(*values):
        keys = "".join(
            f'single_slice_keys {{ column: "{name}" {value} }}' for name, value in values
        )
        return f"slice_key {{ {keys} }} {COUNT % 3}"

    slices = [
        of(("b", 'bytes_value: "gr\\303\\274n"')),
        of(("a", "int64_value: 10"), ("b", 'bytes_value: "x"')),
        of(("a", "int64_value: 10")),
        of(("a", "int64_value: 9")),
        of(("f", "float_value: 0.5")),
        of(),
    ]
    table = tw.SliceTable.from_tfma(write(tmp_path, *slices, shards=3))
    assert table.slices == (
        (),
        (("a", 9),),
        (("a", 10),),
        (("b", "grün"),),
        (("f", 0.5),),
        (("a", 10), ("b", "x")),
    )
    assert table[{"b": "x", "a": 10.0}]["count"].value == 3


def test_what_tfma_writes_for_the_impossible_is_undefined(tmp_path):
    nan, zero = number("nan"), "bounded_value { lower_bound {} upper_bound {} value {} }"
    only_positives = (
        COUNT % 5 + metric("auc", zero) + metric("recall", number(0.5)) + metric("fpr", nan)
    )
    both = COUNT % 5 + metric("auc", zero) + metric("recall", number(0)) + metric("fpr", number(1))
    unclear = COUNT % 5 + metric("auc", zero) + metric("precision", nan)
    one_row = COUNT % 1 + metric("auc", zero)
    slices = [
        f'slice_key {{ single_slice_keys {{ column: "s" bytes_value: "{name}" }} }} {metrics}'
        for name, metrics in zip("abcd", [only_positives, both, unclear, one_row], strict=True)
    ]
    table = tw.SliceTable.from_tfma(write(tmp_path, *slices))
    area = {key[0][1]: table[key]["auc_tfma"] for key in table}
    assert (area["a"].value, area["a"].low, area["a"].undefined) == (None, None, "one class only")
    assert (area["b"].value, area["b"].low, area["b"].undefined) == (0, 0, None)
    assert "one class only, or all scores the wrong way round" in area["c"].undefined
    assert area["d"].undefined == "one class only"
    assert table[{"s": "a"}]["fpr"].undefined == "no negatives"
    assert table[{"s": "c"}]["precision"].undefined == "nothing predicted positive"
    assert table[{"s": "b"}]["precision"].undefined == "not computed for this slice"


def test_intervals_come_in_and_missing_ones_stay_missing(tmp_path):
    def interval(low, high):
        return f"confidence_interval {{ lower_bound {{ {low} }} upper_bound {{ {high} }} }}"

    def array(*values):
        listed = " ".join(f"float64_values: {value}" for value in values)
        return f"array_value {{ data_type: FLOAT64 shape: {len(values)} {listed} }}"

    ends = "lower_bound { value: 0.1 } upper_bound { value: 0.4 }"
    bounded = f"bounded_value {{ {ends} value {{ value: 0.2 }} }}"
    whole = (
        COUNT % 5
        + metric("brier", bounded)
        + metric("recall", number(0.5))[:-1]
        + interval(number(0.3), number(0.8))
        + "}"
        + metric("fpr", number(0.5))[:-1]
        + interval(number("nan"), number(0.8))
        + "}"
        + metric("precision", array(0.5, "nan"))[:-1]
        + interval(array(0.4, "nan"), array(0.6, "nan"))
        + "}"
        + metric("mse", number(0.5))
    )
    config = {
        "evalConfig": {
            "metricsSpecs": [
                {"metrics": [{"className": "Precision", "config": '"thresholds": [0.3, 0.7]'}]}
            ]
        },
        "version": "0.52.0",
    }
    table = tw.SliceTable.from_tfma(write(tmp_path, whole, config=config))
    found = {name: (each.value, each.low, each.high) for name, each in table[()].items()}
    assert found == {
        "count": (5, None, None),
        "brier": (0.2, 0.1, 0.4),
        "recall": (0.5, 0.3, 0.8),
        "fpr": (0.5, None, None),
        "precision@0.3": (0.5, 0.4, 0.6),
        "precision@0.7": (None, None, None),
        "mse": (0.5, None, None),
    }
    assert table.interval == "given"


def test_error_slices_are_told_and_counted(tmp_path):
    small = """slice_key { single_slice_keys { column: "s" int64_value: 1 } }
        metrics { key: "__ERROR__" value { debug_message: "too few" } }"""
    partly = COUNT % 5 + metric("__ERROR__", 'bytes_value: "no interval"')
    table = tw.SliceTable.from_tfma(write(tmp_path, small, partly))
    assert table.slices == ((),)
    assert table.errors == {(("s", 1),): "too few", (): "no interval"}
    assert (table.hidden, table.hidden_rows) == (1, None)


def test_matrices_and_cut_offs_are_taken_apart(tmp_path):
    matrices = """confusion_matrix_at_thresholds {
        matrices { threshold: 0.5 true_positives: 3 false_positives: 1 }
        matrices { threshold: 0.9 false_negatives: 2 } }"""
    cutoffs = "value_at_cutoffs { values { cutoff: 1 value: 0.5 } values { cutoff: 3 value: 1 } }"
    whole = COUNT % 6 + metric("m", matrices) + metric("ndcg", cutoffs)
    metrics = tw.SliceTable.from_tfma(write(tmp_path, whole))[()]
    assert metrics["true_positives@0.5"].value == 3
    assert metrics["true_positives@0.9"].value == 0
    assert metrics["false_negatives@0.9"].value == 2
    assert (metrics["ndcg_top_1"].value, metrics["ndcg_top_3"].value) == (0.5, 1)


def test_whether_a_model_is_valid_comes_along(tmp_path):
    failure = """validation_ok: false
        metric_validations_per_slice {
          slice_key { single_slice_keys { column: "s" int64_value: 1 } }
          failures {
            metric_key { name: "f1_score" sub_key { class_id { value: 1 } } }
            metric_threshold {
              value_threshold { lower_bound { value: 0.7 } upper_bound { value: 1 } } }
            metric_value { double_value { value: 0.25 } } } }
        missing_slices { feature_keys: "t" feature_values { key: "u" value: "3" } }"""
    table = tw.SliceTable.from_tfma(write(tmp_path, COUNT % 5, validation=failure))
    (failed,) = table.validation.failures
    assert not table.validation.ok
    assert (failed.key, failed.metric, failed.value) == ((("s", 1),), "f1_class_1", 0.25)
    assert failed.bound == "≥ 0.7, ≤ 1"
    assert table.validation.missing_slices == ("t, u: 3",)


def configured(*specs, **others):
    return {"evalConfig": {"metricsSpecs": list(specs), **others}, "version": "0.52.0"}


def test_the_area_under_a_precision_recall_curve_is_told_from_the_other(tmp_path):
    pr = {"className": "AUC", "config": '"curve": "PR"'}
    spec = {"metrics": [pr], "thresholds": {"auc": {"valueThreshold": {"lowerBound": 0.9}}}}
    failure = """metric_validations_per_slice { failures {
        metric_key { name: "auc" } metric_value { double_value { value: 0.25 } } } }"""
    whole = COUNT % 5 + metric("auc", number(0.25))
    write(tmp_path, whole, config=configured(spec), validation=failure)
    table = tw.SliceTable.from_tfma(tmp_path)
    assert table.metrics == ("count", "pr_auc_tfma")
    assert {place for place, check in table.checks.items() if not check.passed} == {
        (each.key, each.metric) for each in table.validation.failures
    }


def test_bounds_are_of_the_spec_that_they_stand_in(tmp_path):
    def bound(least):
        return {
            "className": "Precision",
            "threshold": {"valueThreshold": {"lowerBound": least}},
        }

    config = configured(
        {"metrics": [bound(0.1)]},
        {"metrics": [bound(0.2)], "binarize": {"classIds": {"values": [1]}}},
        {"metrics": [bound(0.3)], "aggregate": {"microAverage": True}},
        {"metrics": [bound(0.4)], "binarize": {"topKList": {"values": [2]}}},
        {"metrics": [{"className": "Precision"}], "aggregate": {"macroAverage": True}},
        {"metrics": [bound(0.5)], "outputNames": ["sex"]},
    )
    keys = {
        "precision": "",
        "precision_class_1": "sub_key { class_id { value: 1 } }",
        "precision_micro": "aggregation_type { micro_average: true }",
        "precision_top_2": "sub_key { top_k { value: 2 } }",
        "precision_macro": "aggregation_type { macro_average: true }",
        "sex: precision": 'output_name: "sex"',
    }
    whole = COUNT % 5 + "".join(metric("precision", number(0.7), key) for key in keys.values())
    table = tw.SliceTable.from_tfma(write(tmp_path, whole, config=config))
    assert table.metrics == ("count", *keys)
    assert {name: check.bound for (_, name), check in table.checks.items()} == {
        "precision": "≥ 0.1",
        "precision_class_1": "≥ 0.2",
        "precision_micro": "≥ 0.3",
        "precision_top_2": "≥ 0.4",
        "sex: precision": "≥ 0.5",
    }


def test_a_baseline_model_need_not_keep_bounds(tmp_path):
    spec = {"metrics": [{"className": "Recall"}], "thresholds": {
        "recall": {"valueThreshold": {"lowerBound": 0.9}}}}  # fmt: skip
    models = [{"name": "old", "isBaseline": True}, {"name": "new"}]
    keys = [f'model_name: "{name}"' for name in ("old", "new")]
    whole = COUNT % 5 + "".join(metric("recall", number(0.7), key) for key in keys)
    config = configured(spec, modelSpecs=models)
    table = tw.SliceTable.from_tfma(write(tmp_path, whole, config=config))
    assert list(table.checks) == [((), "new: recall")]


def test_what_a_table_leaves_out_is_said(tmp_path):
    compared = (
        f"cross_slice_key {{ baseline_slice_key {{}} comparison_slice_key {{}} }} {COUNT % 1}"
    )
    matrix = metric("matrix", "multi_class_confusion_matrix_at_thresholds {}")
    config = configured({"metrics": [{"className": "CalibrationPlot"}]})
    write(tmp_path, COUNT % 5 + matrix, compared, config=config)
    said = "leaves out CalibrationPlot, matrix, 1 comparisons of slices with others; read them"
    with pytest.warns(UserWarning, match=said) as caught:
        table = tw.SliceTable.from_tfma(tmp_path)
    assert [each.filename for each in caught] == [__file__]
    assert table.metrics == ("count",)


def test_without_bounds_nothing_was_validated(tmp_path):
    text = "validation_ok: false missing_thresholds: true"
    assert tw.SliceTable.from_tfma(write(tmp_path, COUNT % 5, validation=text)).validation is None


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (lambda f: (f / "metrics-00001-of-00002.tfrecord").unlink(), ValueError,
         "half-written: of 2 files of metrics, number 1 is missing"),
        (lambda f: (f / "metrics-00000-of-00001.tfrecord").touch(), ValueError,
         "the metrics of several runs"),
        (lambda f: [each.unlink() for each in f.glob("metrics*")], ValueError,
         r"holds no metrics of TFMA.*it holds eval_config\.json"),
        (lambda f: [each.unlink() for each in f.iterdir()], ValueError, "it is empty"),
        (lambda f: [each.write_bytes(each.read_bytes()[:-3]) for each in f.glob("metrics*")],
         ValueError, "cannot be read: DataLossError.*interrupted"),
        (lambda f: (f / "eval_config.json").write_text("{"), ValueError,
         r"eval_config\.json cannot be read"),
        (lambda f: (f / "eval_config").write_bytes(b"pickled"), ValueError, r"before 0\.22"),
        (lambda f: [each.write_bytes(b"") for each in f.glob("metrics*")], ValueError,
         "hold no slice with metrics"),
        (lambda f: f.rename(f.with_name("elsewhere")), FileNotFoundError, "is not a folder"),
    ],
)  # fmt: skip
def test_a_folder_that_is_not_whole_is_refused(spoil, error, message, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    write(folder, COUNT % 5, COUNT % 6, shards=2)
    spoil(folder)
    with pytest.raises(error, match=message):
        tw.SliceTable.from_tfma(folder)


def test_other_things_are_refused():
    with pytest.raises(TypeError, match="source is a dict; expected an EvalResult"):
        tw.SliceTable.from_tfma({})


def test_a_tfma_too_old_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(tfma, "__version__", "0.48.0")
    with pytest.raises(ImportError, match=r"0\.52 or newer; version 0\.48\.0 is installed"):
        tw.SliceTable.from_tfma(tmp_path)


def test_what_tfma_returns_says_the_same_as_its_folder(analyse, tmp_path):
    frame = two_classes(4)
    text = (
        KEYS % 'example_weight_key: "weight"'
        + """
        slicing_specs {} slicing_specs { feature_keys: "home" }
        metrics_specs { aggregate { micro_average: true } binarize { class_ids { values: 1 } }
          metrics { class_name: "Precision" } }
        metrics_specs {
          metrics { class_name: "ExampleCount" }
          metrics { class_name: "Recall" config: '"thresholds": 0.7' }
          metrics { class_name: "AUC" threshold { value_threshold { lower_bound { value: 0.8 } } } }
        } options { min_slice_size { value: 50 } }"""
    )
    frame["prediction"] = [[1 - score, score] for score in frame.prediction.astype(float)]
    folder = analyse(frame, text, tmp_path)
    returned = tw.SliceTable.from_tfma(tfma.load_eval_result(str(tmp_path)))
    assert set(folder.metrics) == set(returned.metrics)
    assert "weighted_count" in folder.metrics
    assert folder.slices == returned.slices
    assert folder.errors == returned.errors
    assert folder.checks == returned.checks
    for key in folder:
        for name in folder.metrics:
            own, other = folder[key][name], returned[key][name]
            assert own.value == other.value or math.isclose(own.value, other.value)
