"""How often 95 % intervals of metrics of slices, and of their differences, hold the truth.

Rows are drawn from a known population: the classes with a given prevalence, scores normal within
each. So each metric's true value is known, by a formula or from ten million rows. Intervals are
asked for as users do, of slices of several sizes; each run cuts one large sample into many slices
of one size. For comparison, a bootstrap, and the jackknife over 20 groups, TensorFlow Model
Analysis' own. Then the same with weights, for averages over three classes of which one is rare, and
for differences; at last how long those of many slices take.

A slice that gets no interval, as where a class has too few rows, is counted apart.
"""

import time
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.slicing.comparison.comparison import compare

METRICS = (
    "accuracy",
    "recall",
    "precision",
    "f1",
    "balanced_accuracy",
    "auc",
    "pr_auc",
    "log_loss",
    "brier",
    "calibration",
)
WEIGHTED = ("accuracy", "recall", "f1", "auc", "log_loss")
AVERAGES = ("recall", "precision", "f1", "f1_weighted", "auc", "balanced_accuracy")
SHARES_OF_THREE = (0.8, 0.15, 0.05)
SIZES = (30, 100, 1_000, 10_000)
PREVALENCES = (0.4, 0.05)
SLICES = 400
MOST_ROWS = 1_000_000
APART = 1.5
LEVEL = 0.95

Values = NDArray[np.float64]


class Rows(NamedTuple):
    """Labels and scores, one a row."""

    labels: NDArray[np.int64]
    scores: Values


class Covered(NamedTuple):
    """Shares, in per cent, of the slices: with an interval; of these, those that hold the truth."""

    given: float
    held: float

    def __str__(self) -> str:
        missing = "" if self.given > 99.95 else f" ({100 - self.given:.0f} % none)"
        return f"{self.held:5.1f}{missing}"


def rows_of(count: int, prevalence: float, seed: int) -> Rows:
    """Rows of the population; scores are what they should be, probabilities of class 1."""
    generator = np.random.default_rng([seed, count])
    labels = (generator.random(count) < prevalence).astype(np.int64)
    seen = generator.standard_normal(count) + APART * labels
    odds = np.exp(APART * seen - APART**2 / 2) * prevalence / (1 - prevalence)
    return Rows(labels, odds / (1 + odds))


@cache
def truths(prevalence: float) -> dict[str, float]:
    """Of ten million rows, save the AUC, which has a formula."""
    rows = rows_of(10_000_000, prevalence, seed=1)
    table = tw.slice_metrics(*rows, slices=[()], metrics=METRICS, interval=None)
    values = {name: float(table.column(name).value[0]) for name in METRICS}
    return values | {"auc": float(norm.cdf(APART / np.sqrt(2)))}


def share(low: Values, high: Values, truth: float) -> Covered:
    given = ~np.isnan(low) & ~np.isnan(high)
    held = (low <= truth) & (truth <= high)
    return Covered(100 * given.mean(), 100 * held[given].mean() if given.any() else np.nan)


def of_table(size: int, true: Mapping[str, float], rows: Any, **options: Any) -> str:
    """Coverage of each metric's interval over slices of one size."""
    labels, scores = rows
    features = {"slice": np.repeat(np.arange(len(labels) // size), size).astype(str)}
    table = tw.slice_metrics(
        labels, scores, features, slices=["slice"], metrics=list(true), seed=0, **options
    )
    columns = {name: table.column(name) for name in true}
    return ", ".join(
        f"{name} {share(each.low, each.high, true[name])}" for name, each in columns.items()
    )


def slices_of(size: int) -> int:
    return min(SLICES, MOST_ROWS // size)


def of_slices(size: int, prevalence: float, interval: str) -> str:
    rows = rows_of(size * slices_of(size), prevalence, seed=2)
    return of_table(size, truths(prevalence), rows, interval=interval)


def of_weighted(size: int, prevalence: float) -> str:
    """Rows whose weights have nothing to do with them: what is true is true of them too."""
    rows = rows_of(size * slices_of(size), prevalence, seed=5)
    weights = np.random.default_rng(6).exponential(1, len(rows.labels))
    true = {name: truths(prevalence)[name] for name in WEIGHTED}
    return of_table(size, true, rows, weights=weights)


def rows_of_three(count: int, seed: int) -> tuple[NDArray[np.int64], Values]:
    generator = np.random.default_rng([seed, count])
    labels = generator.choice(3, count, p=SHARES_OF_THREE)
    odds = np.exp(generator.standard_normal((count, 3)) + APART * np.eye(3)[labels])
    return labels, odds / odds.sum(axis=1, keepdims=True)


def of_averages(size: int) -> str:
    """Averages over three classes, each row being decided for its most probable one."""
    labels, scores = rows_of_three(3_000_000, 1)
    whole = tw.slice_metrics(
        labels, scores, slices=[()], metrics=AVERAGES, interval=None, threshold="argmax"
    )
    true = {name: float(whole.column(name).value[0]) for name in AVERAGES}
    return of_table(size, true, rows_of_three(size * slices_of(size), 2), threshold="argmax")


def of_differences(size: int, prevalence: float, metric: str) -> Covered:
    """Coverage of the difference from the rest, which is 0: no slice is another's worse."""
    ends = []
    for seed in range(SLICES // 5):
        rows = rows_of(5 * size, prevalence, seed)
        features = {"slice": np.repeat(list("abcde"), size)}
        table = tw.slice_metrics(*rows, features, slices=[()], metrics="count", seed=0)
        for name in "abcde":
            found = table.difference({"slice": name}, [metric])[metric]
            ends.append([np.nan if end is None else end for end in (found.low, found.high)])
    low, high = np.array(ends).T
    return share(low, high, truth=0)


def of_models(size: int, prevalence: float, metric: str) -> Covered:
    """Coverage of the difference of two models on the same rows, each blind in another way: 0."""
    slices = min(SLICES, MOST_ROWS // size)
    labels, scores = rows_of(size * slices, prevalence, seed=3)
    generator = np.random.default_rng(4)
    features = {"slice": np.repeat(np.arange(slices), size).astype(str)}
    pair = []
    for _ in range(2):
        blurred = np.log(scores / (1 - scores)) + generator.normal(0, 0.7, scores.size)
        said = 1 / (1 + np.exp(-blurred))
        pair.append(
            tw.slice_metrics(labels, said, features, slices=["slice"], metrics=metric, seed=0)
        )
    found = compare(pair[0], pair[1], metric)
    return share(found.low, found.high, truth=0)


def many_slices() -> None:
    """Differences of all slices by four features and their pairs, of 200,000 rows."""
    generator = np.random.default_rng(0)
    rows = rows_of(200_000, 0.3, seed=8)
    levels = {"a": 6, "b": 5, "c": 7, "d": 3}
    features = {name: generator.integers(0, count, 200_000) for name, count in levels.items()}
    table = tw.slice_metrics(*rows, features, slices="auto", metrics="count")
    for metric in ("auc", "brier", "accuracy", "f1"):
        began = time.perf_counter()
        for key in table.slices[1:]:
            table.difference(key, metric)
        took = time.perf_counter() - began
        print(f"  {metric}: {len(table) - 1} differences from the rest in {took:.2f} s", flush=True)


def main() -> None:
    for prevalence in PREVALENCES:
        for interval, sizes in (("auto", SIZES), ("bootstrap", SIZES[:3]), ("jackknife", SIZES)):
            print(f"\n{100 * prevalence:g} % positives, interval={interval!r}; covers in %")
            for size in sizes:
                began = time.perf_counter()
                found = of_slices(size, prevalence, interval)
                print(f"  n = {size}: {found} ({time.perf_counter() - began:.0f} s)", flush=True)
        print(f"{100 * prevalence:g} % positives, rows with weights; covers in %")
        for size in SIZES[:3]:
            print(f"  n = {size}: {of_weighted(size, prevalence)}", flush=True)
    print(f"\nAverages over three classes, shares {SHARES_OF_THREE}; covers in %")
    for size in SIZES[:3]:
        print(f"  n = {size}: {of_averages(size)}", flush=True)
    print("\nDifferences from the rest, and of two models, 40 % positives; covers in %")
    for size in SIZES[:3]:
        for metric in ("accuracy", "f1", "auc", "brier"):
            rest, models = (ask(size, 0.4, metric) for ask in (of_differences, of_models))
            print(f"  n = {size}, {metric}: from the rest {rest}, of models {models}", flush=True)
    print("\nMany slices of 200,000 rows")
    many_slices()


if __name__ == "__main__":
    main()
