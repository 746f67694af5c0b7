"""The table of slices: how it is looked into, cut and written down."""

import numpy as np
import pandas as pd
import pytest

from tfinterp_widgets.evaluation.slicing.answers.columns import Column, MetricInfo, without_interval
from tfinterp_widgets.evaluation.slicing.answers.gates import gates_of
from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable

RENT, OWN, FREE = ((("housing", value),) for value in ("rent", "own", "free"))
COUNT = MetricInfo("count", "rows", None, "size")
ACCURACY = MetricInfo("accuracy", "accuracy", True, "counts", is_share=True)
LOSS = MetricInfo("log_loss", "log loss", False, "sums")
CALIBRATION = MetricInfo("calibration", "calibration", None, "sums", ideal=1.0)


def table(**changes):
    counts = np.array([10, 4, 5, 1])
    columns = [
        without_interval(COUNT, counts.astype(float)),
        Column(
            ACCURACY,
            np.array([0.7, 0.5, 0.8, np.nan]),
            np.array([0.4, 0.15, 0.4, np.nan]),
            np.array([0.9, 0.85, 0.97, np.nan]),
            {3: "one class only"},
            np.array([10, 4, 5, 0]),
        ),
        without_interval(LOSS, np.array([0.5, 0.9, 0.3, 0.6])),
        without_interval(CALIBRATION, np.array([1.0, 1.1, 0.5, 1.2])),
    ]
    fields = {
        "slices": ((), RENT, OWN, FREE),
        "counts": counts,
        "weights": counts.astype(float),
        "columns": {column.info.name: column for column in columns},
    }
    return SliceTable(**(fields | changes))


def test_a_slice_has_its_metrics_by_name():
    metric = table()[{"housing": "rent"}]["accuracy"]
    assert (metric.value, metric.low, metric.high) == (0.5, 0.15, 0.85)
    assert (metric.count, metric.denominator, metric.undefined) == (4, 4, None)
    assert list(table()[()]) == ["count", "accuracy", "log_loss", "calibration"]


def test_what_is_undefined_has_no_value_but_a_reason():
    metric = table()[FREE]["accuracy"]
    assert (metric.value, metric.low, metric.high) == (None, None, None)
    assert metric.undefined == "one class only"


def test_a_table_is_a_mapping_in_the_order_asked_for():
    assert list(table()) == [(), RENT, OWN, FREE]
    assert len(table()) == 4
    assert [("housing", np.str_("own"))] in table()
    assert "housing" not in table()
    assert (("housing", "park"),) not in table()


def test_an_unknown_slice_names_the_nearest():
    with pytest.raises(
        KeyError, match=r"'housing: rented' is not among .* nearest is 'housing: rent'"
    ):
        table()[{"housing": "rented"}]


def test_an_unknown_metric_names_the_nearest():
    with pytest.raises(KeyError, match="Did you mean 'accuracy'"):
        table()[RENT]["acuracy"]


@pytest.mark.parametrize(
    ("metric", "expected"),
    [("accuracy", [RENT, OWN]), ("log_loss", [RENT, FREE]), ("calibration", [OWN, FREE])],
)
def test_the_worst_are_those_by_the_direction_of_the_metric(metric, expected):
    assert list(table().worst(metric, 2)) == expected


def test_the_worst_leave_out_the_whole_and_what_is_undefined():
    assert list(table().worst("accuracy", 10)) == [RENT, OWN]


def test_a_metric_without_a_direction_has_no_worst():
    with pytest.raises(ValueError, match="'count' does not say which values are worse"):
        table().worst("count")


def test_what_is_undefined_stays_so_in_a_part_of_the_table():
    part = table().take(np.array([3, 1]))
    assert part.slices == (FREE, RENT)
    assert part[FREE]["accuracy"].undefined == "one class only"
    assert part[RENT]["accuracy"].undefined is None
    assert part.column("accuracy").denominator.tolist() == [0, 4]


def test_the_frame_has_a_row_a_slice_and_says_why_a_value_is_missing(tmp_path):
    frame = table().to_frame()
    assert frame["slice"].tolist() == ["all", "housing: rent", "housing: own", "housing: free"]
    assert frame["count"].tolist() == [10, 4, 5, 1]
    assert frame["accuracy_low"][0] == 0.4
    assert frame["accuracy_undefined"].tolist()[-1] == "one class only"
    assert "log_loss_undefined" not in frame
    assert "count_low" not in frame
    table().to_csv(tmp_path / "slices.csv")
    read = pd.read_csv(tmp_path / "slices.csv")
    np.testing.assert_array_equal(read["accuracy"], frame["accuracy"])


def test_gates_pass_fail_or_are_unsure():
    infos = [column.info for column in table().columns.values()]
    gates = gates_of({"accuracy": 0.6, "log_loss": 0.5, "calibration": (0.9, 1.15)}, infos)
    checks = table(gates=gates).checks
    assert (checks[(), "accuracy"].passed, checks[(), "accuracy"].unsure) == (True, True)
    assert not checks[RENT, "accuracy"].passed
    assert (checks[FREE, "accuracy"].passed, checks[FREE, "accuracy"].unsure) == (False, True)
    assert checks[(), "log_loss"].passed
    assert checks[OWN, "calibration"].bound == "0.9 to 1.15"
    assert [checks[key, "calibration"].passed for key in table()] == [True, True, False, False]
    assert checks[RENT, "log_loss"].bound == "≤ 0.5"


@pytest.mark.parametrize(
    ("gates", "error", "match"),
    [
        ([], TypeError, "expected a dict"),
        ({"acuracy": 0.7}, ValueError, "Did you mean 'accuracy'"),
        ({"calibration": 1}, ValueError, "on which side to pass"),
        ({"accuracy": "high"}, TypeError, "expected a number or a pair"),
        ({"accuracy": (0.9, 0.1)}, ValueError, "low <= high"),
        ({"accuracy": (None, None)}, ValueError, "one of them"),
    ],
)
def test_gates_that_bound_nothing_are_refused(gates, error, match):
    with pytest.raises(error, match=match):
        gates_of(gates, [COUNT, ACCURACY, LOSS, CALIBRATION])


def test_an_imported_table_says_that_it_has_no_rows():
    with pytest.raises(RuntimeError, match="needs the rows, but this table was made by TFMA"):
        table(source="TFMA").examples(RENT)
