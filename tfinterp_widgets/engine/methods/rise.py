"""RISE: the mean of random masks, weighted by the probability under each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import tensorflow as tf

from tfinterp_widgets.engine.asking.inside import check_channels_last
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction
from tfinterp_widgets.engine.methods.remembering import WithoutSteps, remembered
from tfinterp_widgets.engine.models.layout import Layout
from tfinterp_widgets.engine.parameters import suggests_keywords, whole_number
from tfinterp_widgets.engine.perturbing.hiding import joined, map_shape
from tfinterp_widgets.engine.sampling import draws
from tfinterp_widgets.engine.sampling.running import RunningMoments
from tfinterp_widgets.engine.tensors import as_tensor

KEPT = 0.5
"""The paper's p: how likely a cell of the grid is to be kept."""


@suggests_keywords
@dataclass(frozen=True)
class RISE(WithoutSteps):
    """Randomised input sampling: ``sum_i f(M_i x) M_i / (N p)`` over N random masks M_i.

    f is the target's probability (of a pair (a, b): p_a - p_b), whatever the engine's output; for a
    score of your own, and a model of one linear unit such as a regression, it is the score. Masks
    multiply the input in model space, so what is masked out is 0 there: mid-grey for many
    classifiers. A mask is a grid of cells kept with probability p = 1/2, enlarged bilinearly and
    shifted at random by less than a cell. Of inputs that are no images each value is kept or
    dropped by itself.

    Values have shape (H, W, 1), in units of f: its expectation while the pixel is kept. They
    are not centred on zero, every pixel carries about the mean of f, and they sum to nothing in
    particular. ``standard_error`` is that of the mean over masks, None for a single mask;
    ``evaluations`` counts masks.

    Source: Petsiuk, Das & Saenko (2018), "RISE: Randomized Input Sampling for Explanation of
    Black-box Models".

    Parameters
    ----------
    masks : int
        Number N of masks, >= 1; the authors take 4000 to 8000.
    seed : int
        >= 0. Mask number i is made from the seed and i alone.
    grid : int
        Cells s along each side of an image, >= 1: small ones find small things, and need more
        masks. The authors take 7.

    Raises
    ------
    TypeError, ValueError
        If one of them is no whole number, or too small.

    Examples
    --------
    >>> a = engine.attribute(photo, method=RISE(masks=1000, seed=1))  # doctest: +SKIP
    >>> float(a.standard_error.max())  # doctest: +SKIP
    0.012
    """

    label: ClassVar[str] = "RISE"
    family: ClassVar[str] = "Perturbation"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Not centred on zero: look at differences between pixels, not at values."

    masks: int = field(default=4000, metadata={"min": 1, "max": 16000})
    seed: int = 0
    grid: int = field(default=7, metadata={"min": 1, "max": 32})

    def __post_init__(self) -> None:
        for name, least in (("masks", 1), ("grid", 1), ("seed", 0)):
            object.__setattr__(self, name, whole_number(name, getattr(self, name), at_least=least))

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: the mean over the masks so far."""
        check_channels_last(question)
        yield from remembered(question, (self,), lambda: self._run(question))

    def _run(self, question: Question) -> Iterator[Attribution]:
        (score,) = question.scores([question.point])
        shape = map_shape(question.layout)
        moments = RunningMoments(shape)
        for begin, end in question.forward_chunks(self.masks):
            masks = self._masks(question.layout, begin, end)
            f = question.probabilities_at(masks * as_tensor(question.point))
            moments.add(masks * as_tensor(f.reshape(-1, *[1] * len(shape)) / KEPT))
            yield Attribution(
                values=moments.mean.numpy(),
                target=question.target,
                method=self,
                score=score,
                evaluations=end,
                progress=end / self.masks,
                final=end == self.masks,
                standard_error=moments.standard_error.numpy() if end > 1 else None,
            )

    def _masks(self, layout: Layout, begin: int, end: int) -> Any:
        """Masks number `begin` to ``end - 1``: float32 (end - begin, *map_shape) in [0, 1]."""
        shapes = [leaf.shape for leaf in layout.leaves]
        # Of an image two shifts and the cells, of anything else the values themselves.
        needed = [2 + self.grid**2 if len(shape) == 3 else math.prod(shape) for shape in shapes]
        drawn = tf.split(draws.uniform(self.seed, begin, end, (sum(needed),)), needed, axis=1)
        return joined(
            layout,
            [
                self._enlarged(part, shape) if len(shape) == 3 else _kept(part, shape)
                for part, shape in zip(drawn, shapes, strict=True)
            ],
        )

    def _enlarged(self, drawn: Any, shape: tuple[int, ...]) -> Any:
        """Masks (n, H, W, 1) for an image, of numbers drawn between 0 and 1."""
        cells = _kept(drawn[:, 2:], (self.grid, self.grid))
        down = _enlarging(drawn[:, 0], shape[0], self.grid)
        across = _enlarging(drawn[:, 1], shape[1], self.grid)
        return (down @ cells @ tf.linalg.matrix_transpose(across))[..., None]


def _kept(drawn: Any, shape: tuple[int, ...]) -> Any:
    return tf.reshape(tf.cast(drawn < KEPT, tf.float32), (-1, *shape))


def _enlarging(draw: Any, size: int, grid: int) -> Any:
    """Matrices (n, size, grid) that enlarge `grid` cells bilinearly, and cut out `size` pixels.

    The cells are enlarged to (grid + 1) * ceil(size / grid) pixels; the cut starts at a random one
    of the first ceil(size / grid), by `draw` (n,) in [0, 1). Beyond the centres of the outer cells
    the mask is constant.
    """
    cell = math.ceil(size / grid)
    shift = tf.floor(draw * cell)[:, None]
    pixel = tf.range(size, dtype=tf.float32) + shift
    position = (pixel + 0.5) * grid / ((grid + 1) * cell) - 0.5
    position = tf.clip_by_value(position, 0, grid - 1)
    distance = tf.abs(position[..., None] - tf.range(grid, dtype=tf.float32))
    return tf.nn.relu(1 - distance)
