"""The importance widget: how it is made, what can be asked of it, what a change sets off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from tfinterp_widgets.evaluation.dependence.dependence import PartialDependence
from tfinterp_widgets.evaluation.importance.importance import ImportanceResult
from tfinterp_widgets.widgets.importance import checks, showing
from tfinterp_widgets.widgets.importance.answers import Answers, Item, Question
from tfinterp_widgets.widgets.importance.board import Board
from tfinterp_widgets.widgets.importance.shuffling import Shuffled
from tfinterp_widgets.widgets.importance.state import SETTINGS, ImportanceState
from tfinterp_widgets.widgets.shared import settings
from tfinterp_widgets.widgets.shared.runner import Runner, owner_of

# What an answer depends on. The first ones make bars that are there answer another question.
_RESHUFFLED = {"metric", "data", "grouped", "correlation", "seed"}
_ASKED = _RESHUFFLED | {"repeats", "feature", "target"}


class PermutationImportance(ImportanceState):
    """Explore which columns of a table a model needs, and how it uses them.

    Making it asks nothing; its first display does, and so does setting a trait. Answers are
    computed on a thread of the model's own, ever better, and the newest question wins; what is
    known is not computed again. A wrong value is refused: it goes to `status`, and the last good
    result stays.

    Parameters
    ----------
    model : Any
        A Keras model, a TensorFlow callable, or anything with `predict_proba` or `predict`; as for
        `permutation_importance`.
    X : array (n, k), DataFrame or dict of columns
        Raw columns of the test part.
    y : array, shape (n,)
        Class ids 0, 1, ..., bools, one-hot rows, or numbers.
    train : pair of X and y, optional
        The training part, to be looked at in the other's stead.
    preprocess : callable, optional
        Maps raw rows, after shuffling, to what the model takes.
    greater_is_better : bool, optional
        Whether a metric of your own is a score rather than a loss.
    class_names : sequence of str, optional
        One name per class, in the order of the class ids; two where the model has one output. They
        are compared with the outputs as soon as the first answer tells how many there are.
    **traits
        Any public trait of `ImportanceState`.

    Raises
    ------
    TypeError, ValueError
        When something does not fit; the message says what came, what was expected and what to do.

    Examples
    --------
    >>> credit = tw.samples.german_credit()  # doctest: +SKIP
    >>> widget = tw.PermutationImportance(
    ...     credit.model, credit.X_test, credit.y_test, preprocess=credit.preprocess
    ... )  # doctest: +SKIP
    >>> widget.repeats = 30  # doctest: +SKIP
    >>> widget.wait() and widget.result.to_frame()  # doctest: +SKIP
    """

    _showing: ClassVar = showing

    def __init__(
        self,
        model: Any,
        X: Any,
        y: Any,
        train: tuple[Any, Any] | None = None,
        *,
        preprocess: Callable[[Any], Any] | None = None,
        greater_is_better: bool | None = None,
        class_names: Sequence[str] | None = None,
        **traits: Any,
    ) -> None:
        settings.keywords(type(self), traits)
        self._parts = {"test": checks.part(model, X, y, preprocess)}
        if train is not None:
            self._parts["train"] = checks.part(model, *checks.pair(train), preprocess)
        self._names = self._parts["test"].predictor.names
        self._class_names = checks.names(class_names)
        self._outputs = 0  # of the model; 0 while that is not known
        self._new_answers = partial(
            Answers, model, self._parts, preprocess, greater_is_better, self._class_names
        )
        self._answers = self._new_answers()
        self._question: Question | None = None
        self._doing = ""
        self._shown: ImportanceResult | None = None  # the bars on display, final or not
        self._grouped_from: float | None = None  # the correlation that these are grouped from
        self._result: ImportanceResult | None = None
        self._dependence: PartialDependence | None = None
        super().__init__(**traits)
        self._runner = Runner(self, owner_of(model, self), self._take)
        self._board = Board(self, self._show)
        self.children = self._board.children
        for name in ("tfi", "tfi-board", "tfi-importance"):
            self.add_class(name)
        self._board.show_dependence(None, None)
        self._board.show_status(self.status, "", None)
        self._ready = True

    @property
    def result(self) -> ImportanceResult | None:
        """The last good importance, with all repeats asked for; None before the first."""
        return self._result

    @property
    def dependence(self) -> PartialDependence | None:
        """The partial dependence on `feature`; None where none is chosen, or before its first."""
        return self._dependence

    def shuffle(self) -> None:
        """Show what one more shuffle does to the chosen column, in a few rows.

        Raises
        ------
        RuntimeError
            When no column is chosen.
        """
        if not self.feature:
            raise RuntimeError("No column is chosen to be shuffled: set `feature` first.")
        with self._exclusively():
            last = 0 if self._question is None else self._question.take
            self._ask(take=last % self.repeats + 1)

    def _settle(self, names: frozenset[str]) -> None:
        if not self._ready or self._closed:
            return
        self._board.show_settings(names & set(SETTINGS))
        if names & {"feature", "data", "target"}:
            self._dependence = None
            self._board.show_dependence(None, self._shown)
            self._board.mark_feature(self._shown)
        if names & {"search", "top"}:
            self._board.show_result(self._shown)
        if "status" in names:
            self._board.show_status(self.status, self._doing, self._result)
        if names & _RESHUFFLED:
            self._board.mark_stale(self._shown is not None)
        if names & _ASKED:
            self._ask()

    def _ask(self, take: int = 0) -> None:
        self._accept_all()
        self._question = Question(
            metric=self.metric,
            repeats=self.repeats,
            data=self.data,
            groups="correlated" if self.grouped else None,
            correlation=self.correlation,
            seed=self.seed,
            feature=self.feature,
            target=self.target,
            take=take,
        )
        self._doing = "Repeats"
        self._runner.start(partial(self._answers.answer, self._question), self.repeats)

    def _take(self, item: Item) -> None:
        self._doing = item.doing
        asked = self._question
        assert asked is not None  # what is taken answers it
        if isinstance(item.found, ImportanceResult):
            self._outputs = item.found.outputs
            self._board.controls.offer_targets()
            self._shown = item.found
            self._grouped_from = None if asked.groups is None else asked.correlation
            self._board.mark_stale(False)
            if item.found.final:
                self._result = item.found
            self._board.show_result(item.found)
        elif isinstance(item.found, PartialDependence):
            self._dependence = item.found
            self._board.show_dependence(item.found, self._shown)
        elif isinstance(item.found, Shuffled):
            self._board.show_shuffle(item.found)
        self._runner.progress(item.done, item.total, final=item.done == item.total)

    @property
    def _draws_at_once(self) -> bool:
        return self.result is not None and self.result.has_interval

    def _groups(self) -> dict[str, str]:
        """The first column of each group."""
        columns = {} if self._shown is None else self._shown.columns
        return {name: group[0] for name, group in columns.items()}

    def _adapt(self, names: frozenset[str]) -> None:
        """No trait follows from another."""

    def _forget(self) -> None:
        self._answers = self._new_answers()
