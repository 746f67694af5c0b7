"""A model as one of several questions sees it, which share its passes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from typing import Any

from tfinterp_widgets.engine.asking.shared_passes import SharedPasses
from tfinterp_widgets.engine.models.layout import Layout
from tfinterp_widgets.engine.targets import Target

PER_TARGET = {"gradients_of", "gradient_of", "feature_maps", "guided_gradient"}
"""What is asked as ``(points, targets, ...)`` and answered for each target."""

FOR_ALL = {"evaluate", "layer_output"}
"""What is asked as ``(points, ...)`` and answered for all targets at once."""


class _Shared:
    """An object of the model, such as its `LayerGraphs`, asked by the question at one place."""

    def __init__(self, asked: Any, passes: SharedPasses, place: int) -> None:
        self._asked = asked
        self._passes = passes
        self._place = place

    def __getattr__(self, name: str) -> Any:
        known = getattr(self._asked, name)
        if name in PER_TARGET:
            return partial(self._per_target, name, known)
        return partial(self._for_all, name, known) if name in FOR_ALL else known

    def _per_target(
        self,
        name: str,
        ask: Callable[..., list[Any]],
        points: Any,
        targets: Sequence[Target],
        *how: Hashable,
    ) -> list[Any]:
        """Ask for the targets of all who go the same way, and give our own its answer."""
        del targets  # our own alone

        def run(those: Sequence[Target]) -> list[Any]:
            return ask(points, those, *how)

        return [self._passes.ask(self._place, (name, *how), points, run)]

    def _for_all(self, name: str, ask: Callable[..., Any], points: Any, *how: Hashable) -> Any:
        def run(those: Sequence[Target]) -> list[Any]:
            return [ask(points, *how)] * len(those)

        return self._passes.ask(self._place, (name, *how), points, run)


class Lane(_Shared):
    """A `Differentiable` as the question at one place sees it.

    Parameters
    ----------
    passes : SharedPasses
    place : int
        Which of the questions it is.
    """

    def __init__(self, passes: SharedPasses, place: int) -> None:
        super().__init__(passes.model, passes, place)
        self.inside = _Shared(passes.model.inside, passes, place)

    def after(self, layer: str, layout: Layout) -> Lane:
        """What follows a layer, shared likewise."""
        return Lane(self._passes.after(layer, layout), self._place)

    def chunks(
        self, count: int, targets: Sequence[Target], previews: bool
    ) -> Iterator[tuple[int, int]]:
        """Cut points into chunks for gradients, as all who go the same way do."""
        del targets
        return self._passes.cut(self._place, "gradients", count, previews)

    def forward_chunks(self, count: int, previews: bool) -> Iterator[tuple[int, int]]:
        """Cut points into chunks to be evaluated, likewise."""
        return self._passes.cut(self._place, "evaluate", count, previews)
