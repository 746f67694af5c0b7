"""Train the network of `samples.german_credit` and say how well it does.

Writes the weights into ``tfinterp_widgets/samples/data``. Only the training part is seen: its
means and deviations scale the numbers, and every fifth of its rows is held out to say when to
stop. Seeded; another processor or version of TensorFlow may still differ in the last digits::

    python scripts/train_german_credit.py
"""

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from tfinterp_widgets.samples.credit_encoding import Encoding
from tfinterp_widgets.samples.credit_table import read_table
from tfinterp_widgets.samples.german_credit import build_model, is_in_test_part

WEIGHTS = Path(__file__).parents[1] / "tfinterp_widgets" / "samples" / "data" / "german_credit.npz"
SEED = 0


def main() -> None:
    """Train, write, report."""
    table, good = read_table()
    test = is_in_test_part(good)
    encoding = Encoding.of(table[~test])
    matrix = encoding.encode(table)
    model = train(matrix[~test], good[~test])
    np.savez(WEIGHTS, **weights(model))  # type: ignore[arg-type]
    scores = np.asarray(model(matrix))[:, 0]
    print(f"AUC, training part  {auc(good[~test], scores[~test]):.4f}")
    print(f"AUC, test part      {auc(good[test], scores[test]):.4f}")


def train(matrix: NDArray[np.float32], good: NDArray[np.int64]) -> keras.Model:
    """Fit until the rows held out are predicted no better."""
    keras.utils.set_random_seed(SEED)
    held_out = np.arange(len(good)) % 5 == 0
    model = build_model(matrix.shape[1])
    model.compile(keras.optimizers.AdamW(1e-3, weight_decay=0.1), "binary_crossentropy")
    stop = keras.callbacks.EarlyStopping(patience=20, restore_best_weights=True)
    model.fit(
        matrix[~held_out],
        good[~held_out],
        validation_data=(matrix[held_out], good[held_out]),
        batch_size=32,
        epochs=500,
        callbacks=[stop],
        verbose=0,
    )
    return model


def weights(model: keras.Model) -> dict[str, NDArray[np.float32]]:
    """Name each weight ``layer/variable``, as they are read again."""
    return {
        f"{layer.name}/{variable.name}": np.asarray(variable)
        for layer in model.layers
        for variable in layer.weights
    }


def auc(good: NDArray[np.int64], scores: NDArray[np.float32]) -> float:
    """Return the share of pairs of a good and a bad row that the scores put in order."""
    positives = int(good.sum())
    ranks = rankdata(scores)[good == 1].sum() - positives * (positives + 1) / 2
    return float(ranks / (positives * (len(good) - positives)))


if __name__ == "__main__":
    main()
