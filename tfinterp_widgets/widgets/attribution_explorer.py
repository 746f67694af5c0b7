"""The attribution explorer: what it shares with its view, and what happens on a change."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from tfinterp_widgets.engine import Attribution, AttributionEngine
from tfinterp_widgets.engine.baselines import Baseline
from tfinterp_widgets.widgets import checks, choices
from tfinterp_widgets.widgets._locked import EXCLUSIVE, Locked
from tfinterp_widgets.widgets.answering import Query
from tfinterp_widgets.widgets.conversation import IDLE, Conversation
from tfinterp_widgets.widgets.images import read_photographs
from tfinterp_widgets.widgets.messages import image_message, thumbnail_messages
from tfinterp_widgets.widgets.showing import describe, draw, with_picture
from tfinterp_widgets.widgets.static import read_bundle
from tfinterp_widgets.widgets.traits import Checked, kernel_only, one_of, real, whole

# What an answer depends on. All but the steps make it the answer to another question.
_QUESTION = {"image_index", "target", "method", "baseline", "_method_parameters"}
_ASKED = _QUESTION | {"steps"}


class AttributionExplorer(Locked, anywidget.AnyWidget):  # type: ignore[misc]  # is untyped
    """Explore what a model's prediction for an image rests on.

    Setting a trait asks, and so does the first display. Answers are computed on a thread of the
    engine's own, ever better, and the newest question wins. A wrong value is refused: it goes to
    `status`, and the last good result stays.

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
        Any of the traits below.

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

    _esm = traitlets.Unicode(read_only=True).tag(sync=True)
    _css = traitlets.Unicode(read_only=True).tag(sync=True)
    _ipython_display_ = None  # ipywidgets 7 would show the view alone, without the static picture

    steps = Checked(64, whole(1, 4096))
    """Number of integration steps, 1 to 4096; methods without steps leave it unused."""

    target = Checked(None, checks.target, to_json=checks.target_to_json)
    """What is explained: a class index, a pair (a, b) for F_a - F_b, or None for the top class."""

    method = Checked("IntegratedGradients", checks.method, to_json=checks.method_to_json)
    """A method's name, however written ("integrated gradients"), or a method, whose steps, baseline
    and other parameters the controls then take over."""

    baseline = Checked("black", checks.baseline, to_json=checks.baseline_to_json)
    """What stands for "nothing there": "black", "grey", "white", "mean", "blur" or "noise", a
    baseline, a number, or an array of the image's shape."""

    image_index = Checked(0, checks.image_index)
    """Which of the images is explained, counted from 0."""

    colormap = Checked(
        "auto", one_of("auto", "orange-blue", "purple-green", "cividis", "viridis", "greys")
    )
    """Colours of the map; "auto" takes orange and blue for signed maps, cividis for others."""

    opacity = Checked(0.7, real(0, 1))
    """Opacity of the map in the overlay, 0 to 1."""

    clip_percentile = Checked(99.0, real(0, 100))
    """Percentile of the absolute values at which colours saturate."""

    sign = Checked("signed", one_of("signed", "absolute", "positive"))
    """Which part of the values is drawn: "signed", "absolute", or "positive" only."""

    smooth = Checked(3.0, real(0))
    """Standard deviation of the Gaussian that smooths the map, in pixels; 0 is off. It keeps the
    sum; pixel by pixel, gradients of convolutional networks look like noise."""

    top_percent = Checked(100.0, real(0, 100))
    """Share of the pixels that is drawn, those with the largest absolute values, in percent."""

    status = kernel_only(traitlets.Dict(default_value=IDLE, read_only=True))
    """How the answer gets on: state ("idle", "running", "done", "cancelled" or "error"), done and
    total (evaluations), message, run (its number) and seconds."""

    # Shared with the view alone; js/src/wire/traits.ts describes each.
    _class_names = kernel_only(traitlets.List(default_value=None, allow_none=True))
    _class_count = kernel_only(traitlets.Int(0))
    _labels = kernel_only(traitlets.List(default_value=None, allow_none=True))
    _methods = kernel_only(traitlets.List())
    _method_parameters = Checked({}, checks.method_parameters)
    _baselines = kernel_only(traitlets.List())
    _thumbnails = kernel_only(traitlets.List())
    _image = kernel_only(traitlets.Dict())
    _question = kernel_only(traitlets.Int(0))
    _predictions = kernel_only(traitlets.Dict(default_value=None, allow_none=True))
    _result = kernel_only(traitlets.Dict(default_value=None, allow_none=True))

    _ready = False  # whether it is made: until then wrong values raise
    _closed = False

    def __init__(
        self,
        model_or_engine: Any,
        images: Any,
        class_names: Sequence[str] | None = None,
        preprocess: Callable[[Any], Any] | None = None,
        labels: Sequence[int] | None = None,
        **traits: Any,
    ) -> None:
        checks.keywords(type(self), traits)
        self._refusals: dict[str, str] = {}
        self._given_baseline: Baseline | None = None
        self._engine, recipe = checks.engine(model_or_engine, class_names, preprocess)
        self._photographs = read_photographs(images, self._engine.input_shape)
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
        self._conversation = Conversation(self, self._engine, recipe)
        self._ready = True

    @traitlets.default("_esm")
    def _read_esm(self) -> str:
        return read_bundle("explorer.js")

    @traitlets.default("_css")
    def _read_css(self) -> str:
        return read_bundle("explorer.css")

    @property
    def engine(self) -> AttributionEngine:
        """The engine that answers."""
        return self._engine

    @property
    def result(self) -> Attribution | None:
        """The last good final answer, None before the first."""
        return self._conversation.result

    def explain(self) -> None:
        """Ask once more, looking for new weights, and return at once."""
        if self._closed:
            raise RuntimeError("This explorer is closed; make another one.")
        with self._exclusively():
            self._ask(again=True)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the answer is there, or the run was cancelled or failed; see `status`.

        Parameters
        ----------
        timeout : float, optional
            In seconds; None waits as long as it takes.

        Returns
        -------
        bool
            True once idle, False when the time is over.

        Raises
        ------
        RuntimeError
            Inside an observer, where the answer could not arrive.
        """
        if EXCLUSIVE.held:
            raise RuntimeError(
                "wait() was called inside an observer or hold_trait_notifications(), where no "
                "answer can arrive. Call it after that has returned."
            )
        return self._conversation.wait(timeout)

    def cancel(self) -> None:
        """Stop after the current chunk; the last good result stays."""
        self._conversation.cancel()

    def close(self) -> None:
        """Cancel, leave the engine's thread and close the view; the engine stays usable."""
        if self._ready and not self._closed:
            with EXCLUSIVE:
                self._closed = True
                self._conversation.close()
        super().close()

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

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a change of the view's, of the traits that are its to change."""
        if not isinstance(sync_data, dict):
            self._refuse_message(sync_data)
            return
        settable = self.trait_names(kernel_only=None)
        super().set_state({name: sync_data[name] for name in sync_data if name in settable})

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

    def _ask(self, *, again: bool = False) -> None:
        photograph = self._photographs[self.image_index]
        self._refusals.clear()
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
        self._conversation.ask(query, again=again)

    def _renew_question(self) -> None:
        self._question += 1
        self._conversation.forget()

    def _show_image(self) -> None:
        label = None if self._labels is None else self._labels[self.image_index]
        photograph = self._photographs[self.image_index]
        self._image = image_message(self.image_index, photograph, label)

    def _learn(self, predictions: dict[str, Any], classes: int) -> None:
        if self._class_names is not None:
            checks.names(self._class_names, self._engine)
        self._predictions, self._class_count = predictions, classes

    def _refuse(self, name: str, error: Exception) -> None:
        """Keep a trait's value, and tell the person and the view."""
        self._refusals[name] = f"{error} {name.strip('_')} stays as it was."
        self._conversation.show_status()
        self.send_state(name)

    def _accept(self, name: str) -> None:
        if self._refusals.pop(name, None) is not None:
            self._conversation.show_status()

    def _refuse_message(self, content: Any) -> None:
        self._refusals["message"] = (
            f"The view sent {reprlib.repr(content)}, which is no message of the explorer's. "
            "Reload the page."
        )
        self._conversation.show_status()

    def _handle_custom_msg(self, content: Any, buffers: Any) -> None:
        kind = content.get("kind") if isinstance(content, dict) else None
        with self._exclusively():
            if kind == "ready":
                self._show()
                self._conversation.send_levels()
            elif kind == "explain":
                self._ask(again=True)
            elif kind == "cancel":
                self._conversation.cancel()
            else:
                self._refuse_message(content)
        super()._handle_custom_msg(content, buffers)

    def _show(self) -> None:
        """Ask at the first display."""
        with self._exclusively():
            if not self._conversation.begun and not self._closed:
                self._ask()

    def __repr__(self) -> str:
        return describe(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        self._show()
        return with_picture(super()._repr_mimebundle_(**kwargs), draw(self))
