"""Windows against slices of an array."""

import numpy as np
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from tfinterp_widgets.engine.models.layout import layout_of
from tfinterp_widgets.engine.perturbing.windows import windows_over

SIDES = st.integers(1, 12)


def layout(*shapes):
    arrays = {f"{k}": np.zeros(shape, np.float32) for k, shape in enumerate(shapes)}
    return layout_of(arrays, [tf.float32] * len(shapes), packed=len(shapes) > 1)


@given(height=SIDES, width=SIDES, side=SIDES, skipped=st.integers(0, 11))
def test_squares_are_slices_and_cover_every_pixel_with_none_to_spare(height, width, side, skipped):
    stride = max(1, side - skipped)
    windows = windows_over(layout((height, width, 3)), side, stride)
    masks = windows.masks(np.arange(windows.count)).numpy()[..., 0]
    corners = []
    for mask in masks:
        down, across = np.nonzero(mask)
        top, left = down.min(), across.min()
        corners.append((int(top), int(left)))
        slices = np.zeros((height, width), bool)
        slices[top : top + side, left : left + side] = True
        assert (mask == slices).all()
    assert len(set(corners)) == windows.count
    assert all(top % stride == left % stride == 0 for top, left in corners)
    assert masks.any(axis=0).all()
    # Without the last column or row of windows, or both, some pixel would not be covered.
    last = max(corners)
    assert last[0] == 0 or last[0] - stride + side < height
    assert last[1] == 0 or last[1] - stride + side < width


def test_values_of_anything_else_are_windows_of_their_own():
    windows = windows_over(layout((2, 3)), 5, 5)
    masks = windows.masks(np.arange(windows.count)).numpy()
    assert (masks.reshape(6, 6) == np.eye(6, dtype=bool)).all()


def test_a_window_lies_in_one_of_several_arrays():
    windows = windows_over(layout((4,), (2, 2, 3), (3,)), 1, 1)
    masks = windows.masks(np.arange(windows.count)).numpy()
    assert windows.count == 4 + 4 + 3
    assert masks.shape == (11, 4 + 12 + 3)
    assert masks.sum(axis=1).tolist() == [1] * 4 + [3] * 4 + [1] * 3
    assert (masks.sum(axis=0) == 1).all()


def test_windows_are_found_by_number_in_any_order():
    windows = windows_over(layout((5, 7, 1)), 3, 2)
    numbers = np.random.default_rng(0).permutation(windows.count)
    whole = windows.masks(np.arange(windows.count)).numpy()
    assert (windows.masks(numbers).numpy() == whole[numbers]).all()
