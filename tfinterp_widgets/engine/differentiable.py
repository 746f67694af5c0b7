"""The only place that differentiates: compiled scores and gradients, in chunks of fixed size."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow as tf
import xxhash
from numpy.typing import NDArray

from tfinterp_widgets.engine.compiled import CompiledChunks, compiled
from tfinterp_widgets.engine.layout import Layout
from tfinterp_widgets.engine.models import AdaptedModel
from tfinterp_widgets.engine.reading import Outputs, Reading, look_like_probabilities
from tfinterp_widgets.engine.targets import Target, target_weights

Floats = NDArray[np.float32]


class Differentiable:
    """One model at one layout of its input: scores and gradients of any number of points.

    Parameters
    ----------
    model : AdaptedModel
    reading : Reading
        The scale of the scores.
    layout : Layout
        How the model's inputs lie in a point.
    lock : threading.RLock
        Held while a chunk runs; engines share the device through it.
    chunk : int or None
        Size of the full chunk; None to find it.
    """

    def __init__(
        self,
        model: AdaptedModel,
        reading: Reading,
        layout: Layout,
        lock: threading.RLock,
        chunk: int | None,
    ) -> None:
        self._model = model
        self._reading = reading
        self._layout = layout
        self._shape = layout.shape
        self._lock = lock
        self._answered = False
        self._weights_graph: Any = None
        self._forward = CompiledChunks(self._trace_forward, lock, model.batch, chunk)
        self._gradient = CompiledChunks(self._trace_gradient, lock, model.batch, chunk)

    @property
    def compiled_sizes(self) -> tuple[int, ...]:
        """Chunk sizes for which gradients were compiled, ascending."""
        return self._gradient.sizes

    @property
    def has_answered(self) -> bool:
        """Whether the model has said something of at least one point."""
        return self._answered

    def chunks(self, count: int) -> Iterator[tuple[int, int]]:
        """Cut `count` points into chunks (begin, end) as `scores_and_gradients` takes them."""
        return self._gradient.cut(count)

    def forward_chunks(self, count: int) -> Iterator[tuple[int, int]]:
        """Cut `count` points into chunks (begin, end) as `evaluate` takes them."""
        return self._forward.cut(count)

    def outputs(self, points: Floats) -> list[Outputs]:
        """What the model says of each point, (classes,), of however many.

        Notes, the first time, whether outputs without a visible activation are probabilities.
        """
        parts = [self.evaluate(points[slice(*part)]) for part in self.forward_chunks(len(points))]
        said = [
            Outputs(row, None if part.activated is None else part.activated[k])
            for part in parts
            for k, row in enumerate(part.rows)
        ]
        if said[0].activated is None and self._reading.already is None:
            self._reading.already = self._gives_probabilities(float(np.abs(points[0]).max()))
        self._answered = True
        return said

    def evaluate(self, points: Any) -> Outputs:
        """What the model says of at most one chunk of points: arrays (n, classes), on the host."""

        def collect(result: tuple[Any, Any], count: int) -> Outputs:
            rows, activated = result
            return Outputs(
                rows.numpy()[:count], None if activated is None else activated.numpy()[:count]
            )

        parts = self._forward.run(points, collect=collect)
        seen = parts[0].activated is not None
        return Outputs(
            np.concatenate([part.rows for part in parts]),
            np.concatenate([part.activated for part in parts]) if seen else None,
        )

    def _gives_probabilities(self, largest: float) -> bool:
        """Look at points far apart: scores would leave [0, 1] at one of them."""
        noise = np.random.default_rng(0).normal(scale=max(1.0, largest), size=self._shape)
        probes = np.stack([noise, -noise, 100 * noise, -100 * noise]).astype(np.float32)
        try:
            said = [self.evaluate(probes[k : k + 1]).rows for k in range(len(probes))]
        except tf.errors.OpError:  # a model may check its input, and the question was ours
            return False
        return look_like_probabilities(np.concatenate(said))

    def scores_and_gradients(self, points: Any, target: Target) -> tuple[Floats, Any, bool]:
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
        parts = self._gradient.run(points, *_arguments(target), collect=_collect_gradients)
        scores, gradients, finite = zip(*parts, strict=True)
        return np.concatenate(scores), tf.concat(gradients, axis=0), all(finite)

    def score_and_gradient(
        self, point: Any, target: Target, one_of_many: bool = False
    ) -> tuple[Floats, Any, bool]:
        """As `scores_and_gradients`, of a batch of one point, and without padding."""
        return self._gradient.run_alone(
            point, *_arguments(target), collect=_collect_gradients, one_of_many=one_of_many
        )

    def _trace_forward(self, size: int) -> Any:
        return compiled(self._traced_outputs, self._points_spec(size))

    def _trace_gradient(self, size: int) -> Any:
        def scores_and_gradients(points: Any, classes: Any, signs: Any) -> tuple[Any, ...]:
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(points)
                rows = self._reading.scores(self._traced_outputs(points))
                scores = tf.linalg.matvec(tf.gather(rows, classes, axis=1), signs)
            gradients = tape.gradient(scores, points)
            if gradients is None:
                raise no_gradient(self._model.name, self._layout)
            gradients = tf.convert_to_tensor(gradients)
            finite = [tf.reduce_all(tf.math.is_finite(part)) for part in (scores, gradients)]
            return scores, gradients, tf.logical_and(*finite)

        return compiled(
            scores_and_gradients,
            self._points_spec(size),
            tf.TensorSpec((2,), tf.int32),
            tf.TensorSpec((2,), tf.float32),
        )

    def _traced_outputs(self, points: Any) -> Outputs:
        try:
            return self._model.outputs(self._layout.split(points))
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
        read = self._forward.any_graph().variables
        return compiled(lambda: [tf.identity(each) for each in read])


def checksum(tensor: Any) -> int:
    """A checksum of a tensor's bytes, by which new weights are told from known ones."""
    try:
        return xxhash.xxh3_64_intdigest(memoryview(tensor))  # without a copy
    except (BufferError, TypeError, ValueError):  # bfloat16, or not in the host's memory
        return xxhash.xxh3_64_intdigest(np.ascontiguousarray(tensor.numpy()).tobytes())


def _arguments(target: Target) -> tuple[Any, Any]:
    classes, signs = target_weights(target)
    return tf.constant(classes), tf.constant(signs)


def _collect_gradients(result: tuple[Any, Any, Any], count: int) -> tuple[Floats, Any, bool]:
    scores, gradients, finite = result
    return scores.numpy()[:count], gradients[:count], bool(finite)


def no_gradient(name: str, layout: Layout) -> TypeError | ValueError:
    """The error for a score that does not depend on its input in a way that has a gradient."""
    if all(leaf.carried for leaf in layout.leaves):
        kinds = ", ".join(f"{leaf.name!r} takes {leaf.dtype.name}" for leaf in layout.leaves)
        return TypeError(
            f"the model {name!r} has no gradient to its input: {kinds} (token ids, say). "
            "Explain what the embedding makes of them, with LayerIntegratedGradients(layer="
            "its name), or take a method that only evaluates, such as Occlusion."
        )
    return ValueError(
        f"the model {name!r} has no gradient to its input: every way from the input to the score "
        "passes an operation without one (argmax, rounding, a cast to integers, "
        "tf.stop_gradient, tf.numpy_function). Explain the score before that operation, or, where "
        "it is an embedding's, take LayerIntegratedGradients(layer=its name)."
    )
