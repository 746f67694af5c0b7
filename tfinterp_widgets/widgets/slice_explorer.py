"""The slice explorer: how it is made, what can be asked of it, what a change sets off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from tfinterp_widgets.evaluation.slicing.answers.table import SliceTable
from tfinterp_widgets.widgets.shared import settings
from tfinterp_widgets.widgets.slices import showing
from tfinterp_widgets.widgets.slices.arranging import SIGHT
from tfinterp_widgets.widgets.slices.board import Board
from tfinterp_widgets.widgets.slices.checks import AUTO
from tfinterp_widgets.widgets.slices.conversation import Conversation
from tfinterp_widgets.widgets.slices.forms import source_of
from tfinterp_widgets.widgets.slices.hand_on import HandOn
from tfinterp_widgets.widgets.slices.reading import Reading
from tfinterp_widgets.widgets.slices.slice_view import PERSONAL, SliceView
from tfinterp_widgets.widgets.slices.state import ASKED
from tfinterp_widgets.widgets.slices.telling import Telling


class SliceExplorer(Reading):
    """Explore how well a model does on parts of the data.

    It is made of what a model said of rows, of a model with rows, or of finished results; two of
    either are compared. Making it asks nothing; its first display does, and so does setting a
    trait. Answers are computed on a thread of the model's own, ever better, and the newest question
    wins. A wrong value is refused: it goes to `status`, and the last good result stays.

    Parameters
    ----------
    *data
        Labels, predictions and features, as for `slice_metrics`, where a dict of two predictions
        compares two models; or a model, its rows X and the labels y, then optionally features
        (where they are not X) and a `preprocess` from X to what the model takes; or a `SliceTable`,
        or a dict of two.
    weights, metrics, interval, bins, class_names, greater_is_better, seed
        As for `slice_metrics`; not of finished tables. Without `metrics` those that fit.
    **traits
        Any public trait of `SliceState`.

    Raises
    ------
    TypeError, ValueError
        When something does not fit; the message says what came, what was expected and what to do.

    Examples
    --------
    >>> credit = tw.samples.german_credit()  # doctest: +SKIP
    >>> explorer = tw.SliceExplorer(credit.model, credit.X_test, credit.y_test,
    ...     preprocess=credit.preprocess, slices=["housing", ("age", "housing")])  # doctest: +SKIP
    >>> explorer.selected = {"housing": "rent"}  # doctest: +SKIP
    >>> explorer.wait() and explorer.selected_examples[:3]  # doctest: +SKIP
    array([218,  57, 101])
    """

    _showing: ClassVar = showing

    def __init__(self, *data: Any, **options: Any) -> None:
        self._source, model = source_of(data, options)
        settings.keywords(type(self), options)
        begin = {"threshold": self._source.threshold, "slices": self._source.slices}
        super().__init__(**{**begin, **options})
        self._view = SliceView(self._take_choice, self._hear)
        self._telling = Telling(self, self._view)
        self._conversation = Conversation(self, model)
        self._runner = self._conversation.runner
        self._board = Board(self, self._view, self._show)
        self.add_class("tfi").add_class("tfi-slicing")
        self.children = self._board.children
        self._ready = True
        self._telling.begin()

    @classmethod
    def from_tfma(cls, source: Any, **traits: Any) -> SliceExplorer:
        """Show what TensorFlow Model Analysis found.

        Parameters
        ----------
        source : tfma.EvalResult, str or Path
            A result, or the folder that it was written to; or a dict of two, by name, to compare.
        **traits
            Any public trait of `SliceState`.

        Raises
        ------
        TypeError, ValueError, ImportError
            As `SliceTable.from_tfma` does.
        """
        if isinstance(source, dict):
            return cls(
                {name: SliceTable.from_tfma(each) for name, each in source.items()}, **traits
            )
        return cls(SliceTable.from_tfma(source), **traits)

    def explain_with(self, explorer: Any, rows: Iterable[int] | None = None) -> None:
        """Explain the example that is picked with another explorer, shown below the examples.

        Parameters
        ----------
        explorer : AttributionExplorer or TabularExplorer
            It stays yours: closing this one leaves it open.
        rows : array-like of int, optional
            For each of its inputs the position of the row among those of the slices; the same
            positions where it is left out.

        Raises
        ------
        TypeError
            If it has no trait `image_index` or `row`, or the rows are no positions.
        """
        with self._exclusively():
            self._board.hand(HandOn(explorer, rows))

    def find(self) -> None:
        """Look for slices that are worse than the rest; `findings` has them afterwards.

        Combinations of up to three features are looked through, and chance is accounted for, as
        `SliceTable.find` does. Returns at once.
        """
        with self._exclusively():
            self._ask(self._telling.metric or AUTO)

    def _adapt(self, names: frozenset[str]) -> None:
        if not self._ready:
            return
        if names & {"metric", "class_id"} and "brush" not in names:
            self.brush = None
        before = self.selected
        if "slices" in names:
            for name in ("selected", "baseline"):
                key = getattr(self, name)
                if key and not {key, tuple(feature for feature, _ in key)} & {*self.slices}:
                    setattr(self, name, None)
        if ("selected" in names or self.selected != before) and "example" not in names:
            self.example = None

    def _settle(self, names: frozenset[str]) -> None:
        if not self._ready or self._closed:
            return
        if names & (PERSONAL | {"status"}):
            self._telling.show_traits()
        if names & SIGHT:
            self._conversation.look()
        if "min_count" in names:
            self._board.show_histogram(self._conversation.found)
        if "selected" in names and self.selected is None:
            self._board.show_examples(None)
        if "example" in names:
            self._board.show_example()
        if names & ASKED:
            self._ask()

    def _ask(self, find: str = "") -> None:
        self._accept_all()
        self._conversation.ask(find)

    def _learn(self, **told: Any) -> None:
        """Set traits to what an answer has told; that asks nothing."""
        for name, value in told.items():
            setattr(self, name, value)
        self._touched -= told.keys()
        self._telling.show_traits()

    def _take_choice(self, values: dict[str, Any]) -> None:
        """Set what a person picked in the view."""
        with self.hold_trait_notifications():
            for name, value in self._telling.heard(values).items():
                setattr(self, name, value)
        self._telling.show_traits()  # where a trait did not take it

    def _pick(self, row: int) -> None:
        self.example = row

    def _hear(self, content: Any) -> None:
        kind = content.get("kind") if isinstance(content, dict) else None
        with self._exclusively():
            if self._closed:
                return  # the view sent it before it heard
            if kind == "cancel":
                self._runner.cancel(content.get("run"))
            elif kind == "explain":
                self._ask()
            elif kind == "find":
                self._ask(str(content.get("metric")))
            else:
                self._refuse_message(content)

    def _forget(self) -> None:
        self._conversation.forget()

    def _close_parts(self) -> None:
        self._conversation.callbacks.clear()
        super()._close_parts()
