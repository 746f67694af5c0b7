"""Arrays on the wire: what leaves Python arrives, whatever its layout."""

import numpy as np
import pytest

from tfinterp_widgets.wire import (
    bin_for,
    block_mean,
    from_message,
    from_wire,
    to_message,
    to_wire,
)

# Memory layouts, as functions of a plain array of shape (4, 6).
LAYOUTS = {
    "plain": lambda grid: grid,
    "sliced": lambda grid: grid[1:3, ::2],
    "reversed": lambda grid: grid[::-1, ::-1],
    "transposed": lambda grid: grid.T,
    "fortran": np.asfortranarray,
    "broadcast": lambda grid: np.broadcast_to(grid[0], (3, 6)),
    "offset": lambda grid: grid.reshape(-1)[5:],
    "empty": lambda grid: grid[:0],
    "zero-d": lambda grid: grid[0, 1],
}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "uint8", "int32"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_round_trip(layout, dtype, order):
    grid = np.arange(24).reshape(4, 6).astype(np.dtype(dtype).newbyteorder(order))
    array = LAYOUTS[layout](grid)
    sent = to_wire(array)
    assert sent["dtype"] == dtype
    back = from_wire(sent)
    assert back.dtype == np.dtype(dtype)
    assert back.shape == array.shape
    np.testing.assert_array_equal(back, array)


def test_the_view_is_little_endian_and_in_c_order():
    sent = to_wire(np.array([[1, 2], [3, 4]], ">i4").T)
    assert bytes(sent["view"]) == b"".join(n.to_bytes(4, "little") for n in (1, 3, 2, 4))


def test_the_view_is_a_snapshot():
    array = np.zeros(3, np.float32)
    sent = to_wire(array)
    array[:] = 7
    assert from_wire(sent).tolist() == [0, 0, 0]


def test_a_view_into_a_larger_buffer_is_honoured():
    whole = memoryview(b"\xff" * 4 + np.array([1.5, -2], "<f4").tobytes() + b"\xff" * 3)
    back = from_wire({"dtype": "float32", "shape": [2], "view": whole[4:12]})
    assert back.tolist() == [1.5, -2]


@pytest.mark.parametrize(
    ("given", "sent_as"),
    [
        ("bool", "uint8"),
        ("float16", "float32"),
        ("int8", "int32"),
        ("uint16", "int32"),
        ("int64", "int32"),
        ("uint64", "int32"),
    ],
)
def test_other_dtypes_are_converted_without_loss(given, sent_as):
    array = np.array([0, 1, 1, 0], given)
    sent = to_wire(array)
    assert sent["dtype"] == sent_as
    np.testing.assert_array_equal(from_wire(sent), array)


@pytest.mark.parametrize("array", [np.array([1j]), np.array(["a"]), np.array([None])])
def test_what_javascript_has_no_array_for_is_refused(array):
    with pytest.raises(TypeError, match="cannot be sent"):
        to_wire(array)


def test_integers_beyond_int32_are_refused():
    with pytest.raises(ValueError, match="do not fit int32"):
        to_wire(np.array([2**31]))


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"dtype": "float16", "shape": [1], "view": b"\0\0"},
        {"dtype": "uint8", "shape": [3], "view": b"\0\0"},
        {"dtype": "uint8", "shape": [-1, -2], "view": b"\0\0"},
        {"dtype": "uint8", "shape": None, "view": b"\0\0"},
        {"dtype": "uint8", "shape": [2], "view": None},
    ],
)
def test_malformed_arrays_are_a_value_error(sent):
    with pytest.raises(ValueError, match="array"):
        from_wire(sent)


def test_messages_carry_several_arrays_by_index():
    buffers = []
    content = [to_message(np.full(2, n, "float32"), buffers) for n in (4, 5)]
    assert [one["buffer"] for one in content] == [0, 1]
    assert [from_message(one, buffers).tolist() for one in content] == [[4, 4], [5, 5]]
    with pytest.raises(ValueError, match="no buffer"):
        from_message({**content[0], "buffer": 2}, buffers)


def test_bins_are_as_small_as_the_limit_allows():
    for shape in [(100, 100), (101, 99), (1000, 10)]:
        size = bin_for(shape, 4, 4_000)
        binned = block_mean(np.ones(shape, np.float32), size)
        assert binned.nbytes <= 4_000
        assert block_mean(np.ones(shape, np.float32), size - 1).nbytes > 4_000
    assert bin_for((10, 10), 4, 400) == 1


def test_block_mean_averages_edges_over_what_they_have():
    array = np.arange(15, dtype=np.float32).reshape(3, 5)
    binned = block_mean(array, 2)
    expected = [[3.0, 5.0, 6.5], [10.5, 12.5, 14.0]]
    np.testing.assert_allclose(binned, expected)
    assert block_mean(array, 1) is array


def test_block_mean_keeps_channels_apart():
    array = np.stack([np.zeros((4, 4)), np.ones((4, 4))], -1).astype(np.uint8)
    binned = block_mean(array, 4)
    assert binned.dtype == np.float32
    assert binned.tolist() == [[[0, 1]]]
