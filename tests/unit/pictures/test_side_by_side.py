"""Attributions side by side: which pane is whose, and on which scale."""

import numpy as np
import pytest

from tfinterp_widgets.engine import Attribution, GradCAM, IntegratedGradients
from tfinterp_widgets.pictures import ViewSettings, canvas, draw_side_by_side

PHOTOGRAPH = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
PLAIN = ViewSettings(smooth=0, clip_percentile=100)


def signed(largest, shape=(40, 40, 3)):
    values = np.linspace(-largest, largest, np.prod(shape), dtype=np.float32).reshape(shape)
    method = IntegratedGradients(8, rule="graded")
    return Attribution(values, target=1, method=method, score=9.0, baseline_score=1.0)


def unsigned(largest):
    values = np.linspace(0, largest, 1600, dtype=np.float32).reshape(40, 40, 1)
    return Attribution(values, target=1, method=GradCAM(), score=9.0)


@pytest.fixture
def written(monkeypatch):
    """Every line of text that is drawn."""
    lines = []
    original = canvas.Canvas.text

    def text(self, x, y, text, **options):
        lines.append(text)
        original(self, x, y, text, **options)

    monkeypatch.setattr(canvas.Canvas, "text", text)
    return lines


def test_each_has_its_name_and_the_ends_of_its_own_scale(written):
    results = {"one": signed(0.5, (40, 40, 1)), "two": signed(2, (40, 40, 1)), "three": unsigned(7)}
    draw_side_by_side(PHOTOGRAPH, results, PLAIN)
    assert written == ["Input", "one", "-0.5", "+0.5", "two", "-2", "+2", "three", "0", "7"]


def test_one_scale_is_that_of_the_largest(written):
    results = {"one": signed(0.5, (40, 40, 1)), "two": signed(2, (40, 40, 1))}
    separate = draw_side_by_side(PHOTOGRAPH, results, PLAIN, columns=3, scale=1)
    written.clear()
    together = draw_side_by_side(PHOTOGRAPH, results, PLAIN, columns=3, scale=1, one_scale=True)
    assert written == ["Input", "one", "-2", "+2", "two", "-2", "+2"]
    apart, shared = np.asarray(separate).astype(int), np.asarray(together).astype(int)
    left, right = slice(310, 590), slice(604, 884)
    assert np.abs(apart[40:300, right] - shared[40:300, right]).max() == 0
    assert (
        np.ptp(shared[40:300, left], axis=-1).mean() < np.ptp(apart[40:300, left], axis=-1).mean()
    )


def test_panes_fill_rows_of_so_many_columns():
    results = {str(number): signed(1) for number in range(6)}
    heights = {
        columns: draw_side_by_side(PHOTOGRAPH, results, columns=columns, scale=1).height
        for columns in (4, 6, 7)
    }
    assert heights[7] < heights[6] < heights[4]
    wide = draw_side_by_side(PHOTOGRAPH[:20], results, columns=7, scale=1)
    assert wide.width == 900
    assert wide.height < heights[7]


def test_the_photograph_comes_first_and_in_colour():
    image = draw_side_by_side(PHOTOGRAPH, {"one": signed(1)}, PLAIN, columns=2, scale=1)
    first = np.asarray(image.crop((16, 34, 445, 463)).resize((40, 40), 0))
    np.testing.assert_array_equal(first, PHOTOGRAPH)


def test_a_map_of_few_cells_is_drawn_over_all_of_the_photograph():
    cells = signed(1, (4, 4, 5))
    image = np.asarray(draw_side_by_side(PHOTOGRAPH, {"cells": cells}, PLAIN, columns=2, scale=1))
    assert np.ptp(image[34:463, 455:884].astype(int), axis=-1).mean() > 50


@pytest.mark.parametrize(("count", "columns"), [(0, 5), (1, 0)])
def test_nothing_to_draw_is_an_error(count, columns):
    results = dict.fromkeys("ab"[:count], signed(1))
    with pytest.raises(ValueError, match=f"{count} attributions in {columns} columns"):
        draw_side_by_side(PHOTOGRAPH, results, columns=columns)
