"""Copy as code: Python that computes the same attribution without the widget."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from tfinterp_widgets.engine import Attribution, baselines
from tfinterp_widgets.engine.baselines import Baseline, Given
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
heatmap = attribution.heatmap()  # (height, width): {reduction} over channels
"""


@dataclass(frozen=True)
class Recipe:
    """How to come by an explorer's engine and images: one of the texts above."""

    setup: str

    def reproduce(self, query: Query, found: Attribution, label: str) -> str:
        """Write the code for an attribution of the target called `label`."""
        given = _is_given(getattr(found.method, "baseline", None))
        return _TEMPLATE.format(
            setup=self.setup,
            index=query.image_index,
            name=_one_line(query.photograph.name),
            given="# baseline: what the explorer was given\n" if given else "",
            method=f"tw.{_call(found.method)}",
            target=found.target,
            label=_one_line(label),
            reduction=found.method.reduction,
        )


def _call(thing: Any) -> str:
    """Write the call that makes a method or a baseline."""
    arguments = (
        f"{field.name}={_value(getattr(thing, field.name))}" for field in dataclasses.fields(thing)
    )
    return f"{type(thing).__name__}({', '.join(arguments)})"


def _value(value: Any) -> str:
    if _is_given(value):
        return "baseline"
    return f"tw.baselines.{_call(value)}" if isinstance(value, Baseline) else repr(value)


def _is_given(value: Any) -> bool:
    """Whether this is a baseline that code cannot make: an array, or of the user's own making."""
    ours = getattr(baselines, type(value).__name__, None) is type(value)
    return isinstance(value, Baseline) and (not ours or isinstance(value, Given))


def _one_line(text: str) -> str:
    return " ".join(text.split())
