"""A misspelt trait does not pass for one that was set, in any widget."""

import numpy as np
import pandas as pd
import pytest

import tfinterp_widgets as tw

FRAME = pd.DataFrame({"age": np.arange(40.0), "home": ["own", "rent"] * 20})
LABELS = np.arange(40) % 2


def model(rows):
    return np.asarray(rows, np.float32)[:, :1] / 40


@pytest.fixture
def tabular():
    return tw.TabularExplorer(model, FRAME[["age"]])


@pytest.fixture
def importance():
    return tw.PermutationImportance(model, FRAME[["age"]], LABELS)


@pytest.fixture
def slices():
    return tw.SliceExplorer(LABELS, np.linspace(0, 1, 40), FRAME)


@pytest.mark.parametrize(
    ("kind", "name", "nearest"),
    [
        ("explorer", "stepss", "steps"),
        ("tabular", "basline", "baseline"),
        ("importance", "repeat", "repeats"),
        ("slices", "min_n", "min_count"),
    ],
)
def test_setting_an_attribute_that_is_not_there_names_the_nearest_trait(
    request, kind, name, nearest
):
    widget = request.getfixturevalue(kind)
    with pytest.raises(AttributeError, match=f"has no '{name}' to set. Did you mean '{nearest}'"):
        setattr(widget, name, 3)
    assert not hasattr(widget, name)
    widget.layout = {"width": "50%"}  # ipywidgets' own stay as they are
    widget._note = "mine"
    widget.close()
