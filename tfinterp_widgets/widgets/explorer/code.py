"""Copy as code: Python that computes the same attribution without the widget."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tfinterp_widgets.engine import Attribution, baselines
from tfinterp_widgets.engine.baselines import Average, Baseline, Given
from tfinterp_widgets.widgets.explorer.answers import Query

FROM_MODEL = """\
# model and images: what the explorer was given
engine = tw.AttributionEngine(model)"""

FROM_MODEL_WITH_PREPROCESS = """\
# model, preprocess and images: what the explorer was given
engine = tw.AttributionEngine(model, preprocess=preprocess)"""

FROM_ENGINE = """\
# engine and images: what the explorer was given"""

FROM_SAMPLES = """\
sample = tw.samples.imagenet()
images = tw.samples.photos()
engine = tw.AttributionEngine(sample.model, preprocess=sample.preprocess)"""

_TEMPLATE = """\
import tfinterp_widgets as tw

{setup}
x = tw.read_photographs(images, engine.input_shape)[{index}].values  # {name}
{given}method = {method}
attribution = engine.attribute(x, target={target}, method=method)  # {label}
heatmap = attribution.heatmap()  # (height, width){reduction}
"""


@dataclass(frozen=True)
class Recipe:
    """How to come by an explorer's engine and images: one of the texts above."""

    setup: str

    def reproduce(self, query: Query, found: Attribution, label: str) -> str:
        """Write the code for an attribution of the target called `label`."""
        given = [name for name, value in _arguments(found.method) if _is_given(value)]
        return _TEMPLATE.format(
            setup=self.setup,
            index=query.image_index,
            name=_one_line(query.photograph.name),
            given="".join(f"# {name}: what the explorer was given\n" for name in given),
            method=f"tw.{_call(found.method)}",
            target=found.target,
            label=_one_line(label),
            reduction=_reduction(found),
        )


def _call(thing: Any) -> str:
    """Write the call that makes a method or a baseline."""
    arguments = (f"{name}={_value(name, value)}" for name, value in _arguments(thing))
    return f"{type(thing).__name__}({', '.join(arguments)})"


def _arguments(thing: Any) -> Iterator[tuple[str, Any]]:
    """The parameters of a method or a baseline, those left out that only their default can make."""
    for field in dataclasses.fields(thing):
        value = getattr(thing, field.name)
        if not (_is_given(value) and value is field.default):
            yield field.name, value


def _value(name: str, value: Any) -> str:
    if _is_given(value):
        return name
    return f"tw.baselines.{_call(value)}" if isinstance(value, Baseline) else repr(value)


def _is_given(value: Any) -> bool:
    """Whether this is a baseline that code cannot make: arrays, or of the user's own making."""
    if isinstance(value, Average):
        return True
    ours = getattr(baselines, type(value).__name__, None) is type(value)
    return isinstance(value, Baseline) and (not ours or isinstance(value, Given))


def _reduction(found: Attribution) -> str:
    return f": {found.method.reduction} over channels" if found.values.shape[-1] > 1 else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
