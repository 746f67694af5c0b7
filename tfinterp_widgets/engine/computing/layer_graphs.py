"""Compiled functions that look inside a model: its feature maps, and guided gradients."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any, NamedTuple

import tensorflow as tf

from tfinterp_widgets.engine.computing.devices import Machine
from tfinterp_widgets.engine.computing.own_targets import OwnTargets
from tfinterp_widgets.engine.computing.point_graphs import AtPoint, PointGraphs
from tfinterp_widgets.engine.computing.scaling import LossScaling
from tfinterp_widgets.engine.models import AdaptedModel
from tfinterp_widgets.engine.models.choosing import (
    choose_feature_map,
    choose_image,
    choose_output,
)
from tfinterp_widgets.engine.models.data_formats import CHANNELS_LAST, data_formats, transposed
from tfinterp_widgets.engine.models.folding import Folding
from tfinterp_widgets.engine.models.layers import LayerCall, recording
from tfinterp_widgets.engine.models.layout import ImageInput, Layout
from tfinterp_widgets.engine.models.operations import Operations
from tfinterp_widgets.engine.models.relus import check_relus, guided_relus
from tfinterp_widgets.engine.targets import Target

ScoresOf = Callable[[Any], list[Any]]
"""Maps the scores of all classes, traced, to those of each target."""


class FeatureMaps(NamedTuple):
    """What a convolutional layer returns for one input, and what that does to the score."""

    layer: str
    """The name of the layer, as `LayerCall` has it."""
    activations: Any
    """Tensor of float32, (h, w, K)."""
    gradients: Any
    """The score's gradient by the activations, of the same shape; None where not asked for."""
    image: ImageInput
    """The input that the map is of."""
    score: float
    finite: bool
    """Whether all of it are numbers, neither NaN nor infinite."""
    nonzero: bool
    """Whether any of the gradients is other than 0; True where they were not asked for."""


class LayerGraphs:
    """The inside of one model at one layout of its input: of a point, or of each of several.

    Each function is compiled when it is first asked for, and kept.

    Parameters
    ----------
    model : AdaptedModel
    layout : Layout
        How the model's inputs lie in a point.
    rows : callable
        Maps a batch as the model eats it, traced, to the scores of all classes, (n, classes); layer
        by layer as the user made it.
    faster_rows : callable
        The same with layers folded into one another: for what is not about a layer.
    folding : Folding or None
        What is folded there.
    spec : callable
        ``spec(size)`` is the `tf.TensorSpec` of a batch of `size` points.
    scaling : LossScaling
    machine : Machine
    """

    def __init__(
        self,
        model: AdaptedModel,
        layout: Layout,
        rows: Callable[[Any], Any],
        faster_rows: Callable[[Any], Any],
        folding: Folding | None,
        spec: Callable[[int], Any],
        scaling: LossScaling,
        machine: Machine,
    ) -> None:
        self._model = model
        self._layout = layout
        self._rows = rows
        self._faster_rows = faster_rows
        self._folding = folding
        self._scaling = scaling
        self._graphs = PointGraphs(spec, scaling, machine, model.batch)
        # What was chosen: where no layer is named, an embedding's methods choose another one.
        self._maps: dict[str | None, tuple[str, ImageInput]] = {}
        self._outputs: dict[str | None, str] = {}

    def feature_maps(
        self, point: Any, targets: Sequence[Target], layer: str | None, differentiate: bool
    ) -> list[FeatureMaps]:
        """What a layer returns for a point, and the gradient of each target's score by it.

        Parameters
        ----------
        point : tensor of float32, shape (1, ...)
        targets : sequence of int, (int, int) or callable
            They share one forward pass, unless one is a function.
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
            no feature map, none of a single image, or no gradient reaches it.
        """
        asked = self._asked_of_maps(layer, differentiate)
        return self._named(layer, self._graphs.run(*asked, point, targets))

    def feature_maps_of_each(self, layer: str | None, differentiate: bool) -> OwnTargets:
        """As `feature_maps`, but of several points, each for a target of its own."""
        cut, run = self._graphs.of_each(*self._asked_of_maps(layer, differentiate))
        return OwnTargets(cut, lambda *asked: self._named(layer, run(*asked)))

    def layer_output(self, point: Any, layer: str | None) -> tuple[str, Any]:
        """What a layer returns for a point: its name as `LayerCall` has it, and a tensor (...).

        Parameters
        ----------
        point : tensor of float32, shape (1, ...)
        layer : str or None
            None for the first embedding or, where there is none, the last convolutional layer.

        Raises
        ------
        TypeError
            If the layers of the model cannot be seen.
        ValueError
            If the layer is unknown, is called more than once, or returns no real numbers.
        """
        any_class = [0]  # what the layer returns does not depend on it
        (found,) = self._graphs.run(
            ("output", layer), partial(self._layer_output, layer), point, any_class
        )
        return self._outputs[layer], found.shown

    def guided_gradient(self, point: Any, targets: Sequence[Target]) -> list[AtPoint]:
        """The score of each target at a point, and its guided gradient (...).

        Parameters
        ----------
        point : tensor of float32, shape (1, ...)
        targets : sequence of int, (int, int) or callable
            They share one forward pass, unless one is a function.

        Raises
        ------
        ValueError
            If the model has no ReLU, or one that is out of reach; or if no gradient reaches the
            input.
        """
        return self._graphs.run(("guided",), self._guided, point, targets)

    def guided_gradients_of_each(self) -> OwnTargets:
        """As `guided_gradient`, but of several points, each for a target of its own."""
        return self._graphs.of_each(("guided",), self._guided)

    def _asked_of_maps(
        self, layer: str | None, differentiate: bool
    ) -> tuple[tuple[Hashable, ...], Callable[..., Any]]:
        """The name of a compiled function, and what it is made of."""
        traced = partial(self._traced_maps, layer, differentiate)
        return ("feature maps", layer, differentiate), traced

    def _named(self, layer: str | None, found: list[AtPoint]) -> list[FeatureMaps]:
        name, image = self._maps[layer]
        return [
            FeatureMaps(
                name, each.shown, each.gradient, image, each.score, each.finite, each.nonzero
            )
            for each in found
        ]

    def _traced_maps(
        self, layer: str | None, differentiate: bool, points: Any, scale: Any, scores_of: ScoresOf
    ) -> tuple[Any, list[Any], list[Any]]:
        arrays = self._layout.split(points)
        rows, call = self._feature_map_folded(arrays, layer) or self._feature_map(arrays, layer)
        scores = scores_of(rows)
        formats = data_formats(Operations(rows.graph))
        self._maps[layer] = call.name, self._image(arrays, call, layer, formats)
        data_format = formats.get(call.output.ref(), CHANNELS_LAST)
        gradients: list[Any] = [None for _ in scores]
        if differentiate:
            name = f"layer {call.name!r}"
            found = (self._gradient(each, call.output, scale, name) for each in scores)
            gradients = [transposed(each, data_format, CHANNELS_LAST) for each in found]
        activations = tf.cast(transposed(call.output, data_format, CHANNELS_LAST), tf.float32)
        return activations, gradients, scores

    def _feature_map(self, arrays: Any, layer: str | None) -> tuple[Any, LayerCall]:
        """The scores of all classes, and the call of a layer that returns a feature map."""
        with recording(self.layers()) as calls:
            rows = self._rows(arrays)
        call = choose_feature_map(calls, layer, rows, self._model.name)
        _check_one_each(call, rows)
        return rows, call

    def _feature_map_folded(self, arrays: Any, layer: str | None) -> tuple[Any, LayerCall] | None:
        """The same with layers folded; None where that changes what the layer returns."""
        if self._folding is None:
            return None
        try:
            with self._folding.applied():
                rows, call = self._feature_map(arrays, layer)
        except ValueError:  # which the model itself raises in its own words, if it is to blame
            return None
        return None if self._folding.changes(call.name) else (rows, call)

    def _image(
        self, arrays: Any, call: LayerCall, layer: str | None, formats: dict[Any, str]
    ) -> ImageInput:
        """The image that a feature map is of, and how its axes lie."""
        tensors = {
            leaf.name: arrays[leaf.name] if self._layout.packed else arrays
            for leaf in self._layout.images
        }
        name = choose_image(tensors, call, layer)
        data_format = formats.get(tensors[name].ref(), CHANNELS_LAST)
        return ImageInput(name, tuple(tensors[name].shape[1:]), data_format)

    def _layer_output(
        self, layer: str | None, points: Any, scale: Any, scores_of: ScoresOf
    ) -> tuple[Any, list[None], list[Any]]:
        del scale  # nothing is differentiated
        layers = self.layers()
        with recording(layers) as calls:
            rows = self._rows(self._layout.split(points))
        call = choose_output(calls, layer, rows, layers, self._model.name)
        _check_one_each(call, rows)
        self._outputs[layer] = call.name
        return call.output, [None], scores_of(rows)

    def _guided(
        self, points: Any, scale: Any, scores_of: ScoresOf
    ) -> tuple[None, list[Any], list[Any]]:
        with guided_relus():
            scores = scores_of(self._faster_rows(self._layout.split(points)))
        check_relus(scores[0], self._model.name)
        return None, [self._gradient(each, points, scale, "the input") for each in scores], scores

    def _gradient(self, scores: Any, by: Any, scale: Any, name: str) -> Any:
        def differentiate(weights: Any) -> Any:
            (gradients,) = tf.gradients(scores, by, grad_ys=weights)
            return gradients

        gradients = self._scaling.gradients(differentiate, scores, scale)
        if gradients is None:
            raise ValueError(
                f"no gradient of the score reaches {name}: the score does not depend on it, or "
                "only through an operation without a gradient (argmax, rounding, "
                "an embedding of token ids, tf.stop_gradient). Explain the score before that "
                "operation, or name a layer behind it."
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


def _check_one_each(call: LayerCall, rows: Any) -> None:
    """Raise ValueError if a layer does not return one of something for each input."""
    found, expected = call.output.shape[0], rows.shape[0]
    if None not in (found, expected) and found != expected:
        raise ValueError(
            f"layer {call.name!r} returns {found} rows for a batch of {expected} (patches folded "
            "into the batch, or weights of its own?); expected one for each input. Name another "
            "layer."
        )
