"""Partial dependence on dates and spans of time: ordered, shown as such, given back as such."""

import numpy as np
import pandas as pd
import pytest

import tfinterp_widgets as tw
from tfinterp_widgets.charts.curves import DependenceCurves

START = pd.Timestamp("2020-01-01")
DAYS = pd.Series(pd.date_range(START, periods=300))
COLUMNS = {
    "dates": DAYS,
    "seconds": DAYS.astype("datetime64[s]"),
    "zoned": DAYS.dt.tz_localize("Europe/Berlin"),
    "spans": DAYS - START,
}


def asked(series, grid=40, frame=True):
    """Curve of a model that counts days, and makes sure of the type that it gets."""

    def model(rows):
        column = rows["when"] if frame else pd.Series(rows[:, 0]).infer_objects()
        assert not frame or column.dtype == series.dtype
        return (column - series.iloc[0]) / pd.Timedelta(days=1)

    table = pd.DataFrame({"when": series, "other": 1})
    return tw.partial_dependence(
        model, table if frame else table.astype(object).to_numpy(), 0, grid
    )


@pytest.mark.parametrize("name", list(COLUMNS))
def test_a_grid_is_laid_evenly_and_given_back_in_the_columns_own_type(name):
    found = asked(COLUMNS[name], 5)
    assert found.kinds == ("number",)
    assert found.average == pytest.approx([2, 76, 149, 223, 296], abs=1)
    assert found.counts.sum() >= 290
    assert not found.empty.any()
    index = found.to_frame().index
    assert index.dtype.kind == ("m" if name == "spans" else "M")
    assert index.name == "when"
    assert found.plot().axes


def test_whole_days_stay_whole():
    grid = asked(COLUMNS["dates"]).grid[0]
    assert (grid == grid.astype("M8[D]")).all()
    assert grid.size == 40


def test_dates_among_objects_of_an_array():
    assert asked(COLUMNS["dates"], ["2020-01-03", "2020-01-11"], False).average.tolist() == [2, 10]


@pytest.mark.parametrize(
    ("name", "grid"),
    [
        ("dates", ["2020-01-11", "2020-01-03"]),
        ("seconds", np.array(["2020-01-03", "2020-01-11"], "M8[D]")),
        ("zoned", ["2020-01-03", "2020-01-10T23:00Z"]),
        ("spans", ["2 days", pd.Timedelta(days=10)]),
    ],
)
def test_values_to_try_may_be_text(name, grid):
    assert asked(COLUMNS[name], grid).average.tolist() == [2, 10]


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("dates", "soon", ValueError, "when='soon'; expected a date, e.g. '2020-01-31'"),
        ("dates", 5, TypeError, "when=5 is a int; expected a date"),
        ("dates", None, ValueError, "when=None is missing"),
        ("dates", "2020-01-01T00:00Z", ValueError, "has a time zone; the column has none"),
        ("spans", "2020-01-01", ValueError, "expected a span of time, e.g. '3 days'"),
    ],
)
def test_what_is_no_date_is_refused(name, value, error, message):
    with pytest.raises(error, match=message):
        asked(COLUMNS[name], [value])


def test_missing_dates_count_for_no_point():
    found = asked(DAYS.iloc[:4], 3).counts.sum()
    holed = pd.concat([DAYS.iloc[:4], pd.Series([pd.NaT])], ignore_index=True)
    assert asked(holed, 3).counts.sum() == found


def test_periods_are_levels_in_their_order():
    months = pd.DataFrame({"month": pd.PeriodIndex(["2020-03", "2020-03", "2020-01"], freq="M")})
    found = tw.partial_dependence(lambda rows: rows["month"].dt.month, months, "month")
    assert found.average.tolist() == [1, 3]


def test_charts_show_dates_and_units():
    when = np.array(["2020-01-01", "2020-06-30", "2020-12-31"], "M8[ns]")
    known = {"kind": "number", "counts": [1, 1, 1], "empty": [False] * 3, "label": "price"}
    chart = DependenceCurves()
    chart.show(when, [1, 2, 3], None, name="sold", **known)
    axis = chart.figure.axes[0]
    assert list(axis.tick_labels.values()) == [
        "2020-01-01",
        "2020-05-01",
        "2020-08-31",
        "2020-12-31",
    ]
    assert [str(value) for value in axis.tick_values] == list(axis.tick_labels)
    chart.show(when - when[0], [1, 2, 3], None, name="age", **known)
    assert axis.label == "age (days)"
    assert axis.tick_labels == {}
    figure = asked(COLUMNS["spans"]).plot()
    assert figure.axes[-1].get_xlabel() == "when (days)"
    figure = asked(COLUMNS["dates"]).plot()
    figure.canvas.draw()
    shown = [text.get_text() for text in figure.axes[-1].get_xticklabels()]
    assert "Mar" in shown
