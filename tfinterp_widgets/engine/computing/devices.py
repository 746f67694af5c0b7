"""The devices on which a model is run."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import tensorflow as tf


@dataclass(frozen=True)
class Machine:
    """Where models are run, and how much at once.

    Attributes
    ----------
    lock : threading.RLock
        Held while a chunk runs: whoever shares it takes turns.
    chunk : int or None
        Points in a full chunk, for each device; None to find it.
    devices : tuple of str or None
        The names of the devices that share a chunk; None for where TensorFlow runs it.
    jit : bool
        Whether XLA compiles.
    """

    lock: threading.RLock
    chunk: int | None = None
    devices: tuple[str | None, ...] = (None,)
    jit: bool = False


def find_devices(devices: Any) -> tuple[str | None, ...]:
    """The names of the devices that share chunks; None alone for where TensorFlow runs them.

    Parameters
    ----------
    devices : "auto" or sequence of str
        "auto" is all GPUs or, where there is none, the CPU; names such as "GPU:1", or in full as
        ``tf.config.list_logical_devices()`` has them.

    Raises
    ------
    TypeError
        If it is neither.
    ValueError
        If a name is unknown or given twice, or there is none.
    """
    known = {_short(device.name): device.name for device in tf.config.list_logical_devices()}
    if isinstance(devices, str) and devices == "auto":
        found = [name for short, name in known.items() if short.startswith("GPU:")]
        found = found or [name for short, name in known.items() if short.startswith("CPU:")]
        return tuple(found) if len(found) > 1 else (None,)
    if isinstance(devices, str) or not isinstance(devices, Iterable):
        raise TypeError(
            f'devices={devices!r}; expected "auto" or a list of names, such as ["GPU:0", "GPU:1"].'
        )
    listed = list(devices)
    if not listed or not all(isinstance(name, str) for name in listed):
        raise TypeError(f"devices={devices!r}; expected at least one name, each a string.")
    for name in listed:
        _check_known(name, list(known))
    if len({_short(name) for name in listed}) < len(listed):
        raise ValueError(f"devices={listed} names one of them twice.")
    return tuple(known[_short(name)] for name in listed)


def all_are_gpus(devices: tuple[str | None, ...]) -> bool:
    """Whether XLA may compile: on the CPU, it made depthwise convolutions ten times slower."""
    if devices == (None,):
        return bool(tf.config.list_logical_devices("GPU"))
    return all(name is not None and _short(name).startswith("GPU:") for name in devices)


def _short(name: str) -> str:
    """The short form, such as "GPU:1", of whatever TensorFlow calls it, such as "/device:GPU:1"."""
    return name.rpartition("/")[2].removeprefix("device:").upper()


def _check_known(name: str, known: list[str]) -> None:
    if _short(name) in known:
        return
    near = difflib.get_close_matches(_short(name), known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(
        f"device {name!r} is not known to TensorFlow, which has {', '.join(known)}.{hint}"
    )
