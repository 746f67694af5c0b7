"""Numbers as a person reads them: as many decimals as their size deserves, the same for all."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def decimals_for(values: Any) -> int:
    """Choose how many decimals let one read and compare some numbers, from 0 to 8.

    Parameters
    ----------
    values : array-like of float
        Those that are not finite are left out.

    Examples
    --------
    >>> decimals_for([0.083, 0.0004]), decimals_for([0.5]), decimals_for([1234.5])
    (3, 3, 0)
    """
    finite = np.abs(np.asarray(values, np.float64).ravel())
    finite = finite[np.isfinite(finite)]
    largest = float(finite.max()) if finite.size else 0.0
    if largest == 0:
        return 3
    exponent = math.floor(math.log10(largest))
    return min(max(2 - exponent if exponent >= -1 else 1 - exponent, 0), 8)


def written(value: float, decimals: int) -> str:
    """Write a number with thousands apart and a real minus sign; never "-0.000".

    Examples
    --------
    >>> written(-1234.5678, 1), written(-0.0001, 3)
    ('−1,234.6', '0.000')
    """
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    rounded = round(value, decimals)
    return f"{0.0 if rounded == 0 else rounded:,.{decimals}f}".replace("-", "−")


def shortened(text: str, length: int = 28) -> str:
    """Take letters out of the middle of a long name: its two ends tell columns apart.

    Examples
    --------
    >>> shortened("percentage_of_disposable_income", 20)
    'percentage…le_income'
    """
    if len(text) <= length:
        return text
    tail = (length - 1) // 2
    return f"{text[: length - 1 - tail]}…{text[-tail:]}"
