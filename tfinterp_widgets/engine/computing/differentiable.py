"""The only place that differentiates: compiled scores and gradients, in chunks of fixed size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tfinterp_widgets.engine.compiled import compiled
from tfinterp_widgets.engine.computing.after_layer import model_after
from tfinterp_widgets.engine.computing.compiled_chunks import CompiledChunks
from tfinterp_widgets.engine.computing.devices import Machine
from tfinterp_widgets.engine.computing.failing import ModelFailedError
from tfinterp_widgets.engine.computing.gradients import GradientGraphs, Gradients
from tfinterp_widgets.engine.computing.layer_graphs import LayerGraphs
from tfinterp_widgets.engine.computing.own_targets import OwnTargets
from tfinterp_widgets.engine.computing.scaling import LossScaling
from tfinterp_widgets.engine.digests import checksum
from tfinterp_widgets.engine.models import AdaptedModel
from tfinterp_widgets.engine.models.data_formats import CHANNELS_LAST, data_formats
from tfinterp_widgets.engine.models.layout import Layout
from tfinterp_widgets.engine.models.operations import Operations, weights_of
from tfinterp_widgets.engine.models.reading import Outputs, Reading, look_like_probabilities
from tfinterp_widgets.engine.targets import Target

Floats = NDArray[np.float32]

INDEPENDENCE = 1e-2
"""How far scores may be off in other company, relative to the largest: half precision rounds."""


class Differentiable:
    """One model at one layout of its input: scores and gradients of any number of points.

    Parameters
    ----------
    model : AdaptedModel
    reading : Reading
        The scale of the scores.
    layout : Layout
        How the model's inputs lie in a point.
    machine : Machine
        Where it is run.
    """

    def __init__(
        self,
        model: AdaptedModel,
        reading: Reading,
        layout: Layout,
        machine: Machine,
    ) -> None:
        self._model = model
        self._reading = reading
        self._layout = layout
        self._shape = layout.shape
        self._machine = machine
        self._lock = machine.lock
        self._answered = False
        self._weights_graph: Any = None
        self._after: dict[tuple[str, Layout], Differentiable] = {}
        self._forward = CompiledChunks(self._trace_forward, machine, model.batch)
        # Layers are seen as the user made them, none folded into another.
        self._original = model.original or model
        rows = partial(self._traced_scores, model)
        self._scaling = LossScaling()
        self.inside = LayerGraphs(
            self._original,
            layout,
            partial(self._traced_scores, self._original),
            rows,
            model.folding,
            self._points_spec,
            self._scaling,
            machine,
        )
        self._gradients = GradientGraphs(
            lambda points: rows(layout.split(points)),
            self._points_spec,
            lambda: no_gradient(model.name, layout),
            self._scaling,
            machine,
            model.batch,
        )

    def after(self, layer: str, layout: Layout) -> Differentiable:
        """What follows a layer, as a model of points that `layout_after` lays out."""
        key = layer, layout
        with self._lock:
            if key not in self._after:
                model = model_after(self._original, self.inside.layers, layer, self._layout)
                self._after[key] = Differentiable(model, self._reading, layout, self._machine)
            return self._after[key]

    @property
    def compiled_sizes(self) -> tuple[int, ...]:
        """Chunk sizes for which gradients were compiled, ascending."""
        return self._gradients.sizes

    @property
    def computes_in_half(self) -> bool:
        """Whether the model was seen to compute in float16."""
        return self._scaling.needed

    @property
    def has_answered(self) -> bool:
        """Whether the model has said something of at least one point."""
        return self._answered

    def chunks(
        self, count: int, targets: Sequence[Target] = (0,), previews: bool = True
    ) -> Iterator[tuple[int, int]]:
        """Cut `count` points into chunks (begin, end) as `gradients_of` takes them."""
        return self._gradients.cut(count, targets, previews)

    def forward_chunks(self, count: int, previews: bool = True) -> Iterator[tuple[int, int]]:
        """Cut `count` points into chunks (begin, end) as `evaluate` takes them."""
        return self._forward.cut(count, previews)

    def outputs(self, points: Floats) -> list[Outputs]:
        """What the model says of each point, (classes,), of however many.

        The first time it is checked that the model answers each by itself, and noted whether
        outputs without a visible activation are probabilities.

        Raises
        ------
        ValueError
            If what it says of a point depends on the others, or on chance.
        """
        parts = [self.evaluate(points[slice(*part)]) for part in self.forward_chunks(len(points))]
        said = [
            Outputs(row, None if part.activated is None else part.activated[k])
            for part in parts
            for k, row in enumerate(part.rows)
        ]
        if not self._answered:
            self._check_independence(points[0], said[0].rows)
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

        parts = self._forward.run((points,), collect=collect)
        seen = parts[0].activated is not None
        return Outputs(
            np.concatenate([part.rows for part in parts]),
            np.concatenate([part.activated for part in parts]) if seen else None,
        )

    def _check_independence(self, point: Floats, row: Floats) -> None:
        """Ask for a point once more, in the company of others: padding is company, too."""
        company = (self._layout.keep_carried(point, share * point) for share in (0, -1, 2))
        points = np.stack([point, *company])
        ((begin, end), *_) = self.forward_chunks(len(points))
        try:
            rows = self.evaluate(points[begin:end]).rows
        except ModelFailedError:  # a model may check its input, and the company was ours
            return
        if not (np.isfinite(row).all() and np.isfinite(rows).all()):
            return
        off = np.abs(rows[0] - row).max()
        # Of all scores, since those of one point may cancel to next to nothing.
        if off > INDEPENDENCE * np.abs(rows).max():
            raise ValueError(
                f"what {self._model.name!r} says of an example depends on the others in its batch, "
                f"or on chance: asked once more, beside others, its scores are off by {off:.2g}. "
                "Have it answer for inference (training=False), and each example by itself: no "
                "mean over the batch, no stateful layer, no batch normalisation or dropout as in "
                "training."
            )

    def _gives_probabilities(self, largest: float) -> bool:
        """Look at points far apart: scores would leave [0, 1] at one of them."""
        noise = np.random.default_rng(0).normal(scale=max(1.0, largest), size=self._shape)
        probes = np.stack([noise, -noise, 100 * noise, -100 * noise]).astype(np.float32)
        try:
            said = [self.evaluate(probes[k : k + 1]).rows for k in range(len(probes))]
        except ModelFailedError:  # a model may check its input, and the question was ours
            return False
        return look_like_probabilities(np.concatenate(said))

    def gradients_of(self, points: Any, targets: Sequence[Target]) -> list[Gradients]:
        """Score and gradient of each target at each point; one forward pass for all classes.

        Parameters
        ----------
        points : tensor of float32, shape (n, *shape)
            At most one chunk of them.
        targets : sequence of int, (int, int) or callable

        Raises
        ------
        TypeError, ValueError
            If no gradient reaches the input.
        """
        return self._gradients.of(points, targets)

    def gradients_of_each(self) -> OwnTargets:
        """As `gradients_of`, but each point for a target of its own: `Gradients` of each."""
        return self._gradients.of_each()

    def gradient_of(
        self, point: Any, targets: Sequence[Target], one_of_many: bool = False
    ) -> list[Gradients]:
        """As `gradients_of`, of a batch of one point, without padding.

        One of many points, each of which depends on the last, is worth a compilation.
        """
        return self._gradients.of_lone_point(point, targets, one_of_many)

    def _trace_forward(self, size: int) -> tuple[Any, ...]:
        def outputs(points: Any) -> Outputs:
            return self._model.outputs(self._layout.split(points))

        return outputs, self._points_spec(size)

    def _traced_scores(self, model: AdaptedModel, eaten: Any) -> Any:
        return self._reading.scores(model.outputs(eaten))

    @cached_property
    def takes_channels_first(self) -> bool:
        """Whether the only input is an image with its channels first, as far as the graph tells."""
        graph = self._forward.any_graph().graph
        formats = data_formats(Operations(graph))
        return formats.get(graph.inputs[0].ref(), CHANNELS_LAST).index("C") == 1

    def _points_spec(self, size: int) -> Any:
        return tf.TensorSpec((size, *self._shape), tf.float32)

    def fingerprint(self) -> int:
        """A checksum of all weights that the model reads, so that new weights are noticed.

        Weights that are made of them, where layers are folded, are made again if they are new.
        """
        with self._lock:
            if self._weights_graph is None:
                self._weights_graph = self._trace_weights()
            checksums = map(checksum, self._weights_graph())
            found = hash((self._model.precision, *checksums))
            if self._model.folding is not None:
                self._model.folding.follow(found)
            return found

    def _trace_weights(self) -> Any:
        """Compile the reading of all weights: one by one, it takes longer than their checksum."""
        read = weights_of(self._forward.any_graph())
        if self._model.folding is not None:
            read = self._model.folding.originals(read)
        return compiled(lambda: [tf.identity(each) for each in read])


def no_gradient(name: str, layout: Layout) -> TypeError | ValueError:
    """The error for a score that does not depend on its input in a way that has a gradient."""
    if all(leaf.carried for leaf in layout.leaves):
        kinds = ", ".join(f"{leaf.name!r} takes {leaf.dtype.name}" for leaf in layout.leaves)
        advice = (
            "Explain what the embedding makes of token ids: LayerIntegratedGradients(layer=...)"
        )
        if any(len(leaf.shape) == 3 for leaf in layout.leaves):
            advice = "Build it anew with an input of float32, which its weights fit"
        return TypeError(
            f"the model {name!r} has no gradient to its input, as there is none to integers: "
            f"{kinds}. {advice}, or take a method that only evaluates, such as Occlusion."
        )
    return ValueError(
        f"the model {name!r} has no gradient to its input: every way from the input to the score "
        "passes an operation without one (argmax, rounding, a cast to integers, "
        "tf.stop_gradient, tf.numpy_function). Explain the score before that operation, or, where "
        "it is an embedding's, take LayerIntegratedGradients(layer=its name)."
    )
