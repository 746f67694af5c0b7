"""Images that cannot be read, by what is wrong with them."""

import io

import numpy as np
import pytest
from PIL import Image
from reading import RGB, bytes_rgb, one

from tfinterp_widgets.images import read_photographs


def broken_file(tmp_path):
    content = io.BytesIO()
    Image.fromarray(bytes_rgb).save(content, "png")
    (tmp_path / "half.png").write_bytes(content.getvalue()[:60])
    return tmp_path / "half.png"


def text_file(tmp_path):
    (tmp_path / "notes.png").write_text("not a picture")
    return tmp_path / "notes.png"


def truncated_image(tmp_path):
    return Image.open(io.BytesIO(broken_file(tmp_path).read_bytes()))


def closed_image(_):
    image = Image.fromarray(bytes_rgb)
    image.close()
    return image


def closed_file(tmp_path):
    Image.fromarray(bytes_rgb).save(tmp_path / "cat.tif")
    with Image.open(tmp_path / "cat.tif") as image:
        return image


BAD = {
    "wrong rank": (np.zeros(5), ValueError, r"'photo' has shape \(5,\); expected \(height"),
    "a batch": (np.zeros((2, 8, 8, 3)), ValueError, r"list\(images\)"),
    "no pixels": (np.zeros((0, 8, 3)), ValueError, "at least one pixel"),
    "channels": (np.zeros((8, 8, 5)), ValueError, "has 5 channels .* the model takes 3"),
    "channels first": (np.zeros((3, 8, 8)), ValueError, "moveaxis"),
    "NaN": ({"cat": np.full(RGB, np.nan)}, ValueError, "'cat' has 192 NaN or infinite values"),
    "infinite": ([np.full(RGB, np.inf)], ValueError, "'photo 1' has 192 NaN or infinite"),
    "no image": ([], ValueError, "empty list"),
    "no image by name": ({}, ValueError, "empty dict"),
    "nothing": (None, TypeError, "NoneType; expected an array"),
    "nested lists": ([[0, 1], [1, 0]], TypeError, "'photo 1' is a list"),
    "text": (np.array([["a"]]), TypeError, "dtype"),
    "negative bytes": (np.full(RGB, -1), ValueError, r"from -1 to -1; expected 0\.\.255"),
    "no file": ("nowhere/cat.png", ValueError, "there is no file 'nowhere/cat.png'"),
    "broken file": (broken_file, ValueError, r"half\.png' cannot be read as an image"),
    "a name that no file has": ("a\0b.png", ValueError, "cannot be read as an image"),
    "truncated image": (
        truncated_image,
        ValueError,
        r"'photo' cannot .*truncated.*image\.load\(\)",
    ),
    "closed image": (closed_image, ValueError, r"'photo' cannot .*closed.*image\.load\(\)"),
    "closed file": (closed_file, ValueError, r"'cat' cannot .*image\.load\(\) while"),
    "beyond float32": (np.full(RGB, -1e300), ValueError, "'photo' has values beyond float32"),
    "no image file": (text_file, ValueError, r"notes\.png' cannot be read as an image"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_images_say_what_came_and_what_was_expected(case, tmp_path):
    image, kind, message = BAD[case]
    with pytest.raises(kind, match=message):
        one(image(tmp_path) if callable(image) else image)


def test_an_image_that_pillow_holds_for_a_bomb(save, monkeypatch):
    path = save(Image.fromarray(bytes_rgb))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    with pytest.raises(ValueError, match=r"'cat'.* cannot .*MAX_IMAGE_PIXELS"):
        one(path)


def test_a_model_that_takes_no_images():
    with pytest.raises(ValueError, match=r"input has shape \(20,\); an image has \(height"):
        read_photographs(bytes_rgb, (20,))
