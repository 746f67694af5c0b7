"""Metrics of four counts: the same numbers here and in the view."""

import json
from pathlib import Path

import numpy as np
import pytest

import tfinterp_widgets as tw
from tfinterp_widgets.widgets.slices import messages, metric_messages

FIXTURE = json.loads(
    (Path(__file__).parents[3] / "fixtures" / "slice_counts.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", FIXTURE["cases"], ids=lambda case: str(case["counts"]))
def test_metrics_of_counts_are_those_of_the_fixture(case):
    cells = case["counts"]
    times = [cells[name] for name in ("tp", "fp", "fn", "tn")]
    labels, scores = np.repeat([1, 0, 1, 0], times), np.repeat([0.9, 0.9, 0.1, 0.1], times)
    table = tw.slice_metrics(
        labels, scores, slices=[()], metrics=list(case["metrics"]), interval="wilson"
    )
    for name, expected in case["metrics"].items():
        found = table[()][name]
        assert found.undefined == expected["why"]
        for part in ("value", "low", "high"):
            number, wanted = getattr(found, part), expected[part]
            assert (number is None) == (wanted is None)
            assert wanted is None or number == pytest.approx(wanted, rel=1e-12, abs=1e-12)


def test_the_view_is_told_the_quantile_of_the_fixture():
    assert messages.NOTES["z"] == FIXTURE["z"]
    assert set(metric_messages.FORMULAS) == set(FIXTURE["cases"][0]["metrics"])
