"""Static charts of tables: what they show is what they were given, in words as well as in ink."""

import io

import numpy as np
import pytest
from matplotlib._pylab_helpers import Gcf
from PIL import Image

from tfinterp_widgets.pictures.charts import (
    draw_bars,
    draw_dependence,
    draw_importance,
    holds_zero,
)
from tfinterp_widgets.pictures.numbers import decimals_for, shortened, written

NAMES = ["age", "duration", "telephone"]
MEAN = np.array([0.05, 0.1, 0.001])
REPEATS = MEAN[:, np.newaxis] + np.linspace(-0.01, 0.01, 5)
INTERVAL = np.column_stack([MEAN - 0.02, MEAN + 0.02])


def importance(**options):
    return draw_importance(NAMES, MEAN, REPEATS, INTERVAL, **{"metric_label": "AUC"} | options)


def words(figure):
    """Everything that is written in a figure."""
    texts = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        labels = [*axes.get_xticklabels(), *axes.get_yticklabels(), *axes.texts]
        texts += [text.get_text() for text in labels] + [axes.get_xlabel(), axes.get_ylabel()]
    return "\n".join(texts)


def pixels(figure):
    with Image.open(io.BytesIO(figure._repr_png_())) as image:
        return np.asarray(image.convert("RGB"))


def test_the_largest_bar_comes_first():
    (axes,) = importance().axes
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "duration",
        "age",
        "telephone",
    ]
    assert [bar.get_width() for bar in axes.patches] == [0.1, 0.05, 0.001]
    top, bottom = axes.transData.transform([(0, 0), (0, 2)])[:, 1]
    assert top > bottom


def test_every_repeat_is_a_dot_and_the_interval_a_line():
    (axes,) = importance().axes
    dots = next(line for line in axes.lines if line.get_marker() == "o")
    assert sorted(dots.get_xdata()) == sorted(REPEATS.ravel())
    (intervals,) = axes.collections
    ends = sorted(tuple(segment[:, 0]) for segment in intervals.get_segments())
    assert ends == sorted(map(tuple, INTERVAL))


def test_a_bar_whose_interval_holds_0_has_another_colour_and_it_is_said():
    (axes,) = importance().axes
    duration, age, telephone = (bar.get_facecolor() for bar in axes.patches)
    assert duration == age != telephone
    assert "the interval holds 0" in words(importance())
    without = draw_importance(NAMES, MEAN, REPEATS, metric_label="AUC")
    assert "holds 0" not in words(without)


def test_an_interval_that_ends_at_0_holds_it():
    assert holds_zero([[0, 1], [-1, 0], [-1, 1], [0.1, 1], [-1, -0.1]]).tolist() == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_the_axis_says_what_was_measured():
    assert "Drop of AUC when the column is shuffled" in words(importance())
    loss = importance(metric_label="Log loss", greater_is_better=False, baseline_score=0.512)
    assert "Rise of Log loss when the column is shuffled" in words(loss)
    assert "Log loss 0.512" in words(loss)


def test_numbers_stand_beside_the_bars():
    assert "0.100 [0.080, 0.120]" in words(importance())
    assert "0.001 [−0.019, 0.021]" in words(importance())


def test_a_wide_table_shows_its_top_and_says_so():
    figure = importance(top=2)
    assert len(figure.axes[0].patches) == 2
    assert "top 2 of 3 columns" in words(figure)


def test_a_name_is_no_formula_and_a_long_one_is_shortened_in_its_middle():
    figure = draw_importance(
        ["$price$ and $tax", "percentage_of_the_disposable_income"],
        [1, 2], [[1], [2]], metric_label="R²",
    )  # fmt: skip
    pixels(figure)  # which a formula that does not parse would end
    assert "percentage_of_…osable_income" in words(figure)


def test_bars_are_ordered_by_magnitude_and_coloured_by_sign():
    figure = draw_bars(NAMES, [0.1, -0.5, 0.3], label="Contribution to the logit", title="Row 3")
    (axes,) = figure.axes
    assert [bar.get_width() for bar in axes.patches] == [-0.5, 0.3, 0.1]
    negative, *positive = (bar.get_facecolor() for bar in axes.patches)
    assert positive[0] == positive[1] != negative
    assert {"Row 3", "−0.500", "Contribution to the logit"} <= set(words(figure).split("\n"))


def test_no_bars_are_no_error():
    assert pixels(draw_bars([], [], label="Contribution")).any()


GRID = np.linspace(20, 60, 5)


def test_a_curve_is_drawn_over_those_of_single_rows():
    rows = np.linspace(0, 1, 3)[:, np.newaxis] + GRID / 100
    average = rows.mean(axis=0)
    figure = draw_dependence(
        ["age"], [GRID], average, rows, kinds=["number"], label="Probability of good",
        counts=[1, 2, 3, 0, 0], empty=[False, False, False, True, True],
    )  # fmt: skip
    above, below = figure.axes
    *single, curve = above.lines
    assert [line.get_ydata().tolist() for line in single] == rows.tolist()
    assert curve.get_ydata().tolist() == average.tolist()
    assert len(above.patches) == 2, "one shade for each empty cell"
    assert "no data there" in words(figure)
    assert above.get_ylabel() == "Probability of good"
    assert (below.get_xlabel(), below.get_ylabel()) == ("age", "Rows")
    assert pixels(figure).any()


def test_categories_stand_side_by_side_and_are_not_joined():
    figure = draw_dependence(
        ["purpose"], [["car", "radio"]], [0.2, 0.7], kinds=["category"], label="Probability"
    )
    (axes,) = figure.axes
    (average,) = axes.lines
    assert average.get_linestyle() == "None"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["car", "radio"]


def test_two_columns_give_a_surface():
    values = np.arange(10).reshape(5, 2)
    empty = np.zeros((5, 2), bool)
    empty[4, 1] = True
    figure = draw_dependence(
        ["age", "purpose"], [GRID, ["car", "radio"]], values, kinds=["number", "category"],
        label="Probability", empty=empty,
    )  # fmt: skip
    axes, bar = figure.axes
    (mesh,) = axes.collections
    assert mesh.get_array().tolist() == values.T.tolist()
    assert len(axes.patches) == 1
    assert (axes.get_xlabel(), axes.get_ylabel(), bar.get_ylabel()) == (
        "age", "purpose", "Probability",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["number", "category"])
def test_a_single_point_is_no_error(kind):
    figure = draw_dependence(["one"], [[3.0]], [0.5], kinds=[kind], label="Probability", counts=[9])
    assert pixels(figure).any()


def test_nothing_is_clipped_at_the_edges():
    shown = pixels(importance(baseline_score=0.8))
    edge = np.concatenate([shown[:3].ravel(), shown[-3:].ravel(), shown[:, :3].ravel()])
    assert (edge == 255).all()
    assert (shown[:, -3:] == 255).all()


def test_pyplot_is_left_alone():
    figure = importance()
    assert not any(manager.canvas.figure is figure for manager in Gcf.figs.values())


def test_numbers_get_the_decimals_their_size_deserves():
    assert [decimals_for([x]) for x in (0.004, 0.083, 0.5, 5.2, 52, 1234, 0, np.nan)] == [
        4, 3, 3, 2, 1, 0, 3, 3,
    ]  # fmt: skip
    assert written(-0.0004, 3) == "0.000"
    assert written(float("nan"), 2) == "not a number"
    assert written(-np.inf, 2) == "−∞"
    assert shortened("duration") == "duration"
