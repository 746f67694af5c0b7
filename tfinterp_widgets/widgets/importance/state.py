"""What the importance widget is set by: every trait, with its meaning below it."""

from __future__ import annotations

import difflib
from typing import Any

import traitlets

from tfinterp_widgets.evaluation.dependence.scales import scale_for
from tfinterp_widgets.evaluation.metrics.metrics import METRICS
from tfinterp_widgets.widgets.shared.composed import Composed
from tfinterp_widgets.widgets.shared.runner import IDLE
from tfinterp_widgets.widgets.shared.traits import Checked, kernel_only, one_of, real, whole


def _metric(_: Any, name: str, value: Any) -> Any:
    """Accept a metric's name, or whatever may be a metric: the run says whether it is one."""
    if not isinstance(value, str):
        if callable(value) or hasattr(value, "result"):
            return value
        raise TypeError(
            f"{name}={value!r} is a {type(value).__name__}; expected a metric's name, a Keras "
            "metric or loss, a scikit-learn scorer, or a callable."
        )
    return one_of("auto", *METRICS)(None, name, value)


def _metric_to_json(value: Any, _: Any) -> str:
    """Send an object as its name."""
    return value if isinstance(value, str) else metric_title(value)


def metric_title(metric: Any) -> str:
    """Name a metric that is an object."""
    name = getattr(metric, "name", None) or getattr(metric, "__name__", None)
    return name if isinstance(name, str) else type(metric).__name__


def _truth(_: Any, name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{name}={value!r} is a {type(value).__name__}; expected True or False.")
    return value


def _text(_: Any, name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name}={value!r} is a {type(value).__name__}; expected text.")
    return value


def _data(widget: Any, name: str, value: Any) -> str:
    part: str = one_of("test", "train")(widget, name, value)
    if part not in widget._parts:
        raise ValueError(
            "data='train', but no training rows were given; pass train=(X_train, y_train) when "
            "you make the widget."
        )
    return part


def _target(widget: Any, name: str, value: Any) -> int | None:
    """Accept an output's index; one that the model lacks is refused once their number is known."""
    if value is None:
        return None
    index: int = whole(0)(None, name, value)
    if widget._outputs:
        scale_for("auto", index, widget._outputs, "value")
    return index


def target_among(target: int | None, outputs: int) -> int:
    """The output that the curves are of."""
    if target is not None:
        return target
    return 0 if outputs > 2 else outputs - 1


def _feature(widget: Any, name: str, value: Any) -> str:
    """Accept a raw column, or a group, which stands for its first column."""
    known = {"": "", **{column: column for column in widget._names}, **widget._groups()}
    if not isinstance(value, str):
        raise TypeError(f"{name}={value!r} is a {type(value).__name__}; expected a column's name.")
    if value not in known:
        near = difflib.get_close_matches(value, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"{name}={value!r} is no column of the table.{hint}")
    return str(known[value])


class ImportanceState(Composed):
    """The traits of the importance widget."""

    metric = Checked("auto", _metric, to_json=_metric_to_json)
    """What a shuffled column is to make worse: the name of a metric, "auto" for the one that fits
    the outputs, or any metric that `permutation_importance` takes."""

    repeats = Checked(10, whole(1, 100))
    """How often each column is shuffled, 1 to 100. More costs only the new ones."""

    data = Checked("test", _data)
    """Which part is shuffled: "test", or "train" where training rows were given."""

    grouped = Checked(False, _truth)
    """Whether correlated columns are shuffled together: apart they hide one another."""

    correlation = Checked(0.8, real(0, 1))
    """From which absolute rank correlation on columns count as correlated, 0 to 1."""

    top = Checked(15, whole(1, 200))
    """How many columns are shown, those with the largest importance, 1 to 200."""

    search = Checked("", _text)
    """Only columns with this in their name are shown, in whichever case."""

    feature = Checked("", _feature)
    """The raw column whose partial dependence is shown; "" for none. A group's name stands for its
    first column."""

    target = Checked(None, _target)
    """Which of the model's outputs the curves are of: an index, or None for the only one, the
    second of two, the first of more."""

    seed = Checked(0, whole(0, 2**32 - 1))
    """What the permutations are drawn from."""

    status = kernel_only(traitlets.Dict(default_value=IDLE, read_only=True))
    """How the answer gets on: state ("idle", "running", "done", "cancelled" or "error"), done and
    total (of the part that runs, such as repeats), message, run (its number) and seconds."""


SETTINGS = tuple(
    name for name, trait in vars(ImportanceState).items() if isinstance(trait, Checked)
)
"""The traits that are the user's to set."""
