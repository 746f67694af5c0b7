"""Scikit-learn estimators that answer with what they are asked about.

A scorer of scikit-learn asks an estimator for predictions. These are there already: handed to the
scorer as X, they come back as the estimator's answer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from tfinterp_widgets.evaluation.metrics.scores import Predictions, classes


def stand_in(task: str, outputs: int, probabilities: bool) -> Any:
    """Return the estimator whose predictions, of shape (n, outputs), are given to it as X.

    Parameters
    ----------
    task : {"binary", "multiclass", "regression"}
    outputs : int
        Columns of the predictions.
    probabilities : bool
        Whether they are probabilities rather than scores before a sigmoid or softmax.
    """
    if task == "regression":
        return _Regressor()
    return (_Probabilities if probabilities else _Scores)(max(outputs, 2))


class _Regressor(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict(self, X: Predictions) -> Predictions:
        return X[:, 0]


class _Classifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    threshold = 0.5

    def __init__(self, count: int) -> None:
        self.count = count
        self.classes_ = np.arange(count)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict(self, X: Predictions) -> NDArray[np.int64]:
        return classes(X, self.threshold)


class _Probabilities(_Classifier):
    def predict_proba(self, X: Predictions) -> NDArray[Any]:
        return np.hstack([1 - X, X]) if X.shape[1] == 1 else X


class _Scores(_Classifier):
    threshold = 0.0

    def decision_function(self, X: Predictions) -> NDArray[Any]:
        if self.count > 2:
            return X
        return X[:, -1] if X.shape[1] == 1 else X[:, 1] - X[:, 0]
