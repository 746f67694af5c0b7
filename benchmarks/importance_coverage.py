"""How often the 95 % interval holds the true importance, for a score and for a loss.

The model is known, and so are its importances. Columns x are independent standard normals, the
model says S = w·x, and what is true is T = w·x + noise.

- Loss, the mean squared error of S against T: shuffling column j adds 2 w_j².
- Score, the AUC of S for the classes T > 0: with rho the correlation of S and T, it is
  1/2 + 2/pi arcsin(rho/sqrt 2), an orthant probability of three normals (Sheppard 1899). Shuffling
  column j takes rho to rho (1 - w_j² / sum w²).

For comparison, the t interval over the repeats, which knows nothing of the rows being a sample.
"""

import time

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

import tfinterp_widgets as tw

WEIGHTS = np.array([1.0, 0.5, 0.2])
NOISE = 1.0
SIZES = (200, 5_000)
TABLES = 300
REPEATS = 10

Values = NDArray[np.float64]


class Known:
    """The model, as anything with `predict`."""

    def predict(self, X: Values) -> Values:
        """Return w·x for each row."""
        said: Values = X @ WEIGHTS
        return said


def auc(rho: Values) -> Values:
    area: Values = 0.5 + 2 / np.pi * np.arcsin(rho / np.sqrt(2))
    return area


def truths() -> dict[str, Values]:
    variance = (WEIGHTS**2).sum()
    rho = np.sqrt(variance / (variance + NOISE**2))
    return {"auc": auc(rho) - auc(rho * (1 - WEIGHTS**2 / variance)), "mse": 2 * WEIGHTS**2}


def covered(metric: str, truth: Values, rows: int, seed: int) -> tuple[Values, Values]:
    """Whether the interval, and whether that over repeats, holds the truth; by column."""
    generator = np.random.default_rng([seed, rows])
    X = generator.standard_normal((rows, WEIGHTS.size))
    said = X @ WEIGHTS + NOISE * generator.standard_normal(rows)
    y = said > 0 if metric == "auc" else said
    result = tw.permutation_importance(Known(), X, y, metric, REPEATS, seed=seed)
    low, high = result.interval.T
    half = t.ppf(0.975, REPEATS - 1) * result.importances.std(axis=1, ddof=1) / np.sqrt(REPEATS)
    return (low <= truth) & (truth <= high), np.abs(result.mean - truth) <= half


def main() -> None:
    print(f"{TABLES} tables each; columns of weight {', '.join(map(str, WEIGHTS))}")
    for metric, truth in truths().items():
        for rows in SIZES:
            began = time.perf_counter()
            runs = [covered(metric, truth, rows, seed) for seed in range(TABLES)]
            ours, repeats = (100 * np.mean(column, axis=0) for column in zip(*runs, strict=True))
            print(
                f"{metric}, {rows} rows, true {np.round(truth, 4)}: the interval covers in "
                f"{np.round(ours, 1)} %, a t interval over repeats in {np.round(repeats, 1)} % "
                f"({time.perf_counter() - began:.0f} s)"
            )


if __name__ == "__main__":
    main()
