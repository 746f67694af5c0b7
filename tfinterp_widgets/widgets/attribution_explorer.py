"""The attribution explorer: how it is made, what can be asked of it, what a change sets off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tfinterp_widgets.engine import Attribution, AttributionEngine
from tfinterp_widgets.engine.baselines import Average, Baseline
from tfinterp_widgets.widgets.explorer import checks
from tfinterp_widgets.widgets.explorer.answers import Predicted, Query
from tfinterp_widgets.widgets.explorer.code import Recipe
from tfinterp_widgets.widgets.explorer.conversation import Conversation
from tfinterp_widgets.widgets.explorer.messages import (
    image_message,
    predictions_message,
    thumbnail_messages,
)
from tfinterp_widgets.widgets.explorer.showing import about, draw
from tfinterp_widgets.widgets.explorer.state import ExplorerState
from tfinterp_widgets.widgets.shared import choices, settings
from tfinterp_widgets.widgets.shared.outputs import line_of, with_picture

# What an answer depends on. All but the steps make it the answer to another question.
_QUESTION = {"image_index", "target", "method", "baseline", "_method_parameters"}
_ASKED = _QUESTION | {"steps"}


class AttributionExplorer(ExplorerState):
    """Explore what a model's prediction for an image rests on.

    Making an explorer asks nothing; its first display does, and so does setting a trait. Answers
    are computed on a thread of the engine's own, ever better, and the newest question wins. A wrong
    value is refused: it goes to `status`, and the last good result stays.

    Parameters
    ----------
    model_or_engine : AttributionEngine, keras.Model, callable, str or Path
        An engine, or anything that `AttributionEngine` takes as model.
    images : array, PIL image, path, list of these, or dict of name to one of these
        In your own units, e.g. bytes 0..255. Resized to the model's input, never cropped.
    class_names : sequence of str, optional
        One name per class.
    preprocess : callable, optional
        Maps a batch (N, H, W, C) of float32 in your own units to what the model eats. An engine
        has its own.
    labels : sequence of int, optional
        The true class of each image.
    **traits
        Any public trait of `ExplorerState`.

    Raises
    ------
    TypeError, ValueError
        When something does not fit; the message says what came, what was expected and what to do.

    Examples
    --------
    >>> explorer = AttributionExplorer(model, {"cat": cat}, steps=128)  # doctest: +SKIP
    >>> explorer.target = (285, 281)  # doctest: +SKIP
    >>> explorer.wait() and explorer.result.relative_error  # doctest: +SKIP
    0.021
    """

    def __init__(
        self,
        model_or_engine: Any,
        images: Any,
        class_names: Sequence[str] | None = None,
        preprocess: Callable[[Any], Any] | None = None,
        labels: Sequence[int] | None = None,
        _recipe: Recipe | None = None,
        **traits: Any,
    ) -> None:
        settings.keywords(type(self), traits)
        self._given_baseline: Baseline | Average | None = None
        self._engine, recipe = checks.engine(model_or_engine, class_names, preprocess)
        self._photographs = checks.photographs(images, self._engine.input_shape)
        classes = self._engine.class_count
        taken_over = checks.taken_over(traits.get("method"), self._photographs[0])
        super().__init__(
            **{**taken_over, **traits},
            _class_names=checks.names(class_names, self._engine),
            _class_count=classes or 0,
            _labels=checks.labels(labels, len(self._photographs), classes),
            _methods=choices.method_entries(),
            _thumbnails=thumbnail_messages(self._photographs),
        )
        self._conversation = Conversation(self, self._engine, _recipe or recipe)
        self._runner = self._conversation.runner
        self._ready = True

    @property
    def engine(self) -> AttributionEngine:
        """The engine that answers."""
        return self._engine

    @property
    def result(self) -> Attribution | None:
        """The last good final answer, None before the first."""
        return self._conversation.result

    def open(self) -> None:
        """Open the comm, with everything in it that the view reads first."""
        self._adapt(frozenset({"baseline"}))
        self._show_image()
        super().open()

    def save_png(self, path: str | Path) -> Path:
        """Save the last good result as a picture: input, attribution, overlay and numbers.

        Raises
        ------
        RuntimeError
            When there is no result yet.
        """
        if self.result is None:
            raise RuntimeError("There is no result to save yet: call explain(), then wait().")
        target = Path(path)
        draw(self).save(target, format="PNG")
        return target

    def _adapt(self, names: frozenset[str]) -> None:
        if "method" in names and self._ready:
            photograph = self._photographs[self.image_index]
            for name, value in checks.taken_over(self.method, photograph).items():
                if name not in names:
                    setattr(self, name, value)
        if "baseline" in names:
            if not isinstance(self.baseline, str):
                self._given_baseline = self.baseline
            self._baselines = choices.baseline_entries(self._given_baseline)

    def _settle(self, names: frozenset[str]) -> None:
        if not self._ready or self._closed:
            return
        if "image_index" in names:
            self._show_image()
        if names & _QUESTION:
            self._renew_question()
        if names & _ASKED:
            self._ask()

    def _ask(self) -> None:
        photograph = self._photographs[self.image_index]
        self._accept_all()
        query = Query(
            image_index=self.image_index,
            photograph=photograph,
            target=self.target,
            choice=self.method,
            parameters=dict(self._method_parameters),
            steps=self.steps,
            baseline=choices.baseline_for(self.baseline, photograph),
            baseline_label=choices.baseline_label(self.baseline),
        )
        self._conversation.ask(query)

    def _renew_question(self) -> None:
        self._question += 1
        self._conversation.forget()

    def _show_image(self) -> None:
        label = None if self._labels is None else self._labels[self.image_index]
        photograph = self._photographs[self.image_index]
        self._image = image_message(self.image_index, photograph, label)

    def _learn(self, query: Query, said: Predicted) -> None:
        # Before the first answer a callable's number of classes is unknown, as are the layers.
        names = checks.names(self._class_names, self._engine)
        self._predictions = predictions_message(
            query.image_index, said.predictions, query.target, names
        )
        self._class_count = len(said.predictions)
        self._layers = said.layers

    def _handle_custom_msg(self, content: Any, buffers: Any) -> None:
        kind = content.get("kind") if isinstance(content, dict) else None
        with self._exclusively():
            if self._closed:
                return  # the view sent it before it heard
            if kind == "ready":
                self._conversation.send_levels()
            elif kind == "shown":
                self._show()
            elif kind == "explain":
                self._ask()
            elif kind == "cancel":
                self._runner.cancel(content.get("run"))
            else:
                self._refuse_message(content)
        super()._handle_custom_msg(content, buffers)

    def __repr__(self) -> str:
        return line_of(self, about)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Show the view, and for pages where it cannot run a picture of the result so far.

        For a picture of the answer itself call ``explain()`` and ``wait()`` before displaying; else
        it says that there is none yet.
        """
        if self._closed:
            return with_picture(({"text/plain": repr(self)}, {}), draw(self))
        self._show()
        return with_picture(super()._repr_mimebundle_(**kwargs), draw(self))
