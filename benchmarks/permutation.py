"""Permutation importance against scikit-learn's over ``model.predict``, and its memory.

First 20,000 rows x 30 columns x 5 repeats with the AUC, in one process: time, whether both agree
within sampling error, and whether they agree when given the same permutations. Then a million rows
in a process of its own: the peak of its memory, TensorFlow's included, less the data.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.inspection import permutation_importance as scikit_learns
from sklearn.metrics import roc_auc_score

import tfinterp_widgets as tw

ROWS, COLUMNS, REPEATS = 20_000, 30, 5
MANY_ROWS = 1_000_000
ROUNDS = 5
SEED = 0


def seconds(run: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = run()
    return time.perf_counter() - began, result


def table(rows: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Columns of falling weight, the last third of it 0."""
    generator = np.random.default_rng(SEED)
    X = generator.standard_normal((rows, COLUMNS), dtype=np.float32)
    weights = np.maximum(0, np.linspace(1, -0.5, COLUMNS)).astype(np.float32)
    score = X @ weights + generator.standard_normal(rows, dtype=np.float32)
    return X, (score > 0).astype(np.int64)


def perceptron(X: NDArray[np.float32], y: NDArray[np.int64]) -> keras.Model:
    keras.utils.set_random_seed(SEED)
    model = keras.Sequential(
        [
            keras.Input((COLUMNS,)),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    model.fit(X, y, batch_size=256, epochs=2, verbose=0)
    return model


def auc_of_predict(model: keras.Model, X: NDArray[Any], y: NDArray[Any]) -> float:
    return float(roc_auc_score(y, model.predict(X, verbose=0)[:, 0]))


def scikit_learns_permutations() -> NDArray[np.intp]:
    """Those of `permutation_importance(random_state=SEED)`: each shuffles the one before it."""
    seed = np.random.RandomState(SEED).randint(np.iinfo(np.int32).max + 1)
    generator = np.random.RandomState(seed)
    shuffle, source, permutations = np.arange(ROWS), np.arange(ROWS), []
    for _ in range(REPEATS):
        generator.shuffle(shuffle)
        source = source[shuffle]
        permutations.append(source)
    return np.stack(permutations)


def against_scikit_learn() -> None:
    X, y = table(ROWS)
    model = perceptron(X, y)

    def ours(**options: Any) -> tw.ImportanceResult:
        return tw.permutation_importance(model, X, y, "auc", REPEATS, seed=SEED, **options)

    theirs_took, theirs = seconds(
        lambda: scikit_learns(
            model, X, y, scoring=auc_of_predict, n_repeats=REPEATS, random_state=SEED
        )
    )
    rounds = [seconds(ours) for _ in range(ROUNDS)]
    took, result = statistics.median(each for each, _ in rounds), rounds[-1][1]
    print(f"{ROWS} rows x {COLUMNS} columns x {REPEATS} repeats, AUC {result.baseline_score:.4f}")
    print(f"scikit-learn over model.predict: {theirs_took:.1f} s")
    print(f"ours: {took:.2f} s, the first time {rounds[0][0]:.2f} s, which traces the model")
    print(f"scikit-learn / ours: {theirs_took / took:.1f} (goal: >= 25)")

    error = np.sqrt((theirs.importances_std**2 + result.std**2) / (REPEATS - 1))
    apart = np.abs(theirs.importances_mean - result.mean) / error
    print(f"means apart, in standard errors: median {np.median(apart):.2f}, most {apart.max():.2f}")
    low, high = result.interval.T
    inside = ((low <= theirs.importances_mean) & (theirs.importances_mean <= high)).sum()
    print(f"scikit-learn's means in our 95 % intervals: {inside} of {COLUMNS}")
    same = ours(permutations=scikit_learns_permutations())
    difference = np.abs(same.importances - theirs.importances).max()
    print(f"on the same permutations, the largest difference: {difference:.1e} (goal: < 1e-6)")

    again = ours()
    interval_took, _ = seconds(lambda: again.interval)
    print(f"the interval, on top: {interval_took:.2f} s; {took + interval_took:.2f} s together")


def of_many_rows() -> None:
    """Run in a process of its own: tell how long a million rows take, and the peak of memory."""
    X, y = table(MANY_ROWS)
    model = perceptron(X[:ROWS], y[:ROWS])
    data = X.nbytes + y.nbytes
    took, result = seconds(
        lambda: tw.permutation_importance(model, X, y, "auc", REPEATS, seed=SEED)
    )
    interval_took, _ = seconds(lambda: result.interval)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{MANY_ROWS} rows x {COLUMNS} columns x {REPEATS} repeats: {took:.1f} s")
    print(f"the interval, on top: {interval_took:.2f} s")
    print(
        f"peak memory {peak / 2**20:.0f} MiB, less {data / 2**20:.0f} MiB of data: "
        f"{(peak - data) / 2**20:.0f} MiB (goal: <= 1024)"
    )


def main() -> None:
    against_scikit_learn()
    subprocess.run([sys.executable, __file__, str(MANY_ROWS)], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        of_many_rows()
    else:
        main()
