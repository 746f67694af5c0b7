"""Compiled gradients of scores by points: of one target or of several, of classes or functions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.computing.checking import all_finite, any_nonzero
from tfinterp_widgets.engine.computing.chunking import CHUNK_SECONDS
from tfinterp_widgets.engine.computing.compiled_chunks import CompiledChunks
from tfinterp_widgets.engine.computing.devices import Machine
from tfinterp_widgets.engine.computing.own_targets import OwnTargets, for_own_targets
from tfinterp_widgets.engine.computing.scaling import LossScaling
from tfinterp_widgets.engine.computing.target_scores import (
    sharing_a_pass,
    target_scores,
    targets_of_all,
)
from tfinterp_widgets.engine.targets import CustomScore, Target

SCORES_KEPT = 4
"""Functions given as targets whose compiled gradients are kept."""

FORWARD_SHARE = 0.4
"""What the way forward takes of a gradient's time, measured on the embedded model."""

_SCALE = tf.TensorSpec((), tf.float32)


class Gradients(NamedTuple):
    """What differentiating points gives, for one target at each."""

    scores: NDArray[np.float32]
    """The target's score at each point, (n,)."""
    gradients: Any
    """Tensor of float32, (n, ...), left on the device."""
    finite: bool
    """Whether all of both are numbers, neither NaN nor infinite."""
    nonzero: bool
    """Whether any of the gradients is other than 0."""


class GradientGraphs:
    """The compiled gradients of one model at one layout of its input.

    Parameters
    ----------
    rows : callable
        Maps a batch of points, traced, to the scores of all classes, (n, classes).
    spec : callable
        ``spec(size)`` is the `tf.TensorSpec` of a batch of `size` points.
    no_gradient : callable
        Makes the error for a score that no gradient of the points reaches.
    scaling : LossScaling
    machine, fixed
        As for `CompiledChunks`.
    """

    def __init__(
        self,
        rows: Callable[[Any], Any],
        spec: Callable[[int], Any],
        no_gradient: Callable[[], Exception],
        scaling: LossScaling,
        machine: Machine,
        fixed: int | None,
    ) -> None:
        self._rows = rows
        self._spec = spec
        self._no_gradient = no_gradient
        self._lock = machine.lock
        self._chunked = partial(CompiledChunks, machine=machine, fixed=fixed)
        self._classes: dict[int, CompiledChunks] = {}
        self._custom: OrderedDict[CustomScore, CompiledChunks] = OrderedDict()
        self._scaling = scaling

    @property
    def sizes(self) -> tuple[int, ...]:
        """Chunk sizes compiled for a single class, ascending."""
        return self._of_classes(1).sizes

    def cut(
        self, count: int, targets: Sequence[Target], previews: bool = True
    ) -> Iterator[tuple[int, int]]:
        """Cut `count` points into chunks (begin, end), which `of` takes for these targets."""
        return self._chunks(targets).cut(count, previews)

    def of(self, points: Any, targets: Sequence[Target]) -> list[Gradients]:
        """Differentiate at most one chunk of points: one forward pass for all classes.

        A function as target has a pass of its own.
        """

        def run(group: Sequence[Target], scale: Any) -> list[Gradients]:
            asked = points, *targets_of_all(group, len(points))
            parts = self._chunks(group).run(asked, scale, collect=_collect)
            return [_joined(of_target) for of_target in zip(*parts, strict=True)]

        return self._in_passes(targets, run)

    def of_each(self) -> OwnTargets:
        """As `of`, but each point for a target of its own: `Gradients` of one point each."""
        return for_own_targets(self._of_classes(1), self._scaling, _collect_each)

    def of_lone_point(
        self, point: Any, targets: Sequence[Target], one_of_many: bool
    ) -> list[Gradients]:
        """Differentiate a batch of one point, without padding; see `CompiledChunks.run_alone`."""

        def run(group: Sequence[Target], scale: Any) -> list[Gradients]:
            run_alone = partial(self._chunks(group).run_alone, one_of_many=one_of_many)
            return run_alone((point, *targets_of_all(group, 1)), scale, collect=_collect)

        return self._in_passes(targets, run)

    def _in_passes(
        self,
        targets: Sequence[Target],
        run: Callable[[Sequence[Target], Any], list[Gradients]],
    ) -> list[Gradients]:
        """Run for the targets that share a pass, with a scale at which nothing overflows."""
        groups = sharing_a_pass(targets)
        return [
            found for each in groups for found in self._scaling.first_finite(partial(run, each))
        ]

    def _chunks(self, targets: Sequence[Target]) -> CompiledChunks:
        if not callable(targets[0]):
            return self._of_classes(len(targets))
        with self._lock:
            if targets[0] not in self._custom:
                self._custom[targets[0]] = self._chunked(partial(self._trace, targets[:1]))
            self._custom.move_to_end(targets[0])
            while len(self._custom) > SCORES_KEPT:
                self._custom.popitem(last=False)
            return self._custom[targets[0]]

    def _of_classes(self, count: int) -> CompiledChunks:
        with self._lock:
            if count not in self._classes:
                trace = partial(self._trace, [0] * count)
                of_one = None if count == 1 else self._of_classes(1)
                self._classes[count] = self._chunked(
                    trace, seconds=_chunk_seconds(count), like=of_one
                )
            return self._classes[count]

    def _trace(self, targets: Sequence[Target], size: int) -> tuple[Any, ...]:
        several, scoring = len(targets) > 1, target_scores(targets, size)

        def gradients(points: Any, *arguments: Any) -> list[tuple[Any, ...]]:
            *those, scale = arguments
            with tf.GradientTape(persistent=several, watch_accessed_variables=False) as tape:
                tape.watch(points)
                scores = scoring.of(self._rows(points), *those)
            return [self._differentiated(tape, each, points, scale) for each in scores]

        return gradients, self._spec(size), *scoring.specs, _SCALE

    def _differentiated(self, tape: Any, scores: Any, points: Any, scale: Any) -> tuple[Any, ...]:
        def differentiate(weights: Any) -> Any:
            return tape.gradient(scores, points, output_gradients=weights)

        gradients = self._scaling.gradients(differentiate, scores, scale)
        if gradients is None:
            raise self._no_gradient()
        # An operation of the user's own may not tell the shape of its gradient.
        gradients = tf.ensure_shape(tf.convert_to_tensor(gradients), points.shape)
        return scores, gradients, all_finite([scores, gradients]), any_nonzero(gradients)


def _chunk_seconds(targets: int) -> float:
    """Work in a full chunk for several targets: about that of as many points as for one of them.

    In smaller chunks each way back is slower by more than the way forward, which they share, saves.
    """
    return CHUNK_SECONDS * (FORWARD_SHARE + (1 - FORWARD_SHARE) * targets)


def _collect(results: list[tuple[Any, ...]], count: int) -> list[Gradients]:
    return [
        Gradients(
            scores.numpy()[:count],
            gradients[:count],
            bool(finite.numpy()[:count].all()),
            bool(nonzero.numpy()[:count].any()),
        )
        for scores, gradients, finite, nonzero in results
    ]


def _collect_each(results: list[tuple[Any, ...]], count: int) -> list[Gradients]:
    ((scores, gradients, finite, nonzero),) = results
    lone = tf.split(gradients, gradients.shape[0])
    of_points = zip(scores.numpy(), lone, finite.numpy(), nonzero.numpy(), strict=True)
    return [
        Gradients(np.array([score]), gradient, bool(all_of_it), bool(any_of_it))
        for score, gradient, all_of_it, any_of_it in islice(of_points, count)
    ]


def _joined(parts: Sequence[Gradients]) -> Gradients:
    """Put the parts of one chunk, which had to be halved, together again."""
    if len(parts) == 1:
        return parts[0]
    scores, gradients, finite, nonzero = zip(*parts, strict=True)
    return Gradients(
        np.concatenate(scores), tf.concat(gradients, axis=0), all(finite), any(nonzero)
    )
