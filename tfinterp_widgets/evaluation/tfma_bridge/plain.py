"""Messages as dataclasses to plain dicts and back, in the JSON that protocol buffers write."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Message = TypeVar("Message")

_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}  # JSON has no such numbers


def to_plain(message: Any) -> dict[str, Any]:
    """Write a message as protocol buffers' JSON has it: fields as they are by default left out."""
    fields = dataclasses.fields(message)
    values = {each: getattr(message, each.name) for each in fields}
    return {
        _camel(each.name): _written(value, each.metadata.get("wrapped", False))
        for each, value in values.items()
        if value != _default(each)
    }


def from_plain(kind: type[Message], plain: Any, where: str) -> Message:
    """Read a message from protocol buffers' JSON.

    Parameters
    ----------
    kind : type
        A dataclass of `messages`.
    plain : Any
        Names may be in camel case, as protocol buffers write them, or as in the `.proto` file.
    where : str
        What is read, for errors.

    Raises
    ------
    TypeError, ValueError
        If something is of another type, or not known.

    Examples
    --------
    >>> from tfinterp_widgets.evaluation.tfma_bridge.messages import SlicingSpec
    >>> from_plain(SlicingSpec, {"featureKeys": ["age"]}, "slicing_specs[0]")
    SlicingSpec(feature_keys=('age',), feature_values={}, slice_keys_sql='')
    """
    if not isinstance(plain, Mapping):
        raise TypeError(f"{where} is {plain!r}; expected a mapping of its fields.")
    fields = {each.name: each for each in dataclasses.fields(kind)}  # type: ignore[arg-type]
    hints = get_type_hints(kind)
    given: dict[str, Any] = {}
    for name, value in plain.items():
        snake = _snake(str(name))
        if snake not in fields:
            near = difflib.get_close_matches(snake, fields, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"{where} has no field {name!r}; it has {', '.join(fields)}.{hint}")
        if value is None:
            continue  # JSON's null is what is not set
        if fields[snake].metadata.get("wrapped") and isinstance(value, Mapping):
            value = value.get("values", ())
        given[snake] = _read(hints[snake], value, f"{where}.{snake}")
    return kind(**given)


def _default(each: dataclasses.Field[Any]) -> Any:
    factory = each.default_factory
    return each.default if factory is dataclasses.MISSING else factory()


def _written(value: Any, wrapped: bool = False) -> Any:
    if wrapped:
        return {"values": list(value)}
    if dataclasses.is_dataclass(value):
        return to_plain(value)
    if isinstance(value, Mapping):
        return {str(key): _written(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_written(each) for each in value]
    return _NOT_FINITE.get(str(value), value) if isinstance(value, float) else value


def _read(hint: Any, value: Any, where: str) -> Any:
    kind, parts = get_origin(hint), get_args(hint)
    if type(None) in parts:
        return _read(parts[0], value, where)
    if dataclasses.is_dataclass(hint):
        return from_plain(hint, value, where)  # type: ignore[arg-type]
    if kind is tuple:
        return tuple(
            _read(parts[0], each, f"{where}[{at}]")
            for at, each in enumerate(_of_type(value, (list, tuple), "a list", where))
        )
    if kind is Mapping:
        items = _of_type(value, (Mapping,), "a mapping", where).items()
        return {
            _number(parts[0], key, where) if parts[0] is int else key: _read(
                parts[1], each, f"{where}[{key!r}]"
            )
            for key, each in items
        }
    if hint in (int, float):
        return _number(hint, value, where)
    return _of_type(value, (hint,), f"a {hint.__name__}", where)


def _of_type(value: Any, kinds: tuple[type, ...], expected: str, where: str) -> Any:
    if not isinstance(value, kinds):
        raise TypeError(f"{where} is {value!r}; expected {expected}.")
    return value


def _number(kind: type[int] | type[float], value: Any, where: str) -> int | float:
    """A number, which JSON may hold as text: "NaN", and keys of mappings."""
    try:
        number = kind(value)
        if not isinstance(value, bool) and (isinstance(value, str) or number == value):
            return number
    except (TypeError, ValueError, OverflowError):
        pass
    raise TypeError(f"{where} is {value!r}; expected a number of type {kind.__name__}.")


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
