"""The menu of layers, and how large it says their maps are."""

from types import SimpleNamespace

import keras
import pytest
import tensorflow as tf
import tf_keras

from tfinterp_widgets.engine.models.layers import layers_of
from tfinterp_widgets.widgets.explorer.layers import layer_messages

SIZE = (9, 13)
"""Height and width: no axis of an image, nor of a feature map, is as long as another."""
KERAS = pytest.mark.parametrize("package", [keras, tf_keras], ids=["keras", "tf_keras"])


def sizes(*layers_of_model, model=None):
    """Height and width that the menu has for each layer of a Sequential model, or of another."""
    model = model or keras.Sequential(layers_of_model)
    question = SimpleNamespace(
        model=SimpleNamespace(inside=SimpleNamespace(layers=lambda: layers_of(model)))
    )
    messages = layer_messages(question)
    return {each["name"]: (each["height"], each["width"]) for each in messages}


def blocks(package, **options):
    layers = package.layers
    return [
        layers.Rescaling(2.0, name="scaled"),
        layers.Conv2D(4, 3, padding="same", name="conv", **options),
        layers.BatchNormalization(axis=1 if options else -1, name="norm"),
        layers.ReLU(name="relu"),
        layers.MaxPooling2D(2, name="pooled", **options),
        layers.Dropout(0.5, name="dropped"),
    ]


BLOCKS = dict.fromkeys(["dropped", "pooled"], (4, 6)) | dict.fromkeys(
    ["relu", "norm", "conv", "scaled"], SIZE
)


@KERAS
def test_maps_with_their_channels_last(package):
    image = package.layers.Input((*SIZE, 3))
    found = sizes(model=package.Sequential([image, *blocks(package)]))
    assert found == BLOCKS
    assert [*found] == [*BLOCKS]


@KERAS
def test_maps_with_their_channels_first_also_where_a_layer_does_not_say_so(package):
    image = package.layers.Input((3, *SIZE))
    body = blocks(package, data_format="channels_first")
    assert sizes(model=package.Sequential([image, *body])) == BLOCKS


@KERAS
def test_axes_that_a_layer_permutes(package):
    layers = package.layers
    body = [
        layers.Input((*SIZE, 3)),
        layers.Rescaling(1.0, name="image"),
        layers.Permute((3, 1, 2), name="first"),
        *blocks(package, data_format="channels_first"),
        layers.Permute((3, 2, 1), name="last"),
        layers.ReLU(name="after"),
    ]
    expected = BLOCKS | {"image": SIZE, "first": SIZE, "last": (4, 6), "after": (4, 6)}
    assert sizes(model=package.Sequential(body)) == expected


def test_operations_that_are_no_layers():
    image = keras.Input((3, *SIZE))
    conv = keras.layers.Conv2D(4, 3, data_format="channels_first", name="conv")
    activated = keras.ops.relu(conv(image) + 1.0)
    moved = keras.ops.transpose(activated, (0, 2, 3, -3))
    after = keras.layers.ReLU(name="after")(moved)
    found = sizes(model=keras.Model(image, after))
    assert len(found) == 5
    assert set(found.values()) == {(7, 11)}


@KERAS
def test_branches_that_meet(package):
    layers = package.layers
    image = layers.Input((3, *SIZE))
    shape = {"data_format": "channels_first", "padding": "same"}
    left, right = (layers.Conv2D(4, 1, **shape, name=each)(image) for each in "ab")
    met = layers.ReLU(name="both")(layers.Add(name="sum")([left, right]))
    names = {"a", "b", "sum", "both"}
    assert sizes(model=package.Model(image, met)) == dict.fromkeys(names, SIZE)


@KERAS
@pytest.mark.parametrize("sequential", [True, False], ids=["sequential", "functional"])
def test_a_model_in_the_model(package, sequential):
    layers = package.layers
    start, scaled = layers.Input((3, *SIZE)), layers.Rescaling(1.0, name="scaled")
    conv = layers.Conv2D(4, 3, data_format="channels_first", name="conv")
    if sequential:
        inner = package.Sequential([start, scaled, conv], name="inner")
    else:
        inner = package.Model(start, conv(scaled(start)), name="inner")
    image = layers.Input((3, *SIZE))
    outer = package.Model(image, inner(image))
    assert sizes(model=outer) == {"scaled": SIZE, "conv": (7, 11), "inner": (7, 11)}


class Block(keras.layers.Layer):
    """A layer of one's own, of layers."""

    def __init__(self, **options):
        super().__init__(**options)
        self.layers = [keras.layers.Conv2D(4, 3, data_format="channels_first", name="within")]

    def call(self, x):
        return self.layers[0](x)

    def compute_output_shape(self, shape):
        return self.layers[0].compute_output_shape(shape)


def test_a_layer_of_layers_has_the_axes_of_what_follows():
    image, block = keras.Input((3, *SIZE)), Block(name="block")
    pool = keras.layers.MaxPooling2D(2, data_format="channels_first", name="pooled")
    found = sizes(image, block, pool)
    assert found == {"pooled": (3, 5), "block": (7, 11), "within": (None, None)}


def test_a_single_cell_is_no_map_whichever_axis_the_channels_are():
    pool = keras.layers.GlobalAveragePooling2D
    first = {"data_format": "channels_first", "keepdims": True}
    conv = keras.layers.Conv2D(4, 3, data_format="channels_first", name="conv")
    assert sizes(keras.Input((3, *SIZE)), conv, pool(**first)) == {"conv": (7, 11)}
    # A single channel, and a row of cells: (1, 1) are not height and width.
    flat = keras.layers.Conv2D(1, (9, 3), data_format="channels_first", name="flat")
    assert sizes(keras.Input((3, *SIZE)), flat) == {"flat": (1, 11)}


def test_sizes_that_are_not_fixed():
    conv = keras.layers.Conv2D(4, 3, data_format="channels_first", name="conv")
    assert sizes(keras.Input((3, None, 13)), conv) == {"conv": (None, 11)}


def test_a_layer_that_was_never_called_on_a_symbolic_tensor():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.conv = keras.layers.Conv2D(4, 3, name="conv")

        def call(self, x):
            return self.conv(x)

    model = Own()
    model(tf.zeros((1, *SIZE, 3)))
    assert sizes(model=model) == {"conv": (None, None)}
