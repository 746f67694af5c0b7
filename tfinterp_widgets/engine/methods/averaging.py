"""One method with several baselines: the mean of its answers, and each baseline's share of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution
from tfinterp_widgets.engine.computing.vanishing import GradientWatch


def averaged(method: Any, question: Question) -> Iterator[Attribution]:
    """Answer from one baseline after the other; each estimate is the mean of those begun.

    Values and baseline scores are averaged alike, so completeness holds for the mean as it does for
    each. Each part has the warning that it would have alone, and the mean has one where all have.
    Beside the parts, a single sum is kept.

    Parameters
    ----------
    method : Method
        With an Average as its `baseline`, and `steps`.
    question : Question
    """
    members = method.baseline.members
    done = _NOTHING
    for number, member in enumerate(members):
        # Gradients seen from another baseline say nothing of this one's map.
        asked = replace(question, watch=GradientWatch())
        for part in replace(method, baseline=member).refine(asked):
            together = done.plus(asked.warned(part))
            progress = (number + part.progress) / len(members)
            final = part.final and number == len(members) - 1
            yield together.mean(method, progress, final)
        done = together


def known_averages(method: Any, question: Question) -> dict[int, Attribution]:
    """Answers that are already computed from all of the baselines, by steps."""
    found = [replace(method, baseline=member).known(question) for member in method.baseline.members]
    everywhere = set.intersection(*map(set, found))
    return {
        level: reduce(_Sum.plus, (known[level] for known in found), _NOTHING).mean(
            replace(method, steps=level), progress=1.0, final=True
        )
        for level in sorted(everywhere)
    }


@dataclass(frozen=True)
class _Sum:
    """The answers from some of the baselines, and the sum of their values, float64."""

    parts: list[Attribution]
    total: NDArray[np.float64] | np.float64

    def plus(self, part: Attribution) -> _Sum:
        return _Sum([*self.parts, part], self.total + part.values)

    def mean(self, method: Any, progress: float, final: bool) -> Attribution:
        """The mean of the parts, as an estimate of this method's answer."""
        carried_out = self.parts[-1].method  # with its layer, where it is asked of one
        rules = {part.method.rule for part in self.parts}
        # What "auto" came to is told by each part, where they differ.
        rule = rules.pop() if len(rules) == 1 else method.rule
        return Attribution(
            values=(self.total / len(self.parts)).astype(np.float32),
            target=self.parts[0].target,
            method=replace(carried_out, baseline=method.baseline, steps=method.steps, rule=rule),
            score=self.parts[0].score,
            baseline_score=float(np.mean([part.baseline_score for part in self.parts])),
            evaluations=sum(part.evaluations for part in self.parts),
            progress=progress,
            final=final,
            level=method.steps if final else None,
            parts=tuple(self.parts),
            # Parts without a warning may have had gradients, even where their values are 0 as well.
            warning=self.parts[0].warning if all(part.warning for part in self.parts) else None,
        )


_NOTHING = _Sum([], np.float64(0))
