"""Which intervals there are, and how that of a metric is made."""

from __future__ import annotations

from typing import Any, Literal

from tfinterp_widgets.evaluation.slicing.metrics.asked import Asked

Method = Literal["counted", "closed", "bootstrap", "jackknife", ""]
"""From counts alone; from the influence of rows; by draws; by groups of rows; not at all."""

INTERVALS = ("auto", "wilson", "bootstrap", "jackknife", None)


def interval_of(interval: Any, weighted: bool) -> str | None:
    """Take the name of a way to make intervals.

    Raises
    ------
    ValueError
        If it is none, or is Wilson's and rows have weights.
    """
    if interval not in INTERVALS:
        raise ValueError(
            f"interval={interval!r}; expected one of {', '.join(map(repr, INTERVALS))}."
        )
    if interval == "wilson" and weighted:
        raise ValueError(
            "interval='wilson' is for shares of rows that count alike, but weights were given; "
            "expected 'bootstrap', 'jackknife', 'auto' or None."
        )
    return None if interval is None else str(interval)


def method_for(asked: Asked, interval: str | None, weighted: bool) -> Method:
    """How the interval of a metric is made; "" for not at all."""
    if interval is None or asked.info.family == "size":
        return ""
    if interval in ("bootstrap", "jackknife"):
        return "bootstrap" if interval == "bootstrap" else "jackknife"
    is_counted = asked.is_of_kinds and not weighted
    if interval == "wilson":
        return "counted" if is_counted and asked.info.is_share else ""
    if is_counted:
        return "counted"
    return "bootstrap" if asked.own is not None else "closed"


def label_of(asked: Asked, method: Method) -> str:
    """What a chart calls the interval of a metric."""
    if method not in ("counted", "closed"):
        return method
    if asked.info.family == "counts":
        is_plain = method == "counted" and asked.info.is_share
        return "Wilson" if is_plain else "Wilson-based"
    if asked.info.family == "sums":
        return "Student"
    return "logit" if asked.base == "pr_auc" else "DeLong"
