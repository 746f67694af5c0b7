"""Occlusion: how far the score falls when a window of the input is hidden."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.baselines import Constant, as_baseline
from tfinterp_widgets.engine.hiding import Hiding, value_shape
from tfinterp_widgets.engine.inputs import whole_number
from tfinterp_widgets.engine.keywords import suggests_keywords
from tfinterp_widgets.engine.methods.remembering import remembered
from tfinterp_widgets.engine.quadrature import spread_out
from tfinterp_widgets.engine.question import Question, as_tensor, digest

BLACK = Constant(0.0)

Covered = Callable[[NDArray[np.intp]], Any]
"""Maps numbers (n,) of windows to a bool tensor (n, ...), True where the window is."""


@suggests_keywords
@dataclass(frozen=True)
class Occlusion:
    """How far the score falls when a square window of an image is replaced by a baseline.

    A pixel's value is the mean, over the windows w that cover it, of ``F(x) - F(x without w)``:
    the sum, divided by how often it was covered. Values of shape (H, W, 1), in units of the score;
    they do not sum to anything. Windows start at every `stride`-th pixel from the top left corner;
    the last ones are cut off at the border. Of inputs that are no images (rows of a table,
    sequences) each value is hidden by itself. ``evaluations`` counts the windows evaluated.

    Source: Zeiler & Fergus (2014), "Visualizing and Understanding Convolutional Networks",
    section 4.2.

    Parameters
    ----------
    window : int
        Side of the window in pixels, >= 1; without meaning for inputs that are no images.
    stride : int
        Pixels from one window to the next, >= 1. More than `window` would leave pixels uncovered,
        and is taken as `window`.
    baseline : Baseline, float or array
        What a hidden part is replaced by, in the user's own space.

    Raises
    ------
    TypeError, ValueError
        If window or stride is not a whole number of at least 1, or the baseline is unknown.

    Examples
    --------
    >>> method = Occlusion(window=31, stride=15, baseline=127.5)
    >>> engine.attribute(photo, target=285, method=method).values.shape  # doctest: +SKIP
    (224, 224, 1)
    """

    label: ClassVar[str] = "Occlusion"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Hides one window at a time: what is there twice is not missed."

    window: int = field(default=15, metadata={"min": 1, "max": 128})
    stride: int = field(default=8, metadata={"min": 1, "max": 128})
    baseline: Any = BLACK

    def __post_init__(self) -> None:
        window = whole_number("window", self.window, at_least=1)
        stride = whole_number("stride", self.stride, at_least=1)
        object.__setattr__(self, "window", window)
        object.__setattr__(self, "stride", min(stride, window))
        object.__setattr__(self, "baseline", as_baseline(self.baseline))

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: windows come spread over the input, and each chunk adds some."""
        hiding = Hiding(question, self.baseline)
        key = ("Occlusion", self.window, self.stride, digest(hiding.start))
        run = partial(self._run, question, hiding)
        yield from remembered(question, key, run, hiding.baseline)

    def known(self, question: Question) -> dict[int, Attribution]:
        """Nothing: the method has no steps."""
        del question
        return {}

    def _run(self, question: Question, hiding: Hiding) -> Iterator[Attribution]:
        (score,) = question.scores([question.point])
        shape = value_shape(question)
        count, covered = self._windows(question)
        falls, times = tf.zeros(shape), tf.zeros(shape)
        order = spread_out(count)
        for begin, end in question.forward_chunks(count):
            hidden = covered(order[begin:end])
            fall = as_tensor(score - question.evaluate(hiding.points(~hidden)))
            hidden = tf.cast(hidden, tf.float32)
            falls += tf.tensordot(fall, hidden, 1)
            times += tf.reduce_sum(hidden, axis=0)
            yield Attribution(
                values=tf.math.divide_no_nan(falls, times).numpy(),
                target=question.target,
                method=self,
                score=score,
                baseline=hiding.baseline,
                evaluations=end,
                progress=end / count,
                final=end == count,
            )

    def _windows(self, question: Question) -> tuple[int, Covered]:
        """How many windows there are, and what each covers."""
        shape = question.point.shape
        if len(shape) == 3:
            return _squares(shape[0], shape[1], self.window, self.stride)
        return _single_values(shape)


def _squares(height: int, width: int, window: int, stride: int) -> tuple[int, Covered]:
    tops, lefts = _starts(height, window, stride), _starts(width, window, stride)

    def covered(numbers: NDArray[np.intp]) -> Any:
        rows = _between(tops[numbers // lefts.size], window, height)
        columns = _between(lefts[numbers % lefts.size], window, width)
        return (rows[:, :, None] & columns[:, None, :])[..., None]

    return tops.size * lefts.size, covered


def _starts(size: int, window: int, stride: int) -> NDArray[np.intp]:
    """Where windows start: as many as it takes to cover the last pixel."""
    return stride * np.arange(math.ceil(max(0, size - window) / stride) + 1)


def _between(starts: NDArray[np.intp], window: int, size: int) -> Any:
    position = tf.range(size, dtype=tf.int32)
    first = tf.constant(starts[:, None], tf.int32)
    return (position >= first) & (position < first + window)


def _single_values(shape: tuple[int, ...]) -> tuple[int, Covered]:
    count = math.prod(shape)

    def covered(numbers: NDArray[np.intp]) -> Any:
        one_of_each = tf.one_hot(numbers, count, on_value=True, off_value=False)
        return tf.reshape(one_of_each, (-1, *shape))

    return count, covered
