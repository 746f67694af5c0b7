"""Gradients that are exactly 0 everywhere: reported, rather than drawn as an empty map."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class GradientWatch:
    """What was seen of the gradients while one question was answered.

    Attributes
    ----------
    points : int
        Points that were differentiated.
    nonzero : bool
        Whether any gradient was other than 0 anywhere.
    """

    points: int = 0
    nonzero: bool = False

    def note(self, points: int, nonzero: bool) -> None:
        """Take the gradients at some points into account."""
        self.points += points
        self.nonzero = self.nonzero or nonzero

    def warning(self, probability: bool, half: bool) -> str | None:
        """What to say of a map of zeros, if the gradients are to blame.

        Parameters
        ----------
        probability : bool
            Whether the score is a probability.
        half : bool
            Whether the model computes in float16.
        """
        if self.nonzero or self.points == 0:
            return None
        where = "at the input" if self.points == 1 else f"at all {self.points} points looked at"
        if probability:
            advice = (
                "A probability close to 0 or 1 hardly changes with its input: explain "
                'output="logits".'
            )
        elif half:
            advice = (
                "The model computes in float16, which knows no small numbers: load it with "
                'dtype="float32".'
            )
        else:
            advice = (
                "Around there the score does not change with the input: every ReLU on the way is "
                "off, or something is saturated or rounded. Try another baseline, or a method that "
                "takes no gradients, such as Occlusion."
            )
        return f"The gradient is exactly 0 {where}, so the map is empty. {advice}"
