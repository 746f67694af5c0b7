"""One configuration for `slice_metrics` and for TFMA: the same slices, the same numbers."""

import pytest
from tfma_rows import KEYS, SIZES, three_classes, two_classes

import tfinterp_widgets as tw

SLICES = """
slicing_specs {} slicing_specs { feature_keys: "home" }
slicing_specs { feature_keys: "home" feature_values { key: "rooms" value: "2" } }
"""
TWO = """
metrics_specs {
  metrics {
    class_name: "BinaryAccuracy" threshold { value_threshold { lower_bound { value: 0.7 } } }
  }
  metrics { class_name: "Recall" config: '"thresholds": [0.3, 0.7]' }
  metrics { class_name: "Precision" config: '"thresholds": 0.7'
    per_slice_thresholds {
      slicing_specs { feature_keys: "home" }
      threshold { value_threshold { upper_bound { value: 0.8 } } } } }
  metrics { class_name: "MeanSquaredError" }
  metrics { class_name: "AUCPrecisionRecall" }
  metrics { class_name: "MatthewsCorrelationCoefficient"
    threshold { value_threshold { lower_bound { value: 0.5 } } } }
}
options { min_slice_size { value: 20 } }
"""


@pytest.mark.filterwarnings("ignore:invalid value encountered in divide")  # TFMA's area under PR
@pytest.mark.parametrize("weighted", [False, True])
def test_of_two_classes(weighted, analyse):
    frame = two_classes(2)
    text = KEYS % ('example_weight_key: "weight"' if weighted else "") + SLICES + SIZES + TWO
    theirs = analyse(frame, text)
    config = tw.EvalConfig.from_text(text)
    ours = tw.slice_metrics(frame.label, frame.prediction, frame, interval=None, config=config)
    assert [each.split(" ")[0] for each in config.unsupported()] == [
        "AUCPrecisionRecall",
        "MatthewsCorrelationCoefficient",
    ]
    assert set(theirs.metrics) <= set(ours.metrics)
    there = [key for key in ours if None not in dict(key).values()]
    assert set(there) == set(theirs)
    assert ours.hidden >= theirs.hidden > 0
    for key in there:
        for metric in theirs.metrics:
            assert ours[key][metric].value == pytest.approx(theirs[key][metric].value, rel=1e-6)
        assert {gate for at, gate in ours.checks if at == key} == {
            gate for at, gate in theirs.checks if at == key
        }
    for place, check in theirs.checks.items():
        assert ours.checks[place] == check
    without = next(key for key in ours if None in dict(key).values())
    assert "no slices of missing values" in ours[without]["pr_auc_tfma"].undefined


def test_tfma_is_asked_about_bools_and_numbers_as_well():
    frame = two_classes(6).assign(
        old=lambda rows: rows.rooms > 1, size=lambda rows: rows.rooms / 10
    )
    text = (
        KEYS % ""
        + """
        slicing_specs { feature_keys: "old" }
        slicing_specs { feature_keys: "old" feature_values { key: "size" value: "0.2" } }
        metrics_specs { metrics { class_name: "Informedness" per_slice_thresholds {
          slicing_specs { feature_keys: "old" feature_values { key: "size" value: "0.2" } }
          threshold { value_threshold { lower_bound { value: 0.99 } } } } } }"""
    )
    config = tw.EvalConfig.from_text(text)
    ours = tw.slice_metrics(frame.label, frame.prediction, frame, interval=None, config=config)
    plain = tw.slice_metrics(
        frame.label,
        frame.prediction,
        frame,
        slices=["old", {"old": True, "size": 0.2}],
        metrics=["recall", "specificity"],
        interval=None,
        bins={"size": None},
    )
    assert set(ours) == set(plain)
    for key in plain:
        informed = plain[key]["recall"].value + plain[key]["specificity"].value - 1
        assert ours[key]["informedness"].value == pytest.approx(informed)
    ((place, check),) = ours.checks.items()
    assert place == ((("old", True), ("size", 0.2)), "informedness")
    assert not check.passed


THREE = """
metrics_specs { metrics { class_name: "SparseCategoricalAccuracy" }
  metrics { class_name: "Precision" } metrics { class_name: "Recall" config: '"top_k": 2' }
  metrics { class_name: "FPR" config: '"class_id": 1' } }
metrics_specs { binarize { class_ids { values: [2] } } aggregate { micro_average: true }
  metrics { class_name: "F1Score" } }
"""


def test_of_several_classes(analyse):
    frame = three_classes(3)
    text = KEYS % "" + SLICES + SIZES + THREE
    theirs = analyse(frame, text)
    config = tw.EvalConfig.from_text(text)
    ours = tw.slice_metrics(
        frame.label, list(frame.prediction), frame, interval=None, config=config
    )
    assert config.unsupported() == ()
    # Of several classes TFMA pools all of them where it is told nothing.
    names = {"precision": "precision_micro"}
    for key in theirs:
        for metric in theirs.metrics:
            own = ours[key][names.get(metric, metric)]
            assert own.value == pytest.approx(theirs[key][metric].value, rel=1e-6), metric
