"""The metrics that a user asks for: names with suffixes, and functions of the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from tfinterp_widgets.evaluation.metrics.adapters import Adapted, adapted
from tfinterp_widgets.evaluation.metrics.tasks import are_probabilities
from tfinterp_widgets.evaluation.slicing.answers.columns import MetricInfo
from tfinterp_widgets.evaluation.slicing.keys import nearest_name
from tfinterp_widgets.evaluation.slicing.metrics.definitions import COUNT_METRICS, SIZES
from tfinterp_widgets.evaluation.slicing.metrics.names import (
    KNOWN,
    Name,
    check_fits,
    info_of,
    name_of,
)
from tfinterp_widgets.evaluation.slicing.problem import Problem, Subject, Threshold

Average = Literal["macro", "weighted"]

_TAKEN = ("slice", "count")


@dataclass(frozen=True)
class Asked:
    """A metric that is asked for.

    Attributes
    ----------
    info : MetricInfo
        With the name as it was asked for.
    base : str
        The name without suffixes.
    subjects : tuple of Subject
        What is scored; several are averaged.
    average : {"macro", "weighted"} or None
        How they are: all alike, or by the weight of their rows.
    threshold : float, "argmax" or None
        None where it is the table's.
    own : Adapted or None
        A function of the user's.
    """

    info: MetricInfo
    base: str
    subjects: tuple[Subject, ...]
    average: Average | None = None
    threshold: Threshold | None = None
    own: Adapted | None = None

    @property
    def is_of_rows(self) -> bool:
        """Whether one question is put, and each row answers it once."""
        return len(self.subjects) == 1 and self.subjects[0].kind not in ("micro", "top")

    @property
    def is_of_kinds(self) -> bool:
        """Whether a row matters only by its weight and by which of four kinds it is."""
        return self.info.family == "counts" and self.is_of_rows


def metrics_asked(
    metrics: Any, problem: Problem, greater_is_better: bool | Mapping[str, bool] | None = None
) -> tuple[Asked, ...]:
    """Find the metrics that a user asks for, and make sure that they fit the rows.

    Parameters
    ----------
    metrics : str, callable, or sequence of these
    problem : Problem
    greater_is_better : bool or dict, optional
        Whether functions of the user's are scores rather than losses; a dict goes by name.

    Raises
    ------
    TypeError, ValueError
        If there are none, one comes twice, a name is unknown, or it does not fit the task.
    """
    if isinstance(metrics, str) or callable(metrics):
        metrics = [metrics]
    if not isinstance(metrics, Sequence):
        raise TypeError(
            f"metrics={metrics!r} is a {type(metrics).__name__}; expected a list of names, such as "
            "['accuracy', 'auc'], and of functions."
        )
    if not metrics:
        raise ValueError(f"metrics={metrics!r} names none; expected at least one of {KNOWN}.")
    asked = tuple(
        _named(each, problem) if isinstance(each, str) else _own(each, problem, greater_is_better)
        for each in metrics
    )
    names = [each.info.name for each in asked]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"metrics name {', '.join(twice)} twice; expected each once.")
    return asked


def threshold_of(given: Any, what: str = "threshold") -> Threshold:
    """Take a threshold: a number, or "argmax".

    Raises
    ------
    TypeError, ValueError
        If it is neither, or NaN.
    """
    if isinstance(given, str) and given == "argmax":
        return "argmax"
    if isinstance(given, bool):
        raise TypeError(f"{what}={given!r}; expected a number such as 0.5, or 'argmax'.")
    try:
        number = float(given)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(
            f"{what}={given!r}; expected a number such as 0.5, or 'argmax', which decides for the "
            "most probable class."
        ) from None
    if number != number:
        raise ValueError(f"{what} is NaN; expected a number such as 0.5.")
    return number


def _named(text: str, problem: Problem) -> Asked:
    name = name_of(text)
    info = info_of(name.base)
    check_fits(text, name.base, problem)
    if name.base == text:
        return _plain(info, text, problem)
    if name.base in SIZES:
        raise ValueError(f"metric {text!r} has no variants; ask for {name.base!r}.")
    asked = _variant(name, info, problem)
    if name.threshold:
        if not asked.info.is_thresholded:
            raise ValueError(
                f"metric {text!r} is the same for all thresholds; leave @{name.threshold} out."
            )
        threshold = threshold_of(name.threshold, f"the threshold of metric {text!r}")
        own = replace(asked.info, is_thresholded=False, label=f"{asked.info.label} at {threshold}")
        asked = replace(asked, threshold=threshold, info=own)
    return replace(asked, info=replace(asked.info, name=text))


def _plain(info: MetricInfo, base: str, problem: Problem) -> Asked:
    if problem.task == "regression" or base in SIZES or base in ("log_loss", "brier"):
        kind: Literal["positive", "all"] = "positive" if problem.task == "binary" else "all"
        return Asked(info, base, (Subject(kind),))
    if problem.task == "binary":
        return Asked(info, base, (Subject("positive"),))
    if base == "accuracy":
        return Asked(replace(info, is_thresholded=False), base, (Subject("hit"),))
    if base == "balanced_accuracy":
        # The mean recall, each row being decided for its most probable class (scikit-learn).
        settled = replace(info, is_thresholded=False)
        return replace(_averaged(settled, "recall", problem, "macro"), threshold="argmax")
    return _averaged(replace(info, label=f"macro {info.label}"), base, problem, "macro")


def _variant(name: Name, info: MetricInfo, problem: Problem) -> Asked:
    if name.average is None and name.of is None and name.top is None:
        return _plain(info, name.base, problem)
    if problem.task == "regression":
        raise ValueError(f"metric {name.text!r} is of classes, but the labels are numbers.")
    if name.average == "micro":
        return _of(info, name.base, Subject("micro"), f"micro {info.label}")
    if name.average:
        average: Average = "macro" if name.average == "macro" else "weighted"
        labelled = replace(info, label=f"{average} {info.label}")
        return _averaged(labelled, name.base, problem, average)
    if name.of is not None:
        number = _class_id(name.of, name.text, problem)
        labelled = replace(info, label=f"{info.label} of {problem.class_names[number]}")
        return Asked(labelled, name.base, (Subject("class", number),))
    return _top(info, name, problem)


def _of(info: MetricInfo, base: str, subject: Subject, label: str) -> Asked:
    # Classes pooled, a row counts several times, and what counts is no share of rows.
    return Asked(replace(info, label=label, is_share=False), base, (subject,))


def _averaged(info: MetricInfo, base: str, problem: Problem, average: Average) -> Asked:
    subjects = tuple(Subject("class", number) for number in problem.class_ids)
    return Asked(replace(info, is_share=False), base, subjects, average)


def _top(info: MetricInfo, name: Name, problem: Problem) -> Asked:
    count, most = name.top or 0, len(problem.class_names)
    if info.family != "counts" or not 1 <= count <= most:
        raise ValueError(
            f"metric {name.text!r}; expected one of {', '.join(COUNT_METRICS)} with _top_1 to "
            f"_top_{most}."
        )
    settled = replace(info, is_thresholded=False, label=f"top-{count} {info.label}")
    if name.base == "accuracy":
        return Asked(settled, name.base, (Subject("hit", count),))
    return _of(settled, name.base, Subject("top", count), settled.label)


def _class_id(text: str, name: str, problem: Problem) -> int:
    if text in problem.class_names:
        return problem.class_names.index(text)
    if text.isdigit() and int(text) in problem.class_ids:
        return int(text)
    raise ValueError(
        f"metric {name!r} names class {text!r}; expected an id from 0 to "
        f"{len(problem.class_names) - 1}, or one of {', '.join(problem.class_names[:20])}."
        + nearest_name(text, problem.class_names)
    )


def _own(
    metric: Any, problem: Problem, greater_is_better: bool | Mapping[str, bool] | None
) -> Asked:
    own = adapted(metric, problem.task, are_probabilities(problem.predictions))
    if problem.weights is not None and not own.takes_weights:
        raise TypeError(
            f"metric {own.name!r} takes no sample_weight, but weights were given. Add the "
            "argument, (y, predictions, sample_weight=None), or leave the weights out."
        )
    if own.name in _TAKEN:
        raise ValueError(
            f"a metric of your own is called {own.name!r}, as a column of the table is; expected "
            "another name, by def or by __name__."
        )
    greater = own.greater_is_better
    if greater is None:
        greater = _direction(own.name, greater_is_better)
    return Asked(
        MetricInfo(own.name, own.name, greater, "own"), own.name, (Subject("all"),), own=own
    )


def _direction(name: str, given: bool | Mapping[str, bool] | None) -> bool | None:
    """Whether greater values of a metric of this name are better."""
    told: Any = given.get(name) if isinstance(given, Mapping) else given
    if told is None or isinstance(told, bool):
        return told
    raise TypeError(
        f"greater_is_better={given!r}; expected True, False, or a dict of these by the names of "
        "metrics."
    )
