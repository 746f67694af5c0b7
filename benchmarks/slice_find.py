"""The search for bad slices: how long it takes, how seldom noise fools it, and what it can find.

Ten features of five values each, in combinations of up to three: 16,175 candidates. Once without
anything to be found, once with one combination of three, 0.8 % of the rows, whose scores say
nothing. Then 200 small tables of pure noise for each metric.
"""

import time

import numpy as np

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable

METRICS = ("accuracy", "f1", "balanced_accuracy", "log_loss", "auc")
SEEDS = 200


def table_of(rows: int, features: int, levels: int, seed: int, planted: bool) -> SliceTable:
    generator = np.random.default_rng(seed)
    columns = {f"f{i}": generator.integers(0, levels, rows) for i in range(features)}
    labels = (generator.random(rows) < 0.4).astype(np.int64)
    scores = 1 / (1 + np.exp(0.75 - generator.standard_normal(rows) - 1.5 * labels))
    if planted:
        inside = (columns["f0"] == 1) & (columns["f1"] == 2) & (columns["f2"] == 0)
        scores[inside] = generator.random(np.count_nonzero(inside))
    return tw.slice_metrics(labels, scores, columns, slices=[()], metrics="count")


def main() -> None:
    for planted in (False, True):
        table = table_of(100_000, 10, 5, seed=0, planted=planted)
        print(f"100,000 rows, 10 features of 5 values, {'planted' if planted else 'noise'}:")
        for metric in METRICS:
            began = time.perf_counter()
            findings = table.find(metric)
            seconds = time.perf_counter() - began
            first = repr(findings).splitlines()[1:2]
            print(f"  {metric}: {seconds:.1f} s; {findings.summary}", *first, sep="\n    ")
    print(f"{SEEDS} tables of noise, 1,000 rows, 5 features of 3 values:")
    for metric in METRICS:
        fooled = sum(
            len(table_of(1_000, 5, 3, seed, planted=False).find(metric)) > 0
            for seed in range(SEEDS)
        )
        print(f"  {metric}: something found in {100 * fooled / SEEDS:.1f} %")


if __name__ == "__main__":
    main()
