"""Expected gradients: integrated gradients, averaged over the inputs of a data set."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.asking.examples import Example
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction, arrays_of
from tfinterp_widgets.engine.baselines import (
    Baseline,
    Given,
    Noise,
    Rows,
    Uniform,
    as_average,
    average_of,
)
from tfinterp_widgets.engine.baselines.making import baseline_of
from tfinterp_widgets.engine.digests import digest
from tfinterp_widgets.engine.methods.remembering import WithoutSteps, remembered
from tfinterp_widgets.engine.parameters import suggests_keywords, whole_number
from tfinterp_widgets.engine.sampling.designs import Design, design
from tfinterp_widgets.engine.tensors import as_tensor

NOISES = average_of(Noise(seed) for seed in range(16))

STARTS_KEPT = 32
"""Baselines in model space that are kept, for their next turn."""


@suggests_keywords
@dataclass(frozen=True)
class ExpectedGradients(WithoutSteps):
    """The expectation of ``(x - x') dF(x' + alpha (x - x'))`` over baselines x' and alpha.

    The baselines are the inputs of a data set, and alpha is uniform between 0 and 1. Summed up, the
    values approach ``F(x) - E F(x')``: what sets x apart from the usual input.

    Source: Erion, Janizek, Sturmfels, Lundberg & Lee (2019), "Improving performance of deep
    learning models with axiomatic attribution priors and expected gradients". There all draws are
    independent; here they cycle through the baselines, and alpha is stratified, which has far less
    noise for the same number of evaluations.

    Parameters
    ----------
    baselines : array of shape (N, ...), Average, Baseline, or list of Baseline
        Rows of the data set, in the user's own space, best those the model was trained on. An array
        is kept and not copied. Unless given: 16 draws of noise with the mean and the spread of the
        input. Of more than `samples` a random choice of that many is used.
    samples : int
        Number of draws, >= 2; each is one evaluation.
    seed : int
        The same seed, >= 0, gives the same draws, in chunks of any size.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not what it should be.

    Notes
    -----
    `baseline_score` is the mean of F over the baselines used. They have no `parts`.

    `standard_error` belongs to the final answer alone. Each baseline's alphas are drawn in strata,
    two independent draws in each, so the squared differences of the two, weighted as the draws are,
    add up to an unbiased estimate of the squared error; what the strata keep from varying is not
    counted. With fewer than two draws a baseline, the two draws of a stratum are from different
    baselines, so the error includes their choice. It is then that of a fresh draw of the data set,
    larger than this answer's own where most of the baselines given are used.

    Examples
    --------
    >>> method = ExpectedGradients(X_train[:100], samples=200)  # doctest: +SKIP
    >>> engine.attribute(row, method=method).baseline_score  # doctest: +SKIP
    0.31
    """

    label: ClassVar[str] = "Expected gradients"
    family: ClassVar[str] = "Gradient along a path"
    reduction: ClassVar[Reduction] = "sum"
    note: ClassVar[str] = "Explains the difference from the usual input of its baselines."

    baselines: Any = NOISES
    samples: int = field(default=200, metadata={"min": 2})
    seed: int = field(default=0, metadata={"min": 0})

    def __post_init__(self) -> None:
        object.__setattr__(self, "baselines", as_average(self.baselines))
        object.__setattr__(self, "samples", whole_number("samples", self.samples, at_least=2))
        object.__setattr__(self, "seed", whole_number("seed", self.seed, at_least=0))

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better: with the weighted mean of the draws so far."""
        members = self.baselines.members
        if isinstance(members, Rows):
            _check_rows(members, question.example)
        run = _Run(self, question, design(len(members), self.samples, self.seed))
        contents = _contents(members, run.start, question.example)
        key = ("ExpectedGradients", self.samples, self.seed, contents)
        return remembered(question, key, run.estimates)


def _check_rows(rows: Rows, example: Example) -> None:
    if isinstance(example, np.ndarray) and rows.data.shape[1:] != example.shape:
        raise ValueError(
            f"the baselines have shape {rows.data.shape}, but the input has {example.shape}; "
            f"expected an array of shape (N, {', '.join(map(str, example.shape))})."
        )


def _contents(
    members: Sequence[Baseline], start: Callable[[int], NDArray[np.float32]], example: Example
) -> Hashable:
    """What the baselines hold: of arrays as they were given, of others as they are made."""
    if isinstance(members, Rows):
        return members.data.dtype.str, digest(members.data)

    def content(number: int, member: Baseline) -> Hashable:
        if isinstance(member, Given):
            return digest(member.values)
        # Draws of noise say all by themselves; to make many of them takes longer than a chunk.
        return member if isinstance(member, Noise | Uniform) else digest(start(number))

    return tuple(map(digest, arrays_of(example))), *itertools.starmap(content, enumerate(members))


class _Run:
    """Running sums over the draws: of their contributions, and of how far those lie apart."""

    def __init__(self, method: ExpectedGradients, question: Question, drawn: Design) -> None:
        self.method = method
        self.question = question
        self.drawn = drawn
        self.end = as_tensor(question.point)
        self.total = tf.zeros(question.point.shape)
        self.squares = tf.zeros(question.point.shape)
        self.pending = tf.zeros((0, *question.point.shape))  # of a cell that is not complete
        self.start = lru_cache(STARTS_KEPT)(self._start)
        self.start_scores = np.full(len(method.baselines.members), np.nan)

    def estimates(self) -> Iterator[Attribution]:
        (score,) = self.question.scores([self.question.point])
        newest = None
        for begin, end in self.question.chunks(self.method.samples):
            for _ in self._note_scores(self.drawn.baselines[begin:end]):
                if newest is not None:
                    yield newest  # the same once more, so that nobody waits for two passes
            contributions = self._contributions(begin, end)
            self.total += tf.reduce_sum(contributions, axis=0)
            self._compare(contributions, end)
            weights = self.drawn.weights[:end]
            scores = self.start_scores[self.drawn.baselines[:end]]
            final = end == self.method.samples
            newest = Attribution(
                values=(self.total / weights.sum()).numpy(),
                target=self.question.target,
                method=self.method,
                score=score,
                baseline_score=float(np.average(scores, weights=weights)),
                evaluations=end,
                progress=end / self.method.samples,
                final=final,
                standard_error=tf.sqrt(self.squares).numpy() if final else None,
            )
            yield newest

    def _contributions(self, begin: int, end: int) -> Any:
        """``w (x - x') dF(x' + alpha (x - x'))`` of draws begin to end."""
        starts = self._starts(self.drawn.baselines[begin:end])
        differences = self.end - starts
        points = starts + self._column(self.drawn.alphas[begin:end]) * differences
        _, gradients = self.question.gradients(points)
        return self._column(self.drawn.weights[begin:end]) * differences * gradients

    def _compare(self, contributions: Any, end: int) -> None:
        """Add up how far draws of the same cell lie apart, for cells complete by draw `end`."""
        rows = tf.concat([self.pending, contributions], axis=0)
        cells = self.drawn.cells[end - len(rows) : end]
        open_cell = self.drawn.cells[end] if end < self.method.samples else -1
        complete = int((cells != open_cell).sum())
        self.pending = rows[complete:]
        if not complete:
            return
        rows, cells = rows[:complete], cells[:complete] - cells[0]
        sizes = np.bincount(cells)[cells]
        apart = rows - tf.gather(tf.math.segment_mean(rows, cells), cells)
        # The variance of a sum of k alike is k times that of one, s² = sum of squares / (k - 1).
        self.squares += tf.reduce_sum(self._column(sizes / (sizes - 1)) * apart**2, axis=0)

    def _note_scores(self, numbers: NDArray[np.intp]) -> Iterator[None]:
        """Find out F(x') of the baselines that have not had a turn, a pass at a time."""
        new = np.unique(numbers[np.isnan(self.start_scores[numbers])])
        for begin, end in self.question.forward_chunks(new.size):
            starts = self._starts(new[begin:end])
            self.start_scores[new[begin:end]] = self.question.evaluate(starts)
            yield

    def _starts(self, numbers: NDArray[np.intp]) -> Any:
        return as_tensor(np.stack([self.start(number) for number in numbers]))

    def _start(self, number: int) -> NDArray[np.float32]:
        member = self.method.baselines.members[number]
        return self.question.to_model_space(baseline_of(member, self.question.example))

    def _column(self, numbers: NDArray[Any]) -> Any:
        return as_tensor(numbers.reshape(-1, *[1] * self.question.point.ndim))
