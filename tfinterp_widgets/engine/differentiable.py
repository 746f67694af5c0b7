"""The only place that differentiates: compiled scores and gradients, in chunks of fixed size."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf
import xxhash
from numpy.typing import NDArray

from tfinterp_widgets.engine.chunking import Chunking
from tfinterp_widgets.engine.models import AdaptedModel
from tfinterp_widgets.engine.reading import Outputs, Reading, look_like_probabilities
from tfinterp_widgets.engine.targets import Target, target_weights


class Differentiable:
    """One model at one input shape: scores and gradients of any number of points.

    Points go through in chunks of two fixed sizes, padded, so that TensorFlow compiles two shapes
    and no more: a small one, and a full one whose size is found from how long a small one took.

    Parameters
    ----------
    model : AdaptedModel
    reading : Reading
        The scale of the scores.
    shape : tuple of int
        Shape of one point.
    lock : threading.RLock
        Held while a chunk runs; engines share the device through it.
    chunk : int or None
        Size of the full chunk; None to find it.
    """

    def __init__(
        self,
        model: AdaptedModel,
        reading: Reading,
        shape: tuple[int, ...],
        lock: threading.RLock,
        chunk: int | None,
    ) -> None:
        self._model = model
        self._reading = reading
        self._shape = shape
        self._lock = lock
        self._chunking = Chunking(model.batch, chunk)
        self._answered = False
        self._weights_graph: Any = None
        self._forward_graphs: dict[int, Any] = {}
        self._gradient_graphs: dict[int, Any] = {}

    @property
    def compiled_sizes(self) -> tuple[int, ...]:
        """Chunk sizes for which gradients were compiled, ascending."""
        return tuple(sorted(self._gradient_graphs))

    @property
    def has_answered(self) -> bool:
        """Whether the model has said something of at least one point."""
        return self._answered

    def chunks(self, count: int) -> Iterator[tuple[int, int]]:
        """Cut `count` points into chunks (begin, end): a small one first, then full ones."""
        return self._chunking.cut(count)

    def outputs(self, points: NDArray[np.float32]) -> list[Outputs]:
        """What the model says of each point, (classes,); a plain forward pass.

        Notes, the first time, whether outputs without a visible activation are probabilities.
        """
        said = self._forward(points)
        if said[0].activated is None and self._reading.already is None:
            self._reading.already = self._gives_probabilities(float(np.abs(points[0]).max()))
        self._answered = True
        return said

    def _forward(self, points: NDArray[np.float32]) -> list[Outputs]:
        said: list[Outputs] = []
        size = self._chunking.small
        for begin in range(0, len(points), size):
            for rows, activated in self._halving(self._run_forward, points[begin : begin + size]):
                said += map(Outputs, rows, activated)
        return said

    def _gives_probabilities(self, largest: float) -> bool:
        """Look at points far apart: scores would leave [0, 1] at one of them."""
        noise = np.random.default_rng(0).normal(scale=max(1.0, largest), size=self._shape)
        probes = np.stack([noise, -noise, 100 * noise, -100 * noise]).astype(np.float32)
        try:
            said = self._forward(probes)
        except tf.errors.OpError:  # a model may check its input, and the question was ours
            return False
        return look_like_probabilities(np.stack([rows for rows, _ in said]))

    def scores_and_gradients(
        self, points: Any, target: Target
    ) -> tuple[NDArray[np.float32], Any, bool]:
        """Score of the target at each point, and the gradient of that score by the point.

        Parameters
        ----------
        points : tensor of float32, shape (n, *shape)
            At most one chunk of them.
        target : int or (int, int)

        Returns
        -------
        scores : ndarray of float32, shape (n,)
        gradients : tensor of float32, shape (n, *shape)
            Left on the device.
        finite : bool
            Whether all of both are numbers, neither NaN nor infinite.

        Raises
        ------
        ValueError
            If no gradient reaches the input.
        """

        def run(part: Any, size: int) -> tuple[NDArray[np.float32], Any, bool]:
            return self._run_gradient(part, size, target)

        scores, gradients, finite = zip(*self._halving(run, points), strict=True)
        return np.concatenate(scores), tf.concat(gradients, axis=0), all(finite)

    def _halving(self, run: Callable[[Any, int], Any], points: Any) -> list[Any]:
        """Run points as one padded chunk or, where memory gives out, as ever smaller ones."""
        count = len(points)
        size = self._chunking.size_for(count)
        try:
            with self._lock:
                return [run(points, size)]
        except tf.errors.ResourceExhaustedError:
            if size == 1 or self._model.batch:
                raise
            self._shrink_below(size)
        half = math.ceil(count / 2)
        return [
            result
            for begin in range(0, count, half)
            for result in self._halving(run, points[begin : begin + half])
        ]

    def _shrink_below(self, size: int) -> None:
        """Halve what did not fit into memory, and forget what was compiled for it."""
        self._gradient_graphs.pop(size, None)
        self._forward_graphs.pop(size, None)
        self._chunking.shrink_below(size)

    def _run_forward(self, points: Any, size: int) -> tuple[Any, Any]:
        rows, activated = self._forward_graph(size)(tf.constant(_pad(points, size)))
        count = len(points)
        if activated is None:
            return rows.numpy()[:count], [None] * count
        return rows.numpy()[:count], activated.numpy()[:count]

    def _run_gradient(self, points: Any, size: int, target: Target) -> tuple[Any, Any, bool]:
        compiled = size in self._gradient_graphs
        graph = self._gradient_graph(size)
        classes, signs = target_weights(target)
        began = time.perf_counter()
        scores, gradients, finite = graph(
            _pad(points, size), tf.constant(classes), tf.constant(signs)
        )
        scores = scores.numpy()[: len(points)]
        # The first run after compiling is slower than the rest and does not count.
        if compiled:
            self._chunking.note_time(size, time.perf_counter() - began)
        return scores, gradients[: len(points)], bool(finite)

    def _forward_graph(self, size: int) -> Any:
        if size not in self._forward_graphs:
            function = tf.function(self._traced_outputs, autograph=False)
            self._forward_graphs[size] = function.get_concrete_function(self._points_spec(size))
        return self._forward_graphs[size]

    def _gradient_graph(self, size: int) -> Any:
        if size not in self._gradient_graphs:

            def scores_and_gradients(points: Any, classes: Any, signs: Any) -> tuple[Any, ...]:
                with tf.GradientTape(watch_accessed_variables=False) as tape:
                    tape.watch(points)
                    rows = self._reading.scores(self._traced_outputs(points))
                    scores = tf.linalg.matvec(tf.gather(rows, classes, axis=1), signs)
                gradients = tape.gradient(scores, points)
                if gradients is None:
                    raise ValueError(_no_gradient(self._model.name))
                gradients = tf.convert_to_tensor(gradients)
                finite = [tf.reduce_all(tf.math.is_finite(part)) for part in (scores, gradients)]
                return scores, gradients, tf.logical_and(*finite)

            function = tf.function(scores_and_gradients, autograph=False)
            self._gradient_graphs[size] = function.get_concrete_function(
                self._points_spec(size),
                tf.TensorSpec((2,), tf.int32),
                tf.TensorSpec((2,), tf.float32),
            )
        return self._gradient_graphs[size]

    def _traced_outputs(self, points: Any) -> Outputs:
        try:
            return self._model.outputs(tf.cast(points, self._model.dtype))
        except Exception as error:
            error.add_note(
                f"Raised inside the model {self._model.name!r} while it was compiled for inputs "
                f"of shape {self._shape}. It must be made of TensorFlow operations: call the model "
                "itself rather than model.predict, and no NumPy."
            )
            raise

    def _points_spec(self, size: int) -> Any:
        return tf.TensorSpec((size, *self._shape), tf.float32)

    def fingerprint(self) -> int:
        """A checksum of all weights that the model reads, so that new weights are noticed."""
        with self._lock:
            if self._weights_graph is None:
                self._weights_graph = self._trace_weights()
            return hash(tuple(checksum(weights) for weights in self._weights_graph()))

    def _trace_weights(self) -> Any:
        """Compile the reading of all weights: one by one, it takes longer than their checksum."""

        def variables(_: Any, size: int) -> tuple[Any, None]:
            return self._forward_graph(size).variables, None

        ((read, _),) = self._halving(variables, np.zeros((1, *self._shape)))
        function = tf.function(lambda: [tf.identity(each) for each in read], autograph=False)
        return function.get_concrete_function()


def checksum(tensor: Any) -> int:
    """A checksum of a tensor's bytes, by which new weights are told from known ones."""
    try:
        return xxhash.xxh3_64_intdigest(memoryview(tensor))  # without a copy
    except (BufferError, TypeError, ValueError):  # bfloat16, or not in the host's memory
        return xxhash.xxh3_64_intdigest(np.ascontiguousarray(tensor.numpy()).tobytes())


def _pad(points: Any, size: int) -> Any:
    """Repeat the last point until there are `size` of them."""
    missing = size - len(points)
    if missing == 0:
        return points
    if isinstance(points, np.ndarray):
        return np.concatenate([points, np.repeat(points[-1:], missing, axis=0)])
    return tf.concat([points, tf.repeat(points[-1:], missing, axis=0)], axis=0)


def _no_gradient(name: str) -> str:
    return (
        f"the model {name!r} has no gradient to its input: every way from the input to the score "
        "passes an operation without one (argmax, rounding, a cast to integers, "
        "tf.stop_gradient, tf.numpy_function). Explain the score before that operation."
    )
