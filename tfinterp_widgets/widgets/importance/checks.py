"""What the importance widget is made of: checked before anything is computed."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from tfinterp_widgets.evaluation.labels import check_order, labels_of
from tfinterp_widgets.evaluation.predictor import predictor_for
from tfinterp_widgets.evaluation.tables import as_table
from tfinterp_widgets.widgets.importance.answers import Part


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


def can_own(model: Any) -> bool:
    """Whether widgets on one model can find one another by it."""
    try:
        hash(model)
        weakref.ref(model)
    except TypeError:
        return False
    return True
