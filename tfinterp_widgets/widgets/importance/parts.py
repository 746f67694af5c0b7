"""What the importance widget looks at: rows with their labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tfinterp_widgets.evaluation.models.predictor import Predictor


@dataclass(frozen=True, eq=False)
class Part:
    """Rows with their labels, as the user gave them, and what predicts them."""

    X: Any
    y: Any
    predictor: Predictor
