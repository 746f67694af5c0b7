"""The input with parts of it replaced by a baseline, in model space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from tfinterp_widgets.engine.asking.inside import check_channels_last
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.baselines import Baseline
from tfinterp_widgets.engine.baselines.making import baseline_of
from tfinterp_widgets.engine.models.layout import Layout
from tfinterp_widgets.engine.tensors import as_tensor


class Hiding:
    """Makes points that keep some values of the input x and take the others from a baseline x'.

    Parameters
    ----------
    question : Question
    baseline : Baseline

    Attributes
    ----------
    baseline : ndarray of float32, or a list or dictionary of them
        In the user's own space.
    start : ndarray of float32
        x' in model space.

    Raises
    ------
    ValueError
        If the baseline does not fit the input, or the input is an image with its channels first.
    """

    def __init__(self, question: Question, baseline: Baseline) -> None:
        check_channels_last(question)
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


def map_shape(layout: Layout) -> tuple[int, ...]:
    """The shape of a map without channels: (H, W, 1) of a single image, else that of the point."""
    shape = layout.shape
    return (*shape[:2], 1) if len(shape) == 3 else shape


def joined(layout: Layout, masks: Sequence[Any]) -> Any:
    """Put masks of an input's arrays together as points are.

    Parameters
    ----------
    layout : Layout
    masks : sequence of tensor
        One for each array, (n, H, W, 1) for an image, else (n, ...) of the array's shape.

    Returns
    -------
    tensor, shape (n, *map_shape(layout))
        Of several arrays a vector, in which a mask is repeated for each channel.
    """
    if not layout.packed:
        return masks[0]
    flat = [
        tf.reshape(tf.repeat(mask, leaf.shape[-1], axis=-1), (-1, leaf.size))
        if len(leaf.shape) == 3
        else tf.reshape(mask, (-1, leaf.size))
        for mask, leaf in zip(masks, layout.leaves, strict=True)
    ]
    return tf.concat(flat, axis=1)
