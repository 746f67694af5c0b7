"""Metrics of slices against TensorFlow Model Analysis: time, numbers, memory, a moved threshold.

First 200,000 rows, overall and by two features, five metrics, no interval: both in this process, on
the same rows. Then the threshold is moved over some hundred slices. Last ten million rows and four
features in a process of its own: the peak of its memory, less that before it began.

It needs TensorFlow Model Analysis: pip install "tfinterp-widgets[tfma]".
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import tfinterp_widgets as tw

ROWS = 200_000
MANY_ROWS = 10_000_000
ROUNDS = 7
SEED = 0
METRICS = {
    "count": "example_count",
    "accuracy": "binary_accuracy",
    "auc": "auc",
    "precision": "precision",
    "recall": "recall",
}
CONFIG = """
model_specs { label_key: "label" prediction_key: "prediction" }
slicing_specs {}
slicing_specs { feature_keys: "site" }
slicing_specs { feature_keys: "term" }
metrics_specs {
  metrics { class_name: "ExampleCount" }
  metrics { class_name: "BinaryAccuracy" }
  metrics { class_name: "AUC" }
  metrics { class_name: "Precision" }
  metrics { class_name: "Recall" }
}
"""


def seconds(run: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = run()
    return time.perf_counter() - began, result


def table(rows: int) -> pd.DataFrame:
    """Labels and predictions of a model that is right as often as it says, and two features."""
    generator = np.random.default_rng(SEED)
    predictions = generator.random(rows, dtype=np.float32)
    return pd.DataFrame(
        {
            "label": (generator.random(rows) < predictions).astype(np.int64),
            "prediction": predictions,
            "site": generator.choice(["north", "east", "south", "west"], rows),
            "term": generator.integers(1, 7, rows),
        }
    )


def ours(frame: pd.DataFrame, slices: Any, metrics: list[str]) -> tw.SliceTable:
    return tw.slice_metrics(
        frame["label"],
        frame["prediction"],
        frame[["site", "term"]],
        slices=slices,
        metrics=metrics,
        interval=None,
    )


def against_tfma() -> None:
    tfma = import_module("tensorflow_model_analysis")
    config = import_module("tensorflow_model_analysis.proto.config_pb2").EvalConfig()
    import_module("google.protobuf.text_format").Parse(CONFIG, config)
    frame = table(ROWS)
    theirs_took, theirs = seconds(lambda: tfma.analyze_raw_data(frame, config))
    rounds = [
        seconds(lambda: ours(frame, [(), "site", "term"], list(METRICS))) for _ in range(ROUNDS)
    ]
    took = statistics.median(each for each, _ in rounds)
    print(f"{ROWS} rows, overall and two features, five metrics, no interval")
    print(f"TensorFlow Model Analysis {tfma.__version__}: {theirs_took:.1f} s")
    print(f"ours: {took:.3f} s, the first time {rounds[0][0]:.3f} s")
    print(f"TensorFlow Model Analysis / ours: {theirs_took / took:.0f} (goal: >= 200)")
    apart = differences(rounds[-1][1], theirs)
    print("largest differences:", ", ".join(f"{name} {each:.1e}" for name, each in apart.items()))


def differences(table: tw.SliceTable, theirs: Any) -> dict[str, float]:
    """By how much each metric differs at the most, over all slices."""
    metrics = {key: value[""][""] for key, value in theirs.slicing_metrics}
    assert {tuple((name, str(value)) for name, value in key) for key in table} == {
        tuple((name, str(value)) for name, value in key) for key in metrics
    }
    return {
        name: max(
            abs((table[key][name].value or 0.0) - float(value[other]["doubleValue"]))
            for key, value in metrics.items()
        )
        for name, other in METRICS.items()
    }


def threshold_moved() -> None:
    frame = table(ROWS)
    frame["term"] = np.random.default_rng(SEED).integers(0, 100, ROWS)
    counted = ["accuracy", "precision", "recall", "f1", "fpr", "balanced_accuracy"]
    first = tw.slice_metrics(
        frame["label"],
        frame["prediction"],
        frame[["site", "term"]],
        slices="auto",
        metrics=counted,
        interval="wilson",
        bins={"term": None},
    )
    begun, _ = seconds(lambda: first.at_threshold(0.01))
    moves = [seconds(partial(first.at_threshold, stop / 100))[0] for stop in range(101)]
    print(f"threshold moved: {len(first)} slices of {ROWS} rows, {len(counted)} metrics")
    print(
        f"{1e3 * statistics.median(moves):.2f} ms, at most {1e3 * max(moves):.2f} ms (goal: < 5 "
        f"ms); the first time, which counts scores, {1e3 * begun:.0f} ms"
    )


def columns(rows: int) -> Iterator[tuple[str, Any]]:
    generator = np.random.default_rng(SEED)
    predictions = generator.random(rows, dtype=np.float32)
    yield "prediction", predictions
    yield "label", (generator.random(rows, dtype=np.float32) < predictions).astype(np.int64)
    yield "income", generator.normal(size=rows)
    yield "balance", generator.lognormal(size=rows)
    yield "age", generator.integers(18, 90, rows)
    yield "site", generator.integers(0, 5, rows)


def resident(kind: str) -> int:
    """Memory of this process in bytes, as Linux tells it: VmRSS is now, VmHWM the most ever.

    What `resource` tells takes in the parent's, from before this process was its own.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(1024 * int(line.split()[1]) for line in status.splitlines() if kind in line)


def of_many_rows(folder: Path) -> None:
    """Run in a process of its own, on columns that lie in a folder: time, and peak of memory."""
    arrays = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    labels, predictions = arrays.pop("label"), arrays.pop("prediction")
    data = labels.nbytes + predictions.nbytes + sum(each.nbytes for each in arrays.values())
    slices = [(), *arrays]
    tw.slice_metrics(labels[:100], predictions[:100], {}, [()], list(METRICS))  # imports all
    before = resident("VmRSS")
    took, result = seconds(
        lambda: tw.slice_metrics(labels, predictions, arrays, slices, list(METRICS), interval=None)
    )
    above = resident("VmHWM") - before
    print(f"{len(labels)} rows, {len(arrays)} features, {len(result)} slices: {took:.1f} s")
    print(
        f"peak {above / 2**20:.0f} MB above the data of {data / 2**20:.0f} MB, "
        f"{(data + above) / data:.2f} times the data in all (goal: <= 2)"
    )


def main() -> None:
    if find_spec("tensorflow_model_analysis") is None:
        sys.exit(
            "TensorFlow Model Analysis, which is compared with, is not installed: "
            'pip install "tfinterp-widgets[tfma]"'
        )
    against_tfma()
    threshold_moved()
    with tempfile.TemporaryDirectory() as folder:
        for name, column in columns(MANY_ROWS):
            np.save(Path(folder) / name, column)
        subprocess.run([sys.executable, __file__, folder], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        of_many_rows(Path(sys.argv[1]))
    else:
        main()
