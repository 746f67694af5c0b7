"""From what a user hands in to questions: inputs and targets checked, weights read."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tfinterp_widgets.engine.asking.arrays import Preprocess
from tfinterp_widgets.engine.asking.cache import ByteLimitedCache
from tfinterp_widgets.engine.asking.company import Company
from tfinterp_widgets.engine.asking.examples import read_example, to_point
from tfinterp_widgets.engine.asking.forward import Forward
from tfinterp_widgets.engine.asking.question import Question
from tfinterp_widgets.engine.computing.by_layout import ModelsByLayout
from tfinterp_widgets.engine.models import AdaptedModel
from tfinterp_widgets.engine.models.reading import Reading
from tfinterp_widgets.engine.targets import check_target, plain_target, resolve_target


class Questions:
    """All that is asked of one model.

    Parameters
    ----------
    adapted : AdaptedModel
    reading : Reading
        The scale of the scores.
    preprocess : callable or None
    names : sequence of str or None
        One per class.
    models : ModelsByLayout
        The model, compiled.
    cache : ByteLimitedCache
    """

    def __init__(
        self,
        adapted: AdaptedModel,
        reading: Reading,
        preprocess: Preprocess | None,
        names: Sequence[str] | None,
        models: ModelsByLayout,
        cache: ByteLimitedCache,
    ) -> None:
        self._adapted = adapted
        self._reading = reading
        self._preprocess = preprocess
        self._names = names
        self._models = models
        self._cache = cache
        self._warned = False
        self.class_count: int | None = None
        self._learn_classes(adapted.classes)

    def ask(self, x: Any, target: Any, weights: int | None = None) -> Question:
        """Check one input and its target; `weights` is their fingerprint, if it is known.

        Raises
        ------
        TypeError, ValueError
            If one of them does not fit the model, or the model's answer is none.
        """
        check_target(target, self.class_count)
        inputs = self._adapted.inputs
        example = read_example(x, inputs, self._preprocess)
        arrays, layout = to_point(example, inputs, self._preprocess)
        point = layout.pack(arrays)
        model, weights = self._models.of(layout, point, weights)
        forward = Forward(model, self._cache, (weights, layout))
        if target is None or not model.has_answered:
            # The first answer also tells how many classes there are, and whether the model works;
            # later a given target leaves the input to the method, with its other points.
            (said,) = forward([point])
            scores = np.asarray(self._reading.scores(said))
            self._learn_classes(scores.size)
            self._warn_of_probabilities()
            target = resolve_target(target, scores)
        return Question(
            example=example,
            point=point,
            layout=layout,
            inputs=inputs,
            target=plain_target(target),
            model=model,
            reading=self._reading,
            forward=forward,
            preprocess=self._preprocess,
            cache=self._cache,
            weights=weights,
        )

    def ask_targets(self, x: Any, targets: Any) -> list[Question]:
        """One question for each of several targets of one input.

        Raises
        ------
        TypeError, ValueError
            If the targets are no list or none, or the input or a target does not fit.
        """
        if isinstance(targets, str) or not isinstance(targets, Iterable):
            raise TypeError(
                f"targets={targets!r} is a {type(targets).__name__}; expected a list of targets, "
                "such as [281, 207]."
            )
        listed = list(targets)
        if not listed:
            raise ValueError("targets is empty; expected at least one.")
        first = self.ask(x, listed[0])
        for target in listed[1:]:
            check_target(target, self.class_count)
        rest = (
            resolve_target(None, first.outputs()[0]) if target is None else plain_target(target)
            for target in listed[1:]
        )
        return [first, *(replace(first, target=target) for target in rest)]

    def ask_batch(self, X: Any, targets: Any, previews: bool) -> Iterator[Question]:
        """One question for each input of a batch, which may go through the model together."""
        examples = _examples(X)
        given = _targets(targets, len(examples))
        return iter(Company(self._ask_each(examples, given), len(examples), previews))

    def _ask_each(self, examples: list[Any], given: list[Any]) -> Iterator[Question]:
        weights = None
        for number, (x, target) in enumerate(zip(examples, given, strict=True)):
            try:
                question = self.ask(x, target, weights)
            except (TypeError, ValueError) as error:
                error.add_note(f"That is input {number} of {len(examples)}.")
                raise
            weights = question.weights
            yield question

    def _learn_classes(self, count: int | None) -> None:
        if self._names is not None and count is not None and len(self._names) != count:
            raise ValueError(
                f"class_names has {len(self._names)} names, but the model has {count} classes; "
                "give one name per class, in the order of the model's outputs."
            )
        self.class_count = count

    def _warn_of_probabilities(self) -> None:
        if self._warned or self._reading.wants_probability or not self._reading.already:
            return
        self._warned = True
        warnings.warn(
            f"the outputs of {self._adapted.name!r} look like probabilities, and are explained as "
            "they are: what came before the softmax or sigmoid cannot be seen from here. Gradients "
            "of a saturated probability vanish; return logits if you can.",
            stacklevel=5,
        )


def _examples(X: Any) -> list[Any]:
    """The inputs of a batch: along the first axis, of each array where there are several."""
    if isinstance(X, Mapping):
        lengths = {name: len(array) for name, array in X.items()}
        if len(set(lengths.values())) != 1:
            raise ValueError(
                f"the arrays of the batch have different lengths ({lengths}); expected as many "
                "examples in each."
            )
        return [dict(zip(X, example, strict=True)) for example in zip(*X.values(), strict=True)]
    if not isinstance(X, Sequence | np.ndarray) and not hasattr(X, "__array__"):
        raise TypeError(
            f"X is a {type(X).__name__}; expected a batch: an array (N, ...), a list of inputs, or "
            "a dictionary of arrays (N, ...) for a model with several inputs."
        )
    rows = X if isinstance(X, Sequence) else np.atleast_1d(np.asarray(X))
    if isinstance(X, str) or len(rows) == 0:
        raise ValueError(f"X={X!r} holds no inputs; expected at least one.")
    return list(rows)


def _targets(targets: Any, count: int) -> list[Any]:
    """One target for each input: those given, or the same for all."""
    one_for_all = isinstance(targets, tuple) or not isinstance(targets, Iterable)
    if one_for_all or isinstance(targets, str) or getattr(targets, "ndim", 1) == 0:
        return [targets] * count
    listed = list(targets)
    if len(listed) != count:
        raise ValueError(
            f"{len(listed)} targets came for {count} inputs; expected a list of one each, or one "
            "for all: a class, a tuple of two for a contrast, or None for each one's top class."
        )
    return listed
