"""What the explorer accepts: its arguments, and the values of its traits."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tfinterp_widgets.engine import AttributionEngine
from tfinterp_widgets.engine.baselines import BASELINES, Average, Baseline
from tfinterp_widgets.engine.targets import check_target
from tfinterp_widgets.images import Photograph, read_photographs
from tfinterp_widgets.widgets.explorer import code
from tfinterp_widgets.widgets.shared import choices, settings
from tfinterp_widgets.widgets.shared.traits import whole
from tfinterp_widgets.wire import to_text

if TYPE_CHECKING:
    from tfinterp_widgets.engine.methods import Method
    from tfinterp_widgets.widgets.attribution_explorer import AttributionExplorer


def engine(
    given: Any, class_names: Sequence[str] | None, preprocess: Any
) -> tuple[AttributionEngine, code.Recipe]:
    """Take an engine, or make one of a model; and say how to come by it."""
    if not isinstance(given, AttributionEngine):
        names = _list_names(class_names)
        made = AttributionEngine(given, class_names=names, preprocess=preprocess)
        plain = preprocess is None
        return made, code.Recipe(code.FROM_MODEL if plain else code.FROM_MODEL_WITH_PREPROCESS)
    if preprocess is not None:
        raise TypeError(
            "preprocess came together with an engine, which has its own; expected one of them. "
            "Pass it to AttributionEngine(model, preprocess=...)."
        )
    return given, code.Recipe(code.FROM_ENGINE)


def names(given: Sequence[str] | None, engine: AttributionEngine) -> list[str] | None:
    """Check class names, the engine's own where none are given."""
    listed = _list_names(engine.class_names if given is None else given)
    if listed is not None and engine.class_count not in (None, len(listed)):
        raise ValueError(
            f"class_names has {len(listed)} names, but the model has {engine.class_count} "
            "classes; give one name per class, in the order of the model's outputs."
        )
    return listed


def _list_names(names: Any) -> list[str] | None:
    if names is None:
        return None
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError(f"class_names is a {type(names).__name__}; expected one name per class.")
    return [to_text(str(name)) for name in names]


def photographs(images: Any, shape: Sequence[int | None] | None) -> tuple[Photograph, ...]:
    """Read the images, under names that can be sent."""
    try:
        found = read_photographs(images, shape)
    except ValueError as error:
        if shape is not None and _seems_channels_first(shape):
            channels, height, width = shape
            error.add_note(
                f"The channels of the model's input {tuple(shape)} seem to come first; the "
                "explorer's images have them last. Explain the model behind a layer that brings "
                f"them to the front: keras.Sequential([keras.Input(({height}, {width}, "
                f"{channels})), keras.layers.Permute((3, 1, 2)), model])."
            )
        raise
    return tuple(dataclasses.replace(each, name=to_text(each.name)) for each in found)


def _seems_channels_first(shape: Sequence[int | None]) -> bool:
    return len(shape) == 3 and shape[0] in (1, 3) and shape[-1] not in (1, 3)


def labels(given: Any, images: int, classes: int | None) -> list[int] | None:
    """Check the true classes of the images."""
    if given is None:
        return None
    listed = list(given)
    if len(listed) != images:
        raise ValueError(
            f"labels has {len(listed)} entries for {images} images; expected one each."
        )
    check = whole(0, None if classes is None else classes - 1)
    return [check(None, f"labels[{index}]", label) for index, label in enumerate(listed)]


def taken_over(method: Any, photograph: Photograph) -> dict[str, Any]:
    """Read what a method says into the controls for it: steps, baseline, further parameters."""
    choice: str | Method = choices.named_method("IntegratedGradients" if method is None else method)
    # In this order, because the parameters are checked against the method.
    values: dict[str, Any] = {
        "method": choice,
        "_method_parameters": choices.further_parameters(choice),
    }
    if not isinstance(choice, str):
        own = choices.own_values(choice)
        if "baseline" in own:
            own["baseline"] = _by_name(own["baseline"], photograph)
        values |= own
    return values


def _by_name(baseline: Baseline | Average, photograph: Photograph) -> str | Baseline | Average:
    """Find a baseline in the menu."""
    for name in BASELINES:
        if choices.baseline_for(name, photograph) == baseline:
            return name
    return baseline


def target(explorer: AttributionExplorer, _: str, value: Any) -> int | tuple[int, int] | None:
    """Accept a class, a pair of classes, or None."""
    check_target(value, explorer.engine.class_count)
    if value is None:
        return None
    if isinstance(value, tuple | list):
        return operator.index(value[0]), operator.index(value[1])
    return operator.index(value)


def image_index(explorer: AttributionExplorer, name: str, value: Any) -> int:
    """Accept the number of an image."""
    index: int = whole(0, len(explorer._photographs) - 1)(explorer, name, value)
    return index


def method(explorer: AttributionExplorer, _: str, value: Any) -> str | Method:
    """Accept a method by name, or as an object whose steps and baseline the controls can take."""
    choice = choices.named_method(value)
    if not isinstance(choice, str):
        own = choices.own_values(choice)
        if "steps" in own:
            settings.steps(explorer, "the method's steps", own["steps"])
        if "baseline" in own:
            choices.check_baseline(own["baseline"], explorer._photographs[explorer.image_index])
    return choice


def method_parameters(explorer: AttributionExplorer, _: str, value: Any) -> dict[str, Any]:
    """Accept values for parameters beyond steps and baseline; the others are as the method says."""
    known = choices.further_parameters(explorer.method)
    if not isinstance(value, Mapping) or not set(value) <= set(known):
        raise ValueError(
            f"parameters {value!r} do not fit {choices.name_of(explorer.method)}; "
            f"expected a dict with {', '.join(known) or 'nothing'} in it."
        )
    # Raises where a value is wrong, and brings others into line: a stride to its window.
    method = choices.kind_of(explorer.method)(**{**known, **value})
    return {name: getattr(method, name) for name in known}


def parameters_to_json(value: dict[str, Any], _: Any) -> dict[str, Any]:
    """Send what controls can show; data sets and layers stay in Python."""
    return {
        name: each
        for name, each in value.items()
        if each is None or isinstance(each, str | int | float)
    }


def baseline(explorer: AttributionExplorer, _: str, value: Any) -> str | Baseline | Average:
    """Accept a baseline by name, as an object, a number or an array, or several of them."""
    named = value.get("name") if isinstance(value, Mapping) else value
    if isinstance(named, str) and named == choices.GIVEN and explorer._given_baseline is not None:
        return explorer._given_baseline
    choice = choices.named_baseline(value)
    choices.check_baseline(choice, explorer._photographs[explorer.image_index])
    return choice


def baseline_to_json(value: str | Baseline | Average, _: Any) -> Any:
    """Send an object as the menu's name for it, in a dictionary."""
    return (
        value
        if isinstance(value, str)
        else {"name": choices.GIVEN, "label": choices.baseline_label(value)}
    )
