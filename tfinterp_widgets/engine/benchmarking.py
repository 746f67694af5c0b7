"""How fast a model is explained on this machine, and in how much memory."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from tfinterp_widgets.engine.asking.arrays import Array
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.models.adapted import InputSpec
from tfinterp_widgets.engine.tensors import as_tensor

SECONDS = 1.0
"""How long chunks of the size that was found are timed."""

RUNS = 3
"""How many of them are timed at least."""

_MANY = 10**9
_STATM = Path("/proc/self/statm")
"""Where Linux tells how much memory a process holds."""


@dataclass(frozen=True)
class Benchmark:
    """What `AttributionEngine.benchmark` measured; printed, it reads as a sentence or two.

    Attributes
    ----------
    model : str
        The model's name.
    evaluations_per_second : float
        Points differentiated, of which integrated gradients take one a step.
    forward_per_second : float
        Points evaluated without a gradient, of which occlusion takes one a patch.
    chunk : int
        Points that are differentiated at once.
    device : str
        Where, such as "GPU:0"; several are separated by commas.
    memory_bytes : int or None
        The peak while it ran: of the GPUs' memory, or of the memory that the whole process holds
        on the CPU; None where that cannot be seen.
    optimized : str or None
        As `AttributionEngine.optimized`.
    precision : str
        As given to `AttributionEngine`.
    """

    model: str
    evaluations_per_second: float
    forward_per_second: float
    chunk: int
    device: str
    memory_bytes: int | None
    optimized: str | None
    precision: str

    def __str__(self) -> str:
        memory = "unknown" if self.memory_bytes is None else f"{self.memory_bytes / 2**20:,.0f} MiB"
        return (
            f"{self.model}: {self.evaluations_per_second:.3g} gradients a second, "
            f"{self.forward_per_second:.3g} forward passes a second\n"
            f"  on {self.device} in {self.precision}, {self.chunk} at once, "
            f"peak memory {memory}\n"
            f"  optimised: {self.optimized or 'nothing'}"
        )


def measure(question: Question, model: str, optimized: str | None, precision: str) -> Benchmark:
    """Time gradients and forward passes at the question's own point; the rest is passed on."""
    point = as_tensor(question.point[None])
    devices: set[str] = set()

    def differentiate(count: int) -> None:
        _, gradients = question.gradients(tf.repeat(point, count, axis=0))
        devices.add(gradients.device)

    def evaluate(count: int) -> None:
        question.evaluate(tf.repeat(point, count, axis=0))

    with _watching_memory() as peak:
        gradients, chunk = _rate(question.chunks(_MANY), differentiate)
        forward, _ = _rate(question.forward_chunks(_MANY), evaluate)
    return Benchmark(
        model=model,
        evaluations_per_second=gradients,
        forward_per_second=forward,
        chunk=chunk,
        device=", ".join(sorted(map(_short, devices))),
        memory_bytes=peak(),
        optimized=optimized,
        precision=precision,
    )


def made_up(inputs: tuple[InputSpec, ...] | None, name: str) -> Any:
    """An input of a model that tells the shapes of its inputs: random numbers, or zeros for ids.

    Raises
    ------
    ValueError
        If it does not.
    """
    if inputs is None or any(spec.shape is None or None in spec.shape for spec in inputs):
        raise ValueError(
            f"model {name!r} takes inputs of any shape; give benchmark one of yours: "
            "engine.benchmark(x)."
        )
    random = np.random.default_rng(0)

    def array(spec: InputSpec) -> Array:
        shape = tuple(size or 0 for size in spec.shape or ())
        return random.random(shape, np.float32) if spec.floating else np.zeros(shape, np.float32)

    arrays = {spec.name: array(spec) for spec in inputs}
    return arrays if len(arrays) > 1 else next(iter(arrays.values()))


def _rate(chunks: Iterator[tuple[int, int]], run: Callable[[int], None]) -> tuple[float, int]:
    """Points a second, in chunks of the size that turns out to suit; and that size."""
    largest, runs, spent = 0, 0, 0.0
    for begin, end in chunks:
        began = time.perf_counter()
        run(end - begin)
        took = time.perf_counter() - began
        if end - begin > largest:  # compiled just now
            largest, runs, spent = end - begin, 0, 0.0
        elif end - begin == largest:
            runs, spent = runs + 1, spent + took
        if runs >= RUNS and spent >= SECONDS:
            break
    return runs * largest / spent, largest


@contextmanager
def _watching_memory() -> Iterator[Callable[[], int | None]]:
    """Watch memory; yields a function that tells the peak, once the context is left."""
    gpus = [_short(device.name) for device in tf.config.list_logical_devices("GPU")]
    if gpus:
        for gpu in gpus:
            tf.config.experimental.reset_memory_stats(gpu)
        yield lambda: sum(tf.config.experimental.get_memory_info(gpu)["peak"] for gpu in gpus)
        return
    largest, done = _resident_bytes(), threading.Event()

    def watch() -> None:
        nonlocal largest
        while largest is not None and not done.wait(0.005):
            largest = max(largest, _resident_bytes() or 0)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield lambda: largest
    finally:
        done.set()
        watcher.join()


def _short(device: str) -> str:
    return device.rpartition("device:")[2]


def _resident_bytes() -> int | None:
    """The memory that this process holds; None where the system does not tell."""
    if not _STATM.exists():
        return None
    pages = int(_STATM.read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
