"""Predictions with features shuffled, repeat after repeat: what every importance is scored from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine.asking.cache import ByteLimitedCache
from tfinterp_widgets.evaluation.importance.grouping import Feature
from tfinterp_widgets.evaluation.metrics.metrics import MetricDefinition
from tfinterp_widgets.evaluation.metrics.scores import Labels, Predictions, Score, Weights
from tfinterp_widgets.evaluation.metrics.tasks import check_predictions
from tfinterp_widgets.evaluation.models.forward import Rows
from tfinterp_widgets.evaluation.models.predictor import Predictor
from tfinterp_widgets.evaluation.tables.tables import Indices, Shuffle

REPEAT_BYTES = 64 * 2**20
"""Predictions of repeats that are kept, to be scored by another metric later."""

DRAW_BYTES = 64 * 2**20
"""Predictions of bootstrap draws that are kept, likewise; so they cannot push out the repeats."""

LARGEST_DRAW = 1_000
"""Rows in a bootstrap draw, at most."""


class Round(NamedTuple):
    """One shuffle of rows, the same for every feature.

    Attributes
    ----------
    key : (str, int)
        ("repeat", r) or ("draw", b).
    rows, source : ndarray of intp, shape (m,)
        The rows, and where a shuffled column's values come from.
    """

    key: tuple[str, int]
    rows: Indices
    source: Indices


@dataclass(frozen=True, eq=False)
class Experiment:
    """What stays the same from repeat to repeat.

    Attributes
    ----------
    predictor : Predictor
    y : ndarray, shape (n,)
    weights : ndarray of float64, shape (n,), or None
    features : tuple of Feature
    seed : int
    permutations : ndarray of int, shape (repeats, n), or None
        Those of the first repeats, where the user gave them.
    """

    predictor: Predictor
    y: Labels
    weights: Weights
    features: tuple[Feature, ...]
    seed: int
    permutations: NDArray[np.intp] | None
    _kept: dict[str, ByteLimitedCache] = field(
        default_factory=lambda: {
            "repeat": ByteLimitedCache(REPEAT_BYTES),
            "draw": ByteLimitedCache(DRAW_BYTES),
        }
    )

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.y)

    @property
    def baseline(self) -> Rows:
        """Predictions with nothing shuffled, (n, outputs)."""
        return self._begun[1]

    @property
    def is_current(self) -> bool:
        """Whether the model's weights are those of the baseline, as far as can be seen."""
        return self.predictor.fingerprint() == self._begun[0]

    @cached_property
    def _begun(self) -> tuple[int, Rows]:
        return self.predictor.fingerprint(), self.predictor(self.predictor.table.rows)

    @cached_property
    def _constant(self) -> tuple[bool, ...]:
        # A constant column looks the same however it is shuffled: its importance is 0, exactly.
        table = self.predictor.table
        return tuple(
            all(table.column(column).nunique(dropna=False) == 1 for column in feature.columns)
            for feature in self.features
        )

    def repeat(self, number: int) -> Round:
        """Repeat `number`, from 0: one permutation of all rows.

        Drawn from the seed and the number alone, so that more repeats later are those that a
        longer run would have had, and neither chunks nor other features change it.
        """
        if self.permutations is not None and number < len(self.permutations):
            permutation = self.permutations[number]
        else:
            seeds = np.random.SeedSequence([self.seed, number])
            permutation = np.random.default_rng(seeds).permutation(self.rows)
        return Round(("repeat", number), np.arange(self.rows), permutation)

    def draw(self, number: int) -> Round:
        """Bootstrap draw `number`, from 0: rows drawn with replacement, shuffled among them."""
        seeds = np.random.SeedSequence([self.seed, number], spawn_key=(1,))
        generator = np.random.default_rng(seeds)
        rows = generator.integers(self.rows, size=min(self.rows, LARGEST_DRAW))
        return Round(("draw", number), rows, generator.permutation(rows))

    def drops(
        self, rounds: Sequence[Round], metric: MetricDefinition
    ) -> tuple[NDArray[np.float64], int]:
        """How much worse the score gets when a feature is shuffled; positive is worse.

        Returns
        -------
        drops : ndarray of float64, shape (features, rounds)
            NaN where the metric is undefined for the rows of a round.
        evaluations : int
            Rows predicted for it: 0 where the predictions were kept.
        """
        drops = np.empty((len(self.features), len(rounds)))
        predictions = self._predictions(rounds)
        evaluations = 0
        sign = 1 if metric.greater_is_better else -1
        for number, this in enumerate(rounds):
            y = self.y[this.rows]
            weights = None if self.weights is None else self.weights[this.rows]
            # A draw may hold none of the rows that count.
            counts = weights is None or weights.any()
            score: Score = metric.function if counts else _undefined
            before = score(y, self.baseline[this.rows], weights)
            for position in range(len(self.features)):
                shuffled, predicted = next(predictions)
                after = score(y, shuffled, weights)
                drops[position, number] = sign * (before - after)
                evaluations += predicted
        return drops, evaluations

    def _predictions(self, rounds: Sequence[Round]) -> Iterator[tuple[Rows, int]]:
        """Round by round and feature by feature: predictions, and how many of them are new."""
        varying = self._kept_predictions(rounds) or self._new_predictions(rounds)
        for this in rounds:
            for is_constant in self._constant:
                yield (self.baseline[this.rows], 0) if is_constant else next(varying)

    def _kept_predictions(self, rounds: Sequence[Round]) -> Iterator[tuple[Rows, int]] | None:
        # All or none: what shares a chunk may change the last bit of a prediction.
        kept: list[Any] = [
            self._kept[this.key[0]].get((this.key, feature))
            for this in rounds
            for feature in self._varying
        ]
        return None if any(rows is None for rows in kept) else zip(kept, repeat(0), strict=False)

    def _new_predictions(self, rounds: Sequence[Round]) -> Iterator[tuple[Rows, int]]:
        if not self.is_current:
            raise RuntimeError(
                "the model's weights have changed since this importance was begun; measure it anew "
                "with permutation_importance."
            )
        tasks = [(this, feature) for this in rounds for feature in self._varying]
        shuffles = (Shuffle(this.rows, this.source, feature.columns) for this, feature in tasks)
        predicted = self.predictor.shuffled(shuffles)
        for (this, feature), rows in zip(tasks, predicted, strict=True):
            self._check(rows, feature)
            self._kept[this.key[0]].put((this.key, feature), rows, rows.nbytes)
            yield rows, len(rows)

    @property
    def _varying(self) -> list[Feature]:
        pairs = zip(self.features, self._constant, strict=True)
        return [feature for feature, is_constant in pairs if not is_constant]

    def _check(self, predictions: Rows, feature: Feature) -> None:
        try:
            check_predictions(predictions)
        except ValueError as error:
            error.add_note(f"Raised with {feature.name!r} shuffled.")
            raise


def _undefined(_y: Labels, _predictions: Predictions, _weights: Weights) -> float:
    return float("nan")
