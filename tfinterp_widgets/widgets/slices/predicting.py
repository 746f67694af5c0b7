"""What a model says of the rows, asked chunk by chunk: between two chunks one can cancel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tfinterp_widgets.evaluation.models.predictor import predictor_for

_IMAGES_AT_ONCE = 64


class Predicting:
    """The predictions of a model, while they are made.

    Parameters
    ----------
    model : Any
    X : array, DataFrame or dict of columns
        Inputs with more than two axes go to the model chunk by chunk; rows of a table at once.
    preprocess : callable, optional
        From inputs to what the model takes.
    """

    def __init__(self, model: Any, X: Any, preprocess: Callable[[Any], Any] | None) -> None:
        self._model, self._inputs, self._preprocess = model, X, preprocess
        self._parts: list[NDArray[Any]] = []
        self._images = np.ndim(X) > 2

    @property
    def result(self) -> Any:
        """All predictions, once they are made."""
        return np.concatenate(self._parts)

    def go_on(self) -> Iterator[float]:
        """Predict what is still to be predicted; yields the share that is done."""
        if not self._images:
            predict = predictor_for(self._model, self._inputs, self._preprocess)
            self._parts = [np.asarray(predict(self._inputs))]
            return
        for begin in range(len(self._parts) * _IMAGES_AT_ONCE, len(self._inputs), _IMAGES_AT_ONCE):
            end = begin + _IMAGES_AT_ONCE
            self._parts.append(self._predicted(np.asarray(self._inputs[begin:end], np.float32)))
            yield min(end / len(self._inputs), 1.0)

    def _predicted(self, inputs: NDArray[np.float32]) -> NDArray[Any]:
        call = self._model if callable(self._model) else self._model.predict
        return np.asarray(call(inputs if self._preprocess is None else self._preprocess(inputs)))
