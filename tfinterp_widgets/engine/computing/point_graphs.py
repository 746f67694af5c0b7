"""Compiled functions of points and their scores: several targets of one, or each its own; kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import tensorflow as tf

from tfinterp_widgets.engine.computing.checking import all_finite, any_nonzero
from tfinterp_widgets.engine.computing.compiled_chunks import CompiledChunks
from tfinterp_widgets.engine.computing.devices import Machine
from tfinterp_widgets.engine.computing.own_targets import OwnTargets, for_own_targets
from tfinterp_widgets.engine.computing.scaling import LossScaling
from tfinterp_widgets.engine.computing.target_scores import (
    sharing_a_pass,
    target_scores,
    targets_of_all,
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
    nonzero: bool
    """Whether any of the gradient is other than 0; True where it was not asked for."""


class PointGraphs:
    """Compiled functions of points, each compiled when it is first asked for.

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
        self._machine = machine
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
            asked = point, *targets_of_all(group, 1)
            run_alone = partial(self._graph(key, function, group).run_alone, asked)
            found += self._scaling.first_finite(partial(run_alone, collect=_collect))
        return found

    def of_each(
        self,
        key: tuple[Hashable, ...],
        function: Callable[..., tuple[Any, list[Any], list[Any]]],
    ) -> OwnTargets:
        """As `run`, but at several points, each for a target of its own: an `AtPoint` each."""
        any_class = [0]
        return for_own_targets(self._graph(key, function, any_class), self._scaling, _collect)

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
        scoring = target_scores(group, size)

        def traced(points: Any, *arguments: Any) -> Any:
            *those, scale = arguments
            shown, gradients, scores = function(
                points, scale, lambda rows: scoring.of(rows, *those)
            )
            return [
                _checked(score, shown, gradient)
                for gradient, score in zip(gradients, scores, strict=True)
            ]

        return traced, self._spec(size), *scoring.specs, _SCALE


def _checked(score: Any, shown: Any, gradient: Any) -> tuple[Any, ...]:
    """What was found at all points for one target, traced, in the order of `AtPoint`."""
    given = [part for part in (score, shown, gradient) if part is not None]
    nonzero = tf.ones_like(score, tf.bool) if gradient is None else any_nonzero(gradient)
    return score, shown, gradient, all_finite(given), nonzero


def _collect(results: list[tuple[Any, ...]], count: int) -> list[AtPoint]:
    """Take apart what was found: at one point for each target, or at each for its own."""
    return [of_point for each in results for of_point in _one_by_one(each, count)]


def _one_by_one(found: tuple[Any, ...], count: int) -> list[AtPoint]:
    score, shown, gradient, finite, nonzero = found
    shown, gradient = (
        [None] * len(score) if part is None else tf.unstack(part) for part in (shown, gradient)
    )
    of_points = zip(score.numpy(), shown, gradient, finite.numpy(), nonzero.numpy(), strict=True)
    return [
        AtPoint(float(each), maps, slope, bool(all_of_it), bool(any_of_it))
        for each, maps, slope, all_of_it, any_of_it in islice(of_points, count)
    ]
