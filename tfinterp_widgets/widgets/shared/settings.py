"""What widgets accept alike: their keywords, and the traits that more than one of them has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tfinterp_widgets.widgets.shared import choices
from tfinterp_widgets.widgets.shared.traits import Checked, whole

if TYPE_CHECKING:
    from tfinterp_widgets.engine.methods import Method

_ENGINE_OPTIONS = ("output", "batch_size", "cache_bytes")

steps = whole(1, 4096)


def keywords(kind: Any, given: Iterable[str]) -> None:
    """Raise TypeError for a keyword that is no trait, naming the nearest one."""
    synced = kind.class_trait_names(sync=True, kernel_only=None)
    known = [name for name in synced if name[0] != "_" and name != "children"]
    for name in given:
        if name in known:
            continue
        if name in _ENGINE_OPTIONS and hasattr(kind, "engine"):
            hint = f"It is the engine's: pass AttributionEngine(model, {name}=...) as the model."
        else:
            hint = nearest(kind, name)
        raise TypeError(f"{kind.__name__} has no keyword {name!r}. {hint}")


def nearest(kind: Any, name: str) -> str:
    """Say which trait of a widget a name may stand for, and which there are."""
    ours = [each for each, trait in kind.class_traits().items() if is_setting(each, trait)]
    near = difflib.get_close_matches(name, ours, n=1, cutoff=0)
    return f"Did you mean {near[0]!r}? Known are {', '.join(sorted(ours))}."


def is_setting(name: str, trait: Any) -> bool:
    """Whether a trait is ours, and the user's to set."""
    return isinstance(trait, Checked) and not name.startswith("_")


def target_to_json(value: Any, _: Any) -> Any:
    """Send a pair as a list."""
    return list(value) if isinstance(value, tuple) else value


def method_to_json(value: str | Method, _: Any) -> Any:
    """Send an object as its name, in a dictionary."""
    return value if isinstance(value, str) else {"name": choices.name_of(value)}
