"""Answers that are remembered, level by level."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from tfinterp_widgets.engine.asking.cache import ByteLimitedCache
from tfinterp_widgets.engine.attribution import Attribution


@dataclass(frozen=True)
class Answers:
    """The levels of one question and method that are already computed."""

    cache: ByteLimitedCache
    key: Hashable
    warned: Callable[[Attribution], Attribution]

    def get(self, level: int | None) -> Attribution | None:
        """The answer exact for `level` steps (None for a method without steps), if known."""
        found: Attribution | None = self.cache.get((self.key, level))
        return found

    def levels(self) -> list[int]:
        """Numbers of steps whose answer is known, ascending."""
        keys = [key for key in self.cache.keys() if isinstance(key, tuple)]  # noqa: SIM118
        return sorted(key[1] for key in keys if key[0] == self.key and key[1] is not None)

    def put(self, answer: Attribution) -> None:
        """Remember an answer under its level; its baseline is left to whoever asks."""
        size = answer.values.nbytes
        if answer.standard_error is not None:
            size += answer.standard_error.nbytes
        if answer.path is not None:
            size += answer.path.alphas.nbytes + answer.path.scores.nbytes
        remembered = replace(self.warned(answer), baseline=None)
        self.cache.put((self.key, answer.level), remembered, size)
