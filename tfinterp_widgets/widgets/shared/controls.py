"""Which control each parameter of a method gets in a view."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Mapping
from typing import Any

OWN = ("steps", "baseline")
"""Parameters that the explorers have controls of their own for."""

LAYER = "layer"
"""The parameter that names one of the model's layers; None lets the method choose."""

MOST = 16_384
"""What a view lets a count be, where the method sets no limit; Python may go beyond."""

LAST_SEED = 2**31 - 1

# One entry of the section "Parameters" of a docstring: its name, and the lines indented below it.
_DESCRIBED = re.compile(r"^(\w+) : .*\n((?:    .*\n?)+)", re.MULTILINE)

_KINDS: dict[type, str] = {bool: "bool", int: "int", float: "float"}


def controls_of(method: Any) -> list[dict[str, Any]]:
    """Describe the controls for what a method takes beside steps and baseline.

    Parameters
    ----------
    method : type
        A dataclass. By its default a parameter is a "bool", an "int" or a "float"; its metadata
        may say "label", "min", "max" and "choices", which make it a "choice".

    Returns
    -------
    list of dict
        name, label, kind, default, help (what the docstring says of it), and min, max and choices
        where there are any. Left out is what no control fits, such as a data set: only Python can
        set it.
    """
    described = _DESCRIBED.findall(inspect.getdoc(method) or "")
    meanings = {name: " ".join(text.split()).replace("`", "") for name, text in described}
    controls = filter(None, map(_control, dataclasses.fields(method)))
    return [{**control, "help": meanings.get(control["name"], "")} for control in controls]


def _control(field: dataclasses.Field[Any]) -> dict[str, Any] | None:
    kind = _kind(field)
    if field.name in OWN or kind is None:
        return None
    details = {**_limits(field.name, kind), **field.metadata}
    label = details.pop("label", field.name.replace("_", " ").capitalize())
    if "choices" in details:
        details["choices"] = list(details["choices"])
    return {"name": field.name, "label": label, "kind": kind, "default": field.default, **details}


def _kind(field: dataclasses.Field[Any]) -> str | None:
    if field.name == LAYER:
        return LAYER
    return "choice" if "choices" in field.metadata else _KINDS.get(type(field.default))


def _limits(name: str, kind: str) -> Mapping[str, int]:
    if name == "seed":
        return {"min": 0, "max": LAST_SEED}
    return {"min": 1, "max": MOST} if kind == "int" else {}
