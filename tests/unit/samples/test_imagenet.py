"""The embedded classifier knows what the published one knows."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tfinterp_widgets.samples import imagenet, photos

if TYPE_CHECKING:
    from tfinterp_widgets.samples import ImageNetSample


# From the published float32 checkpoint, in PyTorch and float64.
@pytest.mark.parametrize(
    ("photo", "index", "name", "probability"),
    [
        ("cat", 285, "Egyptian cat", 0.385),
        ("coffee", 967, "espresso", 0.940),
        ("rocket", 657, "missile", 0.223),
        ("duck", 99, "goose", 0.870),
        ("dog", 235, "German shepherd", 0.950),
        ("pig", 341, "hog", 0.397),
        ("spaniels", 219, "cocker spaniel", 0.813),
        ("fig", 952, "fig", 0.620),
    ],
)
def test_photo_is_classified_as_by_the_published_model(
    classifier: ImageNetSample, photo: str, index: int, name: str, probability: float
) -> None:
    batch = classifier.preprocess(photos()[photo][None])
    probabilities = classifier.model.predict(batch, verbose=0)[0]
    assert probabilities.argmax() == index
    assert classifier.class_names[index] == name
    assert probabilities[index] == pytest.approx(probability, abs=0.02)


def test_model_takes_images_and_ends_in_a_softmax_of_a_dense_layer(
    classifier: ImageNetSample,
) -> None:
    assert classifier.model.input_shape == (None, 224, 224, 3)
    assert classifier.model.output_shape == (None, 1000)
    last = classifier.model.layers[-1]
    assert type(last).__name__ == "Dense"
    assert last.activation.__name__ == "softmax"


def test_every_stored_weight_is_used(classifier: ImageNetSample) -> None:
    # As published: 4,652,008 that are trained, 42,016 statistics of batch norms.
    assert classifier.model.count_params() == 4_694_024


def test_models_are_separate(classifier: ImageNetSample) -> None:
    other = imagenet().model
    kernel = other.layers[-1].kernel
    kernel.assign(np.zeros(kernel.shape, np.float32))
    assert np.any(classifier.model.layers[-1].get_weights()[0])


def test_class_names_are_a_thousand_and_unique(classifier: ImageNetSample) -> None:
    names = classifier.class_names
    assert len(names) == 1000
    assert len({name.casefold() for name in names}) == 1000
    assert all(name == name.strip() != "" for name in names)


def test_words_that_name_two_classes_are_told_apart(classifier: ImageNetSample) -> None:
    names = classifier.class_names
    assert (names[134], names[517]) == ("crane (bird)", "crane (machine)")
    assert (names[264], names[474]) == ("Cardigan (dog)", "cardigan")
    assert (names[638], names[639]) == ("maillot", "maillot (tank suit)")


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_preprocess_maps_pixels_and_leaves_its_argument_alone(
    classifier: ImageNetSample, dtype: type[np.generic]
) -> None:
    pixels = np.array([[0, 127, 255]], dtype)
    model_space = classifier.preprocess(pixels)
    np.testing.assert_array_equal(model_space, np.array([[-127 / 128, 0, 1]], np.float32))
    assert model_space.dtype == np.float32
    np.testing.assert_array_equal(pixels, np.array([[0, 127, 255]], dtype))
    assert not np.shares_memory(pixels, model_space)


def test_importing_samples_imports_neither_tensorflow_nor_pandas_nor_pillow() -> None:
    heavy = "{'tensorflow', 'keras', 'pandas', 'PIL'}"
    check = f"import sys, tfinterp_widgets.samples; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)
