"""A faster equal of a model: found once, and taken only where it answers alike."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.computing.differentiable import Differentiable
from tfinterp_widgets.engine.models import AdaptedModel
from tfinterp_widgets.engine.models.folding import Fold, Folding, finding_folds, is_norm
from tfinterp_widgets.engine.models.layout import Layout
from tfinterp_widgets.engine.models.reading import Outputs, Reading

Array = NDArray[np.float32]

SCORE_TOLERANCE = 1e-4
"""How far scores may be off, relative to the largest of them."""

GRADIENT_TOLERANCE = 1e-2
"""How far the gradient at a point may be off, in relative L1: rounding turns a few ReLUs over."""

PROBES = 4
"""Points at which a model and its faster equal are compared: one small chunk."""

_SWITCHING = threading.Lock()
"""Held while TensorFlow's setting for TensorFloat-32, which is one for all, is another."""

_log = logging.getLogger("tfinterp_widgets")


class Optimiser:
    """Chooses between one model and a faster equal of it.

    The faster one folds batch normalisations, and leaves out outputs that nobody asked for. It is
    compared with the original at the first question, and again whenever the weights are new.

    Parameters
    ----------
    original : AdaptedModel
    cut : AdaptedModel or None
        The same model without its unused outputs, if it has any that can be cut.
    reading : Reading
        The scale of the scores.
    wanted : bool
        Whether to look for a faster equal at all.
    """

    def __init__(
        self, original: AdaptedModel, cut: AdaptedModel | None, reading: Reading, wanted: bool
    ) -> None:
        self._original = original
        self._cut = cut
        self._reading = reading
        self._chosen = original
        self._comparison: _Comparison | None = None
        self._looked = not wanted

    @property
    def chosen(self) -> AdaptedModel:
        """The model that is explained."""
        return self._chosen

    @property
    def summary(self) -> str | None:
        """What was done, in words; None if nothing was."""
        if self._comparison is None:
            return None
        count = len(self._chosen.folding or ())
        norms = f"{count} batch normalisation{'s' if count > 1 else ''} folded"
        parts = [norms if count else "", "unused outputs cut" if self._cut else ""]
        return ", ".join(filter(None, parts))

    def differentiable(
        self, make: Callable[[AdaptedModel], Differentiable], layout: Layout, point: Array
    ) -> Differentiable:
        """The faster equal, where there is one, or the original, compiled for inputs of a layout.

        Parameters
        ----------
        make : callable
            Compiles a model for inputs of this layout.
        layout : Layout
        point : ndarray of float32
            An input: random ones like it are what the two are compared at.
        """
        if self._looked:
            return make(self._chosen)
        self._looked = True
        try:
            return self._look(make, random_points(layout, point))
        except Exception as error:
            # The original answers, or raises errors of its own, as if we had not looked.
            self._keep_original(f"{type(error).__name__}: {error}")
            return make(self._original)

    def holds(self, weights: int) -> bool:
        """Whether the choice holds for weights of this fingerprint too; if not, it is undone."""
        compared = self._comparison
        if compared is None or compared.weights == weights:
            return True
        self._comparison = replace(compared, weights=weights)
        return self._accept(self._comparison)

    def _look(
        self, make: Callable[[AdaptedModel], Differentiable], points: Array
    ) -> Differentiable:
        base = self._cut or self._original
        layers = base.layers() if base.layers else []
        folds: list[Fold] = []
        reference = make(replace(self._original, outputs=_watched(self._original, folds)))
        if any(map(is_norm, layers)):
            _gradients(reference, points, 0)  # which traces the model
        folds = [fold for fold in folds if fold.norm in layers]
        if not folds and self._cut is None:
            return reference
        faster = folded(base, Folding(folds), self._original)
        candidate = make(faster)
        self._chosen = faster
        self._comparison = _Comparison(
            reference, candidate, self._reading, points, candidate.fingerprint()
        )
        return candidate if self._accept(self._comparison) else reference

    def _accept(self, comparison: _Comparison) -> bool:
        with _full_precision():
            difference = comparison.difference()
        if difference is not None:
            self._keep_original(difference)
        return difference is None

    def _keep_original(self, reason: str) -> None:
        _log.warning("model %r is not optimised: %s", self._original.name, reason)
        self._comparison = None
        self._chosen = self._original


@dataclass(frozen=True)
class _Comparison:
    """A model, what may take its place, where they are compared, and with which weights."""

    reference: Differentiable
    candidate: Differentiable
    reading: Reading
    points: Array
    weights: int

    def difference(self) -> str | None:
        """In what they differ by more than they may; None if in nothing."""
        for target in self._targets():
            expected, expected_gradients = _gradients(self.reference, self.points, target)
            scores, gradients = _gradients(self.candidate, self.points, target)
            error = _relative(np.abs(scores - expected).max(), np.abs(expected).max())
            if not error <= SCORE_TOLERANCE:
                return f"its scores would be off by {error:.1e}; allowed are {SCORE_TOLERANCE}."
            error = max(
                _relative(np.abs(ours - theirs).sum(), np.abs(theirs).sum())
                for ours, theirs in zip(gradients, expected_gradients, strict=True)
            )
            if not error <= GRADIENT_TOLERANCE:
                return f"gradients would be off by {error:.1e}; allowed are {GRADIENT_TOLERANCE}."
        return None

    def _targets(self) -> set[int]:
        """The classes that lead nearest to the input and in pure noise."""
        rows = [
            self.reading.scores(self.candidate.evaluate(self.points[[place]])) for place in (0, -1)
        ]
        return {int(np.argmax(row)) for row in rows}


@contextmanager
def _full_precision() -> Iterator[None]:
    """Keep a GPU from rounding to TensorFloat-32, to tell mistakes from rounding."""
    if not tf.config.list_logical_devices("GPU"):
        yield
        return
    with _SWITCHING:
        rounds = tf.config.experimental.tensor_float_32_execution_enabled()
        tf.config.experimental.enable_tensor_float_32_execution(False)
        try:
            yield
        finally:
            tf.config.experimental.enable_tensor_float_32_execution(rounds)


def folded(base: AdaptedModel, folding: Folding, original: AdaptedModel) -> AdaptedModel:
    """The same model with its batch normalisations folded."""

    def outputs(batch: Any) -> Outputs:
        with folding.applied():
            return base.outputs(batch)

    return replace(base, outputs=outputs, folding=folding, original=original)


def random_points(layout: Layout, point: Array) -> Array:
    """Points from near an input to pure noise, on the scale of each of its arrays.

    Returns
    -------
    ndarray of float32, shape (PROBES, *point.shape)
        What has no gradient, such as token ids, stays as it is in the input.
    """
    random = np.random.default_rng(0)
    shares = np.linspace(0, 1, PROBES + 1)[1:]
    arrays = layout.unpack(point)
    return np.stack(
        [
            layout.keep_carried(
                point,
                layout.pack({name: _blend(array, share, random) for name, array in arrays.items()}),
            )
            for share in shares
        ]
    )


def _blend(array: Array, share: float, random: np.random.Generator) -> Array:
    low, high = array.min(), array.max()
    if low == high:
        low, high = low - 1, high + 1
    noise = random.uniform(low, high, array.shape)
    return (array + share * (noise - array)).astype(np.float32)


def _watched(model: AdaptedModel, folds: list[Fold]) -> Callable[[Any], Outputs]:
    """The model's `outputs`, which fill the list when they are traced."""

    def outputs(batch: Any) -> Outputs:
        with finding_folds(model.layers() if model.layers else []) as found:
            said = model.outputs(batch)
            # A reader of what is also the model's output, so that it is not taken for unused.
            rows = tf.identity(said.rows)
        folds[:] = found
        return Outputs(rows, said.activated)

    return outputs


def _gradients(model: Differentiable, points: Array, target: int) -> tuple[Array, Array]:
    parts = []
    for begin, end in model.chunks(len(points)):
        parts += model.gradients_of(tf.constant(points[begin:end]), [target])
    return (
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.gradients.numpy() for part in parts]),
    )


def _relative(difference: float, size: float) -> float:
    if difference == 0:
        return 0.0
    return float(difference / size) if size else np.inf
