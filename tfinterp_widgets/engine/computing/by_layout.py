"""One model, compiled for the layouts of input that were asked about last."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from tfinterp_widgets.engine.computing.differentiable import Differentiable, Floats
from tfinterp_widgets.engine.computing.optimising import Optimiser
from tfinterp_widgets.engine.models import AdaptedModel
from tfinterp_widgets.engine.models.layout import Layout
from tfinterp_widgets.engine.models.rounding import in_bfloat16

LAYOUTS_KEPT = 4
"""Layouts whose compiled functions are kept, for models that take images of any size."""


class ModelsByLayout:
    """One model, or a faster equal of it, compiled for the layouts that were asked about last.

    Parameters
    ----------
    make : callable
        Compiles a model for a layout.
    optimiser : Optimiser
    precision : str
        "float32", or "bfloat16" for a model that is rounded to it.
    lock : threading.RLock
    """

    def __init__(
        self,
        make: Callable[[Layout, AdaptedModel], Differentiable],
        optimiser: Optimiser,
        precision: str,
        lock: threading.RLock,
    ) -> None:
        self._make = make
        self._optimiser = optimiser
        self._precision = precision
        self._lock = lock
        self._by_layout: OrderedDict[Layout, Differentiable] = OrderedDict()

    @property
    def compiled_sizes(self) -> tuple[int, ...]:
        """Chunk sizes compiled for the layout used last, ascending."""
        with self._lock:
            newest = next(reversed(self._by_layout.values()), None)
            return newest.compiled_sizes if newest else ()

    def of(
        self, layout: Layout, point: Floats, weights: int | None = None
    ) -> tuple[Differentiable, int]:
        """The model compiled for a layout, and the fingerprint of its weights.

        Parameters
        ----------
        layout : Layout
        point : ndarray of float32
            The input that is asked about.
        weights : int, optional
            The fingerprint, if it was read just now.
        """
        with self._lock:
            model = self._compiled(layout, point)
            if weights is None:
                weights = model.fingerprint()
            if self._optimiser.holds(weights):
                return model, weights
            # New weights, with which the faster equal is none.
            self._by_layout.clear()
            model = self._compiled(layout, point)
            return model, model.fingerprint()

    def _compiled(self, layout: Layout, point: Floats) -> Differentiable:
        if layout not in self._by_layout:
            make = partial(self._make, layout)
            model = self._optimiser.differentiable(make, layout, point)
            if self._precision == "bfloat16":
                model = make(in_bfloat16(self._optimiser.chosen))
            self._by_layout[layout] = model
        self._by_layout.move_to_end(layout)
        while len(self._by_layout) > LAYOUTS_KEPT:
            self._by_layout.popitem(last=False)
        return self._by_layout[layout]
