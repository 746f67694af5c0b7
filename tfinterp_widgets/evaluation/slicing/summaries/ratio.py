"""Power sums of the terms of a ratio of two sums over rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tfinterp_widgets.evaluation.slicing.answers.columns import Floats
from tfinterp_widgets.evaluation.slicing.features.features import Codes
from tfinterp_widgets.evaluation.slicing.metrics.ratios import Ratio
from tfinterp_widgets.evaluation.slicing.summaries.summary import of_others


@dataclass(frozen=True, eq=False)
class RatioSums:
    """A ratio of each slice, and how it varies.

    The influence of a row is a - R b over the sum of b, for its terms a and b and the ratio R. So
    powers of influences add up to what power sums of the terms tell for any R. To lose no digits
    they are taken of x = a - origin b, the origin being the ratio of all rows.

    Attributes
    ----------
    origin : float
    sums : ndarray of float64, shape (9, slices + 1)
        Of x, b, xx, xb, bb, xxx, xxb, xbb, bbb over each slice; at last over the rows of none.
    """

    origin: float
    sums: Floats

    @classmethod
    def of(cls, above: Floats, below: Floats | None, codes: Codes, slices: int) -> RatioSums:
        """Sum terms.

        Parameters
        ----------
        above, below : ndarray of float64, shape (n,)
            What each row adds to the numerator and to the denominator; None for 1, as for a mean.
        codes : ndarray of int, shape (n,)
            The slice of each row; `slices` for rows of none.
        slices : int
        """
        at = codes.astype(np.intp, copy=False)

        def total(values: Floats | None) -> Floats:
            return np.bincount(at, values, slices + 1).astype(np.float64, copy=False)

        every = above.size if below is None else below.sum()
        origin = float(above.sum() / every) if every else 0.0
        x, b = above - origin * (1.0 if below is None else below), below
        if b is None:
            count, once, twice = total(None), total(x), total(x * x)
            sums = [once, count, twice, once, count, total(x * x * x), twice, once, count]
        else:
            xx, xb, bb = x * x, x * b, b * b
            sums = [total(each) for each in (x, b, xx, xb, bb, xx * x, xx * b, xb * b, bb * b)]
        return cls(origin, np.stack(sums))

    @property
    def value(self) -> Floats:
        """The ratio of each slice, (slices,); NaN where the denominator is 0."""
        return self.origin + self._shift

    @property
    def below(self) -> Floats:
        """The denominators."""
        return self.sums[1, :-1]

    @property
    def below_squared(self) -> Floats:
        """The sums of what each row adds to the denominators, squared."""
        return self.sums[4, :-1]

    @property
    def variance(self) -> Floats:
        """Of each ratio: the sum of the squared influences."""
        _, b, xx, xb, bb, *_ = self.sums[:, :-1]
        shift = self._shift
        squares = np.maximum(xx - 2 * shift * xb + shift**2 * bb, 0)
        return Ratio(squares, b**2).value

    @property
    def cubes(self) -> Floats:
        """The sum of the cubed influences."""
        _, b, *_, xxx, xxb, xbb, bbb = self.sums[:, :-1]
        shift = self._shift
        cubes = xxx - 3 * shift * xxb + 3 * shift**2 * xbb - shift**3 * bbb
        return Ratio(cubes * np.sign(b), np.abs(b) ** 3).value

    @property
    def rest(self) -> RatioSums:
        """Of all rows outside each slice."""
        return replace(self, sums=of_others(self.sums))

    @property
    def _shift(self) -> Floats:
        shift = np.full(self.sums.shape[1] - 1, np.nan)
        np.divide(self.sums[0, :-1], self.below, out=shift, where=self.below != 0)
        return shift
