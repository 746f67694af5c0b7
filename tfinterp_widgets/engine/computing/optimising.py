"""A faster equal of a model: found once, and taken only where it answers alike."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.computing.comparing import (
    Array,
    Comparison,
    gradients_at,
    random_points,
)
from tfinterp_widgets.engine.computing.differentiable import Differentiable
from tfinterp_widgets.engine.models import AdaptedModel
from tfinterp_widgets.engine.models.folding import Fold, Folding, finding_folds, folded, is_norm
from tfinterp_widgets.engine.models.layout import Layout
from tfinterp_widgets.engine.models.reading import Outputs, Reading

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
        self._comparison: Comparison | None = None
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
            gradients_at(points, reference, 0)  # which traces the model
        folds = [fold for fold in folds if fold.norm in layers]
        if not folds and self._cut is None:
            return reference
        faster = folded(base, Folding(folds), self._original)
        candidate = make(faster)
        self._chosen = faster
        self._comparison = Comparison(
            reference, candidate, self._reading, points, candidate.fingerprint()
        )
        return candidate if self._accept(self._comparison) else reference

    def _accept(self, comparison: Comparison) -> bool:
        difference = comparison.difference()
        if difference is not None:
            self._keep_original(difference)
        return difference is None

    def _keep_original(self, reason: str) -> None:
        _log.warning("model %r is not optimised: %s", self._original.name, reason)
        self._comparison = None
        self._chosen = self._original


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
