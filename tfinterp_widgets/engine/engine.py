"""The attribution engine: one model, and the questions that people ask of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tfinterp_widgets.engine.arguments import (
    check_batch_size,
    check_flag,
    check_method,
    check_names,
    check_precision,
    check_preprocess,
)
from tfinterp_widgets.engine.asking.arrays import Preprocess
from tfinterp_widgets.engine.asking.cache import ByteLimitedCache
from tfinterp_widgets.engine.asking.predictions import Prediction, predictions
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.asking.questions import Questions
from tfinterp_widgets.engine.asking.together import refine_in_groups
from tfinterp_widgets.engine.attribution import Attribution
from tfinterp_widgets.engine.benchmarking import Benchmark, made_up, measure
from tfinterp_widgets.engine.computing.by_layout import ModelsByLayout
from tfinterp_widgets.engine.computing.devices import Machine, all_are_gpus, find_devices
from tfinterp_widgets.engine.computing.differentiable import Differentiable
from tfinterp_widgets.engine.computing.optimising import Optimiser
from tfinterp_widgets.engine.methods import Method
from tfinterp_widgets.engine.models import adapt, adapt_cut
from tfinterp_widgets.engine.models.reading import Reading
from tfinterp_widgets.engine.parameters import suggests_keywords, whole_number


@suggests_keywords
class AttributionEngine:
    """Explains single predictions of a TensorFlow or Keras model.

    Parameters
    ----------
    model : keras.Model, callable, str or pathlib.Path
        A Keras 3 model (functional, Sequential or subclassed; tf_keras as well), any TensorFlow
        function of a batch (N, ...) that returns scores (N, classes), or the folder of a
        SavedModel. Callables and SavedModels are taken as they are. New weights are noticed; for
        layers that are added, removed or changed make a new engine.
    output : str or int
        "logits" explains the score before a final softmax or sigmoid, "probability" the
        probability itself; the name or index of an output picks one of several, as logits.
    preprocess : callable, optional
        Maps a batch (N, ...) of float32 in your own space (pixels 0..255, raw columns) to what
        the model eats. Applied to the input and to the baseline alike, outside the graph.
    class_names : sequence of str, optional
        One name per class.
    batch_size : int or "auto"
        Points per compiled chunk; "auto" finds a size that is about 150 ms of work for
        one target.
    cache_bytes : int
        How many bytes of answers to remember.
    optimize : bool
        Whether to explain a faster equal of a Keras model where there is one: batch normalisation
        folded into the layer before it, outputs that were not chosen left out. Your model is left
        alone. At the first question, and for new weights, both are compared at random inputs;
        where scores differ by more than 1e-4 of their size, or gradients by 1 %, the model is
        explained as it is, and the logger "tfinterp_widgets" says why. The first answer takes a
        second or two longer, and the weights of folded layers are held twice. See `optimized`.
    precision : {"float32", "bfloat16"}
        What the convolutions and matrix products of a Keras model are computed in; sums, and all
        else, are float32. "bfloat16" is for previews, on hardware that is fast at it: scores are
        off by about 1 %, and the gradient of a deep network by tens of per cent, pixel by pixel.
    devices : "auto" or sequence of str
        The devices that share the points of a question, by name, such as ["GPU:0", "GPU:1"]; "auto"
        is all GPUs or, where there is none, the CPU. `batch_size` is that of each.

    Raises
    ------
    TypeError, ValueError
        If the model cannot be explained; the message says why and what to do.

    Examples
    --------
    >>> engine = AttributionEngine(model, preprocess=preprocess)  # doctest: +SKIP
    >>> engine.attribute(photo, target=285).heatmap().shape  # doctest: +SKIP
    (224, 224)
    """

    def __init__(
        self,
        model: Any,
        output: str | int = "logits",
        preprocess: Preprocess | None = None,
        class_names: Sequence[str] | None = None,
        batch_size: int | str = "auto",
        cache_bytes: int = 256 * 2**20,
        optimize: bool = True,
        precision: str = "float32",
        devices: str | Sequence[str] = "auto",
    ) -> None:
        check_preprocess(preprocess)
        self._adapted = adapt(model, output)
        self._output = output
        self._reading = Reading(wants_probability=output == "probability")
        self._preprocess = preprocess
        self._class_names = check_names(class_names)
        self._cache = ByteLimitedCache(whole_number("cache_bytes", cache_bytes, at_least=0))
        cut = adapt_cut(model, output) if check_flag("optimize", optimize) else None
        self._optimiser = Optimiser(self._adapted, cut, self._reading, optimize)
        shared = find_devices(devices)
        machine = Machine(
            threading.RLock(), check_batch_size(batch_size), shared, all_are_gpus(shared)
        )
        self._models = ModelsByLayout(
            lambda layout, model: Differentiable(model, self._reading, layout, machine),
            self._optimiser,
            check_precision(precision, self._adapted),
            machine.lock,
        )
        self._precision = precision
        self._questions = Questions(
            self._adapted,
            self._reading,
            preprocess,
            self._class_names,
            self._models,
            self._cache,
        )

    @property
    def name(self) -> str:
        """The model's name."""
        return self._adapted.name

    @property
    def output(self) -> str | int:
        """What is explained: "logits", "probability", or one of several outputs."""
        return self._output

    @property
    def unit(self) -> str:
        """The unit of the scores, "logits" or "probability", as far as can be seen."""
        return self._reading.unit

    @property
    def preprocess(self) -> Preprocess | None:
        """The function from the user's own space to model space."""
        return self._preprocess

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """One name per class, if given."""
        return self._class_names

    @property
    def class_count(self) -> int | None:
        """Number of classes; None if it is not known before the first answer."""
        return self._questions.class_count

    @property
    def input_shape(self) -> tuple[int | None, ...] | None:
        """Shape of one preprocessed input, None for any size; None if the model does not tell."""
        return self._adapted.input_shape

    @property
    def cache_bytes(self) -> int:
        """How many bytes of answers to remember. Settable; lowering it forgets at once."""
        return self._cache.limit

    @cache_bytes.setter
    def cache_bytes(self, limit: int) -> None:
        self._cache.limit = whole_number("cache_bytes", limit, at_least=0)

    @property
    def compiled_sizes(self) -> tuple[int, ...]:
        """Chunk sizes compiled for the input shape used last, ascending: two at most."""
        return self._models.compiled_sizes

    @property
    def optimized(self) -> str | None:
        """What makes the model faster, in words, such as "49 batch normalisations folded".

        None before the first question, and where nothing was changed.
        """
        return self._optimiser.summary

    def attribute(self, x: Any, target: Any = None, method: Method | None = None) -> Attribution:
        """Explain one input, in the caller's thread.

        Parameters
        ----------
        x : array, or list or dictionary of arrays
            One input without a batch axis, in your own space; after `preprocess` of exactly the
            model's input shape. Of a model with several inputs one array each, in their order or
            by their names.
        target : int, (int, int), callable or None
            A class, a contrast F_a - F_b, a TensorFlow function from the scores of all classes
            (N, classes) to one score an example (N,), or None for the input's top class.
        method : Method, optional
            Default ``IntegratedGradients()``.

        Returns
        -------
        Attribution
            Its ``values`` have the shape of the preprocessed input.

        Raises
        ------
        TypeError, ValueError
            If the input, the target or the method does not fit, or the model's answer depends on
            the other examples or on chance; the message says what came, what was expected and
            what to do.
        RuntimeError
            If the weights change while the input is being explained.

        Examples
        --------
        >>> engine.attribute(photo, target=(285, 281)).score  # doctest: +SKIP
        0.85
        """
        method = check_method(method)
        return self.ask(x, target).answered_by(method)

    def refine(
        self, x: Any, target: Any = None, method: Method | None = None
    ) -> Iterator[Attribution]:
        """Explain one input ever better; parameters and errors as for `attribute`.

        The input is checked at once, the work is done while iterating, one chunk between two
        estimates. Closing the iterator cancels the rest.

        Yields
        ------
        Attribution
            With ``progress`` in (0, 1]; the last one has ``final`` set.
        """
        method = check_method(method)
        return self.ask(x, target).explained_by(method)

    def attribute_many(
        self, x: Any, targets: Sequence[Any], method: Method | None = None
    ) -> list[Attribution]:
        """Explain one input for several targets, with one forward pass for all of them.

        Parameters
        ----------
        x : array
            As for `attribute`.
        targets : sequence
            Of classes, contrasts, functions or None, each as for `attribute`; at least one.
        method : Method, optional
            Default ``IntegratedGradients()``.

        Returns
        -------
        list of Attribution
            In the order of the targets, equal to those of `attribute` one by one. Where the points
            that a method visits depend on the target, it has passes of its own; so has each target
            if one of them is a function.

        Raises
        ------
        TypeError, ValueError, RuntimeError
            As `attribute`, and if there are no targets.

        Examples
        --------
        >>> cat, dog = engine.attribute_many(photo, [281, 207])  # doctest: +SKIP
        """
        method = check_method(method)
        questions = self._questions.ask_targets(x, targets)
        unseen = [replace(question, previews=False) for question in questions]
        *_, last = refine_in_groups(unseen, method)
        return list(last)

    def refine_many(
        self, x: Any, targets: Sequence[Any], method: Method | None = None
    ) -> Iterator[tuple[Attribution, ...]]:
        """Explain one input for several targets ever better; otherwise as `attribute_many`.

        Yields
        ------
        tuple of Attribution
            The newest estimate for each target. Closing the iterator cancels the rest.
        """
        method = check_method(method)
        return refine_in_groups(self._questions.ask_targets(x, targets), method)

    def attribute_batch(
        self, X: Any, targets: Any = None, method: Method | None = None
    ) -> list[Attribution]:
        """Explain several inputs, each for a target of its own.

        What a method asks at an input itself, the gradient or what a layer returns there, is asked
        for a chunk of inputs in one pass.

        Parameters
        ----------
        X : array (N, ...), list of inputs, or dictionary of arrays (N, ...)
            Inputs as for `attribute`; the dictionary is for a model with several inputs.
        targets : list of N targets; or int, (int, int), callable or None
            One for each input, or the same for all; None is each one's top class.
        method : Method, optional
            Default ``IntegratedGradients()``.

        Returns
        -------
        list of Attribution
            In the order of the inputs.

        Raises
        ------
        TypeError, ValueError, RuntimeError
            As `attribute`, with the number of the input; and if there are not as many targets as
            inputs.

        Examples
        --------
        >>> first, second = engine.attribute_batch(X_test[:2], y_test[:2])  # doctest: +SKIP
        """
        method = check_method(method)
        questions = self._questions.ask_batch(X, targets, previews=False)
        return [each.answered_by(method) for each in questions]

    def refine_batch(
        self, X: Any, targets: Any = None, method: Method | None = None
    ) -> Iterator[tuple[int, Attribution]]:
        """Explain several inputs one after the other; parameters and errors as `attribute_batch`.

        What is wrong with an input is said in its turn, after the answers of those before it.

        Yields
        ------
        int, Attribution
            The number of an input, and an estimate for it; the last one of each is ``final``.
            Closing the iterator cancels the rest.
        """
        method = check_method(method)
        for number, question in enumerate(self._questions.ask_batch(X, targets, previews=True)):
            for estimate in question.explained_by(method):
                yield number, estimate

    def cached(
        self, x: Any, target: Any = None, method: Method | None = None
    ) -> dict[int, Attribution]:
        """Answers to the same question with other numbers of steps that are already computed.

        Parameters and errors are those of `attribute`.

        Returns
        -------
        dict of int to Attribution
            By number of steps; empty for a method without steps. Nothing is differentiated.
        """
        question = self.ask(x, target)
        known = check_method(method).known(question)
        return {steps: question.structured(answer) for steps, answer in known.items()}

    def predict(self, x: Any, top: int | None = 5) -> list[Prediction]:
        """The classes with the highest scores, best first.

        Parameters
        ----------
        x : array
            One input, as for `attribute`.
        top : int or None
            How many classes, >= 1; None for all.

        Raises
        ------
        TypeError, ValueError
            As `attribute`, and if `top` is no whole number or below 1.

        Examples
        --------
        >>> engine.predict(photo, top=1)  # doctest: +SKIP
        [Prediction(index=285, name='Egyptian cat', score=9.12, probability=0.385)]
        """
        return self.predictions(self.ask(x), top)

    def ask(self, x: Any, target: Any = None) -> Question:
        """Check an input and a target, and read the weights.

        For who wants several things of one question: each `ask` reads all weights, to see whether
        they are new, and `attribute`, `refine`, `cached` and `predict` ask once each.

        Parameters
        ----------
        x, target
            As for `attribute`.

        Returns
        -------
        Question
            For ``method.refine(question)``, ``method.known(question)`` and `predictions`.
        """
        return self._questions.ask(x, target)

    def benchmark(self, x: Any = None) -> Benchmark:
        """Measure how fast the model is explained on this machine; takes some seconds.

        Parameters
        ----------
        x : array, optional
            One input, as for `attribute`; None makes one up, where the model tells its shape.

        Returns
        -------
        Benchmark
            Evaluations a second, the chosen chunk, device and peak memory. It is printed as well.

        Raises
        ------
        TypeError, ValueError
            If no input can be made up, or as `attribute` does.

        Examples
        --------
        >>> engine.benchmark()  # doctest: +SKIP
        efficientnet_lite0: 73.5 gradients a second, 184 forward passes a second
          on CPU:0 in float32, 16 at once, peak memory 1,204 MiB
          optimised: 49 batch normalisations folded
        """
        question = self.ask(made_up(self._adapted.inputs, self.name) if x is None else x)
        found = measure(question, self.name, self.optimized, self._precision)
        print(found)  # noqa: T201 (that is what it is for)
        return found

    def predictions(self, question: Question, top: int | None = 5) -> list[Prediction]:
        """The classes of a question's input, as `predict` gives them."""
        return predictions(question, self._class_names, top)
