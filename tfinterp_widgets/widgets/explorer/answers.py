"""What the worker's thread does for the explorer: one question to the engine, answered in parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tfinterp_widgets.engine import Attribution, AttributionEngine, Prediction
from tfinterp_widgets.engine.baselines import Average, Baseline
from tfinterp_widgets.engine.methods import Method
from tfinterp_widgets.engine.targets import ClassTarget
from tfinterp_widgets.images import Photograph
from tfinterp_widgets.widgets.explorer.layers import layer_messages
from tfinterp_widgets.widgets.shared.choices import build_method, name_of, own_controls


@dataclass(frozen=True, eq=False)
class Query:
    """Everything that one answer depends on, as it was when it was asked."""

    image_index: int
    photograph: Photograph
    target: ClassTarget | None
    choice: str | Method
    parameters: dict[str, object]
    steps: int
    baseline: Baseline | Average
    baseline_label: str

    @property
    def method(self) -> Method:
        """The method with its steps, its baseline and its further parameters."""
        return build_method(self.choice, self.parameters, self.steps, self.baseline)

    @property
    def method_name(self) -> str:
        """The method's name in the registry."""
        return name_of(self.choice)

    @property
    def has_steps(self) -> bool:
        """Whether the method has a number of steps."""
        return "steps" in own_controls(self.choice)

    @property
    def has_baseline(self) -> bool:
        """Whether the method compares with a baseline."""
        return "baseline" in own_controls(self.choice)


@dataclass(frozen=True, eq=False)
class Predicted:
    """What the model says before it is explained.

    Attributes
    ----------
    predictions : list of Prediction
        All classes of the input, best first.
    weights : int
        The fingerprint of the weights that say so.
    layers : list of dict
        The layers that a method may be asked to look at.
    """

    predictions: list[Prediction]
    weights: int
    layers: list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Known:
    """Levels that the engine knows for the question, by steps."""

    levels: dict[int, Attribution]


def answer(engine: AttributionEngine, query: Query) -> Iterator[Predicted | Known | Attribution]:
    """Answer a query ever better; the weights are read once, to see whether they are new."""
    method = query.method
    question = engine.ask(query.photograph.values, query.target)
    predictions = engine.predictions(question, top=None)
    yield Predicted(predictions, question.weights, layer_messages(question))
    known = method.known(question)
    yield Known(known)
    for estimate in question.explained_by(method):
        level = estimate.level
        if level is not None and level not in known:
            # Of the levels that end in one chunk only the largest is an estimate of its own.
            known = method.known(question)
            yield Known({smaller: known[smaller] for smaller in known if smaller != level})
            known[level] = estimate
        yield estimate
