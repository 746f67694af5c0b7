"""What the explorer's view is told: plain dictionaries of the wire, without any NaN."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine import Attribution, Prediction
from tfinterp_widgets.engine.targets import ClassTarget, target_label
from tfinterp_widgets.images import Photograph, thumbnail_size
from tfinterp_widgets.pictures import has_sign
from tfinterp_widgets.widgets.explorer.answers import Query
from tfinterp_widgets.wire import bin_for, block_mean, to_wire

Names = Sequence[str] | None

# Picture, raw values and map of one image together; a whole state stays under 4 MB.
_IMAGE_BYTES = 3_000_000
_PICTURE, _MAP, _RAW = 3, 4, 4  # bytes of a pixel; _RAW of each of its channels


def bin_of(photograph: Photograph) -> int:
    """Side of the blocks of pixels that are averaged before an image, and its maps, are sent."""
    return bin_for(photograph.values.shape, _PICTURE + _MAP, _IMAGE_BYTES)


def image_message(index: int, photograph: Photograph, label: int | None) -> dict[str, Any]:
    """Describe the current image, as the model gets it before preprocessing."""
    size, shape = bin_of(photograph), photograph.values.shape
    picture = np.round(block_mean(photograph.rgb(), size)).astype(np.uint8)
    # The picture itself tells bytes; other units are sent beside it where there is room for both.
    per_pixel = _PICTURE + _MAP + _RAW * shape[-1]
    with_raw = not photograph.is_bytes and bin_for(shape, per_pixel, _IMAGE_BYTES) == 1
    shrunk = f"shown at 1/{size} of its size" if size > 1 else ""
    return {
        "index": index,
        "name": photograph.name,
        "image": to_wire(picture),
        "raw": to_wire(photograph.values) if with_raw else None,
        "bin": size,
        "notice": "; ".join(filter(None, (photograph.notice, shrunk))),
        "label": label,
    }


def thumbnail_messages(photographs: Sequence[Photograph]) -> list[dict[str, Any]]:
    """Describe all images in small."""
    size = thumbnail_size(len(photographs))
    return [
        {
            "name": photograph.name,
            "image": to_wire(photograph.thumbnail(size)),
            "notice": photograph.notice,
        }
        for photograph in photographs
    ]


def predictions_message(
    image_index: int, predictions: Sequence[Prediction], target: ClassTarget | None, names: Names
) -> dict[str, Any]:
    """Describe the five top classes, and those of the target."""
    asked = predictions[0].index if target is None else target
    by_index = {prediction.index: prediction for prediction in predictions}
    explained = asked if isinstance(asked, tuple) else (asked,)
    return {
        "image_index": image_index,
        "top": [_prediction_message(prediction, names) for prediction in predictions[:5]],
        "target": [_prediction_message(by_index[index], names) for index in explained],
    }


def _prediction_message(prediction: Prediction, names: Names) -> dict[str, Any]:
    return {
        "index": prediction.index,
        "name": target_label(prediction.index, names),
        "score": finite(prediction.score),
        "probability": finite(prediction.probability),
    }


def map_message(
    query: Query, found: Attribution, names: Names, half: NDArray[np.float32] | None
) -> dict[str, Any]:
    """Describe one map; its array, under "map", is still an ndarray.

    A map of the image's size is sent as the image is, averaged over blocks of pixels where that is
    large; one of a layer's cells as it is.

    Parameters
    ----------
    query : Query
    found : Attribution
    names : sequence of str or None
        The classes.
    half : ndarray, optional
        The map of half as many steps, if that is known: how far the map has moved since.
    """
    heatmap = found.heatmap()
    if heatmap.shape == query.photograph.values.shape[:2]:
        heatmap = np.asarray(block_mean(heatmap, bin_of(query.photograph)), np.float32)
    return {
        "image_index": query.image_index,
        "level": found.level,
        "requested": query.steps,
        "final": found.final,
        "method": query.method_name,
        "method_label": found.method.label,
        "rule": getattr(found.method, "rule", None),
        "layer": getattr(found.method, "layer", None),
        "target": _jsonable(cast("ClassTarget", found.target)),
        "target_label": target_label(found.target, names),
        "baseline_label": query.baseline_label if query.has_baseline else None,
        "reduction": found.method.reduction,
        "channels": found.values.shape[-1],
        "signed": has_sign(found),
        "map": heatmap,
        "score": finite(found.score),
        "adds_up": found.baseline_score is not None,
        "baseline_score": finite(found.baseline_score),
        "total": finite(found.values.sum(dtype=np.float64)),
        "relative_error": finite(found.relative_error),
        "moved": None if half is None else finite(moved(half, heatmap)),
        "standard_error": _error_message(found),
        "r_squared": finite(found.r_squared),
        "blind": _is_blind(query, found),
        "warning": found.warning,
        "path": _path_message(found),
        "evaluations": found.evaluations,
    }


def _error_message(found: Attribution) -> dict[str, float | None] | None:
    """The typical standard error of a value, and what it is of the values' own spread."""
    if found.standard_error is None:
        return None
    error = math.sqrt(np.square(found.standard_error, dtype=np.float64).mean())
    spread = float(found.values.std(dtype=np.float64))
    return {
        "typical": finite(error),
        "relative": finite(error / spread) if spread > 0 else None,
    }


def _is_blind(query: Query, found: Attribution) -> bool:
    """Whether pixels that equal the baseline have no share, as notes on baselines say."""
    if found.baseline is None or found.baseline.shape != found.values.shape:
        return False
    return not found.values[found.baseline == query.photograph.values].any()


def moved(before: NDArray[np.float32], after: NDArray[np.float32]) -> float | None:
    """Sum of absolute changes, relative to the sum of absolute values; None of a map of zeros."""
    size = float(np.abs(after).sum(dtype=np.float64))
    change = float(np.abs(after - before).sum(dtype=np.float64))
    return change / size if size > 0 else None


def finite(number: Any) -> float | None:
    """Give JSON a number, or None for what it has no way to write."""
    return float(number) if number is not None and math.isfinite(number) else None


def _path_message(found: Attribution) -> dict[str, list[Any]] | None:
    if found.path is None:
        return None
    return {
        "alphas": [finite(alpha) for alpha in found.path.alphas],
        "scores": [finite(score) for score in found.path.scores],
        "evaluated": found.path.evaluated.tolist(),
    }


def _jsonable(target: ClassTarget) -> int | list[int]:
    return list(target) if isinstance(target, tuple) else target
