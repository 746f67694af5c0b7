"""What the view is sent beside values: what they rest on, what decided, what was left out."""

import numpy as np
import pytest
from answers import done

import tfinterp_widgets as tw
from tfinterp_widgets.wire import from_wire

RENT = (("housing", "rent"),)


def sent(explorer, name):
    """A metric as it was sent."""
    return next(each for each in explorer._view._answer["metrics"] if each["name"] == name)


@pytest.fixture
def answered():
    """Makes explorers that have answered, and closes them."""
    made = []

    def answered(*data, **options):
        made.append(tw.SliceExplorer(*data, **options))
        made[-1].explain()
        assert done(made[-1]) == "done", made[-1].status
        return made[-1]

    yield answered
    for explorer in made:
        explorer.close()


def test_a_share_says_which_rows_it_is_a_share_of(answered, rows):
    labels, scores, frame = rows
    explorer = answered(*rows, metrics=["accuracy", "recall", "precision", "fpr", "auc"])
    renting, above = frame["housing"] == "rent", scores > 0.5
    place = explorer._view._answer["table"]["ids"].index('[["housing", "rent"]]')
    for name, which, counted in (
        ("recall", labels == 1, "positives"),
        ("precision", above, "predicted positives"),
        ("fpr", labels == 0, "negatives"),
    ):
        (model,) = sent(explorer, name)["models"]
        denominators = from_wire(model["denominators"])
        assert denominators.dtype == np.int32
        assert denominators[place] == np.count_nonzero(renting & which)
        assert sent(explorer, name)["counted"] == counted
    for name in ("accuracy", "auc"):
        assert sent(explorer, name)["models"][0]["denominators"] is None
        assert sent(explorer, name)["counted"] == "rows"


def test_what_decides_is_said_where_the_threshold_does_not(answered, rows):
    explorer = answered(*rows, metrics=["recall", "recall@0.7", "auc"])
    decided = [sent(explorer, name)["decided"] for name in ("recall", "recall@0.7", "auc")]
    assert decided == ["", "score > .7", ""]
    assert explorer._view._threshold_rules == []
    random = np.random.default_rng(0)
    labels, scores = random.integers(0, 4, 80), random.dirichlet([1, 1, 1, 1], 80)
    metrics = ["accuracy", "balanced_accuracy", "accuracy_top_2", "recall", "auc"]
    several = answered(labels, scores, {"half": np.arange(80) % 2}, metrics=metrics)
    assert [sent(several, name)["decided"] for name in metrics] == [
        "most probable class",
        "most probable class",
        "2 most probable classes",
        "",
        "",
    ]


def test_findings_say_how_sure_they_are_of_which_model_and_what_they_resemble(rows):
    labels, scores, frame = rows
    twice = frame.assign(home=frame["housing"].where(frame.index > 4, "own"))
    predictions = {"old": labels, "new": scores}
    explorer = tw.SliceExplorer(labels, predictions, twice, metrics=["accuracy"])
    explorer.find()
    assert done(explorer) == "done", explorer.status
    findings = explorer._view._findings
    first, *others = findings["items"]
    assert findings["summary"].startswith("new: ")
    assert {item["of"] for item in findings["items"]} == {"new"}
    assert 0 < first["q"] <= 0.05
    assert first["like"] is None
    assert 0 in [item["like"] for item in others]
    explorer.close()


@pytest.mark.parametrize(
    ("least", "said"),
    [
        (0, ""),
        (100, "1 slice of too few rows was not computed: 50 of 300 rows"),
        (200, "3 slices of too few rows were not computed: 300 of 300 rows"),
    ],
)
def test_slices_that_a_table_left_out_are_counted(answered, least, said):
    home = np.repeat(["own", "rent", "free"], [120, 50, 130])
    labels, scores = np.arange(300) % 2, np.linspace(0, 1, 300)
    table = tw.slice_metrics(
        labels, scores, {"home": home}, slices=[(), "home"], metrics=["recall"], min_count=least
    )
    explorer = answered(table)
    assert explorer._view._notes["left_out"] == said
    assert explorer._view._notes["source"] == table.source
