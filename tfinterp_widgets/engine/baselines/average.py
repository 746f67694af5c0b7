"""Several baselines at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

from numpy.typing import NDArray

from tfinterp_widgets.engine.baselines.baseline import Baseline
from tfinterp_widgets.engine.baselines.plain import Given


@dataclass(frozen=True, repr=False)
class Average:
    """Several baselines, over whose answers a method averages. Made by `average_of` and `draw`.

    It is no baseline itself: the answer from the average of two images is another one than the
    average of the answers from both.

    Attributes
    ----------
    members : sequence of Baseline
        At least one.
    """

    members: Sequence[Baseline]

    def __repr__(self) -> str:
        return f"<Average of {len(self.members)} baselines>"


class Rows(Sequence[Given]):
    """The rows of a data set as baselines, each made when it is asked for.

    Parameters
    ----------
    data : ndarray, shape (N, ...)
        Kept, and not copied.
    """

    def __init__(self, data: NDArray[Any]) -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data)

    @overload
    def __getitem__(self, index: int) -> Given: ...
    @overload
    def __getitem__(self, index: slice) -> Rows: ...
    def __getitem__(self, index: int | slice) -> Given | Rows:
        row = self.data[index]
        return Rows(row) if isinstance(index, slice) else Given(row)
