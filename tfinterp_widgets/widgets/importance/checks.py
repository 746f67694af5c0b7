"""What the importance widget is made of: checked before anything is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tfinterp_widgets.evaluation.dependence.scales import scale_for
from tfinterp_widgets.evaluation.metrics.labels import check_order, labels_of
from tfinterp_widgets.evaluation.models.predictor import predictor_for
from tfinterp_widgets.evaluation.tables.tables import as_table
from tfinterp_widgets.widgets.importance.parts import Part


def part(model: Any, X: Any, y: Any, preprocess: Callable[[Any], Any] | None) -> Part:
    """See rows with their labels; what does not fit is said here, not by the first run."""
    labels_of(y, len(as_table(X)))
    check_order(y, X)
    return Part(X, y, predictor_for(model, X, preprocess))


def pair(train: Any) -> tuple[Any, Any]:
    """Take a training part for X and y."""
    if not isinstance(train, tuple | list) or len(train) != 2:
        raise TypeError(f"train is a {type(train).__name__}; expected a pair (X_train, y_train).")
    return train[0], train[1]


def names(class_names: Any) -> tuple[str, ...] | None:
    """Take one name per class."""
    if class_names is None:
        return None
    if isinstance(class_names, str) or not isinstance(class_names, Iterable):
        came = type(class_names).__name__
        raise TypeError(f"class_names is a {came}; expected a list of one name per class.")
    return tuple(str(name) for name in class_names)


def outputs(count: int, class_names: Sequence[str] | None, target: int | None) -> None:
    """Compare what was given with the number of outputs, as soon as that is known."""
    classes = max(count, 2)  # of one output: what it speaks against, and for
    if class_names is not None and len(class_names) != classes:
        raise ValueError(
            f"class_names has {len(class_names)} names, but the model has {count} "
            f"output{'s' * (count > 1)}; give {classes} names, in the order of the class ids, when "
            "you make the widget."
        )
    if target is not None:
        scale_for("auto", target, count, "value")
