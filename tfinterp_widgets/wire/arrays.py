"""ndarray <-> ``{dtype, shape, view}``: C order, little-endian, in one of four dtypes.

JavaScript has a typed array for each of the four; everything else is converted where that loses
nothing, and refused where it would.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray


class WireArray(TypedDict):
    """An array as a synced trait carries it."""

    dtype: str
    shape: list[int]
    view: memoryview


_DTYPES = {
    name: np.dtype(name).newbyteorder("<") for name in ("float32", "float64", "uint8", "int32")
}

# What is sent in place of a dtype that JavaScript has no array for; none of these loses anything.
_SENT_AS = {
    "float16": "float32",
    "bool": "uint8",
    "int8": "int32",
    "int16": "int32",
    "uint16": "int32",
}
_WIDE_INTEGERS = ("int64", "uint32", "uint64")


def to_wire(array: ArrayLike) -> WireArray:
    """Describe an array for a synced trait.

    Parameters
    ----------
    array : array_like
        Of any shape and memory layout. float32, float64, uint8 and int32 are sent as they are;
        bool as uint8; float16 as float32; small integers, and wide ones whose values fit, as int32.

    Returns
    -------
    dict
        ``{"dtype": str, "shape": list of int, "view": memoryview}``. The view is a snapshot: later
        changes of the array do not reach it.

    Raises
    ------
    TypeError
        For complex, text, object and extended-precision arrays.
    ValueError
        For integers beyond the range of int32.

    Examples
    --------
    >>> sent = to_wire(np.eye(2, dtype=np.float32)[::-1])
    >>> sent["dtype"], sent["shape"], sent["view"].nbytes
    ('float32', [2, 2], 16)
    >>> from_wire(sent).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    values = _sendable(np.asarray(array))
    return {
        "dtype": values.dtype.name,
        "shape": list(values.shape),
        "view": memoryview(values.tobytes(order="C")),
    }


def to_message(array: ArrayLike, buffers: list[memoryview]) -> dict[str, Any]:
    """Append an array to the buffers of a custom message: ``{dtype, shape, buffer}``."""
    sent = to_wire(array)
    buffers.append(sent["view"])
    return {"dtype": sent["dtype"], "shape": sent["shape"], "buffer": len(buffers) - 1}


def from_wire(sent: Mapping[str, Any]) -> NDArray[Any]:
    """Rebuild an array from ``{dtype, shape, view}``; a copy, in C order.

    Raises
    ------
    ValueError
        When the description is malformed, or the buffer's length does not fit it.
    """
    try:
        dtype, shape = _DTYPES[sent["dtype"]], tuple(int(size) for size in sent["shape"])
        data = bytes(sent["view"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"malformed array on the wire ({type(error).__name__}: {error}); "
            f"expected dtype (one of {', '.join(_DTYPES)}), shape and view."
        ) from error
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != len(data):
        raise ValueError(
            f"an array of shape {shape} and dtype {dtype.name} does not fit into the "
            f"{len(data)} bytes that came with it."
        )
    return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def from_message(sent: Mapping[str, Any], buffers: Sequence[Any]) -> NDArray[Any]:
    """Rebuild an array of a custom message from ``{dtype, shape, buffer}``."""
    try:
        view = buffers[sent["buffer"]]
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"no buffer came for the array {dict(sent)!r}.") from error
    return from_wire({**sent, "view": view})


def bin_for(shape: Sequence[int], bytes_per_pixel: int, limit: int) -> int:
    """Smallest b for which (H, W), averaged over b x b pixels, takes at most `limit` bytes.

    Examples
    --------
    >>> bin_for((224, 224), 4, 1_000_000), bin_for((3000, 4000), 4, 1_000_000)
    (1, 7)
    """
    height, width = shape[:2]
    size = 1
    while -(-height // size) * -(-width // size) * bytes_per_pixel > limit:
        size += 1
    return size


def block_mean(array: NDArray[Any], size: int) -> NDArray[Any]:
    """Average over blocks of `size` x `size` pixels of the first two axes.

    Blocks at the right and lower edge average the pixels that they have. A `size` of 1 returns the
    array itself; otherwise the result is float32, of shape (ceil(H / size), ceil(W / size), ...).
    """
    if size == 1:
        return array
    rows, columns = (np.arange(0, length, size) for length in array.shape[:2])

    def block_sums(values: NDArray[Any]) -> NDArray[np.float64]:
        return np.add.reduceat(np.add.reduceat(values, rows, 0, float), columns, 1)

    pixels = np.ones(array.shape[:2] + (1,) * (array.ndim - 2))
    return np.asarray(block_sums(array) / block_sums(pixels), np.float32)


def _sendable(values: NDArray[Any]) -> NDArray[Any]:
    """Convert to one of the four dtypes, little-endian, or say why not."""
    name = values.dtype.name
    if name in _WIDE_INTEGERS:
        limits = np.iinfo(np.int32)
        if values.size and (values.min() < limits.min or values.max() > limits.max):
            raise ValueError(
                f"{name} values from {values.min()} to {values.max()} do not fit int32; "
                "convert them to float64."
            )
        name = "int32"
    name = _SENT_AS.get(name, name)
    if name not in _DTYPES:
        raise TypeError(
            f"an array of dtype {values.dtype} cannot be sent; "
            f"expected one of {', '.join(_DTYPES)}."
        )
    return values.astype(_DTYPES[name], copy=False)
