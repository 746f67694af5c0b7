"""What an engine is given, checked."""

from __future__ import annotations

from typing import Any

from tfinterp_widgets.engine.methods import METHODS, IntegratedGradients, Method
from tfinterp_widgets.engine.models import AdaptedModel
from tfinterp_widgets.engine.models.rounding import in_bfloat16
from tfinterp_widgets.engine.parameters import whole_number


def check_preprocess(preprocess: Any) -> None:
    """Raise TypeError unless it is a function or None."""
    if preprocess is not None and not callable(preprocess):
        raise TypeError(
            f"preprocess={preprocess!r} is a {type(preprocess).__name__}; expected a function of a "
            "batch (N, ...) of float32."
        )


def check_flag(name: str, value: Any) -> bool:
    """Give True or False; raise TypeError for anything else."""
    if not isinstance(value, bool):
        raise TypeError(f"{name}={value!r}; expected True or False.")
    return value


def check_batch_size(batch_size: Any) -> int | None:
    """Points per chunk; None for "auto". Raises TypeError or ValueError for anything else."""
    if isinstance(batch_size, str) and batch_size == "auto":
        return None
    try:
        return whole_number("batch_size", batch_size, at_least=1)
    except TypeError:
        raise TypeError(
            f'batch_size={batch_size!r}; expected a whole number from 1, or "auto".'
        ) from None


def check_precision(precision: Any, model: AdaptedModel) -> str:
    """Give "float32" or "bfloat16"; raise ValueError otherwise, or for a model without bfloat16."""
    if not isinstance(precision, str) or precision not in ("float32", "bfloat16"):
        raise ValueError(f'precision={precision!r}; expected "float32" or "bfloat16".')
    if precision == "bfloat16":
        in_bfloat16(model)  # which raises where that cannot be
    return str(precision)


def check_names(class_names: Any) -> tuple[str, ...] | None:
    """One name per class, or None. Raises TypeError for anything else than strings."""
    if class_names is None:
        return None
    names = class_names if isinstance(class_names, str) else _as_tuple(class_names)
    if isinstance(names, str) or not all(isinstance(name, str) for name in names):
        raise TypeError(
            "class_names holds something other than strings, or is a single one; expected a list "
            "of one name per class."
        )
    return names


def _as_tuple(class_names: Any) -> tuple[Any, ...]:
    try:
        return tuple(class_names)
    except TypeError:
        raise TypeError(
            f"class_names={class_names!r} is a {type(class_names).__name__}; expected a list of "
            "one name per class."
        ) from None


def check_method(method: Any) -> Method:
    """A method of the registry; None is integrated gradients. Raises TypeError otherwise."""
    if method is None:
        return IntegratedGradients()
    for kind in METHODS.values():
        if isinstance(method, kind):
            return method
    names = ", ".join(f"{name}()" for name in METHODS)
    raise TypeError(f"method={method!r}; expected an attribution method: {names}.")
