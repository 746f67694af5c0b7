"""Static figures as one picture, or as a page that needs nothing else."""

import base64
import io
import re

import numpy as np
from PIL import Image

from tfinterp_widgets.pictures.charts import draw_bars
from tfinterp_widgets.pictures.pages import draw_notice, page, stack

PICTURE = Image.new("RGB", (4, 2), "#123456")


def test_figures_are_stacked_in_their_order():
    def drawn(*lengths):
        return np.asarray(stack([draw_bars(["a"] * n, range(n), label="x") for n in lengths]))

    assert (drawn(1, 9) == np.concatenate([drawn(1), drawn(9)])).all()


def test_a_page_holds_its_picture_and_its_numbers():
    written = page("Importance", PICTURE, ["column", "mean"], [["age", "0.1"], ["sex", "0.0"]])
    encoded = re.search(r"base64,([^\"]+)", written).group(1)
    with Image.open(io.BytesIO(base64.b64decode(encoded))) as image:
        assert image.size == PICTURE.size
        assert image.getpixel((0, 0)) == (0x12, 0x34, 0x56)
    assert "<td>age</td><td>0.1</td>" in written
    assert "<th>column</th><th>mean</th>" in written


def test_names_are_no_markup():
    written = page('"<i>', PICTURE, ["<b>"], [["<script>"]])
    assert not re.search(r"<(i|b|script)>", written)
    assert 'alt="&quot;&lt;i&gt;' in written


def test_a_notice_says_why_there_is_no_figure():
    drawn = np.asarray(draw_notice("Permutation importance", "Not computed yet."))
    assert len(np.unique(drawn)) > 2
