"""Occlusion: how far the score falls when a window of the input is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import tensorflow as tf

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.baselines import as_baseline
from tfinterp_widgets.engine.baselines.plain import ZERO
from tfinterp_widgets.engine.digests import digest
from tfinterp_widgets.engine.methods.remembering import WithoutSteps, remembered
from tfinterp_widgets.engine.parameters import suggests_keywords, whole_number
from tfinterp_widgets.engine.perturbing.hiding import Hiding, map_shape
from tfinterp_widgets.engine.perturbing.windows import windows_over
from tfinterp_widgets.engine.quadrature import spread_out
from tfinterp_widgets.engine.tensors import as_tensor


@suggests_keywords
@dataclass(frozen=True)
class Occlusion(WithoutSteps):
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
    family: ClassVar[str] = "Perturbation"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Hides one window at a time: what is there twice is not missed."

    window: int = field(default=15, metadata={"min": 1, "max": 128})
    stride: int = field(default=8, metadata={"min": 1, "max": 128})
    baseline: Any = ZERO

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

    def _run(self, question: Question, hiding: Hiding) -> Iterator[Attribution]:
        (score,) = question.scores([question.point])
        shape = map_shape(question.layout)
        falls, times = tf.zeros(shape), tf.zeros(shape)
        windows = windows_over(question.layout, self.window, self.stride)
        order = spread_out(windows.count)
        for begin, end in question.forward_chunks(windows.count):
            hidden = windows.masks(order[begin:end])
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
                progress=end / windows.count,
                final=end == windows.count,
            )
