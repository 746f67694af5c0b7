"""Between the host and the device."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


def as_array(tensor: Any) -> NDArray[np.float32]:
    """Fetch a tensor to the host, as float32."""
    return np.asarray(tf.cast(tensor, tf.float32).numpy())


def as_tensor(array: NDArray[np.floating[Any]]) -> Any:
    """Put an array on the device, as float32."""
    return tf.constant(array, tf.float32)
