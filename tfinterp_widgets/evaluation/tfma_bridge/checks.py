"""A configuration looked through before anything is computed."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator
from typing import Any

from tfinterp_widgets.evaluation.slicing.eval_config import EvalConfig
from tfinterp_widgets.evaluation.tfma_bridge.library import load_tfma
from tfinterp_widgets.evaluation.tfma_bridge.specs import Configured, configured


def check_bounds(config: EvalConfig) -> None:
    """Make sure that bounds are of metrics that are there: TFMA passes others over.

    Raises
    ------
    ValueError
        If they are not; the message names the nearest.
    """
    for spec in config.metrics_specs:
        there = [each.given for each in configured(config) if each.spec is spec]
        bounds = {**spec.thresholds, **spec.per_slice_thresholds, **spec.cross_slice_thresholds}
        for name in bounds:
            if name not in there:
                raise ValueError(
                    f"metrics_specs has thresholds of {name!r}, which is none of its metrics; "
                    f"they are {', '.join(there) or 'none'}.{_nearest(name, there)}"
                )


def check_metrics(config: EvalConfig) -> None:
    """Make each metric of a configuration once, so that mistakes show before the rows are read.

    Raises
    ------
    ValueError
        If TFMA and Keras have no such metric, or it does not take its arguments.
    """
    for each in configured(config):
        if each.metric.module:
            continue  # somebody else's, which may be on the workers only
        made = class_of(each)
        try:
            made(**each.arguments)
        except Exception as error:  # whatever a metric's own checks raise
            raise ValueError(
                f"metric {each.metric.class_name!r} cannot be made with the config "
                f"{each.metric.config!r}: {error}"
            ) from error


def class_of(each: Configured) -> Any:
    """The class that TFMA takes a metric for: its own, or one of Keras 2."""
    name = each.metric.class_name
    of_keras = vars(importlib.import_module("tf_keras.metrics"))
    classes = {kind: one for kind, one in of_keras.items() if isinstance(one, type)}
    # Not all that TFMA has are among its public names.
    classes |= {one.__name__: one for one in _with_kinds(load_tfma("a metric").metrics.Metric)}
    if name in classes:
        return classes[name]
    raise ValueError(
        f"class_name {name!r} is no metric of TensorFlow Model Analysis or Keras."
        f"{_nearest(name, list(classes))} One of your own needs its module as well."
    )


def _with_kinds(base: type) -> Iterator[type]:
    """A class, and all that inherit from it."""
    yield base
    kinds: list[type] = base.__subclasses__()
    for each in kinds:
        yield from _with_kinds(each)


def _nearest(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
