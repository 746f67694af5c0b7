"""What `slice_metrics` computes equals what the real TFMA computes of the same rows."""

import numpy as np
import pytest
from tfma_rows import BY_ALL, KEYS, SIZES, SLICES, three_classes, two_classes

import tfinterp_widgets as tw

SEEDS = range(2)
CLASSES = {
    "accuracy": "BinaryAccuracy",
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1Score",
    "fpr": "FPR",
    "fnr": "FNR",
    "specificity": "Specificity",
    "balanced_accuracy": "BalancedAccuracy",
}
RATES = list(CLASSES)
AT = (0.3, 0.7)


def at_thresholds(threshold):
    """Each rate, at a threshold of its own and under a name of its own."""
    metrics = []
    for name, class_name in CLASSES.items():
        key = "threshold" if class_name == "BinaryAccuracy" else "thresholds"
        config = f'"{key}": {threshold}, "name": "{name}{threshold}"'
        metrics.append(f"metrics {{ class_name: \"{class_name}\" config: '{config}' }}")
    return "".join(metrics)


TWO_CLASSES = "".join(
    f'metrics {{ class_name: "{name}" }}'
    for name in (
        *CLASSES.values(),
        "AUC",
        "Calibration",
        "MeanLabel",
        "MeanPrediction",
        "MeanSquaredError",
        "MeanAbsoluteError",
        "BinaryCrossentropy",
    )
) + "".join(at_thresholds(threshold) for threshold in AT)


def local(frame, metrics, weights=None):
    return tw.slice_metrics(
        frame.label,
        np.stack(frame.prediction) if frame.prediction.dtype == object else frame.prediction,
        frame[["home", "rooms"]],
        slices=SLICES,
        metrics=metrics,
        weights=weights,
        interval=None,
        bins={"rooms": None},
    )


def assert_same_slices(ours, theirs):
    """TFMA has no slice of missing values; otherwise the slices are the same, and their rows."""
    there = {key for key in ours if None not in dict(key).values()}
    assert there == set(theirs)
    assert all(ours[key]["count"] == theirs[key]["count"] for key in there)


def assert_same(ours, theirs, metric, name=None, **tolerance):
    """A metric is the same in every slice: its values, and where it has none."""
    assert len(theirs) > 12
    for key in theirs:
        own, other = ours[key][metric], theirs[key][name or metric]
        assert (own.value is None) == (other.value is None), (key, metric, own, other)
        assert (own.undefined is None) == (other.undefined is None)
        if own.value is not None:
            assert own.value == pytest.approx(other.value, **tolerance), (key, metric)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_of_two_classes(seed, weighted, analyse):
    frame = two_classes(seed)
    weights = 'example_weight_key: "weight"' if weighted else ""
    theirs = analyse(frame, KEYS % weights + BY_ALL + SIZES + f"metrics_specs {{ {TWO_CLASSES} }}")
    at = [f"{rate}@{threshold}" for rate in RATES for threshold in AT]
    others = ["mean_label", "mean_prediction", "calibration"]
    asked = ["count", "weighted_count", *RATES, *at, *others, "log_loss", "auc_tfma"]
    ours = local(frame, asked, frame.weight if weighted else None)
    assert_same_slices(ours, theirs)
    for rate in RATES:
        assert_same(ours, theirs, rate, rel=1e-12, abs=0)
        for threshold in AT:
            assert_same(ours, theirs, f"{rate}@{threshold}", f"{rate}{threshold}", rel=1e-12, abs=0)
    for metric in others:
        assert_same(ours, theirs, metric, rel=1e-6, abs=0)
    assert_same(ours, theirs, "weighted_count", rel=1e-12, abs=0)
    assert_same(ours, theirs, "auc_tfma", rel=0, abs=1e-4)
    if seed % 2 == 0:  # Keras clips probabilities of 0 and 1 elsewhere
        assert_same(ours, theirs, "log_loss", rel=1e-5, abs=0)


@pytest.mark.parametrize("weighted", [False, True])
def test_of_numbers(weighted, analyse):
    frame = two_classes(0)
    rng = np.random.default_rng(0)
    frame["label"] = rng.normal(3, 2, len(frame))
    frame["prediction"] = frame.label + rng.normal(0, 1, len(frame))
    weights = 'example_weight_key: "weight"' if weighted else ""
    metrics = "".join(
        f'metrics {{ class_name: "{name}" }}'
        for name in ("MeanSquaredError", "MeanAbsoluteError", "RootMeanSquaredError")
    )
    theirs = analyse(frame, KEYS % weights + BY_ALL + SIZES + f"metrics_specs {{ {metrics} }}")
    ours = local(frame, ["count", "mse", "mae", "rmse"], frame.weight if weighted else None)
    assert_same_slices(ours, theirs)
    assert_same(ours, theirs, "mse", rel=1e-9)
    assert_same(ours, theirs, "mae", rel=1e-9)
    assert_same(ours, theirs, "rmse", rel=1e-6)  # Keras's, in float32


THREE_CLASSES = """
metrics_specs {
  metrics { class_name: "SparseCategoricalAccuracy" }
  metrics { class_name: "SparseCategoricalCrossentropy" }
  metrics { class_name: "Precision" config: '"top_k": 2' }
  metrics { class_name: "Recall" config: '"top_k": 1' } }
metrics_specs { binarize { class_ids { values: [0, 2] } }
  metrics { class_name: "Precision" } metrics { class_name: "FPR" } metrics { class_name: "AUC" } }
metrics_specs { aggregate { micro_average: true }
  metrics { class_name: "Precision" } metrics { class_name: "Recall" }
  metrics { class_name: "AUC" } }
metrics_specs { aggregate { macro_average: true %s }
  metrics { class_name: "F1Score" } metrics { class_name: "Specificity" } }
metrics_specs { aggregate { weighted_macro_average: true %s } metrics { class_name: "Recall" } }
"""
OF_EACH = " ".join(f"class_weights {{ key: {each} value: 1 }}" for each in range(3))
OF_THREE = [
    "accuracy",
    "precision_top_2",
    "recall_top_1",
    "precision_class_0",
    "precision_class_2",
    "fpr_class_0",
    "fpr_class_2",
    "precision_micro",
    "recall_micro",
    "f1_macro",
    "specificity_macro",
]


@pytest.mark.parametrize("weighted", [False, True])
def test_of_several_classes(weighted, analyse):
    frame = three_classes(0)
    weights = 'example_weight_key: "weight"' if weighted else ""
    theirs = analyse(frame, KEYS % weights + BY_ALL + SIZES + THREE_CLASSES % (OF_EACH, OF_EACH))
    areas = ["auc_tfma_class_0", "auc_tfma_class_2", "auc_tfma_micro"]
    ours = local(
        frame,
        ["count", *OF_THREE, "recall_weighted", *areas, "log_loss"],
        frame.weight if weighted else None,
    )
    assert_same_slices(ours, theirs)
    for metric in OF_THREE:
        # TFMA's weighted accuracy is Keras's, in float32.
        assert_same(ours, theirs, metric, rel=1e-6 if metric == "accuracy" else 1e-12, abs=0)
    # TFMA files a weighted average under the name of a macro average.
    assert_same(ours, theirs, "recall_weighted", "recall_macro", rel=1e-12, abs=0)
    for area in areas:
        assert_same(ours, theirs, area, rel=0, abs=1e-4)


def test_the_interval_of_a_jackknife_is_as_wide_as_tfmas(analyse):
    frame = two_classes(5)
    options = "options { compute_confidence_intervals { value: true } }"
    metrics = 'metrics { class_name: "BinaryAccuracy" }'
    theirs = analyse(frame, KEYS % "" + BY_ALL + f"metrics_specs {{ {metrics} }} {options}")
    ours = tw.slice_metrics(
        frame.label,
        frame.prediction,
        frame[["home"]],
        slices=[(), "home"],
        metrics=["accuracy"],
        interval="jackknife",
        seed=0,
    )
    # Both split the rows into 20 groups by chance: widths differ by about 1/sqrt(2 * 19) each.
    for key in [(), (("home", "own"),), (("home", "rent"),)]:
        own, other = ours[key]["accuracy"], theirs[key]["accuracy"]
        ratio = (own.high - own.low) / (other.high - other.low)
        assert 0.4 < ratio < 2.5
