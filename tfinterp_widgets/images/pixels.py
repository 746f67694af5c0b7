"""One image of any kind -> float32 pixels of shape (H, W, C), saying what was changed on the way.

Values keep the units they came in, because a model's preprocessing expects those: bytes stay
0..255, and floats from 0 to 1 stay floats from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Array = NDArray[np.float32]

_EXIF_ORIENTATION = 0x0112
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as Pillow's convert("L")
_BYTES = (0.0, 255.0)
_MOST = 1e38  # float32 ends at 3.4e38, and differences of pixels have to fit it too
_RANGES = ((0.0, 1.0), _BYTES, (-1.0, 1.0))


@dataclass(frozen=True, eq=False)
class Pixels:
    """An image on its way to the model.

    Attributes
    ----------
    values : ndarray of float32, shape (H, W, C)
    low, high : float
        What black and white are in these units; of floats, until `with_one_scale` has seen them
        all, the least and the largest value.
    whole : bool
        Whether the values are whole numbers, as bytes are.
    notes : tuple of str
        What was changed, for the person who looks at it.
    """

    values: Array
    low: float = 0.0
    high: float = 255.0
    whole: bool = True
    notes: tuple[str, ...] = ()

    def changed(self, values: NDArray[Any], *notes: str) -> Pixels:
        """Other values in the same units, with notes on why."""
        return replace(self, values=np.asarray(values, np.float32), notes=(*self.notes, *notes))


def deep_kinds(sources: Iterable[Any]) -> frozenset[str]:
    """Find the dtypes of arrays of whole numbers in which one array has more than bytes.

    All arrays of such a dtype are scaled alike, also those that are too dark to show it.
    """
    arrays = (np.asarray(source) for source in sources if _is_array(source))
    return frozenset(
        array.dtype.name
        for array in arrays
        if array.dtype.kind in "ui" and array.dtype.itemsize > 1 and array.max(initial=0) > 255
    )


def decode(source: Any, name: str, deep: frozenset[str] = frozenset()) -> Pixels:
    """Read a path, a PIL image or an array of shape (H, W) or (H, W, C).

    Parameters
    ----------
    source : path, PIL image or array
    name : str
        For errors.
    deep : frozenset of str
        The dtypes of arrays that hold 16 bits: `deep_kinds` of all the sources.

    Raises
    ------
    TypeError, ValueError
        When it is none of these, cannot be read, or holds values that are no pixels.
    """
    if isinstance(source, str | Path):
        return _from_file(Path(source), name)
    if isinstance(source, Image.Image):
        return _from_pil(source, name, name, _OBJECTS)
    if _is_array(source):
        return _from_array(np.asarray(source), name, deep)
    raise TypeError(
        f"{name} is a {type(source).__name__}; expected an array of shape (height, width, "
        "channels), a PIL image or the path of an image file."
    )


def _is_array(source: Any) -> bool:
    pillow = isinstance(source, Image.Image)  # some versions have __array__
    return not pillow and (isinstance(source, np.ndarray) or hasattr(source, "__array__"))


def with_one_scale(collection: Sequence[Pixels]) -> list[Pixels]:
    """Settle what black and white are: the same for all, as one model takes them all."""
    least = min(pixels.low for pixels in collection)
    most = max(pixels.high for pixels in collection)
    fitting = (limits for limits in _RANGES if limits[0] <= least and most <= limits[1])
    low, high = next(fitting, (least, most))
    if (low, high) == _BYTES:
        note: tuple[str, ...] = ()
    elif (low, high) in _RANGES:
        note = (f"floats taken as {low:g} to {high:g}",)
    else:
        note = (f"{low:.4g} shown as black, {high:.4g} as white",)
    return [
        replace(pixels, low=low, high=high, notes=(*pixels.notes, *note)) for pixels in collection
    ]


def fit(pixels: Pixels, shape: Sequence[int | None] | None, name: str) -> Pixels:
    """Bring pixels to a model's input shape (None: any size); nothing is ever cropped."""
    height, width, channels = (None, None, None) if shape is None else shape
    pixels = _fit_channels(pixels, channels, name)
    before = pixels.values.shape[:2]
    after = (height or before[0], width or before[1])
    if after == before:
        return pixels
    stretched = abs(before[0] * after[1] / (before[1] * after[0]) - 1) > 0.01
    return pixels.changed(
        resize(pixels.values, after),
        f"resized from {before[1]} × {before[0]} to {after[1]} × {after[0]}"
        + (", stretched to fit" if stretched else ""),
    )


def resize(values: Array, size: tuple[int, int]) -> Array:
    """Resample (H, W, C) to (height, width), bicubic and antialiased, within the old limits."""
    channels = [
        np.asarray(Image.fromarray(channel).resize(size[::-1], Image.Resampling.BICUBIC))
        for channel in np.moveaxis(values, -1, 0)
    ]
    limits = float(values.min()), float(values.max())
    return np.asarray(np.clip(np.stack(channels, -1), *limits), np.float32)


_FILES = "Expected one that Pillow opens, such as PNG or JPEG."
_OBJECTS = "Call image.load() while its file is open, and see whether it is whole."


def _from_file(path: Path, name: str) -> Pixels:
    what = f"{name}: the file {str(path)!r}"
    try:
        image = Image.open(path)
    except FileNotFoundError as error:
        raise ValueError(f"{name}: there is no file {str(path)!r}. Check the path.") from error
    except Exception as error:
        raise _unreadable(what, error, _FILES) from error
    with image:
        return _from_pil(image, name, what, _FILES)


def _from_pil(image: Image.Image, name: str, what: str, advice: str) -> Pixels:
    try:
        array, notes = _unpack(image)
    except Exception as error:  # Pillow raises SyntaxError, ValueError, AssertionError and others
        raise _unreadable(what, error, advice) from error
    if image.mode.startswith("I;16"):
        pixels = _from_16_bits(array[..., np.newaxis])
    else:
        pixels = _from_array(array, name)
    return replace(pixels, notes=(*notes, *pixels.notes))


def _unreadable(what: str, error: Exception, advice: str) -> ValueError:
    """Make the error for what Pillow cannot read."""
    if isinstance(error, Image.DecompressionBombError):
        advice = "Make it smaller, or raise PIL.Image.MAX_IMAGE_PIXELS if you trust it."
    reason = str(error) or type(error).__name__
    return ValueError(f"{what} cannot be read as an image ({reason}). {advice}")


def _unpack(image: Image.Image) -> tuple[NDArray[Any], list[str]]:
    """Read the pixels of a PIL image, with notes on what was changed."""
    image.load()
    notes = []
    frames = getattr(image, "n_frames", 1)
    if frames > 1:
        notes.append(f"first of {frames} frames")
    if image.getexif().get(_EXIF_ORIENTATION, 1) != 1:
        image = ImageOps.exif_transpose(image)
        notes.append("turned upright by its EXIF orientation")
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return np.asarray(image), notes
    mode = _plain_mode(image)
    if image.mode not in ("1", mode):
        notes.append(f"{_MODE_NAMES.get(image.mode, image.mode)} converted to {mode}")
    return np.asarray(image.convert(mode)), notes


_MODE_NAMES = {"P": "palette", "PA": "palette"}


def _plain_mode(image: Image.Image) -> str:
    """One of L, LA, RGB and RGBA."""
    if image.mode in ("L", "LA", "RGB", "RGBA"):
        return image.mode
    if image.mode in ("1", "La"):
        return "L" if image.mode == "1" else "LA"
    transparent = image.mode in ("PA", "RGBa") or "transparency" in image.info
    return "RGBA" if transparent else "RGB"


def _from_array(array: NDArray[Any], name: str, deep: frozenset[str] = frozenset()) -> Pixels:
    if array.ndim not in (2, 3) or array.size == 0:
        raise ValueError(
            f"{name} has shape {array.shape}; expected (height, width) or (height, width, "
            "channels) with at least one pixel."
            + (" For a batch pass list(images)." if array.ndim == 4 else "")
        )
    values = array[..., np.newaxis] if array.ndim == 2 else array
    if array.dtype.kind == "f":
        return _from_floats(values, name)
    if array.dtype.kind == "b":
        return Pixels(
            np.asarray(values * 255.0, np.float32), notes=("true and false as 255 and 0",)
        )
    if array.dtype.kind not in "ui":
        raise TypeError(f"{name} has dtype {array.dtype}; expected numbers, such as uint8.")
    low, high = int(values.min()), int(values.max())
    if low >= 0 and high <= 255 and array.dtype.name not in deep:
        notes = ("16 bits, none above 255, taken as 0..255",) if array.dtype == np.uint16 else ()
        return Pixels(np.asarray(values, np.float32), notes=notes)
    if low >= 0 and high <= 65535:
        return _from_16_bits(values)
    raise ValueError(
        f"{name} holds whole numbers from {low} to {high}; expected 0..255 (or 16 bits, 0..65535)."
    )


def _from_16_bits(values: NDArray[Any]) -> Pixels:
    return Pixels(np.asarray(np.round(values / 257.0), np.float32), notes=("16 bits as 0..255",))


def _from_floats(values: NDArray[Any], name: str) -> Pixels:
    bad = values.size - np.count_nonzero(np.isfinite(values))
    if bad:
        raise ValueError(
            f"{name} has {bad} NaN or infinite values out of {values.size}; expected finite "
            "pixels. Replace them, for example with numpy.nan_to_num."
        )
    low, high = float(values.min()), float(values.max())
    if max(-low, high) > _MOST:
        raise ValueError(
            f"{name} has values beyond float32, from {low:.4g} to {high:.4g}; expected at most "
            f"{_MOST:.4g} in size. Divide them first."
        )
    return Pixels(
        np.asarray(values, np.float32),
        low=low,
        high=high,
        whole=False,
    )


def _fit_channels(pixels: Pixels, wanted: int | None, name: str) -> Pixels:
    has = pixels.values.shape[-1]
    if has in (2, 4) and wanted != has:
        pixels = _without_alpha(pixels)
        has -= 1
    if wanted in (None, has):
        return pixels
    if (has, wanted) == (1, 3):
        return pixels.changed(np.repeat(pixels.values, 3, -1), "grey repeated in 3 channels")
    if (has, wanted) == (3, 1):
        return pixels.changed((pixels.values @ _LUMA)[..., None], "converted to grey")
    shape = pixels.values.shape
    advice = (
        "It looks channels-first: use numpy.moveaxis(image, 0, -1)."
        if shape[0] in (1, 3, 4)
        else "Channels are the last axis; select or convert them first."
    )
    raise ValueError(
        f"{name} has {shape[-1]} channels (shape {shape}); the model takes {wanted}. {advice}"
    )


def _without_alpha(pixels: Pixels) -> Pixels:
    colour, alpha = pixels.values[..., :-1], pixels.values[..., -1:]
    opacity = (alpha - pixels.low) / max(pixels.high - pixels.low, 1e-12)
    if opacity.min() >= 1:
        return pixels.changed(colour, "opaque alpha channel left out")
    return pixels.changed(
        colour * opacity + pixels.high * (1 - opacity), "transparency put on white"
    )
