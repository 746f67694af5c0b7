"""Charts of the importance widget: what bqplot is given."""

import numpy as np
import pytest

from tfinterp_widgets.charts.curves import DependenceCurves
from tfinterp_widgets.charts.drops import DropHistogram
from tfinterp_widgets.charts.frame import round_numbers, span
from tfinterp_widgets.charts.importance import BELOW, ROW, ImportanceBars


def drawn(lines):
    """What a Lines mark draws: nothing, where it is a line of no length."""
    return np.asarray(lines.y) if np.asarray(lines.y).tolist() != [0.0, 0.0] else None


def test_bars_dots_and_intervals_share_their_rows():
    bars = ImportanceBars(lambda _: None)
    mean, repeats = np.array([0.3, 0.1]), np.array([[0.29, 0.31], [0.05, 0.15]])
    bars.show(mean, repeats, [[0.2, 0.4], [-0.1, 0.2]], [False, True], "Drop")
    assert bars._bars.y.tolist() == [0.3, 0.1]
    assert np.round(bars._dots.y).tolist() == [0, 0, 1, 1]
    assert bars._intervals.y.tolist() == [[0, 0], [1, 1]]
    assert bars.figure.layout.height == f"{2 * ROW + BELOW}px"
    assert bars._value.min < -0.1 < 0.4 < bars._value.max


def test_without_intervals_none_are_drawn():
    bars = ImportanceBars(lambda _: None)
    bars.show([0.3], [[0.3]], None, [False], "Drop")
    assert drawn(bars._intervals) is None


def test_no_rows_are_no_error():
    bars = ImportanceBars(lambda _: None)
    bars.show([], np.empty((0, 3)), np.empty((0, 2)), [], "Drop")
    bars.mark(None)
    assert bars._bars.y.size == 0


def curves(kind, grid, empty):
    chart = DependenceCurves()
    average = np.linspace(0.2, 0.8, len(grid))
    chart.show(
        grid, average, average + np.array([[0.1], [-0.1]]), kind=kind, counts=[3] * len(grid),
        empty=empty, name="age", label="probability",
    )  # fmt: skip
    return chart


def test_where_there_are_no_data_the_average_is_dotted():
    chart = curves("number", [20, 30, 40, 50], [False, False, False, True])
    assert drawn(chart._average).tolist() == pytest.approx([0.2, 0.4, 0.6]), "no NaN at the end"
    assert np.isnan(drawn(chart._guess)).tolist() == [True, True, False, False]
    assert chart._bottom.label == "age"
    assert drawn(curves("number", [20, 30], [False, False])._guess) is None


def test_categories_are_points_with_names():
    chart = curves("category", ["car", "radio/television"], [False, False])
    assert drawn(chart._average) is None
    assert chart._points.y.tolist() == [0.2, 0.8]
    assert chart._bottom.tick_labels == {"0": "car", "1": "radio/t…vision"}
    chart = curves("number", [20, 30], [False, False])
    assert chart._points.y.size == 0


def test_names_slant_and_empty_ones_are_said_to_be_empty():
    few = curves("category", ["", " ", "Bern"], [False] * 3)
    assert list(few._bottom.tick_labels.values()) == ["(empty)", "(empty)", "Bern"]
    number = curves("number", [20, 30], [False, False])
    assert (number._bottom.tick_rotate, number._bottom.label) == (0, "age")
    slanted = curves("category", ["radio/television", "car", "business"], [False] * 3)
    assert (slanted._bottom.tick_rotate, slanted._bottom.label) == (-38, "")
    assert slanted.figure.fig_margin["bottom"] > number.figure.fig_margin["bottom"]


def test_drops_are_counted():
    chart = DropHistogram()
    chart.show([0.1, 0.1, 0.2, np.nan], 0.15, "Drop")
    counts = np.asarray(chart._bins.y)[::2]
    assert counts.sum() == 3
    assert chart._mean.x.tolist() == [0.15, 0.15]
    assert chart._drop.min < 0


@pytest.mark.parametrize(
    ("low", "high", "numbers", "decimals"),
    [
        (0.13, 0.79, [0.2, 0.4, 0.6], 1),
        (-0.011, 0.129, [0.0, 0.05, 0.1], 2),
        (17, 78, [20, 40, 60], 0),
        (0, 21000, [0, 5000, 10000, 15000, 20000], 0),
    ],
)
def test_axes_carry_round_numbers(low, high, numbers, decimals):
    found, places = round_numbers(low, high, 4)
    assert np.allclose(found, numbers)
    assert places == decimals


def test_a_span_is_never_empty():
    assert span([3.0], room=0) == (1.5, 4.5)
    assert span([], room=0) == (-0.5, 0.5)
    assert span([np.nan, 1, 2], zero=True, room=0) == (0, 2)
