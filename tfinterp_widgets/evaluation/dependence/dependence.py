"""The result of a partial dependence: an average curve or surface, and curves of single rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.dependence.scales import Scale, ScaleName

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class PartialDependence:
    """What a model says on average as one column is set to value after value, or two are.

    It shows what the model does, not what the world would do. Where columns go together, the rows
    asked about may be ones that do not occur; `empty` marks values without data, `counts` tells
    how many rows there are.

    Attributes
    ----------
    features : tuple of str, length 1 or 2
        The columns.
    kinds : tuple of {"number", "category"}
        What each is; time is a number.
    grid : tuple of ndarray
        The values each was set to: int64 or float64, ascending, for numbers, objects for
        categories; datetime64 (in UTC, if the column has a time zone) or timedelta64 for time.
        "Grid shape" below is (points,) or (points of the first, of the second).
    average : ndarray of float64, grid shape
        The mean over rows, in units of `scale`.
    individual : ndarray of float64, shape (curves, points), or None
        The curves of single rows (ICE).
    rows : ndarray of int64, shape (curves,)
        Whose curves they are: positions in X.
    counts : ndarray of int64, grid shape
        How many rows of X lie nearest to each point; rows beyond the grid's ends by more than half
        a step count for none.
    empty : ndarray of bool, grid shape
        Where no row of X is near: neither nearest to that point nor within 5 % of where the bulk
        of the column lies. There the model was asked about what it may never have seen.
    reading : Scale
        How the model's outputs were read.
    offset : float
        What centring took from `average`; 0.0 without.
    centered : bool
        Whether every curve starts at 0, at the grid's first point.
    averaged : int
        Rows that the average is over.
    progress : float
        Share of the rows averaged, in (0, 1].
    final : bool
        Whether this is the answer rather than an estimate on the way.
    """

    features: tuple[str, ...]
    kinds: tuple[Literal["number", "category"], ...]
    grid: tuple[NDArray[Any], ...]
    average: NDArray[np.float64]
    individual: NDArray[np.float64] | None
    rows: NDArray[np.int64]
    counts: NDArray[np.int64]
    empty: NDArray[np.bool_]
    reading: Scale
    offset: float
    centered: bool
    averaged: int
    progress: float
    final: bool

    @property
    def scale(self) -> ScaleName:
        """The unit of the curves: "probability", "logit", or "value" for outputs as they are."""
        return self.reading.name

    @property
    def target(self) -> int:
        """Which of the model's outputs."""
        return self.reading.target

    @property
    def label(self) -> str:
        """What the curves show, for a chart: "probability", "change of logit of output 2"."""
        return f"change of {self.reading.label}" if self.centered else self.reading.label

    def to_frame(self) -> pd.DataFrame:
        """Return the average as a table.

        Returns
        -------
        DataFrame
            One line per point of the grid, which is the index, named by the columns; `average`,
            `count` and `empty`.

        Examples
        --------
        >>> partial_dependence(model, X, "age").to_frame()["average"].idxmax()  # doctest: +SKIP
        34
        """
        index: pd.Index = pd.Index(self.grid[0], name=self.features[0])
        if len(self.features) > 1:
            index = pd.MultiIndex.from_product(self.grid, names=self.features)
        data = {"average": self.average, "count": self.counts, "empty": self.empty}
        return pd.DataFrame({name: values.ravel() for name, values in data.items()}, index=index)

    def plot(self) -> Figure:
        """Draw the curves and the data's distribution, or the surface; gaps in the data marked.

        Returns
        -------
        matplotlib.figure.Figure
            Not registered with pyplot; a notebook shows it all the same.

        Examples
        --------
        >>> partial_dependence(model, X, "age").plot().savefig("age.png")  # doctest: +SKIP
        """
        from tfinterp_widgets.pictures.charts import draw_dependence

        return draw_dependence(
            self.features,
            self.grid,
            self.average,
            self.individual,
            kinds=self.kinds,
            label=self.label[0].upper() + self.label[1:],
            counts=self.counts,
            empty=self.empty,
        )

    def __repr__(self) -> str:
        points = " x ".join(str(values.size) for values in self.grid)
        curves = "" if self.individual is None else f", {len(self.rows)} individual curves"
        return (
            f"<PartialDependence of {self.label} on {' and '.join(self.features)}: "
            f"{points} points, mean of {self.averaged} rows{curves}>"
        )
