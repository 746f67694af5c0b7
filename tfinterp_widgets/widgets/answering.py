"""What the worker's thread does for the explorer: one question to the engine, answered in parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tfinterp_widgets.engine import Attribution, AttributionEngine, Prediction
from tfinterp_widgets.engine.baselines import Baseline
from tfinterp_widgets.engine.methods import Method
from tfinterp_widgets.engine.targets import Target
from tfinterp_widgets.widgets.choices import build_method, name_of, own_controls
from tfinterp_widgets.widgets.images import Photograph


@dataclass(frozen=True, eq=False)
class Query:
    """Everything that one answer depends on, as it was when it was asked."""

    image_index: int
    photograph: Photograph
    target: Target | None
    choice: str | Method
    parameters: dict[str, object]
    steps: int
    baseline: Baseline
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
    """All classes of the input, best first."""

    predictions: list[Prediction]


@dataclass(frozen=True, eq=False)
class Known:
    """Every level that the engine knows for the question, by steps."""

    levels: dict[int, Attribution]


def answer(
    engine: AttributionEngine, query: Query, shown: Mapping[int, float | None]
) -> Iterator[Predicted | Known | Attribution]:
    """Answer a query ever better.

    Each look at the engine's cache first reads all weights, to see whether they are new. So the
    first preview comes before anything else, and a level that the view has already comes alone:
    `shown` is the score that came with each.
    """
    x, method = query.photograph.values, query.method
    estimates = engine.refine(x, query.target, method)
    first = next(estimates)
    if first.final and first.evaluations == 0 and shown.get(first.level or 0) == first.score:
        yield first
        return
    if not first.final:
        yield first
    yield Predicted(engine.predict(x, top=None))
    known = engine.cached(x, query.target, method)
    yield Known(known)
    if first.final:
        yield first
    for estimate in estimates:
        # Of the levels that end in one chunk only the largest is an estimate of its own.
        level = estimate.level
        if level is not None and level % 2 == 0 and level // 2 not in known:
            known = engine.cached(x, query.target, method)
            yield Known(known)
        known = known if level is None else {**known, level: estimate}
        yield estimate
