"""How the arrays of one input lie in the point that methods work on.

Methods know points of one array. An input of several arrays, for a model with several inputs,
goes through them as one vector, and is taken apart again inside the compiled functions and in the
answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Leaf:
    """One array of an input.

    Attributes
    ----------
    name : str
        The name of the model's input.
    shape : tuple of int
        Without the batch.
    dtype : tf.DType
        What the model eats.
    carried : bool
        Whether it stays as it is: integers, which have no gradient, and whatever else is not
        explained.
    """

    name: str
    shape: tuple[int, ...]
    dtype: Any
    carried: bool = False

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return int(np.prod(self.shape))


@dataclass(frozen=True)
class ImageInput:
    """An input that is an image, and how its axes lie.

    Attributes
    ----------
    name : str
        The name of the model's input.
    shape : tuple of int
        Without the batch.
    data_format : str
        How the axes lie, that of the batch before them: "NHWC", "NCHW".
    """

    name: str
    shape: tuple[int, ...]
    data_format: str

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        height, width = (self.shape[self.data_format.index(axis) - 1] for axis in "HW")
        return height, width


@dataclass(frozen=True)
class Layout:
    """Where the arrays of an input lie in a point.

    Attributes
    ----------
    leaves : tuple of Leaf
        In the order of the model's inputs.
    packed : bool
        Whether the point is a vector of all of them, one after the other; else it is the only one.
    """

    leaves: tuple[Leaf, ...]
    packed: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of a point."""
        if self.packed:
            return (sum(leaf.size for leaf in self.leaves),)
        return self.leaves[0].shape

    @property
    def images(self) -> tuple[Leaf, ...]:
        """The arrays that may be images: those of three axes."""
        return tuple(leaf for leaf in self.leaves if len(leaf.shape) == 3)

    def pack(self, arrays: Mapping[str, Array]) -> Array:
        """Make a point of the arrays, by name."""
        if not self.packed:
            return arrays[self.leaves[0].name]
        return np.concatenate([arrays[leaf.name].reshape(-1) for leaf in self.leaves])

    def pack_batch(self, arrays: Mapping[str, Any]) -> Any:
        """Make points (n, ...) on the device of tensors (n, ...), by name."""
        if not self.packed:
            return arrays[self.leaves[0].name]
        return tf.concat(
            [tf.reshape(arrays[leaf.name], (-1, leaf.size)) for leaf in self.leaves], 1
        )

    def unpack(self, point: Array) -> dict[str, Array]:
        """Take a point, or what was computed for each of its numbers, apart."""
        if not self.packed:
            return {self.leaves[0].name: point}
        parts = np.split(point, np.cumsum([leaf.size for leaf in self.leaves])[:-1])
        return {
            leaf.name: part.reshape(leaf.shape)
            for leaf, part in zip(self.leaves, parts, strict=True)
        }

    def split(self, points: Any) -> Any:
        """Take points (n, ...) apart inside a graph, as the model eats them.

        Returns
        -------
        tensor, or dict of str to tensor
            The dictionary where the point is packed. What is carried along lets no gradient pass.
        """
        if not self.packed:
            return tf.cast(points, self.leaves[0].dtype)
        parts = tf.split(points, [leaf.size for leaf in self.leaves], axis=1)
        return {
            leaf.name: self._as_eaten(leaf, part)
            for leaf, part in zip(self.leaves, parts, strict=True)
        }

    def keep_carried(self, point: Array, other: Array) -> Array:
        """Put what is carried along of `point` in its place in another point."""
        if not any(leaf.carried for leaf in self.leaves):
            return other
        kept = [np.full(leaf.size, leaf.carried) for leaf in self.leaves]
        return np.where(np.concatenate(kept).reshape(point.shape), point, other)

    def structured(self, values: Array, like: Any) -> Any:
        """What was computed for each number of a point, in the structure of the user's input.

        Parameters
        ----------
        values : ndarray of float32, shape `shape`
        like : array, list or dict of arrays
            The user's input.

        Returns
        -------
        ndarray, list of ndarray, or dict of str to ndarray
            By the names of the model's inputs, unless a list was given.
        """
        if not self.packed:
            return values
        arrays = self.unpack(values)
        return list(arrays.values()) if isinstance(like, list) else arrays

    def _as_eaten(self, leaf: Leaf, part: Any) -> Any:
        shaped = tf.cast(tf.reshape(part, (-1, *leaf.shape)), leaf.dtype)
        return tf.stop_gradient(shaped) if leaf.carried else shaped


def layout_of(arrays: Mapping[str, Array], dtypes: Sequence[Any], packed: bool) -> Layout:
    """Lay out arrays, of which the model eats these dtypes; integers are carried along."""
    return Layout(
        tuple(
            Leaf(name, array.shape, tf.as_dtype(dtype), not tf.as_dtype(dtype).is_floating)
            for (name, array), dtype in zip(arrays.items(), dtypes, strict=True)
        ),
        packed,
    )
