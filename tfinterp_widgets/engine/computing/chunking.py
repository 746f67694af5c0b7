"""How many points go through a model at once: two sizes, of which the larger one is found."""

from __future__ import annotations

import math
from collections.abc import Iterator

PREVIEW_CHUNK = 4
"""Points in the small chunk: enough for a preview worth looking at (graded, 4 steps)."""

CHUNK_SECONDS = 0.15
"""Work in a full chunk for one target: enough for throughput, soon enough over to be cancelled."""

LARGEST_CHUNK = 256

BETWEEN_SECONDS = 0.002
"""What a method does between two chunks, at least: it weighs where a chunk takes less itself."""

TIMINGS = 2
"""Small chunks timed before the full one is sized: one alone may have been disturbed."""


class Chunking:
    """Chunk sizes of one model at one input shape, learned from how long chunks take.

    Attributes
    ----------
    small : int
        Size of the first chunk of a run.
    full : int or None
        Size of the others; None while it is not found, and small ones are used.

    Parameters
    ----------
    fixed : int or None
        The one batch size that the model takes.
    given : int or None
        The full size that a user chose.
    devices : int
        How many devices share a chunk; sizes are those of one device.
    seconds : float
        Work in a full chunk.
    like : Chunking or None
        Whose full size to take, if it is known when this one's is to be found.
    """

    def __init__(
        self,
        fixed: int | None,
        given: int | None,
        devices: int = 1,
        seconds: float = CHUNK_SECONDS,
        like: Chunking | None = None,
    ) -> None:
        self._devices = devices
        self._chunk_seconds = seconds
        self._like = like
        self.full = fixed or given
        self.small = fixed or min(PREVIEW_CHUNK, given or PREVIEW_CHUNK)
        self._runs: dict[int, int] = {}  # how often a chunk of a size was timed,
        self._seconds: dict[int, float] = {}  # and how long it took at its fastest

    def cut(self, count: int, previews: bool = True) -> Iterator[tuple[int, int]]:
        """Cut `count` points into chunks (begin, end): for a preview a small one first, then full.

        The sizes are read anew for each chunk, as they may be found, or halved, in between.
        """
        begin = 0
        while begin < count:
            left = math.ceil((count - begin) / self._devices)
            end = min(count, begin + self._devices * self._next_size(left, previews and begin == 0))
            yield begin, end
            begin = end

    def share(self, count: int) -> list[tuple[int, int]]:
        """Cut a chunk of `count` points into a part (begin, end) for each of some devices."""
        if count <= self.small:
            return [(0, count)]
        size = math.ceil(count / self._devices)
        return [(begin, min(count, begin + size)) for begin in range(0, count, size)]

    def size_for(self, count: int) -> int:
        """The size to which a chunk of `count` points is padded."""
        return self.small if count <= self.small else max(self.full or count, count)

    def note_time(self, size: int, seconds: float) -> None:
        """Learn from how long a chunk of a size has taken, its compilation left out."""
        self._runs[size] = self._runs.get(size, 0) + 1
        self._seconds[size] = min(seconds, self._seconds.get(size, seconds))
        if self.full is None and self._runs[size] == TIMINGS:
            found = full_size(self._seconds[size] / size, self._chunk_seconds)
            self.full = (self._like and self._like.full) or found
            # For a model so slow that a full chunk is smaller, the small one would be padding.
            self.small = min(self.small, self.full)

    def shrink_below(self, size: int) -> None:
        """Halve a size that did not fit into memory."""
        self._seconds.pop(size, None)
        self.full = max(1, size // 2)
        self.small = min(self.small, self.full)

    def _next_size(self, left: int, first: bool) -> int:
        if first or self.full is None or left <= self.small:
            return self.small
        small, full = (self._seconds.get(size) for size in (self.small, self.full))
        if small is None or full is None:
            return self.full
        # The rest goes in small chunks where that is faster than one that is mostly padding.
        in_small = math.ceil(left / self.small) * (small + BETWEEN_SECONDS)
        return self.small if in_small < full + BETWEEN_SECONDS else self.full


def full_size(seconds_per_point: float, chunk_seconds: float) -> int:
    """The power of two that is about that much work; rather more than less.

    Points of a small chunk, of which the time is taken, cost more than those of a full one.
    """
    points = chunk_seconds / max(seconds_per_point, 1e-9)
    return min(LARGEST_CHUNK, 1 << max(0, math.ceil(math.log2(points))))
