"""Wrong values: the trait keeps its last good one, and the status says what was expected."""

import pytest
from answers import done

RENT = (("housing", "rent"),)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("metric", 3, "expected a metric's name"),
        ("metric", "acuracy", "Did you mean 'accuracy'?"),
        ("class_id", -1, "from 0"),
        ("threshold", 1.5, "from 0 to 1"),
        ("threshold", "high", "from 0 to 1"),
        ("slices", "housing", "expected a list"),
        ("slices", [["housing", "agee"]], "Did you mean 'age'?"),
        ("min_count", -1, "from 0"),
        ("search", 3, "expected text"),
        ("sort_by", "rows", "expected one of"),
        ("descending", "yes", "expected True or False"),
        ("baseline", {"housing": "rents"}, "'housing: rent'"),
        ("selected", "rent", "not a key"),
        ("selected", {"job": "baker"}, "not among those on view"),
        ("brush", (0.9, 0.1), "smaller limit first"),
        ("brush", 0.5, "pair of numbers"),
        ("example", 240, "from 0 to 239"),
        ("gates", [0.7], "expected a dict"),
        ("gates", {"accuracy": (None, None)}, "expected of a metric's name"),
        ("gates", {"accuracy": True}, "expected of a metric's name"),
        ("gates", {"acuracy": 0.7}, "Did you mean 'accuracy'?"),
    ],
)
def test_a_wrong_value_is_refused_with_what_was_expected(finished, name, value, said):
    before = getattr(finished, name)
    run = finished.status["run"]
    setattr(finished, name, value)
    assert getattr(finished, name) == before
    assert finished.status["run"] == run
    assert finished.status["state"] == "error"
    assert said in finished.status["message"]
    assert finished._view._status == finished.status


def test_a_good_value_takes_the_refusal_back(finished):
    finished.threshold = 2
    finished.threshold = 0.4
    assert done(finished) == "done"
    assert finished.status["message"] == ""


def test_bounds_of_a_metric_that_is_not_known_are_said_by_the_run(finished):
    before = finished.result
    finished.gates = {"acuracy": 0.7}
    assert done(finished) == "error"
    assert "acuracy" in finished.status["message"]
    assert finished.result is before
    finished.gates = {"accuracy": 0.7}
    assert done(finished) == "done"


def test_what_the_view_may_not_say_is_put_right(finished):
    finished._view.set_state({"selected": "nowhere"})
    assert finished.selected is None
    assert finished._view.selected is None
    finished._view.set_state({"threshold": 7.0})
    assert finished.threshold == 0.5
    assert finished._view.threshold == 0.5


def test_nonsense_from_the_view_is_refused(finished):
    finished._view._handle_custom_msg({"kind": "dance"}, [])
    assert "no message of this widget's" in finished.status["message"]
