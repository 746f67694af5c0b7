"""A compiled function of a batch of points, in chunks of fixed size."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, TypeVar

import numpy as np
import tensorflow as tf

from tfinterp_widgets.engine.compiled import compiled
from tfinterp_widgets.engine.computing.chunking import CHUNK_SECONDS, Chunking
from tfinterp_widgets.engine.computing.devices import Machine
from tfinterp_widgets.engine.computing.failing import failing_in_words

Collected = TypeVar("Collected")

NOTICED_SECONDS = 0.02
"""What a lone point, padded, may take."""


class CompiledChunks:
    """One function of a batch of points, compiled for two sizes of batch and no more.

    Points go through in chunks of two sizes, padded: a small one, and a full one whose size is
    found from how long a small one took. Where memory gives out, the chunks are halved.

    Parameters
    ----------
    trace : callable
        ``trace(size)`` returns the function of `size` points and the `tf.TensorSpec` of each of its
        arguments, of which the first are tensors (size, ...): the points, and what belongs to each.
    machine : Machine
    fixed : int or None
        The one batch size that the model takes.
    seconds : float
        Work in a full chunk.
    like : CompiledChunks or None
        Whose full chunks to take, if they are known by then.
    """

    def __init__(
        self,
        trace: Callable[[int], tuple[Any, ...]],
        machine: Machine,
        fixed: int | None,
        seconds: float = CHUNK_SECONDS,
        like: CompiledChunks | None = None,
    ) -> None:
        self._trace = trace
        self._machine = machine
        self._fixed = fixed
        self._chunking: Chunking = Chunking(
            fixed, machine.chunk, len(machine.devices), seconds, like._chunking if like else None
        )
        self._graphs: dict[int, Any] = {}
        self._warm: set[tuple[int, str | None]] = set()  # which size ran on which device
        self._lone: Any = None
        self._padded_seconds: deque[float] = deque(maxlen=2)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Sizes of chunks that were compiled, ascending; that of a lone point is not counted."""
        return tuple(sorted(self._graphs))

    def cut(self, count: int, previews: bool = True) -> Iterator[tuple[int, int]]:
        """Cut `count` points into chunks (begin, end): for a preview a small one first."""
        return self._chunking.cut(count, previews)

    def any_graph(self) -> Any:
        """A concrete function of whichever size, for what is the same in all of them."""
        size = self._chunking.small
        try:
            return next(iter(self._graphs.values()), None) or self._graph(size)
        except tf.errors.ResourceExhaustedError:
            self._shrink_below(size)
        return self.any_graph()

    def run(
        self, points: tuple[Any, ...], *arguments: Any, collect: Callable[[Any, int], Collected]
    ) -> list[Collected]:
        """Run at most one chunk of points, padded; as smaller ones where memory gives out.

        The devices share it, each with padding of its own.

        Parameters
        ----------
        points : tuple of ndarray or tensor, shape (n, ...)
            The points, float32, and what belongs to each.
        *arguments
            Further arguments of the function.
        collect : callable
            ``collect(result, n)`` takes what is wanted, of the first n points, from the function's
            result. It fetches something to the host, so that the time taken is that of the work.

        Returns
        -------
        list
            What was collected of each part; one for each device, unless memory gave out.
        """
        shares = [_part(points, *part) for part in self._chunking.share(len(points[0]))]
        count = len(shares[0][0])
        size = self._chunking.size_for(count)
        try:
            with self._machine.lock:
                graph = self._graph(size)
                run = partial(self._timed, graph, size, arguments, collect)
                return _side_by_side(run, shares, self._machine.devices)
        except tf.errors.ResourceExhaustedError:
            self._shrink_below(size)
        half = math.ceil(count / 2)
        parts = (
            _part(share, begin, begin + half)
            for share in shares
            for begin in range(0, len(share[0]), half)
        )
        return [got for part in parts for got in self.run(part, *arguments, collect=collect)]

    def run_alone(
        self,
        point: tuple[Any, ...],
        *arguments: Any,
        collect: Callable[[Any, int], Collected],
        one_of_many: bool = False,
    ) -> Collected:
        """Run a batch of one point, for a method that needs no other.

        Without padding; but in the shape of a chunk while that is compiled already, since another
        takes seconds to compile: until padding was seen, twice, to cost what a person notices. One
        of many, each of which depends on the last, is worth a compilation at once.
        """
        if self._fixed is not None or 1 in self._graphs:
            return self._run_padded(point, *arguments, collect=collect)
        if self._lone is None and self._graphs and not one_of_many and not self._padding_tells():
            return self._run_padded(point, *arguments, collect=collect)
        with self._machine.lock:
            if self._lone is None:
                self._lone = self._compile(1)
            with _on(self._machine.devices[0]), failing_in_words():
                return collect(self._lone(*map(tf.convert_to_tensor, point), *arguments), 1)

    def _run_padded(
        self, point: tuple[Any, ...], *arguments: Any, collect: Callable[[Any, int], Collected]
    ) -> Collected:
        began = time.perf_counter()
        (collected,) = self.run(point, *arguments, collect=collect)
        self._padded_seconds.append(time.perf_counter() - began)
        return collected

    def _padding_tells(self) -> bool:
        seconds = self._padded_seconds
        return len(seconds) == seconds.maxlen and min(seconds) > NOTICED_SECONDS

    def _graph(self, size: int) -> Any:
        if size not in self._graphs:
            self._graphs[size] = self._compile(size)
        return self._graphs[size]

    def _compile(self, size: int) -> Any:
        return compiled(*self._trace(size), jit=self._machine.jit)

    def _shrink_below(self, size: int) -> None:
        """Halve what did not fit into memory; re-raise the error where that cannot be."""
        if size == 1 or self._fixed:
            raise  # called while the error is being handled
        self._graphs.pop(size, None)
        self._chunking.shrink_below(size)

    def _timed(
        self,
        graph: Any,
        size: int,
        arguments: tuple[Any, ...],
        collect: Callable[[Any, int], Collected],
        points: tuple[Any, ...],
        device: str | None,
    ) -> Collected:
        began = time.perf_counter()
        with _on(device), failing_in_words():
            padded = (_pad(each, size) for each in points)
            collected = collect(graph(*padded, *arguments), len(points[0]))
        # The first run after compiling is slower than the rest and does not count.
        if (size, device) in self._warm:
            self._chunking.note_time(size, time.perf_counter() - began)
        self._warm.add((size, device))
        return collected


def _on(device: str | None) -> AbstractContextManager[Any]:
    """Run on a device; None leaves it to TensorFlow, and to the caller's own ``tf.device``."""
    chosen: AbstractContextManager[Any] = nullcontext() if device is None else tf.device(device)
    return chosen


def _side_by_side(
    run: Callable[[Any, str | None], Collected], shares: list[Any], devices: tuple[str | None, ...]
) -> list[Collected]:
    """Run each share on a device, at the same time; in the caller's thread if there is one."""
    if len(shares) == 1:
        return [run(shares[0], devices[0])]
    with ThreadPoolExecutor(len(shares)) as pool:
        return list(pool.map(run, shares, devices))


def _part(points: tuple[Any, ...], begin: int, end: int) -> tuple[Any, ...]:
    return tuple(each[begin:end] for each in points)


def _pad(points: Any, size: int) -> Any:
    """Repeat the last point until there are `size` of them, as a tensor."""
    missing = size - len(points)
    if isinstance(points, np.ndarray):
        return tf.constant(np.concatenate([points, np.repeat(points[-1:], missing, axis=0)]))
    return points if missing == 0 else tf.concat([points, tf.repeat(points[-1:], missing, 0)], 0)
