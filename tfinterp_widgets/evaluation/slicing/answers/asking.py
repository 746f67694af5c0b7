"""What can be asked of a table of slices that still has its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tfinterp_widgets.evaluation.slicing.answers.columns import Column, Indices, Metric
from tfinterp_widgets.evaluation.slicing.keys import SliceKey, slice_key
from tfinterp_widgets.evaluation.slicing.search.findings import MIN_COUNT, Findings

if TYPE_CHECKING:
    from tfinterp_widgets.evaluation.slicing.answers.curves import Curves
    from tfinterp_widgets.evaluation.slicing.sliced import Sliced


class AsksRows:
    """The part of `SliceTable` that asks the rows; an imported table has none, and raises."""

    slices: tuple[SliceKey, ...]
    columns: Mapping[str, Column]
    source: str
    data: Sliced | None

    def difference(
        self, key: Any, metrics: str | Sequence[str] | None = None, baseline: Any = None
    ) -> dict[str, Metric]:
        """By how much metrics of a slice are above those of the rest of the data.

        The interval is made of those of both: by Newcombe's method 10 for shares of unweighted
        rows, by Zou & Donner's MOVER for others. It says how sure the difference is, not that it is
        no chance finding among many slices: `find` does.

        Slices by the same features cost little more than one of them. Of very many slices ask for
        those first that are on view: each answers at once.

        Parameters
        ----------
        key : SliceKey or dict
            Any slice, in the table or not.
        metrics : str or sequence of str, optional
            Names, in the table or not; default those of the table, but for counts of rows.
        baseline : SliceKey or dict, optional
            The slice to compare with in place of the rest of the data; ``()`` for all rows. It may
            share rows with the other: estimates of both then vary together.

        Returns
        -------
        dict of str to Metric
            The differences, with the rows of the slice as `count`. A metric that is undefined in
            either has no value, and says why.

        Raises
        ------
        KeyError
            If there is no row in either slice.
        ValueError
            If there is no such feature or metric.
        RuntimeError
            If the table was imported, and holds no rows.

        Examples
        --------
        >>> table.difference({"housing": "rent"}, ["accuracy"])  # doctest: +SKIP
        {'accuracy': Metric(value=-0.04, low=-0.12, high=0.03, count=179, ...)}
        """
        data, wanted = self._rows("difference"), slice_key(key)
        other = None if baseline is None else slice_key(baseline)
        names = self._not_sizes() if metrics is None else metrics
        names = [names] if isinstance(names, str) else names
        return {name: data.difference(wanted, name, other) for name in names}

    def find(
        self, metric: str, max_features: int = 3, min_count: int = MIN_COUNT, q: float = 0.05
    ) -> Findings:
        """Find the slices in which a metric is worse than in the rest of the data.

        Candidates are all combinations of values of up to `max_features` features, be they in the
        table or not, with at least `min_count` rows; those of the same rows count as one, the
        shortest. Each is tested against rows drawn by chance: by Fisher's exact test for shares of
        unweighted rows, by saddlepoint approximations of the permutation test for others, which
        hold for the smallest chances. Of all these tests the false discovery rate is controlled,
        however they depend on one another (Benjamini & Yekutieli 2001).

        Parameters
        ----------
        metric : str
            accuracy, balanced_accuracy, precision, recall, f1, fpr, fnr, specificity or auc, of two
            classes or with ``_class_<id or name>``; log_loss, brier, mse, rmse or mae. In the table
            or not.
        max_features : int
        min_count : int
        q : float
            The false discovery rate, in (0, 1).

        Returns
        -------
        Findings
            A sequence of Finding(key, value, rest, count, p, q, like), the least likely by chance
            first; `Findings.groups` puts those together that hold nearly the same rows.

        Raises
        ------
        TypeError, ValueError
            If there is no test for the metric, or a number is out of its range.
        RuntimeError
            If the table was imported, and holds no rows.

        Examples
        --------
        >>> table.find("accuracy")  # doctest: +SKIP
        42 candidates, 1 worse, false discovery rate <= .05 (Benjamini-Yekutieli)
        purpose: business: accuracy 0.5, elsewhere 0.76, n = 97, q = 0.0021
        """
        *_, found = self.refine_find(metric, max_features, min_count, q)
        assert isinstance(found, Findings), "which come last"
        return found

    def refine_find(
        self, metric: str, max_features: int = 3, min_count: int = MIN_COUNT, q: float = 0.05
    ) -> Iterator[float | Findings]:
        """As `find`, telling how far it is; closing the iterator cancels it.

        Yields
        ------
        float or Findings
            The share of the combinations of features that are done, again and again; at last what
            was found. Before that nothing is known: every candidate counts.
        """
        return self._rows("find").find(metric, max_features, min_count, q)

    @property
    def curves(self) -> Curves:
        """How many positives and negatives of each slice score above each stop of the threshold.

        Raises
        ------
        RuntimeError
            If the table was imported, and holds no rows.
        ValueError
            If the rows are not of two classes; `curves_of` takes one class of several.
        """
        return self.curves_of(None)

    def curves_of(self, class_id: int | None) -> Curves:
        """As `curves`, of one class against the rest; None for the positive one of two."""
        return self._rows("curves").curves(self.slices, class_id)

    def rows(self, key: Any) -> Indices:
        """Positions of a slice's rows, (n,) int64, ascending; of any slice, in the table or not.

        Raises
        ------
        KeyError
            If no row has the value.
        ValueError
            If there is no such feature.
        RuntimeError
            If the table was imported, and holds no rows.
        """
        return self._rows("rows").rows(slice_key(key))

    def examples(self, key: Any) -> Indices:
        """Positions of a slice's rows, (n,) int64: the wrong ones first, the most wrong leading.

        How wrong a row is, is its distance from the true class or number: 1 minus the score of the
        class, or the absolute error. Raises as `rows` does.
        """
        return self._rows("examples").examples(slice_key(key))

    def _not_sizes(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.info.family != "size"]

    def _rows(self, what: str) -> Sliced:
        if self.data is None:
            raise RuntimeError(
                f"{what} needs the rows, but this table was made by {self.source or 'others'} and "
                "holds the metrics only; ask tw.slice_metrics with the same labels, predictions "
                "and features."
            )
        return self.data
