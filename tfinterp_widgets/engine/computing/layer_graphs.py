"""Compiled functions that look inside a model: its feature maps, and guided gradients."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import tensorflow as tf

from tfinterp_widgets.engine.computing.compiled_chunks import CompiledChunks
from tfinterp_widgets.engine.computing.devices import Machine
from tfinterp_widgets.engine.computing.scaling import LossScaling
from tfinterp_widgets.engine.models import AdaptedModel
from tfinterp_widgets.engine.models.choosing import choose_feature_map, choose_output
from tfinterp_widgets.engine.models.layers import recording
from tfinterp_widgets.engine.models.relus import check_relus, guided_relus
from tfinterp_widgets.engine.targets import CustomScore, Target, custom_score, target_weights

GRAPHS_KEPT = 16
"""Compiled functions that are kept: of layers, and of functions given as targets."""

_SCALE = tf.TensorSpec((), tf.float32)


class FeatureMaps(NamedTuple):
    """What a convolutional layer returns for one input, and what that does to the score."""

    layer: str
    """The name of the layer, as `LayerCall` has it."""
    activations: Any
    """Tensor of float32, (h, w, K)."""
    gradients: Any
    """The score's gradient by the activations, of the same shape; None where not asked for."""
    score: float
    finite: bool
    """Whether all of it are numbers, neither NaN nor infinite."""


class LayerGraphs:
    """The inside of one model at one layout of its input, one point at a time.

    Each function is compiled when it is first asked for, and kept.

    Parameters
    ----------
    model : AdaptedModel
    rows : callable
        Maps a batch of points, traced, to the scores of all classes, (n, classes).
    spec : callable
        ``spec(size)`` is the `tf.TensorSpec` of a batch of `size` points.
    scaling : LossScaling
    machine : Machine
    """

    def __init__(
        self,
        model: AdaptedModel,
        rows: Callable[[Any], Any],
        spec: Callable[[int], Any],
        scaling: LossScaling,
        machine: Machine,
    ) -> None:
        self._model = model
        self._rows = rows
        self._spec = spec
        self._machine = replace(machine, chunk=1)
        # What was chosen where no layer was named; an embedding's methods choose another one.
        self._names: dict[tuple[str, str | None], str] = {}
        self._graphs: OrderedDict[Hashable, CompiledChunks] = OrderedDict()
        self._scaling = scaling

    def feature_maps(
        self, point: Any, target: Target, layer: str | None, differentiate: bool
    ) -> FeatureMaps:
        """What a layer returns for a point, and the gradient of the target's score by it.

        Parameters
        ----------
        point : tensor of float32, shape (1, ...)
        target : int, (int, int) or callable
        layer : str or None
            As `LayerCall` names it; None for the last convolutional feature map.
        differentiate : bool
            Whether the gradients are wanted.

        Raises
        ------
        TypeError
            If the layers of the model cannot be seen.
        ValueError
            If there is no convolution, or the layer is unknown, is called more than once, returns
            no feature map (N, h, w, K), or no gradient reaches it.
        """
        activations, gradients, score, finite = self._run(
            ("feature maps", layer, differentiate),
            partial(self._feature_maps, layer, differentiate),
            point,
            target,
        )
        name = self._names["feature maps", layer]
        return FeatureMaps(name, activations, gradients, score, finite)

    def layer_output(self, point: Any, target: Target, layer: str | None) -> tuple[str, Any]:
        """What a layer returns for a point: its name as `LayerCall` has it, and a tensor (...).

        Parameters
        ----------
        point : tensor of float32, shape (1, ...)
        target : int, (int, int) or callable
        layer : str or None
            None for the first embedding or, where there is none, the last convolutional layer.

        Raises
        ------
        TypeError
            If the layers of the model cannot be seen.
        ValueError
            If the layer is unknown, is called more than once, or returns no real numbers.
        """
        output, _, _, _ = self._run(
            ("output", layer), partial(self._layer_output, layer), point, target
        )
        return self._names["output", layer], output

    def guided_gradient(self, point: Any, target: Target) -> tuple[float, Any, bool]:
        """The score of a point, its guided gradient (...), and whether both are finite.

        Parameters
        ----------
        point : tensor of float32, shape (1, ...)
        target : int, (int, int) or callable

        Raises
        ------
        ValueError
            If the model has no ReLU, or one that is out of reach; or if no gradient reaches the
            input.
        """
        _, gradient, score, finite = self._run(("guided",), self._guided, point, target)
        return score, gradient, finite

    def _run(
        self, key: tuple[Hashable, ...], function: Callable[..., Any], point: Any, target: Target
    ) -> tuple[Any, Any, float, bool]:
        """Run a function of points and of what makes the target's score of all scores."""
        custom = target if callable(target) else None
        with self._machine.lock:
            graph = self._graphs.get((*key, custom)) or CompiledChunks(
                partial(self._trace, function, custom), self._machine, self._model.batch
            )
            self._graphs[*key, custom] = graph
            self._graphs.move_to_end((*key, custom))
            while len(self._graphs) > GRAPHS_KEPT:
                self._graphs.popitem(last=False)
        chosen = [] if callable(target) else [*map(tf.constant, target_weights(target))]
        found: tuple[Any, Any, float, bool] = None, None, 0.0, False
        for scale in self._scaling.attempts():
            found = graph.run_alone(point, scale, *chosen, collect=_collect)
            if found[3]:
                break
        return found

    def _trace(
        self, function: Callable[..., Any], custom: CustomScore | None, size: int
    ) -> tuple[Any, ...]:
        if custom is not None:
            score = partial(custom_score, target=custom)
            return partial(function, score=score), self._spec(size), _SCALE

        def of_classes(points: Any, scale: Any, classes: Any, signs: Any) -> Any:
            def score(rows: Any) -> Any:
                return tf.linalg.matvec(tf.gather(rows, classes, axis=1), signs)

            return function(points, scale, score)

        pair = tf.TensorSpec((2,), tf.int32), tf.TensorSpec((2,), tf.float32)
        return of_classes, self._spec(size), _SCALE, *pair

    def _feature_maps(
        self,
        layer: str | None,
        differentiate: bool,
        points: Any,
        scale: Any,
        score: Callable[[Any], Any],
    ) -> tuple[Any, Any, Any]:
        with recording(self.layers()) as calls:
            rows = self._rows(points)
        scores = score(rows)
        call = choose_feature_map(calls, layer, scores, self._model.name)
        self._names["feature maps", layer] = call.name
        gradients = None
        if differentiate:
            gradients = self._gradients(scores, call.output, scale, f"layer {call.name!r}")
        return tf.cast(call.output, tf.float32), gradients, scores

    def _layer_output(
        self, layer: str | None, points: Any, scale: Any, score: Callable[[Any], Any]
    ) -> tuple[Any, None, Any]:
        del scale  # nothing is differentiated
        layers = self.layers()
        with recording(layers) as calls:
            scores = score(self._rows(points))
        call = choose_output(calls, layer, scores, layers, self._model.name)
        self._names["output", layer] = call.name
        return call.output, None, scores

    def _guided(
        self, points: Any, scale: Any, score: Callable[[Any], Any]
    ) -> tuple[None, Any, Any]:
        with guided_relus():
            scores = score(self._rows(points))
        check_relus(scores, self._model.name)
        return None, self._gradients(scores, points, scale, "the input"), scores

    def _gradients(self, scores: Any, by: Any, scale: Any, name: str) -> Any:
        def differentiate(weights: Any) -> Any:
            (gradients,) = tf.gradients(scores, by, grad_ys=weights)
            return gradients

        gradients = self._scaling.gradients(differentiate, scores, scale)
        if gradients is None:
            raise ValueError(
                f"no gradient of the score reaches {name}: the score does not depend on it, or "
                "only through an operation without a gradient (argmax, rounding, "
                "tf.stop_gradient). Explain the score before that operation, or name a layer "
                "behind it."
            )
        return tf.cast(tf.convert_to_tensor(gradients), tf.float32)

    def layers(self) -> list[Any]:
        """All layers of the model; TypeError if they cannot be seen."""
        if self._model.layers is None:
            raise TypeError(
                f"the layers of {self._model.name!r} cannot be seen: it is a function or a "
                "SavedModel. Hand over the Keras model itself, or take a method that needs no "
                "layer, such as IntegratedGradients or Occlusion."
            )
        return self._model.layers()


def _collect(result: tuple[Any, Any, Any], count: int) -> tuple[Any, Any, float, bool]:
    """Take the only point's share of what a function returned."""
    del count
    first, gradients = (None if part is None else part[0] for part in result[:2])
    score = result[2][0]
    given = [part for part in (first, gradients, score) if part is not None]
    finite = all(bool(tf.reduce_all(tf.math.is_finite(part))) for part in given)
    return first, gradients, float(score), finite
