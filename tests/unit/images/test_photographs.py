"""Images of every kind come in, and every change is said."""

import numpy as np
import pytest
from PIL import Image
from reading import ANY, RGB, bytes_rgb, one, random

from tfinterp_widgets.images import read_photographs, thumbnail_size


def test_bytes_of_the_right_size_are_taken_as_they_are():
    photograph = one(bytes_rgb)
    np.testing.assert_array_equal(photograph.values, bytes_rgb)
    np.testing.assert_array_equal(photograph.rgb(), bytes_rgb)
    assert photograph.values.dtype == np.float32
    assert (photograph.low, photograph.high) == (0, 255)
    assert photograph.is_bytes
    assert photograph.notice == ""


def test_collections_keep_their_order_and_names(save):
    path = save(Image.fromarray(bytes_rgb), "tabby.png")
    by_name = read_photographs({"z": bytes_rgb, "a": path, 3: bytes_rgb}, RGB)
    assert [photograph.name for photograph in by_name] == ["z", "a", "3"]
    listed = read_photographs([bytes_rgb, str(path), Image.open(path)], RGB)
    assert [photograph.name for photograph in listed] == ["photo 1", "tabby", "tabby"]
    assert one(bytes_rgb).name == "photo"
    assert one(path).name == "tabby"


@pytest.mark.parametrize(
    ("floats", "low", "high"),
    [(bytes_rgb / 255.0, 0, 1), (bytes_rgb / 1.0, 0, 255), (bytes_rgb / 127.5 - 1, -1, 1)],
)
def test_floats_keep_their_units_and_show_the_same_picture(floats, low, high):
    photograph = one(floats)
    np.testing.assert_allclose(photograph.values, floats, rtol=1e-6, atol=1e-6)
    assert (photograph.low, photograph.high) == (low, high)
    np.testing.assert_array_equal(photograph.rgb(), bytes_rgb)
    assert photograph.is_bytes == (high == 255)
    assert (photograph.notice == "") == (high == 255)


def test_floats_of_no_known_range_are_shown_from_their_least_to_their_most():
    photograph = one(np.linspace(-7, 9, 192).reshape(RGB))
    assert (photograph.low, photograph.high) == (-7, 9)
    assert photograph.rgb().min() == 0
    assert photograph.rgb().max() == 255
    assert photograph.notice == "-7 shown as black, 9 as white"


@pytest.mark.parametrize(
    ("brightest", "scale"), [(0.9, (0, 1)), (200.0, (0, 255)), (1000.0, (0, 1000))]
)
def test_floats_that_come_together_share_one_black_and_white(brightest, scale):
    dark, bright = np.zeros((2, *RGB))
    dark[0], bright[0] = 0.5, brightest
    photographs = read_photographs({"dark": dark, "bright": bright}, RGB)
    assert {(photograph.low, photograph.high) for photograph in photographs} == {scale}
    assert photographs[0].notice == photographs[1].notice


def test_bytes_are_bytes_beside_floats_and_beside_one_another():
    dim = np.ones(RGB, np.uint8)
    alone, beside = one(dim), read_photographs([dim, bytes_rgb / 1.0, dim / 255.0], RGB)
    for photograph in (alone, *beside):
        assert (photograph.low, photograph.high) == (0, 255)
        assert photograph.notice == ""


def test_transparent_floats_are_put_on_the_white_of_all():
    clear = np.zeros((8, 8, 4))
    bright = np.full(RGB, 200.0)
    clear_photograph, _ = read_photographs([clear, bright], RGB)
    assert (clear_photograph.values == 255).all()


def test_transparency_is_put_on_white_and_said():
    rgba = np.dstack([bytes_rgb, np.full((8, 8), 255, np.uint8)])
    rgba[0, 0] = (10, 20, 30, 0)
    rgba[0, 1] = (100, 0, 200, 51)
    photograph = one(Image.fromarray(rgba))
    assert photograph.values[0, 0].tolist() == [255, 255, 255]
    assert photograph.values[0, 1].tolist() == [224, 204, 244]
    assert "transparency put on white" in photograph.notice
    in_floats = one(rgba / 255.0)
    np.testing.assert_array_equal(in_floats.rgb(), photograph.rgb())
    assert "opaque alpha channel left out" in one(rgba[4:].repeat(2, 0)).notice


def test_a_model_with_four_channels_keeps_them():
    rgba = random.integers(0, 256, (8, 8, 4), np.uint8)
    np.testing.assert_array_equal(one(rgba, (8, 8, 4)).values, rgba)


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 1)])
def test_grey_is_repeated_for_a_colour_model(shape):
    photograph = one(bytes_rgb[..., 0].reshape(shape))
    np.testing.assert_array_equal(photograph.values, bytes_rgb[..., :1].repeat(3, -1))
    assert "grey repeated" in photograph.notice


def test_colour_becomes_grey_for_a_grey_model():
    photograph = one(bytes_rgb, (8, 8, 1))
    pillow = np.asarray(Image.fromarray(bytes_rgb).convert("L"), float)
    assert np.abs(photograph.values[..., 0] - pillow).max() <= 1
    assert "converted to grey" in photograph.notice
    assert photograph.rgb().shape == RGB


def test_a_palette_with_transparency(save):
    picture = Image.fromarray(bytes_rgb).quantize(16)
    assert "palette" in one(picture).notice
    path = save(picture, transparency=3)
    photograph = one(path)
    assert "palette" in photograph.notice
    see_through = np.asarray(picture) == 3
    assert see_through.any()
    assert (photograph.values[see_through] == 255).all()


def test_exif_orientation_is_applied(save):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate clockwise to look at it
    upright = random.integers(0, 256, (4, 8, 3), np.uint8)
    path = save(Image.fromarray(np.rot90(upright)), "turned.png", exif=exif)
    photograph = one(path, ANY)
    np.testing.assert_array_equal(photograph.values, upright)
    assert "turned upright" in photograph.notice


def test_sixteen_bits_become_eight(save):
    deep = np.arange(64, dtype=np.uint16).reshape(8, 8) * 257
    from_file = one(save(Image.fromarray(deep)))
    np.testing.assert_array_equal(from_file.values[..., 0], deep // 257)
    assert "16 bits" in from_file.notice
    np.testing.assert_array_equal(one(deep * 4).values[..., 0], deep // 257 * 4)


def test_sixteen_bits_are_scaled_alike_however_dark():
    dark, bright = np.full((2, *RGB), [[[[200]]], [[[51400]]]], np.uint16)
    night, day, bytes_ = read_photographs([dark, bright, bytes_rgb], RGB)
    assert (night.values.max(), day.values.max()) == (1, 200)
    assert "16 bits as 0..255" in night.notice
    np.testing.assert_array_equal(bytes_.values, bytes_rgb)
    alone = one(dark)
    assert alone.values.max() == 200
    assert "16 bits, none above 255" in alone.notice


def test_masks_and_bilevel_images_become_black_and_white():
    mask = bytes_rgb[..., 0] > 99
    for image in (mask, Image.fromarray(mask)):
        np.testing.assert_array_equal(one(image).values[..., 0], mask * 255.0)


def test_a_cmyk_jpeg_and_an_animation(save):
    assert "CMYK" in one(save(Image.new("CMYK", (8, 8)), "print.jpg")).notice
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    moving = one(save(frames[0], "moving.gif", save_all=True, append_images=frames[1:]))
    assert "first of 2 frames" in moving.notice
    assert moving.values[0, 0].tolist() == [255, 0, 0]


def test_another_size_is_resized_whole_and_said():
    wide = np.zeros((16, 32, 3), np.uint8)
    wide[:, :2], wide[:, -2:] = 255, 255  # what cropping would lose
    photograph = one(wide)
    assert photograph.values.shape == RGB
    assert photograph.values[:, 0].min() > 100
    assert photograph.values[:, -1].min() > 100
    assert photograph.notice == "resized from 32 × 16 to 8 × 8, stretched to fit"
    assert one(np.zeros((16, 16, 3), np.uint8)).notice == "resized from 16 × 16 to 8 × 8"


def test_resizing_stays_within_the_limits_and_whole():
    edges = np.where(np.indices((16, 16)).sum(0) % 7 < 3, 255, 0).astype(np.uint8)
    photograph = one(edges)
    assert 0 <= photograph.values.min() <= photograph.values.max() <= 255
    assert photograph.is_bytes


@pytest.mark.parametrize("shape", [ANY, None])
def test_a_model_of_any_size_takes_them_as_they_are(shape):
    wide = random.integers(0, 256, (5, 9, 3), np.uint8)
    photograph = one(wide, shape)
    np.testing.assert_array_equal(photograph.values, wide)
    assert photograph.notice == ""


def test_a_size_that_is_fixed_on_one_axis_only():
    assert one(np.zeros((10, 30, 3), np.uint8), (None, 8, 3)).values.shape == (10, 8, 3)


def test_later_changes_of_an_array_do_not_reach_the_photograph():
    for image in (bytes_rgb.astype(np.float32), bytes_rgb.astype(np.float32) / 255):
        photograph = one(image)
        before = photograph.values.copy()
        image[:] = 0
        np.testing.assert_array_equal(photograph.values, before)


def test_array_likes_of_other_libraries():
    class Tensor:
        def __array__(self, dtype=None, copy=None):
            return bytes_rgb

    np.testing.assert_array_equal(one(Tensor()).values, bytes_rgb)


def test_floats_at_the_limits_of_float32():
    shown = one(np.array([-1e38, 1e38]).repeat(96).reshape(RGB)).rgb()
    assert (shown.min(), shown.max()) == (0, 255)


def test_thumbnails_keep_the_aspect_and_stay_small_together():
    assert one(np.zeros((100, 300, 3), np.uint8), ANY).thumbnail().shape == (21, 64, 3)
    assert one(bytes_rgb).thumbnail().shape == RGB
    assert thumbnail_size(6) == 64
    assert thumbnail_size(200) ** 2 * 3 * 200 <= 500_000
