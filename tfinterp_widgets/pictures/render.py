"""From attributions to colours: smooth, sign, clip, mask, look up. The view draws the same."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tfinterp_widgets.pictures.colormaps import Ground, lookup_table, resolve

# Reductions that leave no sign, whatever the method.
_UNSIGNED = ("max_abs", "abs_sum")


@dataclass(frozen=True)
class ViewSettings:
    """How a map is drawn; the explorer's traits of the same names say what each means."""

    colormap: str = "auto"
    opacity: float = 0.7
    clip_percentile: float = 99.0
    sign: str = "signed"
    smooth: float = 3.0
    top_percent: float = 100.0


@dataclass(frozen=True, eq=False)
class Rendered:
    """A map in colour.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (H, W, 4)
        RGBA; what the mask leaves out is transparent.
    limit : float
        The absolute value at which colour saturates.
    signed : bool
        Whether the colours run from -limit to limit rather than from 0.
    table : ndarray of uint8, shape (256, 3)
        The colours, from the least value to the largest.
    """

    pixels: NDArray[np.uint8]
    limit: float
    signed: bool
    table: NDArray[np.uint8]


def render(
    heatmap: NDArray[np.float32], reduction: str, settings: ViewSettings, ground: Ground = "light"
) -> Rendered:
    """Colour a map; values that are not finite are left out, as if the mask had.

    Parameters
    ----------
    heatmap : ndarray of float32, shape (H, W)
    reduction : str
        How its channels were put together; after "max_abs" and "abs_sum" there is no sign to show.
    settings : ViewSettings
    ground : {"light", "dark"}
        What the map is shown on.

    Examples
    --------
    >>> heatmap = np.array([[-1, 1]], np.float32)
    >>> rendered = render(heatmap, "sum", ViewSettings(smooth=0, clip_percentile=100))
    >>> rendered.limit, rendered.signed
    (1.0, True)
    """
    sign = "absolute" if settings.sign == "signed" and reduction in _UNSIGNED else settings.sign
    values = smoothed(heatmap, settings.smooth)
    finite = np.isfinite(values)
    values = _apply_sign(values, sign)
    magnitudes = np.sort(np.abs(values[finite]))
    signed = sign == "signed"
    limit = _clip_limit(magnitudes, settings.clip_percentile)
    table = lookup_table(resolve(settings.colormap, signed=signed), ground)
    shown = finite & (np.abs(values) >= _mask_threshold(magnitudes, settings.top_percent))
    pixels = np.zeros((*values.shape, 4), np.uint8)
    pixels[shown, :3] = table[_table_index(values[shown], limit, signed=signed)]
    pixels[shown, 3] = 255
    return Rendered(pixels, limit, signed, table)


def smoothed(heatmap: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Apply a Gaussian of `sigma` pixels that keeps the sum: the border is a mirror."""
    if sigma == 0:
        return heatmap
    return np.asarray(ndimage.gaussian_filter(heatmap, sigma, mode="reflect", truncate=4.0))


def _apply_sign(values: NDArray[np.float32], sign: str) -> NDArray[np.float32]:
    if sign == "absolute":
        return np.abs(values)
    return np.maximum(values, 0) if sign == "positive" else values


def _clip_limit(magnitudes: NDArray[np.float32], percent: float) -> float:
    """Find where colour saturates: at the largest value, where most of a map is zero."""
    if magnitudes.size == 0:
        return 0.0
    limit = float(np.percentile(magnitudes.astype(float), percent))
    return limit if limit > 0 else float(magnitudes[-1])


def _mask_threshold(magnitudes: NDArray[np.float32], percent: float) -> float:
    """Find the smallest magnitude still drawn when only the top `percent` of the pixels are."""
    kept = math.ceil(percent * magnitudes.size / 100)
    return math.inf if kept == 0 else float(magnitudes[magnitudes.size - kept])


def _table_index(values: NDArray[np.float32], limit: float, *, signed: bool) -> NDArray[np.intp]:
    part = values.astype(float) / limit if limit > 0 else np.zeros(values.shape)
    unit = (part + 1) / 2 if signed else part
    return np.floor(np.clip(unit, 0, 1) * 255 + 0.5).astype(np.intp)
