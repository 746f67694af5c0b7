"""Compiled functions of one point and its scores: one pass for several targets, kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import tensorflow as tf

from tfinterp_widgets.engine.computing.compiled_chunks import CompiledChunks
from tfinterp_widgets.engine.computing.devices import Machine
from tfinterp_widgets.engine.computing.scaling import LossScaling
from tfinterp_widgets.engine.computing.target_scores import (
    sharing_a_pass,
    target_arguments,
    target_scores,
)
from tfinterp_widgets.engine.targets import Target

GRAPHS_KEPT = 16
"""Compiled functions that are kept: by layer, number of targets, and function given as target."""

_SCALE = tf.TensorSpec((), tf.float32)


class AtPoint(NamedTuple):
    """What a function found at one point for one target."""

    score: float
    shown: Any
    """Tensor (...) of what does not depend on the target; None where there is nothing."""
    gradient: Any
    """Tensor (...) of float32; None where not asked for."""
    finite: bool
    """Whether all of it are numbers, neither NaN nor infinite."""


class PointGraphs:
    """Compiled functions of one point, each compiled when it is first asked for.

    Parameters
    ----------
    spec : callable
        ``spec(size)`` is the `tf.TensorSpec` of a batch of `size` points.
    scaling : LossScaling
    machine, fixed
        As for `CompiledChunks`.
    """

    def __init__(
        self,
        spec: Callable[[int], Any],
        scaling: LossScaling,
        machine: Machine,
        fixed: int | None,
    ) -> None:
        self._spec = spec
        self._scaling = scaling
        self._machine = replace(machine, chunk=1)
        self._fixed = fixed
        self._graphs: OrderedDict[Hashable, CompiledChunks] = OrderedDict()

    def run(
        self,
        key: tuple[Hashable, ...],
        function: Callable[..., tuple[Any, list[Any], list[Any]]],
        point: Any,
        targets: Sequence[Target],
    ) -> list[AtPoint]:
        """Run a function at a point: one forward pass for all classes, and one for each function.

        Parameters
        ----------
        key : tuple
            The function's name and what else it was made of.
        function : callable
            Traced: ``function(points, scale, scores_of)`` of a batch, a scale for `LossScaling` and
            a function from the scores of all classes (n, classes) to those of each target, (n,).
            Returns what it shows, the gradient for each target (None for nothing, both), and the
            scores of each.
        point : tensor of float32, shape (1, ...)
        targets : sequence of int, (int, int) or callable
        """
        found: list[AtPoint] = []
        for group in sharing_a_pass(targets):
            graph = self._graph(key, function, group)
            run = partial(self._at, graph, point, target_arguments(group))
            found += self._scaling.first_finite(run)
        return found

    def _graph(
        self, key: tuple[Hashable, ...], function: Callable[..., Any], group: Sequence[Target]
    ) -> CompiledChunks:
        made_for = group[0] if callable(group[0]) else len(group)
        with self._machine.lock:
            graph = self._graphs.get((*key, made_for)) or CompiledChunks(
                partial(self._trace, function, group), self._machine, self._fixed
            )
            self._graphs[*key, made_for] = graph
            self._graphs.move_to_end((*key, made_for))
            while len(self._graphs) > GRAPHS_KEPT:
                self._graphs.popitem(last=False)
            return graph

    def _trace(
        self, function: Callable[..., Any], group: Sequence[Target], size: int
    ) -> tuple[Any, ...]:
        scoring = target_scores(group)

        def traced(points: Any, scale: Any, *arguments: Any) -> Any:
            return function(points, scale, lambda rows: scoring.of(rows, *arguments))

        return traced, self._spec(size), _SCALE, *scoring.specs

    @staticmethod
    def _at(
        graph: CompiledChunks, point: Any, arguments: tuple[Any, ...], scale: Any
    ) -> list[AtPoint]:
        return graph.run_alone(point, scale, *arguments, collect=_collect)


def _collect(result: tuple[Any, list[Any], list[Any]], count: int) -> list[AtPoint]:
    """Take the only point's share of what a function returned."""
    del count
    shown, gradients, scores = result
    first = None if shown is None else shown[0]
    return [
        _at_point(first, None if gradient is None else gradient[0], score[0])
        for gradient, score in zip(gradients, scores, strict=True)
    ]


def _at_point(shown: Any, gradient: Any, score: Any) -> AtPoint:
    given = [part for part in (shown, gradient, score) if part is not None]
    finite = all(bool(tf.reduce_all(tf.math.is_finite(part))) for part in given)
    return AtPoint(float(score), shown, gradient, finite)
