"""Methods and baselines by name: what a person may write, what menus list, what is computed."""

from __future__ import annotations

import dataclasses
import difflib
import inspect
import reprlib
from collections.abc import Iterable, Mapping
from typing import Any, cast

from tfinterp_widgets.engine.baselines import (
    BASELINES,
    Average,
    Baseline,
    Constant,
    Given,
    as_baseline_or_average,
)
from tfinterp_widgets.engine.methods import METHODS, Method
from tfinterp_widgets.images import Photograph
from tfinterp_widgets.widgets.shared.controls import OWN, controls_of

GIVEN = "given"
"""The menu's name for a baseline that came from Python as an object."""

_ALIASES = {"gray": "grey"}


def named_method(value: Any) -> str | Method:
    """Accept a method's name, however it is written, or a method.

    Examples
    --------
    >>> named_method("integrated gradients")
    'IntegratedGradients'
    """
    if isinstance(value, str):
        labels = {kind.label: name for name, kind in METHODS.items()}
        return _lookup(value, {**labels, **{name: name for name in METHODS}}, "method", METHODS)
    if isinstance(value, Mapping) and "name" in value:  # a view that sends back what it got
        return named_method(value["name"])
    if isinstance(value, tuple(METHODS.values())):
        return cast("Method", value)
    for name, kind in METHODS.items():
        if value is kind:
            return name
    raise TypeError(
        f"method={value!r} is a {type(value).__name__}; expected one of {', '.join(METHODS)} by "
        "name, or such an object."
    )


def named_baseline(value: Any) -> str | Baseline | Average:
    """Accept a baseline's name, however it is written, one baseline or several, or an array.

    Examples
    --------
    >>> named_baseline("Gray"), named_baseline(127.5)
    ('grey', Constant(value=127.5))
    """
    if isinstance(value, str):
        labels = {entry.label: name for name, entry in BASELINES.items()}
        names = {**labels, **{name: name for name in BASELINES}, **_ALIASES}
        return _lookup(value, names, "baseline", BASELINES)
    if isinstance(value, Mapping) and "name" in value:
        return named_baseline(value["name"])
    try:
        return as_baseline_or_average(value)
    except OverflowError as error:
        raise ValueError(
            f"baseline={reprlib.repr(value)} is beyond all floats; expected a pixel's value."
        ) from error


def check_baseline(choice: str | Baseline | Average, photograph: Photograph) -> None:
    """Raise ValueError where a baseline, or one of several, does not fit an image's shape."""
    if isinstance(choice, Average):
        for member in choice.members:
            check_baseline(member, photograph)
    if isinstance(choice, Constant | Given):  # the others fit any image, at some cost
        choice.of(photograph.values)


def baseline_for(choice: str | Baseline | Average, photograph: Photograph) -> Baseline | Average:
    """Make the baseline itself; a name's depends on what black and white are in the image."""
    if isinstance(choice, str):
        return BASELINES[choice].make(photograph.low, photograph.high)
    return choice


def baseline_label(choice: str | Baseline | Average) -> str:
    """Name a baseline for people."""
    if isinstance(choice, str):
        return BASELINES[choice].label
    if isinstance(choice, Average):
        return f"Average of {len(choice.members)}"
    return "Given array" if isinstance(choice, Given) else repr(choice)


def baseline_entries(given: Baseline | Average | None) -> list[dict[str, str]]:
    """List the baselines for the menu, with the one that came as an object, if any."""
    entries = [
        {"name": name, "label": entry.label, "note": entry.note}
        for name, entry in BASELINES.items()
    ]
    if given is not None:
        entries.append({"name": GIVEN, "label": baseline_label(given), "note": ""})
    return entries


def kind_of(choice: str | Method) -> Any:
    """Return the class of a method."""
    return METHODS[choice] if isinstance(choice, str) else type(choice)


def name_of(choice: str | Method) -> str:
    """Return the registry's name of a method."""
    kind = kind_of(choice)
    return next(name for name, known in METHODS.items() if known is kind)


def own_controls(choice: str | Method) -> tuple[str, ...]:
    """Return which of `steps` and `baseline` a method has."""
    names = {field.name for field in dataclasses.fields(kind_of(choice))}
    return tuple(name for name in OWN if name in names)


def own_values(method: Method) -> dict[str, Any]:
    """Return the values of those of `steps` and `baseline` that a method has."""
    return {name: getattr(method, name) for name in own_controls(method)}


def further_parameters(choice: str | Method) -> dict[str, Any]:
    """Return the values of a method's parameters beyond steps and baseline."""
    method: Any = kind_of(choice)() if isinstance(choice, str) else choice
    return {
        field.name: getattr(method, field.name)
        for field in dataclasses.fields(method)
        if field.name not in OWN
    }


def build_method(
    choice: str | Method,
    parameters: Mapping[str, Any],
    steps: int,
    baseline: Baseline | Average,
) -> Method:
    """Put a method together from what the controls say."""
    controls = {"steps": steps, "baseline": baseline}
    used = {name: controls[name] for name in own_controls(choice)}
    method: Method = kind_of(choice)(**parameters, **used)
    return method


def method_entries() -> list[dict[str, Any]]:
    """List the methods for the menu, with a description of each parameter's control."""
    return [
        {
            "name": name,
            "label": kind.label,
            "family": kind.family,
            "has_steps": "steps" in own_controls(name),
            "has_baseline": "baseline" in own_controls(name),
            "parameters": controls_of(kind),
            "summary": _summary(kind),
            "note": kind.note,
        }
        for name, kind in METHODS.items()
    ]


def _summary(kind: Any) -> str:
    """The first line of what a method says of itself, as plain text."""
    return (inspect.getdoc(kind) or "").partition("\n")[0].replace("`", "")


def _key(text: str) -> str:
    # A plus tells Grad-CAM++ from Grad-CAM.
    return "".join(sign for sign in text.casefold() if sign.isalnum() or sign == "+")


def _lookup(text: str, names: Mapping[str, str], what: str, listed: Iterable[str]) -> str:
    keys = {_key(name): target for name, target in names.items()}
    if _key(text) in keys:
        return keys[_key(text)]
    near = difflib.get_close_matches(_key(text), keys, n=1)
    hint = f" Did you mean {keys[near[0]]!r}?" if near else ""
    raise ValueError(f"{what} {text!r} is unknown; expected one of {', '.join(listed)}.{hint}")
