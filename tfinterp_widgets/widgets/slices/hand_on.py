"""Handing an example on to an explorer that says why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

_CHOOSES = ("image_index", "row")


class HandOn:
    """An explorer of single inputs, and which of its inputs is which row.

    Parameters
    ----------
    explorer : AttributionExplorer or TabularExplorer
        Any widget with a trait `image_index` or `row`.
    rows : array-like of int, optional
        For each of the explorer's inputs the position of its row among those of the slices; the
        same positions where it is left out.

    Raises
    ------
    TypeError
        If the explorer has no such trait, or the rows are no positions.
    """

    def __init__(self, explorer: Any, rows: Iterable[int] | None) -> None:
        traits = [
            name for name in _CHOOSES if getattr(explorer, "has_trait", lambda _: False)(name)
        ]
        if not traits:
            raise TypeError(
                f"explain_with got a {type(explorer).__name__}; expected an AttributionExplorer, a "
                "TabularExplorer, or a widget with a trait `image_index` or `row`."
            )
        self.explorer = explorer
        self._trait = traits[0]
        self._inputs: dict[int, int] | None = None
        if rows is not None:
            positions = np.asarray(list(rows))
            if positions.ndim != 1 or positions.dtype.kind not in "iu":
                raise TypeError(
                    f"rows={rows!r}; expected for each input of the explorer the position of its "
                    "row among those of the slices, counted from 0."
                )
            self._inputs = {row: index for index, row in enumerate(positions.tolist())}

    def show(self, row: int) -> str:
        """Explain a row; returns why that cannot be, "" where it can."""
        index = row if self._inputs is None else self._inputs.get(row)
        if index is None:
            return f"Row {row} is not among the inputs of the explorer below."
        setattr(self.explorer, self._trait, index)
        if getattr(self.explorer, self._trait) != index:
            return f"The explorer below has no input {index}."
        return ""
