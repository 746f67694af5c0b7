"""Inputs cut into features."""

import keras
import numpy as np
import pytest

from tfinterp_widgets.engine import AttributionEngine
from tfinterp_widgets.engine.perturbing.features import features_of


@pytest.fixture
def ask(separable):
    return lambda x: separable(lambda v: v).ask(np.asarray(x, np.float32))


def photo(height=40, width=60):
    """Four flat quarters, with a little noise."""
    quarters = np.kron(np.array([[0.0, 1.0], [0.6, 0.3]]), np.ones((height // 2, width // 2)))
    noise = np.random.default_rng(0).normal(scale=0.01, size=(height, width, 3))
    return quarters[..., None] * [1.0, 0.5, 0.2] + noise


@pytest.mark.parametrize("regions", ["superpixels", "patches"])
def test_regions_part_an_image_and_are_numbered_without_gaps(ask, regions):
    features = features_of(ask(photo()), regions, 16)
    assert features.labels.shape == (40, 60, 1)
    assert 8 <= features.count <= 25
    assert (features.sizes > 0).all()
    assert features.sizes.sum() == 2400


def test_superpixels_follow_the_colours_and_patches_the_grid(ask):
    x, within = photo(), {}
    for regions in ("superpixels", "patches"):
        labels = features_of(ask(x), regions, 25).labels[..., 0]
        within[regions] = max(x[labels == label].std(axis=0).max() for label in np.unique(labels))
    assert within["superpixels"] < 0.05 < within["patches"]


def test_patches_differ_by_a_pixel_at_most(ask):
    labels = features_of(ask(np.zeros((10, 13, 1))), "patches", 9).labels[..., 0]
    patches = [np.nonzero(labels == number) for number in range(9)]
    assert {np.ptp(down) + 1 for down, _ in patches} == {3, 4}
    assert {np.ptp(across) + 1 for _, across in patches} == {4, 5}


def test_more_patches_than_pixels_are_one_each(ask):
    assert features_of(ask(np.zeros((2, 3, 1))), "patches", 400).count == 6


@pytest.mark.parametrize("shape", [(5,), (3, 4), (2, 2, 2, 2)])
def test_values_of_anything_else_are_taken_one_by_one(ask, shape):
    features = features_of(ask(np.zeros(shape)), "superpixels", 3)
    assert features.labels.shape == shape
    assert features.count == np.prod(shape)


def test_masks_and_numbers_go_to_the_values_of_each_feature(ask):
    features = features_of(ask(np.zeros((4, 4, 2))), "patches", 4)
    kept = np.array([[True, False, False, True], [False, False, True, True]])
    masks = features.masks(kept).numpy()
    assert masks.shape == (2, 4, 4, 1)
    assert masks[0, ::2, ::2, 0].tolist() == [[True, False], [False, True]]
    assert masks[1, ::2, ::2, 0].tolist() == [[False, False], [True, True]]
    assert features.spread(np.array([1.0, 2, 3, 4]))[::2, ::2, 0].tolist() == [[1, 2], [3, 4]]


def test_an_image_among_several_inputs_is_cut_too_with_its_channels_together():
    image, row = keras.Input((6, 6, 3), name="image"), keras.Input((4,), name="row")
    total = keras.ops.sum(image, axis=(1, 2, 3)) + keras.ops.sum(row, axis=1)
    engine = AttributionEngine(keras.Model([image, row], total[:, None]))
    question = engine.ask([np.zeros((6, 6, 3)), np.ones(4)])
    features = features_of(question, "patches", 4)
    assert features.count == 8
    of_image, of_row = question.layout.unpack(features.labels).values()
    assert (of_image == of_image[..., :1]).all()
    assert of_image[::3, ::3, 0].tolist() == [[0, 1], [2, 3]]
    assert of_row.tolist() == [4, 5, 6, 7]


def test_too_many_features_are_an_error(ask):
    with pytest.raises(ValueError, match=r"3000 features.*at most 1024.*Occlusion"):
        features_of(ask(np.zeros(3000)), "superpixels", 50)
