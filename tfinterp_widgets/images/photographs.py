"""What a user hands in as `images` -> named photographs of a model's size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tfinterp_widgets.images.pixels import Pixels, decode, deep_kinds, fit, with_one_scale

_THUMBNAIL = 64
# All thumbnails together: the initial state of an explorer stays far below 4 MB.
_THUMBNAIL_BYTES = 500_000


@dataclass(frozen=True, eq=False)
class Photograph:
    """One image as the model gets it, before preprocessing.

    Attributes
    ----------
    name : str
    values : ndarray of float32, shape (H, W, C)
        In the user's own units.
    low, high : float
        What black and white are in these units; the same for all images that came together.
    notice : str
        What was changed since it was handed in; empty where nothing was.
    """

    name: str
    values: NDArray[np.float32]
    low: float
    high: float
    notice: str

    @property
    def is_bytes(self) -> bool:
        """Whether `rgb` shows exactly these values."""
        return self.values.shape[-1] in (1, 3) and bool(
            (self.low, self.high) == (0, 255) and (self.values == np.round(self.values)).all()
        )

    def rgb(self) -> NDArray[np.uint8]:
        """Make the picture to show, uint8 (H, W, 3); it has the first 3 of more channels."""
        span = max(self.high - self.low, 1e-12)
        shown = np.clip((self.values - self.low) / span, 0, 1) * 255
        channels = shown[..., :3] if shown.shape[-1] >= 3 else np.repeat(shown[..., :1], 3, -1)
        return np.round(channels).astype(np.uint8)

    def thumbnail(self, size: int = _THUMBNAIL) -> NDArray[np.uint8]:
        """Shrink the picture until its longer side is at most `size` pixels, uint8 (h, w, 3)."""
        picture = Image.fromarray(self.rgb())
        picture.thumbnail((size, size))
        return np.asarray(picture)


def read_photographs(
    images: Any, shape: Sequence[int | None] | None = None
) -> tuple[Photograph, ...]:
    """Read images and bring them to a model's input shape, as `AttributionExplorer` does.

    Parameters
    ----------
    images : array, PIL image, path, list of these, or dict of name to one of these
        Arrays have shape (H, W), (H, W, 1), (H, W, 3) or (H, W, 4). Bytes are 0..255, and 16 bits
        are brought there, in all arrays of a dtype of which one goes beyond 255; floats keep
        their own units, where black and white are 0 and 1, 0 and 255, or -1 and 1, whichever holds
        all the images, else their least and largest value. An array of 4 axes is refused, since it
        may be meant as one image.
    shape : (int or None, int or None, int or None), optional
        The model's input; None for an axis of any size, and for a model that does not say.

    Returns
    -------
    tuple of Photograph
        In the given order. Images of another size are resized as a whole: stretched where the
        aspect differs, never cropped or padded, and their `notice` says so.

    Raises
    ------
    TypeError, ValueError
        When there is no image, or one that cannot be read or does not fit the model; the message
        names it.

    Examples
    --------
    >>> from tfinterp_widgets import read_photographs
    >>> (cat,) = read_photographs({"cat": np.zeros((4, 8), np.uint8)}, (2, 2, 3))
    >>> cat.name, cat.values.shape
    ('cat', (2, 2, 3))
    >>> cat.notice
    'grey repeated in 3 channels; resized from 8 × 4 to 2 × 2, stretched to fit'
    """
    if shape is not None and len(shape) != 3:
        raise ValueError(
            f"the model's input has shape {tuple(shape)}; an image has (height, width, channels)."
        )
    sources = _named(images)
    if not sources:
        raise ValueError(
            f"images is an empty {type(images).__name__}; expected at least one image."
        )
    deep = deep_kinds(source for _, source in sources)
    decoded = with_one_scale([_decode(name, source, shape, deep) for name, source in sources])
    return tuple(
        _photograph(name, pixels, shape) for (name, _), pixels in zip(sources, decoded, strict=True)
    )


def thumbnail_size(count: int) -> int:
    """Longer side of thumbnails, in pixels, such that `count` of them stay small together."""
    return max(8, min(_THUMBNAIL, int((_THUMBNAIL_BYTES / 3 / count) ** 0.5)))


def _named(images: Any) -> list[tuple[str, Any]]:
    if isinstance(images, Mapping):
        return [(str(name), image) for name, image in images.items()]
    if isinstance(images, list | tuple):
        return [(_name(image) or f"photo {n}", image) for n, image in enumerate(images, 1)]
    return [(_name(images) or "photo", images)]


def _name(image: Any) -> str:
    """Name the file that an image comes from, if it does."""
    path = image if isinstance(image, str | Path) else getattr(image, "filename", "")
    return Path(path).stem if path else ""


def _decode(
    name: str, source: Any, shape: Sequence[int | None] | None, deep: frozenset[str]
) -> Pixels:
    pixels = decode(source, f"image {name!r}", deep)
    # Bytes are brought to size at once, so that large files are not in memory all together.
    # Floats have to wait for what white is, on which transparency is put.
    return fit(pixels, shape, f"image {name!r}") if pixels.whole else pixels


def _photograph(name: str, pixels: Pixels, shape: Sequence[int | None] | None) -> Photograph:
    pixels = fit(pixels, shape, f"image {name!r}")
    # A copy: what is explained must not change under the explorer's hands.
    values = np.round(pixels.values) if pixels.whole else pixels.values.copy()
    return Photograph(name, values, pixels.low, pixels.high, "; ".join(pixels.notes))
