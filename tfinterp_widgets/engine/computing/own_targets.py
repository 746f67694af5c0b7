"""Compiled functions of points, run for a target of its own at each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from tfinterp_widgets.engine.computing.compiled_chunks import CompiledChunks
from tfinterp_widgets.engine.computing.scaling import LossScaling
from tfinterp_widgets.engine.computing.target_scores import targets_of_each
from tfinterp_widgets.engine.targets import ClassTarget


class OwnTargets(NamedTuple):
    """What is asked at several points at once, for a target of its own at each."""

    cut: Callable[[int, bool], Iterator[tuple[int, int]]]
    """As `CompiledChunks.cut`."""
    run: Callable[[Any, Sequence[ClassTarget]], list[Any]]
    """Runs at most one chunk of points, (n, ...): what is found at each, for its target."""


def for_own_targets(
    chunks: CompiledChunks, scaling: LossScaling, collect: Callable[[Any, int], list[Any]]
) -> OwnTargets:
    """Have a function for one target at all points run for one at each.

    Parameters
    ----------
    chunks : CompiledChunks
        The function.
    scaling : LossScaling
    collect : callable
        As for `CompiledChunks.run`: an answer for each point.
    """

    def run(points: Any, targets: Sequence[ClassTarget]) -> list[Any]:
        asked = points, *targets_of_each(targets)
        run_scaled = partial(chunks.run, asked, collect=collect)
        return scaling.first_finite(lambda scale: list(chain(*run_scaled(scale))))

    return OwnTargets(chunks.cut, run)
