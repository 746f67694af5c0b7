"""Maps in colour: the same numbers as the view's, stage by stage."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import ndimage

from tfinterp_widgets.engine import Attribution
from tfinterp_widgets.pictures import ViewSettings, has_sign, render
from tfinterp_widgets.pictures.colormaps import lookup_table, resolve
from tfinterp_widgets.pictures.render import smoothed

FIXTURE = Path(__file__).parents[2] / "fixtures" / "view_pipeline.json"
CASES = json.loads(FIXTURE.read_text(encoding="utf-8"))
TABLES = json.loads(
    (Path(__file__).parents[3] / "tfinterp_widgets" / "pictures" / "colormaps.json").read_text(
        encoding="utf-8"
    )
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_stage_agrees_with_the_view(case):
    values = np.array(case["values"], np.float32).reshape(case["shape"])
    settings = ViewSettings(
        smooth=case["sigma"],
        sign=case["sign"],
        clip_percentile=case["clip"],
        top_percent=case["top"],
    )
    rendered = render(values, settings)
    expected = np.array(case["smoothed"]).reshape(case["shape"])
    np.testing.assert_allclose(smoothed(values, case["sigma"]), expected, atol=1e-6)
    assert rendered.limit == pytest.approx(case["limit"], abs=1e-6)
    assert rendered.floor == pytest.approx(case["floor"], abs=1e-6)
    kept = np.array(case["kept"], bool).reshape(case["shape"])
    np.testing.assert_array_equal(rendered.pixels[..., 3] == 255, kept)
    indices = np.array(case["indices"]).reshape(case["shape"])
    assert (rendered.table == lookup_table(resolve("auto", signed=case["sign"] == "signed"))).all()
    np.testing.assert_array_equal(rendered.pixels[kept, :3], rendered.table[indices][kept])
    assert not rendered.pixels[~kept].any()


def test_positive_is_orange_and_negative_blue_and_zero_neutral():
    negative, zero, positive = (
        render(np.array([[-1, 0, 1]], np.float32), ViewSettings(smooth=0))
        .pixels[0, :, :3]
        .astype(int)
    )
    assert positive[0] > positive[2] + 50
    assert negative[2] > negative[0] + 50
    assert np.ptp(zero) < 10


def test_a_map_without_sign_is_not_drawn_as_signed():
    rendered = render(np.array([[0, 1]], np.float32), ViewSettings(smooth=0), signed=False)
    assert not rendered.signed
    assert (rendered.table == lookup_table("cividis")).all()


@pytest.mark.parametrize(
    ("values", "reduction", "baseline_score", "signed"),
    [
        ([-1, 2], "sum", 0.0, True),
        ([1, 2], "sum", 0.0, True),  # shares of a difference, all of them for the target
        ([-1, -2], "sum", None, True),
        ([1, 2], "sum", None, False),
        ([0, 0], "sum", None, False),
        ([-1, 2], "max_abs", 0.0, False),
        ([-1, 2], "abs_sum", None, False),
        ([np.nan, np.nan], "sum", None, False),
    ],
)
def test_a_map_has_a_sign_where_it_speaks_for_and_against(
    values, reduction, baseline_score, signed
):
    found = Attribution(
        values=np.array(values, np.float32).reshape(1, 2, 1),
        target=0,
        method=SimpleNamespace(reduction=reduction),
        score=1.0,
        baseline_score=baseline_score,
    )
    assert has_sign(found) is signed


def test_coarse_maps_are_smoothed_in_pixels_of_the_photograph():
    cells = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)
    settings = ViewSettings(smooth=6)
    as_sharp = render(cells, ViewSettings(smooth=0))
    np.testing.assert_array_equal(render(cells, settings, over=(700, 500)).pixels, as_sharp.pixels)
    expected = ndimage.gaussian_filter(cells, (3, 1), mode="reflect", truncate=4.0)
    np.testing.assert_array_equal(
        render(cells, settings, over=(14, 30)).pixels,
        render(expected, ViewSettings(smooth=0)).pixels,
    )


@pytest.mark.parametrize("sign", ["signed", "absolute", "positive"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.filterwarnings("error")
def test_values_that_are_not_finite_are_left_out(bad, sign):
    values = np.array([[1, bad, -2, 3]], np.float32)
    settings = ViewSettings(smooth=0, clip_percentile=50, sign=sign)
    rendered = render(values, settings)
    kept = [0, 2, 3]
    without = render(values[:, kept], settings)
    assert rendered.limit == without.limit > 0
    np.testing.assert_array_equal(rendered.pixels[:, kept], without.pixels)
    assert not rendered.pixels[:, 1].any()


@pytest.mark.parametrize("smooth", [0, 2])
@pytest.mark.parametrize("sign", ["signed", "absolute", "positive"])
@pytest.mark.parametrize("value", [0, np.nan])
@pytest.mark.filterwarnings("error")
def test_a_map_without_any_size_is_drawn(value, sign, smooth):
    rendered = render(np.full((3, 4), value, np.float32), ViewSettings(sign=sign, smooth=smooth))
    assert rendered.limit == 0
    assert (rendered.pixels[..., 3] == (255 if value == 0 else 0)).all()


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("name", TABLES)
def test_a_lookup_table_runs_through_its_anchors(name, ground):
    table = lookup_table(name, ground)
    stops = TABLES[name][ground]
    assert table.shape == (256, 3)
    assert "#{:02x}{:02x}{:02x}".format(*table[0]) == stops[0]
    assert "#{:02x}{:02x}{:02x}".format(*table[-1]) == stops[-1]
    assert np.abs(np.diff(table.astype(int), axis=0)).max() < 30


@pytest.mark.parametrize(
    ("asked", "signed", "given"),
    [
        ("auto", True, "orange-blue"),
        ("auto", False, "cividis"),
        ("purple-green", True, "purple-green"),
        ("purple-green", False, "cividis"),
        ("viridis", False, "viridis"),
        ("viridis", True, "orange-blue"),
    ],
)
def test_a_colour_map_fits_the_values(asked, signed, given):
    assert resolve(asked, signed=signed) == given
