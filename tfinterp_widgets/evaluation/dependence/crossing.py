"""Rows of a table crossed with a grid: each row asked about once for every point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.dependence.grids import Axis
from tfinterp_widgets.evaluation.dependence.scales import Scale
from tfinterp_widgets.evaluation.models.predictor import CHUNK_BYTES, CHUNK_ROWS, Predictor
from tfinterp_widgets.evaluation.tables.tables import Indices


@dataclass(frozen=True, eq=False)
class Crossing:
    """Asks a model about rows with columns set to every point of a grid.

    Attributes
    ----------
    predictor : Predictor
    axes : tuple of Axis
        The columns, and the values they are set to; the grid's points are their product, the last
        axis changing fastest.
    reading : Scale
        What is taken from the model's outputs.
    """

    predictor: Predictor
    axes: tuple[Axis, ...]
    reading: Scale

    @property
    def rows_at_once(self) -> int:
        """Rows whose curves together fill a chunk, at least 1."""
        return max(1, self._chunk // self._points)

    def curves(self, rows: Indices) -> NDArray[np.float64]:
        """What the model says of some rows of the table.

        Parameters
        ----------
        rows : ndarray of intp, shape (n,)
            For bounded memory no more than `rows_at_once`.

        Returns
        -------
        ndarray of float64, shape (n, points)

        Raises
        ------
        ValueError
            If an answer is NaN or infinite.
        """
        curves = np.empty((rows.size, self._points))
        step = max(1, self._chunk // rows.size)
        for begin in range(0, self._points, step):
            points = np.arange(begin, min(begin + step, self._points))
            answers = self.reading(self.predictor(self._crossed(rows, points)))
            curves[:, points] = answers.reshape(rows.size, points.size)
        self._check(curves, rows)
        return curves

    @property
    def _shape(self) -> tuple[int, ...]:
        return tuple(axis.values.size for axis in self.axes)

    @property
    def _points(self) -> int:
        return int(np.prod(self._shape))

    @property
    def _chunk(self) -> int:
        return max(1, min(CHUNK_ROWS, CHUNK_BYTES // self.predictor.table.row_bytes))

    def _crossed(self, rows: Indices, points: Indices) -> Any:
        """Copy each row once for every point, its columns set."""
        table = self.predictor.table.rows
        repeated = rows.repeat(points.size)
        places = [np.tile(at, rows.size) for at in np.unravel_index(points, self._shape)]
        if isinstance(table, pd.DataFrame):
            frame = table.take(repeated)
            for axis, at in zip(self.axes, places, strict=True):
                frame.isetitem(axis.position, axis.own_values().take(at))
            return frame
        array = table[repeated]
        if any(axis.values.dtype.kind == "f" for axis in self.axes):
            # Whole numbers have no room for what lies between them.
            array = array.astype(np.result_type(array, np.float32), copy=False)
        for axis, at in zip(self.axes, places, strict=True):
            # NumPy would put dates as plain numbers among objects.
            values = axis.own_values().astype(object) if array.dtype == object else axis.values
            array[:, axis.position] = values[at]
        return array

    def _check(self, curves: NDArray[np.float64], rows: Indices) -> None:
        bad = np.argwhere(~np.isfinite(curves))
        if bad.size:
            row, point = bad[0]
            at = np.unravel_index(point, self._shape)
            setting = ", ".join(
                f"{axis.column.name} = {axis.values[index]}"
                for axis, index in zip(self.axes, at, strict=True)
            )
            raise ValueError(
                f"the model predicts NaN or infinity for row {rows[row]} with {setting}. Missing "
                "values reach the model as they are: fill them in `preprocess`, or leave these "
                "rows out."
            )
