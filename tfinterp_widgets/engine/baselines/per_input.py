"""A baseline of its own for each input of a model with several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tfinterp_widgets.engine.baselines.baseline import Array, Baseline


@dataclass(frozen=True, eq=False)
class PerInput:
    """One baseline for each array of an input that has several. Made by `per_input`.

    Attributes
    ----------
    members : dict of str to Baseline, or list of Baseline
        By the names of the arrays, or in their order.
    """

    members: dict[str, Baseline] | list[Baseline]

    def of(self, x: Array) -> Array:
        """Refuse an input of one array."""
        raise ValueError(
            f"the baseline is for {len(self.members)} inputs ({self._names()}), but one array of "
            f"shape {x.shape} came; give one baseline for it."
        )

    def of_each(self, example: Any, make: Callable[[Baseline, Array], Array]) -> Any:
        """Make the baseline of each array, in the structure of the example.

        Raises
        ------
        ValueError
            If the arrays are not those that the baselines are for.
        """
        if isinstance(example, dict) and isinstance(self.members, dict):
            if set(example) == set(self.members):
                return {name: make(self.members[name], array) for name, array in example.items()}
        elif isinstance(example, list) and isinstance(self.members, list):
            if len(example) == len(self.members):
                return [make(*pair) for pair in zip(self.members, example, strict=True)]
        elif not isinstance(example, list | dict):
            self.of(example)
        came = ", ".join(map(repr, example)) if isinstance(example, dict) else len(example)
        raise ValueError(
            f"the baseline is for the inputs {self._names()}, but the input has {came}; give a "
            "baseline for each, as a dictionary or a list like the input."
        )

    def _names(self) -> str:
        return ", ".join(map(repr, self.members)) if isinstance(self.members, dict) else "in a list"
