"""Run in the kernel: a small real model whose every chunk a test can hold back, or fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

import tfinterp_widgets as tw
from tfinterp_widgets.engine.asking.question import Question

SIDE = 24
CLASSES = ("tench", "cat", "dog", "duck", "egg", "fox")


class Gate:
    """Stands behind each chunk of a `GatedEngine`; open unless a test closes it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._opened = True
        self._passes = 0
        self.waiting = False
        self.error: Exception | None = None

    def close(self) -> None:
        with self._changed:
            self._opened, self._passes = False, 0

    def open(self) -> None:
        with self._changed:
            self._opened = True
            self._changed.notify_all()

    def let_through(self) -> None:
        """Let one chunk pass."""
        with self._changed:
            self._passes += 1
            self.waiting = False
            self._changed.notify_all()

    def fail(self, error: Exception) -> None:
        """Raise from the model, once, at the next chunk."""
        self.error = error

    def pass_through(self) -> None:
        with self._changed:
            self.waiting = not (self._opened or self._passes)
            self._changed.wait_for(lambda: self._opened or self._passes)
            self._passes -= not self._opened
            self.waiting = False
        if self.error is not None:
            error, self.error = self.error, None
            raise error


gate = Gate()


class GatedQuestion(Question):
    """The real question; the gate stands behind each chunk of gradients."""

    def gradients(self, points: Any) -> Any:
        found = super().gradients(points)
        gate.pass_through()
        return found


class GatedEngine(tw.AttributionEngine):
    """The real engine, asking gated questions."""

    def ask(self, x: Any, target: Any = None) -> GatedQuestion:
        return GatedQuestion(**vars(super().ask(x, target)))

    def refine_batch(self, X: Any, targets: Any = None, method: Any = None) -> Iterator[Any]:
        for number, x in enumerate(X):
            for estimate in self.refine(x, targets, method):
                yield number, estimate


def model() -> keras.Model:
    """The same one at each call."""
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(8, 5, activation="tanh"),
            keras.layers.Conv2D(8, 5, strides=2, activation="tanh"),
            keras.layers.Flatten(),
            keras.layers.Dense(len(CLASSES), activation="softmax"),
        ]
    )


def engine() -> GatedEngine:
    return GatedEngine(model(), class_names=CLASSES, batch_size=4)


def images() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    return {
        name: random.integers(0, 256, (SIDE, SIDE, 3), np.uint8)
        for name in ("one", "two", "three", "four")
    }
