"""The static figure: every number on it, and no map that it cannot draw."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from tfinterp_widgets.engine import (
    LIME,
    Attribution,
    IntegratedGradients,
    LayerIntegratedGradients,
    Saliency,
)
from tfinterp_widgets.pictures import ViewSettings, canvas, draw_result, draw_waiting
from tfinterp_widgets.pictures.canvas import plain

PHOTOGRAPH = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)


def attribution(values=None, **changes):
    values = np.random.default_rng(1).normal(size=(40, 40, 3)) if values is None else values
    given = {"target": 1, "method": IntegratedGradients(64, rule="graded"), "score": 9.0}
    given["baseline_score"] = 1.0
    return Attribution(values=np.asarray(values, np.float32), **{**given, **changes})


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


def test_it_says_what_was_explained_and_how_far_to_trust_it(written):
    values = np.zeros((40, 40, 3))
    values[0, 0, 0] = 7.6
    draw_result(
        PHOTOGRAPH, attribution(values), ViewSettings(), title="cat: tabby", baseline="Black"
    )
    text = " | ".join(written)
    for part in (
        "cat: tabby",
        "score 9.000",
        "Integrated gradients, 64 steps (graded), baseline black",
        "sum 7.600 reaches 95.0% of F(x) - F(x') = 8.000",
        "sum of channels",
        "40 × 40",
        "against",
        "not what causes the outcome",
    ):
        assert part in text


def test_the_three_panes_show_photograph_map_and_both():
    image = draw_result(PHOTOGRAPH, attribution(), ViewSettings(opacity=0), title="", scale=1)
    assert image.width == 900
    pixels = np.asarray(image).astype(int)
    panes = [pixels[92:372, left : left + 280] for left in (20, 310, 600)]
    np.testing.assert_array_equal(panes[0][::7, ::7], PHOTOGRAPH)
    assert np.ptp(panes[1], axis=-1).max() > 100  # the map is in colour
    assert np.ptp(panes[2], axis=-1).max() == 0  # under a map of no opacity lies a grey photograph
    assert len(np.unique(panes[2])) > 50


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_maps_that_are_not_finite_are_drawn(value):
    draw_result(
        PHOTOGRAPH, attribution(np.full((40, 40, 3), value)), ViewSettings(), title="", baseline="B"
    )


@pytest.mark.parametrize("values", [np.zeros((40, 40, 3)), -np.ones((40, 40, 3))])
def test_flat_maps_are_drawn(values, written):
    draw_result(PHOTOGRAPH, attribution(values, score=1.0), ViewSettings(), title="")
    assert any("of a score difference of 0.000" in line for line in written)


def test_saliency_has_no_baseline_and_no_sign(written):
    result = Attribution(
        values=np.ones((40, 40, 3), np.float32), target=1, method=Saliency(), score=2.0
    )
    draw_result(PHOTOGRAPH, result, ViewSettings(), title="")
    assert "Saliency" in written
    assert not any("against" in line or "reaches" in line for line in written)


@pytest.mark.parametrize("shape", [(30, 90), (90, 30), (1, 500), (300, 400)])
def test_photographs_of_any_shape_fit(shape):
    photograph = np.zeros((*shape, 3), np.uint8)
    image = draw_result(photograph, attribution(np.ones((*shape, 3))), ViewSettings(), title="x")
    assert image.width == 1800
    assert image.height <= 2 * (92 + 280 + 86)


def test_before_the_first_answer_it_says_so(written):
    image = draw_waiting(PHOTOGRAPH, "cat")
    assert image.width == 1800
    assert "Not computed yet." in written


@pytest.mark.parametrize(
    ("given", "shown"),
    [("café − naïve", "cafe - naive"), ("8 × 8", "8 x 8"), ("猫", "?"), ("±1°", "±1°")],
)
def test_text_keeps_to_the_signs_that_the_font_has(given, shown):
    assert plain(given) == shown


def test_every_sign_that_is_kept_has_a_glyph():
    from PIL import ImageFont

    font = ImageFont.load_default(20)
    missing = bytes(font.getmask("\u4e00"))
    kept = [chr(code) for code in range(33, 127)] + ["±", "°", "·"]
    assert [sign for sign in kept if bytes(font.getmask(sign)) == missing] == []


def test_long_titles_are_shortened():
    pages = [
        draw_result(PHOTOGRAPH, attribution(), ViewSettings(), title="m" * count, scale=1)
        for count in (200, 400)
    ]
    assert pages[0].tobytes() == pages[1].tobytes()


def test_what_a_sampled_answer_rests_on_is_written_down(written):
    values = np.ones((40, 40, 1), np.float32)
    result = attribution(
        values,
        method=LIME(samples=300, seed=7),
        baseline_score=None,
        standard_error=np.full(values.shape, 0.25, np.float32),
        r_squared=0.628,
    )
    draw_result(PHOTOGRAPH, result, ViewSettings(), title="", baseline="Black")
    assert "R² 0.63, standard error 0.25" in written
    (how,) = (line for line in written if line.startswith("LIME"))
    assert how.startswith("LIME, baseline black, seed 7, samples 300, regions superpixels")
    assert not any("channels" in line or "against" in line for line in written)


def test_a_map_of_a_layer_s_cells_lies_over_the_whole_photograph(written):
    values = np.zeros((2, 2, 8), np.float32)
    values[0, 0] = 1
    result = attribution(values, method=LayerIntegratedGradients("deep"))
    image = draw_result(PHOTOGRAPH, result, ViewSettings(), title="", scale=1)
    assert "2 × 2 cells, sum of channels" in written
    pane = np.asarray(image)[92:372, 310:590].astype(int)
    quarters = [pane[:140, :140], pane[:140, 140:], pane[140:, :140], pane[140:, 140:]]
    assert [np.ptp(quarter, axis=(0, 1)).max() for quarter in quarters] == [0] * 4
    assert (quarters[0] != quarters[3]).any()
    assert (quarters[1] == quarters[3]).all()


def test_a_warning_takes_the_place_of_the_note(written):
    draw_result(PHOTOGRAPH, attribution(warning="All gradients are 0."), ViewSettings(), title="")
    assert "All gradients are 0." in written
    assert IntegratedGradients.note not in written


def test_a_method_of_another_kind_is_described_by_what_it_has(written):
    @dataclass(frozen=True)
    class Plain:
        label: ClassVar[str] = "Plain gradients"
        reduction: ClassVar[str] = "sum"
        note: ClassVar[str] = "Says nothing."

    draw_result(PHOTOGRAPH, attribution(method=Plain()), ViewSettings(), title="")
    assert "Plain gradients" in written
    assert "Says nothing." in written
