"""Regions grown from segments, against the paper in loops; and the segments themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from skimage.morphology import dilation, disk

from tfinterp_widgets.engine.asking.cache import ByteLimitedCache
from tfinterp_widgets.engine.perturbing.regions import FEWEST, grow, widened
from tfinterp_widgets.engine.perturbing.segments import felzenszwalb_segments, superpixels


def grown_by_hand(values, masks):
    """Add the mask with the largest mean over its new pixels, until none has enough of them."""
    grown, covered = np.full(values.size, np.nan), np.zeros(values.size, bool)
    masks = list(masks)
    while True:
        new = [mask & ~covered for mask in masks]
        new = [mask for mask in new if mask.sum() >= FEWEST]
        if not new:
            break
        best = max(new, key=lambda mask: values[mask].mean())
        grown[best] = values[best].mean()
        covered |= best
    grown[~covered] = values[~covered].mean() if (~covered).any() else np.nan
    return grown


@given(seed=st.integers(0, 10_000), count=st.integers(1, 12), size=st.integers(60, 400))
@settings(deadline=None, max_examples=40)
def test_regions_grow_as_the_paper_says(seed, count, size):
    random = np.random.default_rng(seed)
    values = random.normal(size=size).astype(np.float32)
    begins = random.integers(0, size, count)
    places = np.arange(size)
    masks = [(places >= b) & (places < b + random.integers(1, size)) for b in begins]
    segments = sparse.csr_array(np.array(masks, float))
    assert grow(values, segments) == pytest.approx(grown_by_hand(values, masks), abs=1e-5)


def test_the_sum_of_the_values_stays():
    random = np.random.default_rng(0)
    values = random.normal(size=900).astype(np.float32)
    masks = random.random((20, 900)) < 0.2
    assert grow(values, sparse.csr_array(masks.astype(float))).sum() == pytest.approx(
        values.sum(), rel=1e-4
    )


def test_the_first_region_has_the_largest_value():
    values = np.concatenate([np.full(100, 1.0), np.full(100, 3.0), np.full(100, -2.0)])
    masks = np.kron(np.eye(3), np.ones(100))
    assert grow(values.astype(np.float32), sparse.csr_array(masks)) == pytest.approx(values)


def test_segments_are_dilated_by_a_disk_and_lost_labels_left_out():
    labels = np.zeros((30, 40), np.int32)
    labels[5:9, 20:] = 1
    labels[25:, :3] = 4  # 2 and 3 are nowhere
    found = widened(labels).toarray().reshape(-1, 30, 40)
    expected = [dilation(labels == number, disk(5)) for number in (0, 1, 4)]
    assert (found == np.array(expected)).all()


SHAPES = [(8, 8, 3), (1, 1, 3), (5, 7, 1), (8, 8, 5), (2, 90, 3), (3, 3, 2)]


@pytest.mark.parametrize("cut", [superpixels, felzenszwalb_segments])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("plain", [False, True])
def test_every_image_can_be_cut(cut, shape, plain):
    image = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    labels = cut(np.ones_like(image) if plain else image, 10, ByteLimitedCache(0))
    assert labels.shape == shape[:2]
    assert labels.dtype == np.int32
    assert labels.min() >= 0


def test_superpixels_are_about_as_many_as_asked_and_numbered_without_gaps():
    image = np.random.default_rng(0).uniform(0, 255, size=(60, 60, 3)).astype(np.float32)
    labels = superpixels(image, 36, ByteLimitedCache(0))
    assert 18 <= labels.max() + 1 <= 54
    assert (np.unique(labels) == np.arange(labels.max() + 1)).all()


def test_units_do_not_matter():
    image = np.random.default_rng(0).uniform(size=(30, 40, 3)).astype(np.float32).round(2)
    for cut in (superpixels, felzenszwalb_segments):
        labels = cut(image, 20, ByteLimitedCache(0))
        assert (cut(image * 256 - 64, 20, ByteLimitedCache(0)) == labels).all()


@pytest.mark.parametrize("cut", [superpixels, felzenszwalb_segments])
def test_segments_are_remembered_by_content_and_by_how_they_were_asked(cut):
    cache = ByteLimitedCache(10**6)
    image = np.random.default_rng(0).normal(size=(20, 20, 3)).astype(np.float32)
    first = cut(image, 10, cache)
    assert cut(image.copy(), 10, cache) is first
    assert cut(image, 30, cache) is not first
    assert cut(image + 1, 10, cache) is not first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1
