"""What answers a question: every attribution method is one of these."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Protocol

from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.attribution import Attribution, Reduction


class Method(Protocol):
    """A frozen dataclass of parameters, with a generator of ever better answers.

    Attributes
    ----------
    label : str
        The method's name as menus show it.
    family : str
        What kind of method it is: menus list it with the others of its family.
    reduction : {"sum", "abs_sum", "max_abs", "mean"}
        How its values become one number per pixel, unless asked otherwise.
    note : str
        One sentence for whoever reads its map: what it does not say.
    """

    label: ClassVar[str]
    family: ClassVar[str]
    reduction: ClassVar[Reduction]
    note: ClassVar[str]

    def refine(self, question: Question) -> Iterator[Attribution]:
        """Answer ever better; the last estimate has ``final`` set. One chunk between yields."""
        ...

    def known(self, question: Question) -> dict[int, Attribution]:
        """Answers that are already computed, by steps; empty for a method without steps."""
        ...
