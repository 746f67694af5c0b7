"""The result of explaining one input: an estimate, and how far it can be trusted."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tfinterp_widgets.engine.targets import Target

Reduction = Literal["sum", "abs_sum", "max_abs", "mean"]

_REDUCTIONS = {
    "sum": lambda values: values.sum(axis=-1),
    "abs_sum": lambda values: np.abs(values).sum(axis=-1),
    "max_abs": lambda values: np.abs(values).max(axis=-1),
    "mean": lambda values: values.mean(axis=-1),
}


def arrays_of(values: Any) -> list[NDArray[np.float32]]:
    """The arrays of an input, or of what belongs to it: one, or several for several inputs."""
    if isinstance(values, Mapping):
        return list(values.values())
    return values if isinstance(values, list) else [values]


def _freeze(*structures: Any) -> None:
    for array in itertools.chain(*map(arrays_of, structures)):
        if array is not None:
            array.flags.writeable = False


@dataclass(frozen=True, eq=False)
class Path:
    """The target's score along the way from the baseline to the input.

    Attributes
    ----------
    alphas : ndarray of float64, shape (k,)
        Positions on the path, ascending; 0 is the baseline and 1 the input.
    scores : ndarray of float64, shape (k,)
        The target's score at each, in the units of the engine's output.
    evaluated : ndarray of bool, shape (k,)
        Whether the gradient was taken there; at the ends it may not have been.
    """

    alphas: NDArray[np.float64]
    scores: NDArray[np.float64]
    evaluated: NDArray[np.bool_]

    def __post_init__(self) -> None:
        _freeze(self.alphas, self.scores, self.evaluated)


@dataclass(frozen=True, eq=False)
class Attribution:
    """How much each value of one input contributed to the score of a target.

    Attributes
    ----------
    values : ndarray of float32, or a list or dictionary of them
        One number per value of the preprocessed input, in its shape, e.g. (H, W, C), and for a
        model with several inputs in the structure in which they were given. Signed. For
        integrated gradients in the units of the score; for saliency, score per unit of the
        preprocessed input.
    target : int, (int, int) or callable
        The class explained, the pair (a, b) whose difference F_a - F_b was, or the function of the
        scores that was given.
    method : Method
        The method as it was carried out, every "auto" resolved.
    score : float
        F(x), the target's score of the input.
    baseline : ndarray of float32, or None
        The baseline x' in the user's own space; None for methods without one, and where there are
        several: see `parts`.
    baseline_score : float or None
        F(x').
    path : Path or None
        The score along the path, both ends included.
    evaluations : int
        Points newly differentiated for this answer: no padding, no plain forward passes; 0 when
        it came from the cache. Of methods that only evaluate the model, perturbed inputs newly
        evaluated.
    progress : float
        Share of the work done, in (0, 1].
    final : bool
        Whether this is the answer asked for rather than an estimate on the way.
    level : int or None
        The number of steps for which `values` is exact; None for a running estimate, and for
        methods without steps.
    standard_error : ndarray of float32, or None
        The standard error of each of `values`, in their units, for methods that draw samples: how
        much another seed would change them. None for all others.
    parts : tuple of Attribution
        With several baselines, the answer from each, in their order: `values` is the mean of
        theirs, and each has its own `baseline` and `path`. Empty for a single baseline.
    r_squared : float or None
        For LIME, the weighted share of the variance of the scores that its linear model explains;
        None for all others.
    warning : str or None
        What to know before the values are believed, and what to do: that the gradient was exactly
        0 everywhere, so that the map is empty.
    """

    values: Any
    target: Target
    method: Any
    score: float
    baseline: Any = None
    baseline_score: float | None = None
    path: Path | None = None
    evaluations: int = 0
    progress: float = 1.0
    final: bool = True
    level: int | None = None
    standard_error: Any = None
    parts: tuple[Attribution, ...] = ()
    r_squared: float | None = None
    warning: str | None = None

    def __post_init__(self) -> None:
        # Answers are remembered and handed out again, so they must stay what they are.
        _freeze(self.values, self.baseline, self.standard_error)

    @property
    def convergence_delta(self) -> float | None:
        """``values.sum() - (score - baseline_score)``, in units of the score; 0 is complete.

        The completeness axiom of Sundararajan et al. (2017), "Axiomatic Attribution for Deep
        Networks". None for methods without a baseline.
        """
        if self.baseline_score is None:
            return None
        total = sum(float(array.sum(dtype=np.float64)) for array in arrays_of(self.values))
        return total - (self.score - self.baseline_score)

    @property
    def relative_error(self) -> float | None:
        """``abs(convergence_delta) / abs(score - baseline_score)``.

        None without a baseline, and where the two scores differ by less than
        ``1e-6 * max(1, abs(score))``: there is nothing to compare with.
        """
        if self.baseline_score is None or self.convergence_delta is None:
            return None
        difference = abs(self.score - self.baseline_score)
        if difference < 1e-6 * max(1.0, abs(self.score)):
            return None
        return abs(self.convergence_delta) / difference

    def heatmap(self, reduce: Reduction | None = None) -> NDArray[np.float32]:
        """Reduce the values of an image to one number per pixel.

        The last axis is taken for the channels. Where a model takes (C, H, W), explain it behind a
        layer that brings the channels there, such as ``keras.layers.Permute((3, 1, 2))``; methods
        that hide parts of an image want it in this order as well.

        Parameters
        ----------
        reduce : {"sum", "abs_sum", "max_abs", "mean"}, optional
            How the channels (last axis) are put together. None is the method's own: "sum" for
            integrated gradients, which keeps completeness; "max_abs" for saliency, as in Simonyan
            et al. (2013).

        Returns
        -------
        ndarray of float32, shape (H, W)

        Raises
        ------
        ValueError
            If the reduction is unknown, or the values are not of shape (H, W, C); of several
            inputs, one must be an image.

        Examples
        --------
        >>> attribution.heatmap().shape  # doctest: +SKIP
        (224, 224)
        """
        name = self.method.reduction if reduce is None else reduce
        if name not in _REDUCTIONS:
            raise ValueError(
                f"reduce={reduce!r} is not known; expected one of "
                f"{', '.join(get_args(Reduction))}, or None for the method's own."
            )
        images = [array for array in arrays_of(self.values) if array.ndim == 3]
        if len(images) != 1:
            raise ValueError(
                f"a heatmap needs values of shape (height, width, channels); these have "
                f"{self._shapes()}. Use .values."
            )
        heatmap: Any = _REDUCTIONS[name](images[0])
        return np.asarray(heatmap, np.float32)

    def __repr__(self) -> str:
        error = self.relative_error
        complete = "" if error is None else f", completeness error {error:.1%}"
        return (
            f"<Attribution of target {self.target} by {self.method!r}: "
            f"shape {self._shapes()}, score {self.score:.4g}{complete}>"
        )

    def _shapes(self) -> str:
        return ", ".join(str(array.shape) for array in arrays_of(self.values))
