"""Where graphs have the channels of their images and feature maps."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from tfinterp_widgets.engine.models.data_formats import data_formats, transposed
from tfinterp_widgets.engine.models.operations import Operations


def formats_in(function, *shapes):
    """The formats of what a traced function returns and, after them, of what it takes."""
    found = []

    def run(*batches):
        made = function(*batches)
        formats = data_formats(Operations(tf.compat.v1.get_default_graph()))
        found.extend(formats.get(tensor.ref()) for tensor in (*tf.nest.flatten(made), *batches))
        return made

    specs = [tf.TensorSpec(shape) for shape in shapes]
    tf.function(run, autograph=False).get_concrete_function(*specs)
    return found


KERNEL = np.ones((3, 3, 4, 5), np.float32)


def conv(batch, data_format):
    return tf.nn.conv2d(batch, KERNEL, 1, "SAME", data_format=data_format)


@pytest.mark.parametrize("said", ["NHWC", "NCHW"])
def test_a_convolution_says_it_of_what_it_makes_and_what_it_takes(said):
    shape = [2, 6, 7, 8]
    shape[said.index("C")] = 4
    assert formats_in(lambda x: conv(x, said), shape) == [said, said]
    # An image that is scaled first, and a map that is normalised and added to something after.
    assert formats_in(lambda x: [tf.nn.relu(conv(x / 2 - 1, said)) * 3 + 1], shape) == [said] * 2


def test_transposing_moves_the_axes_before_and_after():
    assert formats_in(
        lambda x: tf.transpose(conv(tf.transpose(x, (0, 3, 1, 2)), "NCHW"), (0, 1, 3, 2)),
        (2, 6, 7, 4),
    ) == ["NCWH", "NHWC"]
    assert formats_in(
        lambda x: tf.transpose(conv(tf.transpose(x, (0, 2, 3, 1)), "NHWC"), (0, 3, 1, 2)),
        (2, 4, 6, 7),
    ) == ["NCHW", "NCHW"]
    assert formats_in(lambda x: conv(tf.transpose(x, (0, 2, 1, 3)), "NHWC"), (2, 6, 7, 4)) == [
        "NHWC",
        "NWHC",
    ]


@pytest.mark.parametrize("package", [keras, tf_keras], ids=["keras", "tf_keras"])
@pytest.mark.parametrize(
    ("layer", "options"),
    [
        ("Conv2D", {"filters": 5, "kernel_size": 3}),
        ("Conv2D", {"filters": 6, "kernel_size": 3, "groups": 2}),
        ("DepthwiseConv2D", {"kernel_size": 3}),
        ("SeparableConv2D", {"filters": 5, "kernel_size": 3}),
        ("Conv2DTranspose", {"filters": 5, "kernel_size": 3}),
        ("MaxPooling2D", {}),
        ("AveragePooling2D", {"pool_size": 2}),
    ],
    ids=str,
)
def test_layers_of_keras_say_it_whatever_they_are_made_of(package, layer, options):
    made = getattr(package.layers, layer)(data_format="channels_first", **options)
    made.build((2, 4, 10, 12))
    assert formats_in(made, (2, 4, 10, 12)) == ["NCHW", "NCHW"]


def test_inside_a_function_that_is_called_it_is_seen_as_well():
    called = tf.function(lambda x: conv(x, "NCHW"), autograph=False)
    assert formats_in(called, (2, 4, 6, 7)) == ["NCHW", "NCHW"]


def test_nothing_is_told_where_nothing_says_it():
    assert formats_in(lambda x: tf.transpose(tf.nn.relu(x), (0, 3, 1, 2)), (2, 4, 6, 7)) == [
        None,
        None,
    ]
    # An order that is found while the graph runs.
    assert formats_in(
        lambda x, order: tf.transpose(conv(x, "NHWC"), tf.cast(order, tf.int32)),
        (2, 6, 7, 4),
        (4,),
    ) == [None, "NHWC", None]
    assert formats_in(lambda x: tf.reduce_sum(conv(x, "NHWC"), axis=1), (2, 6, 7, 4)) == [
        None,
        "NHWC",
    ]


def test_a_tensor_is_brought_from_one_format_into_another():
    x = np.arange(120).reshape(2, 3, 4, 5)
    assert (transposed(x, "NCHW", "NHWC").numpy() == np.moveaxis(x, 1, -1)).all()
    assert (transposed(x, "NHWC", "NCHW").numpy() == np.moveaxis(x, -1, 1)).all()
    assert transposed(x, "NCHW", "NCHW") is x
