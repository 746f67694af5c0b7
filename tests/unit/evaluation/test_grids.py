"""The grid laid over a column, and where its data lie on it."""

import numpy as np
import pandas as pd
import pytest

from tfinterp_widgets.evaluation.dependence.density import counts_of, without_data
from tfinterp_widgets.evaluation.dependence.grids import axes_for
from tfinterp_widgets.evaluation.tables.tables import as_table


def axis(values, grid=40):
    return axes_for(as_table({"x": values}), "x", grid)[0]


def test_numbers_are_spaced_evenly_where_the_bulk_lies():
    data = np.append(np.linspace(0, 1, 10_001), [1e6, -1e6])
    laid = axis(data, 5)
    assert laid.kind == "number"
    assert laid.values == pytest.approx([0.01, 0.255, 0.5, 0.745, 0.99], abs=1e-3)


def test_whole_numbers_stay_whole():
    laid = axis(np.arange(100), 40)
    assert laid.values.dtype == np.int64
    assert (laid.values[0], laid.values[-1]) == (0, 99)
    assert len(set(laid.values)) == laid.values.size == 40


def test_few_values_are_the_grid_themselves():
    assert axis([3.5, -1, 3.5, np.nan, 7], 3).values.tolist() == [-1, 3.5, 7]
    assert axis(np.array([2, 2, 9], np.uint8), 3).values.tolist() == [2, 9]


def test_a_column_of_zeros_with_few_other_values_is_not_called_constant():
    data = np.zeros(1000)
    data[:5] = [1, 2, 3, 4, 5]
    assert axis(data, 3).values.tolist() == [0, 2.5, 5]
    data[:9] = range(1, 10)
    assert axis(data.astype(int), 3).values[-1] >= 1


def test_the_most_frequent_levels_come_first():
    laid = axis(["b", "a", "b", "c", None, "c", "b"], 2)
    assert laid.kind == "category"
    assert laid.values.tolist() == ["b", "c"]


def test_levels_that_have_an_order_keep_it_and_those_not_seen_are_left_out():
    size = pd.Categorical(["L", "S", "S", "L", "L"], ["S", "M", "L"], ordered=True)
    assert axis(size).values.tolist() == ["S", "L"]


def test_truth_values_are_a_category():
    laid = axis([True, False, False])
    assert laid.kind == "category"
    assert laid.values.tolist() == [False, True]


def test_given_values_are_sorted_and_kept_once():
    assert axis([1.0, 2.0], [3, 0.5, 3]).values.tolist() == [0.5, 3]
    assert axis(["a", "b", "c"], ["c", "a"]).values.tolist() == ["c", "a"]


def test_every_row_is_counted_in_the_cell_it_is_nearest_to():
    laid = axis([0, 0.4, 0.6, 1.4, 2.4, 3.1, np.nan, -0.6], [0.0, 1.0, 2.0])
    assert counts_of((laid,)).tolist() == [2, 2, 1]  # 3.1, -0.6 and NaN are in none


def test_levels_are_counted_and_those_without_rows_are_empty():
    size = pd.Categorical(["L", "S", "S", None], ["S", "M", "L"])
    laid = axis(size, ["S", "M", "L"])
    assert counts_of((laid,)).tolist() == [2, 0, 1]
    assert without_data((laid,)).tolist() == [False, True, False]


def test_a_gap_in_the_data_is_marked_and_nothing_else_is():
    data = np.concatenate([np.linspace(0, 1, 500), np.linspace(3, 4, 500)])
    laid = axis(data, 41)
    in_gap = (laid.values > 1.21) & (laid.values < 2.79)
    beside = (laid.values > 1.19) & (laid.values < 2.81)
    empty = without_data((laid,))
    assert in_gap.sum() > 10
    assert (empty >= in_gap).all()
    assert (empty <= beside).all()


def test_a_few_rows_spread_evenly_leave_no_gap():
    assert not without_data((axis(np.linspace(0, 1, 41), 40),)).any()


def test_points_beyond_the_data_are_empty():
    laid = axis(np.linspace(0, 1, 50), [-1, 0, 0.5, 1, 2])
    assert without_data((laid,)).tolist() == [True, False, False, False, True]
    assert counts_of((laid,))[[0, -1]].tolist() == [0, 0]


def test_one_point_has_the_rows_that_are_there():
    laid = axis([1.0, 5.0, 5.0], [5])
    assert counts_of((laid,)).tolist() == [2]
    assert without_data((axis([1.0, 5.0, 5.0], [3]),)).tolist() == [True]


def test_two_columns_are_empty_where_they_do_not_occur_together():
    x = np.linspace(0, 1, 400)
    axes = axes_for(as_table({"a": x, "b": x}), ["a", "b"], 15)  # 0.07 apart
    counts, empty = counts_of(axes), without_data(axes)
    apart = np.abs(np.subtract.outer(axes[0].values, axes[1].values))
    assert (counts[apart < 0.01] >= 18).all()
    assert (counts[apart > 0.01] <= 1).all()
    # Within 5 % of a point and of the next one there is a row, of the one after that none.
    assert (empty == (apart > 0.1)).all()


def test_a_number_and_a_category_share_a_surface():
    table = as_table({"n": [0.0, 1.0, 1.0], "c": ["u", "u", "v"]})
    axes = axes_for(table, ("n", "c"), ([0, 1], ["u", "v", "u"]))
    assert counts_of(axes).tolist() == [[1, 0], [1, 1]]
    assert without_data(axes).tolist() == [[False, True], [False, False]]


def test_a_column_is_found_by_name_or_position():
    frame = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
    for feature in ("b", 1, ["b"], np.int64(1)):
        assert axes_for(as_table(frame), feature, 2)[0].column.name == "b"
    assert axes_for(as_table(frame.to_numpy()), 1, 2)[0].column.name == "1"


@pytest.mark.parametrize("kind", ["uint8", "UInt8", pd.SparseDtype("uint8")])
@pytest.mark.parametrize("value", [-1, 256])
def test_whole_numbers_that_the_type_cannot_hold_are_refused(kind, value):
    frame = pd.DataFrame({"age": pd.Series([20, 40], dtype=kind)})
    with pytest.raises(ValueError, match=f"age={value}; expected 0 to 255.*wider type"):
        axes_for(as_table(frame), "age", [30, value])


def test_a_column_of_a_multi_index_is_found_by_its_tuple():
    columns = pd.MultiIndex.from_tuples([("loan", "amount"), ("loan", "months")])
    table = as_table(pd.DataFrame([[1, 2], [3, 4]], columns=columns))
    assert [axis.position for axis in axes_for(table, ("loan", "months"), 2)] == [1]
    pair = [("loan", "months"), ("loan", "amount")]
    assert [axis.position for axis in axes_for(table, pair, 2)] == [1, 0]
