"""From attributions to colours: smooth, sign, clip, mask, look up. The view draws the same."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from tfinterp_widgets.engine import Attribution
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
    floor, limit : float
        The absolute values at which colour begins and saturates; the floor is 0 but for maps
        without sign that lie far above it.
    signed : bool
        Whether the colours run from -limit to limit rather than from the floor.
    table : ndarray of uint8, shape (256, 3)
        The colours, from the least value to the largest.
    """

    pixels: NDArray[np.uint8]
    floor: float
    limit: float
    signed: bool
    table: NDArray[np.uint8]


def has_sign(found: Attribution) -> bool:
    """Whether a map tells what speaks for the target from what speaks against it.

    Shares of a difference do, however they come out. Others do not where the reduction leaves no
    sign, or no value is negative: activations, variances, probabilities.
    """
    if found.method.reduction in _UNSIGNED:
        return False
    return found.baseline_score is not None or bool((found.heatmap() < 0).any())


def render(
    heatmap: NDArray[np.float32],
    settings: ViewSettings,
    *,
    signed: bool = True,
    over: tuple[int, int] | None = None,
    limit: float | None = None,
    ground: Ground = "light",
) -> Rendered:
    """Colour a map; values that are not finite are left out, as if the mask had.

    Parameters
    ----------
    heatmap : ndarray of float32, shape (h, w)
    settings : ViewSettings
    signed : bool
        Whether the map has a sign to show, if that is asked for; `has_sign` tells.
    over : (int, int), optional
        Height and width of the photograph that the map lies over, if that has more pixels than the
        map has cells: smoothing is in pixels of the photograph.
    limit : float, optional
        The absolute value at which colour saturates, beginning at 0: for maps on one scale. Unless
        given, the settings and the map decide.
    ground : {"light", "dark"}
        What the map is shown on.

    Examples
    --------
    >>> heatmap = np.array([[-1, 1]], np.float32)
    >>> rendered = render(heatmap, ViewSettings(smooth=0, clip_percentile=100))
    >>> rendered.limit, rendered.signed
    (1.0, True)
    """
    sign = "absolute" if settings.sign == "signed" and not signed else settings.sign
    height, width = over or heatmap.shape
    cells = heatmap.shape[0] / height, heatmap.shape[1] / width
    values = smoothed(heatmap, (settings.smooth * cells[0], settings.smooth * cells[1]))
    finite = np.isfinite(values)
    values = _apply_sign(values, sign)
    magnitudes = np.sort(np.abs(values[finite]))
    diverging = sign == "signed"
    floor = 0.0
    if limit is None:
        limit = _clip_limit(magnitudes, settings.clip_percentile)
        floor = 0.0 if diverging else _floor(magnitudes, limit, settings.clip_percentile)
    table = lookup_table(resolve(settings.colormap, signed=diverging), ground)
    shown = finite & (np.abs(values) >= _mask_threshold(magnitudes, settings.top_percent))
    pixels = np.zeros((*values.shape, 4), np.uint8)
    pixels[shown, :3] = table[_table_index(values[shown], floor, limit, signed=diverging)]
    pixels[shown, 3] = 255
    return Rendered(pixels, floor, limit, diverging, table)


def smoothed(
    heatmap: NDArray[np.float32], sigma: float | tuple[float, float]
) -> NDArray[np.float32]:
    """Apply a Gaussian of `sigma` cells, down and across, that keeps the sum.

    The border is a mirror.
    """
    if not np.any(sigma):
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


def _floor(magnitudes: NDArray[np.float32], limit: float, percent: float) -> float:
    """Find where colour begins: at 0, unless all of a map lies far above, as one of averages."""
    if magnitudes.size == 0:
        return 0.0
    floor = float(np.percentile(magnitudes.astype(float), 100 - percent))
    return floor if limit / 2 < floor < limit else 0.0


def _mask_threshold(magnitudes: NDArray[np.float32], percent: float) -> float:
    """Find the smallest magnitude still drawn when only the top `percent` of the pixels are."""
    kept = math.ceil(percent * magnitudes.size / 100)
    return math.inf if kept == 0 else float(magnitudes[magnitudes.size - kept])


def _table_index(
    values: NDArray[np.float32], floor: float, limit: float, *, signed: bool
) -> NDArray[np.intp]:
    above = values.astype(float) - floor
    part = above / (limit - floor) if limit > floor else np.zeros(values.shape)
    unit = (part + 1) / 2 if signed else part
    return np.floor(np.clip(unit, 0, 1) * 255 + 0.5).astype(np.intp)
