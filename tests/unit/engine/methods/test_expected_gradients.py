"""Expected gradients against closed forms, integrated gradients, and their own standard error."""

import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, Saliency, baselines
from tfinterp_widgets.engine.methods.expected_gradients import ExpectedGradients

RNG = np.random.default_rng(0)
DATA = RNG.normal(size=(25, 40)).astype(np.float32)
X = (1.5 * RNG.normal(size=40)).astype(np.float32)


@pytest.fixture(scope="module")
def network():
    """A smooth model of 40 inputs that interact, and the exact answer for `X` and `DATA`."""
    into = tf.constant(RNG.normal(size=(40, 30)) * 0.2, tf.float32)
    out = tf.constant(RNG.normal(size=30), tf.float32)
    engine = AttributionEngine(lambda batch: tf.linalg.matvec(tf.tanh(batch @ into + 0.5), out))
    exact = IntegratedGradients(32, baselines.average_of(DATA), "gauss-legendre")
    return engine, engine.attribute(X, method=exact).values


@pytest.mark.parametrize("samples", [50, 51, 130, 400])
def test_a_linear_model_is_explained_without_error_from_two_draws_a_baseline_on(separable, samples):
    a = separable(lambda x: 3 * x).attribute(X, method=ExpectedGradients(DATA, samples))
    assert a.values == pytest.approx(3 * (X - DATA.mean(axis=0)), abs=1e-4)
    assert a.standard_error == pytest.approx(np.zeros(40), abs=1e-5)
    assert a.convergence_delta == pytest.approx(0, abs=1e-3)
    assert a.baseline_score == pytest.approx(3 * DATA.sum() / 25, abs=1e-3)
    assert a.evaluations == samples


@pytest.mark.parametrize(
    ("function", "exact"),
    [
        (lambda x: x**2, lambda x: x**2),
        (lambda x: x**3, lambda x: x**3),
        (tf.exp, np.exp),
    ],
    ids=["square", "cube", "exponential"],
)
@pytest.mark.parametrize("samples", [1000, 4000])
def test_each_value_is_its_mean_change_from_the_data_within_its_error(
    separable, function, exact, samples
):
    # Few baselines with many draws each, so that the error itself is well known.
    data = DATA[:5]
    a = separable(function).attribute(X, method=ExpectedGradients(data, samples))
    expected = exact(X) - exact(data).mean(axis=0)
    assert (np.abs(a.values - expected) < 4 * a.standard_error + 1e-5).all()
    assert a.standard_error.mean() < 0.005 * np.abs(expected).mean()


def test_from_a_single_baseline_it_is_integrated_gradients_within_its_error(classifier, image):
    engine = AttributionEngine(classifier)
    start = baselines.Noise(seed=2)
    exact = engine.attribute(image, 1, IntegratedGradients(2048, start, "midpoint"))
    answers = [engine.attribute(image, 1, ExpectedGradients(start, 100, s)) for s in range(40)]
    for a in answers:
        assert a.baseline_score == pytest.approx(exact.baseline_score, rel=1e-5)
    squared_errors = np.mean([(a.values - exact.values) ** 2 for a in answers])
    told = np.mean([a.standard_error**2 for a in answers])
    # The gradient jumps where a ReLU does, in a few of the 50 strata.
    assert squared_errors == pytest.approx(told, rel=0.3)
    mean = np.mean([a.values for a in answers], axis=0)
    assert np.square(mean - exact.values).mean() == pytest.approx(told / 40, rel=0.7)
    # The error is told well below the size of the values: what is above has teeth.
    assert np.sqrt(told) < 0.02 * np.abs(exact.values).mean()


@pytest.mark.parametrize("samples", [50, 75, 200])
def test_the_standard_error_is_that_of_the_design(network, samples):
    engine, exact = network
    answers = [engine.attribute(X, 0, ExpectedGradients(DATA, samples, s)) for s in range(60)]
    squared_errors = np.mean([(a.values - exact) ** 2 for a in answers])
    told = np.mean([a.standard_error**2 for a in answers])
    assert told == pytest.approx(squared_errors, rel=0.2)


@pytest.mark.parametrize("samples", [10, 30])
def test_with_few_samples_the_error_is_that_of_another_draw_of_the_data(network, samples):
    engine, exact = network
    answers = [engine.attribute(X, 0, ExpectedGradients(DATA, samples, s)) for s in range(60)]
    squared_errors = np.mean([(a.values - exact) ** 2 for a in answers])
    told = np.mean([a.standard_error**2 for a in answers])
    # Drawn one by one, `samples` rows of 25 without return vary this much less than with it.
    kept = 1 - 10 / 25 if samples == 10 else 0
    assert kept * told * 0.8 < squared_errors < told * 1.2


def test_has_far_less_noise_than_independent_draws(network):
    engine, exact = network
    answers = [engine.attribute(X, 0, ExpectedGradients(DATA, 200, seed)) for seed in range(20)]
    error = np.sqrt(np.mean([(a.values - exact) ** 2 for a in answers]))
    # What 200 draws of any baseline and any alpha would give, from 2000 of them.
    rng = np.random.default_rng(9)
    starts, alphas = DATA[rng.integers(25, size=2000)], rng.random((2000, 1)).astype(np.float32)
    _, gradients = engine.ask(X, 0).gradients(tf.constant(starts + alphas * (X - starts)))
    independent = ((X - starts) * gradients.numpy()).std(axis=0) / np.sqrt(200)
    assert error < np.sqrt((independent**2).mean()) / 4


def test_sums_to_the_difference_from_the_mean_score_within_its_error(classifier, image):
    engine = AttributionEngine(classifier)
    data = np.random.default_rng(5).normal(size=(10, 8, 8, 3))
    deltas = []
    for seed in range(8):
        a = engine.attribute(image, 4, ExpectedGradients(data, 200, seed))
        scores = [engine.attribute(row, 4, Saliency()).score for row in data]
        assert a.baseline_score == pytest.approx(np.mean(scores), rel=1e-4, abs=1e-6)
        deltas.append(a.convergence_delta)
        # The values err together, but not by more than all of their errors.
        assert abs(a.convergence_delta) < a.standard_error.sum()
    # The errors go both ways, and are small beside what is summed up.
    assert abs(np.mean(deltas)) < 4 * np.std(deltas, ddof=1) / np.sqrt(8)
    assert np.std(deltas) < 0.005 * np.abs(a.values).sum()


def test_the_data_are_preprocessed_as_the_input_is(separable):
    engine = separable(lambda x: x**2, preprocess=lambda x: x / 10)
    a = engine.attribute(10 * X, method=ExpectedGradients(10 * DATA, 2000))
    assert (np.abs(a.values - X**2 + (DATA**2).mean(axis=0)) < 4 * a.standard_error).all()


def test_of_more_baselines_than_samples_a_random_choice_is_used(separable):
    data = np.arange(1000.0)[:, None]
    engine = separable(lambda x: x)
    answers = [engine.attribute([0.0], 0, ExpectedGradients(data, 20, seed)) for seed in range(30)]
    starts = np.array([a.baseline_score for a in answers])
    assert len(set(starts)) == 30
    assert starts.mean() == pytest.approx(499.5, abs=4 * 289 / np.sqrt(600))
    # For a linear model the only error is the choice.
    told = np.sqrt(np.mean([a.standard_error**2 for a in answers]))
    assert told == pytest.approx(289 / np.sqrt(20), rel=0.15)
    assert all(a.convergence_delta == pytest.approx(0, abs=0.01) for a in answers)


@pytest.mark.parametrize("samples", [31, 120])
@pytest.mark.parametrize("batch_size", [1, 3, 16, "auto"])
def test_the_same_seed_gives_the_same_answer_in_chunks_of_any_size(network, batch_size, samples):
    model = network[0]._adapted.outputs
    method = ExpectedGradients(DATA, samples, seed=5)
    reference, a = (
        AttributionEngine(lambda batch: model(batch).rows, batch_size=size).attribute(X, 0, method)
        for size in (64, batch_size)
    )
    assert a.values == pytest.approx(reference.values, rel=1e-4, abs=1e-6)
    assert a.standard_error == pytest.approx(reference.standard_error, rel=1e-3, abs=1e-6)
    assert a.baseline_score == pytest.approx(reference.baseline_score, rel=1e-5)


def test_refine_gets_better_chunk_by_chunk_and_closing_it_ends_the_work():
    batches = []

    def model(batch):
        def note(x):
            batches.append(len(x))
            return x

        seen = tf.stop_gradient(tf.py_function(note, [batch], tf.float32))
        return tf.reduce_sum(batch**3, axis=1) + 0 * tf.reduce_sum(seen)

    engine = AttributionEngine(model, batch_size=8)
    estimates = list(engine.refine(X, method=ExpectedGradients(DATA, 100)))
    evaluations = [e.evaluations for e in estimates]
    # While baselines are new, the newest estimate comes again once their scores are known.
    assert evaluations[:5] == [4, 4, 12, 12, 20]
    assert evaluations == sorted(evaluations)
    assert [e.progress for e in estimates] == [seen / 100 for seen in evaluations]
    assert [e.final for e in estimates] == [False] * (len(estimates) - 1) + [True]
    assert [e.standard_error is None for e in estimates] == [not e.final for e in estimates]
    exact = X**3 - (DATA**3).mean(axis=0)
    errors = [np.abs(e.values - exact).sum() for e in (estimates[0], estimates[-1])]
    assert errors[1] < errors[0] / 4
    # Complete on the way, too, as far as the alphas are spread: in scale as well as in shape.
    assert estimates[6].relative_error < 0.5

    begun = engine.refine(X, method=ExpectedGradients(DATA, 500))
    next(begun)
    done = len(batches)
    begun.close()
    assert list(begun) == []
    assert len(batches) == done


def test_what_is_known_depends_on_what_the_baselines_hold(separable):
    engine = separable(lambda x: x**3)
    data = DATA.copy()
    first = engine.attribute(X, method=ExpectedGradients(data, 60))
    again = engine.attribute(X, method=ExpectedGradients(data.copy(), 60))
    assert (first.evaluations, again.evaluations) == (60, 0)
    assert (again.values == first.values).all()
    assert again.baseline_score == first.baseline_score
    for other in (ExpectedGradients(data, 61), ExpectedGradients(data, 60, seed=1)):
        assert engine.attribute(X, method=other).evaluations == other.samples
    data[0] += 1
    assert engine.attribute(X, method=ExpectedGradients(data, 60)).evaluations == 60


def test_baselines_of_every_kind(separable):
    engine = separable(lambda x: 2 * x)
    means = {
        "rows": (DATA, DATA.mean(axis=0)),
        "one": (baselines.Constant(1), 1),
        "number": (3.0, 3),
        "list": ([baselines.Constant(1), 3.0], 2),
        "draw": (baselines.draw(DATA, 25), DATA.mean(axis=0)),
        "average": (baselines.average_of([0, DATA[0]]), DATA[0] / 2),
    }
    for kind, (several, mean) in means.items():
        a = engine.attribute(X, method=ExpectedGradients(several, samples=50))
        assert a.values == pytest.approx(2 * (X - mean), abs=1e-4), kind


def test_without_a_data_set_it_compares_with_noise_like_the_input(classifier, image):
    a = AttributionEngine(classifier).attribute(image, 2, ExpectedGradients(samples=40))
    assert len(a.method.baselines.members) == 16
    assert a.heatmap() == pytest.approx(a.values.sum(axis=-1))
    assert a.baseline is a.path is a.level is None


def test_several_inputs_come_back_in_their_structure():
    def model(arrays):
        return tf.reduce_sum(3 * arrays["a"], axis=1) + tf.reduce_sum(2 * arrays["b"], axis=1)

    x = {"a": np.array([1.0, 2.0]), "b": np.array([3.0])}
    several = baselines.average_of([0, 2])
    a = AttributionEngine(model).attribute(x, method=ExpectedGradients(several, 20))
    assert a.values["a"] == pytest.approx([0, 3], abs=1e-5)
    assert a.values["b"] == pytest.approx([4], abs=1e-5)
    assert a.standard_error["b"] == pytest.approx([0], abs=1e-5)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"samples": 1}, ValueError, "samples=1.*at least 2"),
        ({"samples": 20.5}, TypeError, "samples"),
        ({"seed": -1}, ValueError, "seed"),
        ({"baselines": "X_train"}, TypeError, "baseline 'X_train'"),
        ({"baselines": None}, TypeError, "NoneType"),
        ({"baselines": []}, ValueError, r"\(N, \.\.\.\)"),
        ({"baselines": [1.0, 2.0]}, ValueError, r"shape \(2,\)"),
        ({"baselines": [["a"], ["b"]]}, TypeError, "data set.*real numbers"),
        ({"baseline": 0}, TypeError, "did you mean 'baselines'"),
    ],
)
def test_bad_parameters(arguments, kind, message):
    with pytest.raises(kind, match=message):
        ExpectedGradients(**arguments)


def test_data_that_do_not_fit_the_input(separable):
    engine = separable(lambda x: x)
    with pytest.raises(ValueError, match=r"\(25, 39\).*\(40,\).*\(N, 40\)"):
        engine.attribute(X, method=ExpectedGradients(DATA[:, :39]))
    with pytest.raises(ValueError, match="NaN"):
        engine.attribute(X, method=ExpectedGradients(np.full((3, 40), np.nan)))
