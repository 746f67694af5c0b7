"""The input with parts of it replaced by a baseline, in model space."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.baselines import Baseline
from tfinterp_widgets.engine.paths import baseline_of
from tfinterp_widgets.engine.question import Question, as_tensor


class Hiding:
    """Makes points that keep some values of the input x and take the others from a baseline x'.

    Attributes
    ----------
    baseline : ndarray of float32, or a list or dictionary of them
        In the user's own space.
    start : ndarray of float32
        x' in model space.

    Raises
    ------
    ValueError
        If the baseline does not fit the input.
    """

    def __init__(self, question: Question, baseline: Baseline) -> None:
        self.baseline = baseline_of(baseline, question.example)
        # Token ids as well: to hide them needs no gradient.
        self.start = question.to_model_space(self.baseline, carry=False)
        self._shown = as_tensor(question.point)
        self._hidden = as_tensor(self.start)

    def points(self, kept: Any) -> Any:
        """Return points in model space, made on the device.

        Parameters
        ----------
        kept : tensor of bool, shape (n, ...)
            True where the input stays; broadcast against it, so (n, H, W, 1) serves all channels.

        Returns
        -------
        tensor of float32, shape (n, ...)
        """
        # Chosen rather than mixed by arithmetic: what is kept stays the input to the last bit.
        return tf.where(kept, self._shown, self._hidden)


def value_shape(question: Question) -> tuple[int, ...]:
    """The shape of a map without channels: (H, W, 1) of an image, else the input's own."""
    shape = question.point.shape
    return (*shape[:2], 1) if len(shape) == 3 else shape
