"""Names of metrics: what a suffix asks for, and of which rows a metric can be asked."""

from __future__ import annotations

import re
from typing import NamedTuple

from tfinterp_widgets.evaluation.metrics.tasks import are_probabilities
from tfinterp_widgets.evaluation.slicing.answers.columns import MetricInfo
from tfinterp_widgets.evaluation.slicing.keys import nearest_name
from tfinterp_widgets.evaluation.slicing.metrics.definitions import (
    COUNT_METRICS,
    NAMES,
    RANK_METRICS,
    SIZES,
    SUM_METRICS,
)
from tfinterp_widgets.evaluation.slicing.problem import Problem

KNOWN = ", ".join(NAMES)

_NAME = re.compile(
    r"(?P<base>.+?)"
    r"(_(?P<average>macro|micro|weighted)|_class_(?P<of>[^@]+)|_top_(?P<top>\d+))?"
    r"(@(?P<threshold>[^@]+))?"
)
# What scikit-learn, Keras and others call them.
_ELSEWHERE = {
    "acc": "accuracy",
    "average_precision": "pr_auc",
    "roc_auc": "auc",
    "sensitivity": "recall",
    "tnr": "specificity",
    "tpr": "recall",
}
_OF_NUMBERS = frozenset({"mse", "rmse", "mae", "r2"})
_OF_BOTH = frozenset({"calibration", "mean_label", "mean_prediction"})
_NEEDS_PROBABILITIES = frozenset({"log_loss", "brier", "auc_tfma"})


class Name(NamedTuple):
    """A metric's name, taken apart.

    Attributes
    ----------
    text : str
        The whole name.
    base : str
        Without suffixes.
    average : "macro", "micro", "weighted" or None
    of : str or None
        The id or name of a class.
    top : int or None
        How many classes are decided.
    threshold : str or None
    """

    text: str
    base: str
    average: str | None = None
    of: str | None = None
    top: int | None = None
    threshold: str | None = None


def name_of(text: str) -> Name:
    """Take a name apart.

    Raises
    ------
    ValueError
        If it is not known.

    Examples
    --------
    >>> name_of("recall_class_2@0.3")
    Name(text='recall_class_2@0.3', base='recall', average=None, of='2', top=None, threshold='0.3')
    """
    if text in NAMES:  # "weighted_count" is a name of its own, not "weighted" with a suffix
        return Name(text, text)
    parts = _NAME.fullmatch(text)
    if parts is None or parts["base"] not in NAMES:
        raise ValueError(
            f"metric {text!r} is not known; expected one of {KNOWN}, with _macro, _micro, "
            "_weighted, _class_<id or name> or _top_<k>, and @<threshold>."
            + nearest_name(_ELSEWHERE.get(text.lower(), text), NAMES)
        )
    top = int(parts["top"]) if parts["top"] else None
    return Name(text, parts["base"], parts["average"], parts["of"], top, parts["threshold"])


def info_of(base: str) -> MetricInfo:
    """What is known of a metric without suffixes."""
    if base in COUNT_METRICS:
        return COUNT_METRICS[base].info
    if base in SUM_METRICS:
        return SUM_METRICS[base].info
    return RANK_METRICS[base] if base in RANK_METRICS else SIZES[base]


def check_fits(name: str, base: str, problem: Problem) -> None:
    """Raise ValueError where a metric cannot be asked of the rows."""
    of_numbers = base in _OF_NUMBERS or base in _OF_BOTH or base in SIZES
    if problem.task == "regression" and not of_numbers:
        strange = next(label for label in problem.labels.tolist() if label not in (0, 1))
        raise ValueError(
            f"metric {name!r} is for classes, and labels of two classes are 0 or 1, but one is "
            f"{strange:g}. Give labels == the positive class or, for several classes, predictions "
            f"with a column each; for numbers use one of {', '.join(sorted(_OF_NUMBERS))}."
        )
    if problem.task == "multiclass" and base in _OF_NUMBERS:
        raise ValueError(
            f"metric {name!r} compares one number a row; there are {len(problem.class_names)} "
            "classes."
        )
    predictions = problem.predictions
    if base in _NEEDS_PROBABILITIES and not are_probabilities(predictions):
        raise ValueError(
            f"metric {name!r} needs probabilities, but predictions go from {predictions.min():.4g} "
            f"to {predictions.max():.4g}. Give what a sigmoid or softmax makes of them."
        )
