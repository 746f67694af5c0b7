"""The slice explorer on what the real TensorFlow Model Analysis has written to disk."""

import numpy as np
import pandas as pd
import pytest

import tfinterp_widgets as tw

PATIENCE = 120  # only guards against a hang
CONFIG = """
model_specs { label_key: "label" prediction_key: "prediction" }
slicing_specs {} slicing_specs { feature_keys: "home" }
metrics_specs {
  metrics { class_name: "BinaryAccuracy" } metrics { class_name: "ExampleCount" }
}
"""
RENT = (("home", "rent"),)


@pytest.fixture(scope="module")
def written(analyse, tmp_path_factory):
    """A folder that TFMA has written, and the table of it."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "label": random.integers(0, 2, 120).astype(float),
            "prediction": random.uniform(0, 1, 120),
            "home": random.choice(["own", "rent"], 120),
        }
    )
    folder = tmp_path_factory.mktemp("written")
    return folder, analyse(frame, CONFIG, folder)


def explored(source):
    explorer = tw.SliceExplorer.from_tfma(source)
    explorer.explain()
    assert explorer.wait(PATIENCE)
    assert explorer.status["state"] == "done", explorer.status
    return explorer


def test_a_folder_is_shown_as_it_is(written):
    folder, table = written
    explorer = explored(folder)
    assert explorer.result.slices == table.slices
    assert explorer.result[RENT]["accuracy"] == table[RENT]["accuracy"]
    assert "TensorFlow Model Analysis" in explorer._view._notes["source"]
    explorer.close()


def test_what_needs_the_rows_is_not_offered_and_refused_with_the_reason(written):
    explorer = explored(written[0])
    assert not any(explorer._view._allows.values())
    explorer.threshold = 0.3
    assert "hold no scores" in explorer.status["message"]
    explorer.slices = []
    assert "hold no rows to slice" in explorer.status["message"]
    explorer.selected = RENT
    assert explorer.wait(PATIENCE)
    assert explorer.selected_examples.size == 0
    explorer.close()


def test_two_folders_are_compared(written):
    folder, table = written
    explorer = explored({"old": folder, "new": folder})
    assert explorer._view._models == ["old", "new"]
    np.testing.assert_array_equal(
        explorer._conversation.result.comparison.value, np.zeros(len(table))
    )
    explorer.close()
