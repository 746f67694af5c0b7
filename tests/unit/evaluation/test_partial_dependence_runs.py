"""How a partial dependence runs: better and better, cancelled, in bounded memory; its result."""

import itertools
import tracemalloc

import matplotlib
import numpy as np
import pandas as pd
import pytest

import tfinterp_widgets as tw
from tfinterp_widgets.evaluation.models.predictor import CHUNK_ROWS, predictor_for
from tfinterp_widgets.evaluation.partial_dependence import refine_partial_dependence

RNG = np.random.default_rng(0)
X = RNG.normal(size=(5000, 3)).astype(np.float32)


class Watched:
    """A model that adds columns up, and notes how many rows it is asked about."""

    def __init__(self):
        self.sizes = []

    def predict(self, rows):
        self.sizes.append(len(rows))
        return np.asarray(rows).sum(axis=1)


def test_estimates_get_better_and_the_last_is_the_answer():
    options = {"grid": 40, "ice": 500, "max_rows": None, "seed": 3}
    estimates = list(refine_partial_dependence(Watched(), X, 0, **options))
    answer = tw.partial_dependence(Watched(), X, 0, **options)
    assert [estimate.final for estimate in estimates[-2:]] == [False, True]
    assert all(a.progress < b.progress for a, b in itertools.pairwise(estimates))
    assert estimates[-1].progress == 1
    assert (estimates[-1].average == answer.average).all()
    for estimate in estimates:
        rows = np.random.default_rng(3).permutation(5000)[: estimate.averaged]
        expected = estimate.grid[0] + X[rows, 1:].sum(axis=1).mean()
        assert estimate.average == pytest.approx(expected, abs=1e-5)
        assert (estimate.rows == rows[:500]).all()
        assert estimate.individual.shape == (min(estimate.averaged, 500), 40)


def test_the_first_estimate_comes_early_and_has_the_whole_curve():
    model = Watched()
    first = next(refine_partial_dependence(model, X, 0, max_rows=None))
    assert first.progress < 0.02
    assert first.average.shape == (40,)
    assert sum(model.sizes) < 5000


def test_closing_the_iterator_cancels():
    model = Watched()
    estimates = refine_partial_dependence(model, X, 0, max_rows=None)
    next(estimates)
    asked = len(model.sizes)
    estimates.close()
    assert list(estimates) == []
    assert len(model.sizes) == asked


def test_what_progress_raises_ends_the_run():
    class EnoughError(Exception):
        pass

    seen = []

    def progress(estimate):
        seen.append(estimate.progress)
        if len(seen) == 2:
            raise EnoughError

    with pytest.raises(EnoughError):
        tw.partial_dependence(Watched(), X, 0, max_rows=None, progress=progress)
    assert len(seen) == 2


def test_progress_sees_the_answer_last():
    seen = []
    answer = tw.partial_dependence(Watched(), X, 0, progress=seen.append)
    assert seen[-1] is answer


def test_the_same_seed_draws_the_same_rows():
    def rows(seed):
        return tw.partial_dependence(Watched(), X, 0, [0, 1], 10, max_rows=50, seed=seed).rows

    assert (rows(7) == rows(7)).all()
    assert (rows(7) != rows(8)).any()


def test_no_more_rows_are_averaged_than_asked_for_yet_the_distribution_is_of_all():
    curve = tw.partial_dependence(Watched(), X, 0, 10, max_rows=50, ice=80, seed=0)
    assert (curve.averaged, len(curve.rows), len(curve.individual)) == (50, 50, 50)
    assert curve.counts.sum() > 4800


@pytest.mark.parametrize(("feature", "grid"), [(0, 40), ([0, 1], 40), ([0, 1], 200)])
def test_a_model_is_asked_about_no_more_than_a_chunk_at_a_time(feature, grid):
    model = Watched()
    tw.partial_dependence(model, X, feature, grid, max_rows=30)
    assert max(model.sizes) <= CHUNK_ROWS


def test_wide_rows_come_in_smaller_chunks():
    wide = np.zeros((20, 20_000), np.float32)
    wide[:, 0] = np.arange(20)
    model = Watched()
    curve = tw.partial_dependence(model, wide, 0, np.arange(2000))
    assert max(model.sizes) * 80_000 <= 64 * 2**20
    assert curve.average == pytest.approx(np.arange(2000))


def test_memory_does_not_grow_with_the_curves():
    rows = RNG.normal(size=(100_000, 3)).astype(np.float32)
    predictor = predictor_for(Watched(), rows)
    tracemalloc.start()
    try:
        for _ in refine_partial_dependence(predictor, None, 0, max_rows=None):
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # All curves at once would take 4 million rows: 48 MB, and 32 MB more for the answers.
    assert peak < 12 * 2**20


def test_a_predictor_made_before_is_used_with_its_own_table():
    predictor = predictor_for(Watched(), X)
    (*_, answer) = refine_partial_dependence(predictor, None, 0, [0, 1], seed=0)
    expected = tw.partial_dependence(Watched(), X, 0, [0, 1], seed=0)
    assert (answer.average == expected.average).all()


HOME = pd.DataFrame({"age": [20, 30, 40, 60], "home": ["own", "rent", "rent", "rent"]})


def homely(rows):
    return (rows["age"] / 100 + (rows["home"] == "own")).to_numpy()


def test_a_curve_as_a_frame_is_indexed_by_its_column():
    frame = tw.partial_dependence(homely, HOME, "home").to_frame()
    assert frame.index.name == "home"
    assert frame.index.tolist() == ["rent", "own"]
    assert frame["average"].tolist() == pytest.approx([0.375, 1.375])
    assert frame["count"].tolist() == [3, 1]
    assert frame["empty"].tolist() == [False, False]


def test_a_surface_as_a_frame_is_indexed_by_both():
    surface = tw.partial_dependence(homely, HOME, ["home", "age"], (["own", "rent"], [20, 40, 60]))
    table = surface.to_frame()["average"].unstack("age")
    assert table.loc["rent"].tolist() == pytest.approx([0.2, 0.4, 0.6])
    assert table.loc["own", 60] == pytest.approx(1.6)
    assert surface.to_frame()["empty"].unstack("age").loc["own", 60]


def test_a_curve_says_what_it_is():
    curve = tw.partial_dependence(homely, HOME, "age", ice=2)
    assert repr(curve) == (
        "<PartialDependence of prediction on age: 4 points, mean of 4 rows, 2 individual curves>"
    )
    surface = tw.partial_dependence(homely, HOME, ["age", "home"], centered=True)
    assert "change of prediction on age and home: 4 x 2 points" in repr(surface)


@pytest.mark.parametrize(("feature", "ice"), [("age", 3), ("home", 3), (["age", "home"], 0)])
def test_it_is_drawn_with_its_scale_and_its_columns_named(feature, ice):
    figure = tw.partial_dependence(homely, HOME, feature, ice=ice).plot()
    assert isinstance(figure, matplotlib.figure.Figure)
    words = {text.get_text() for text in figure.findobj(matplotlib.text.Text)}
    assert {"Prediction", *([feature] if isinstance(feature, str) else feature)} <= words
