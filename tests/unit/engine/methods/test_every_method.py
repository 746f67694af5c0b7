"""What holds for every method of the registry, whatever it computes."""

import dataclasses
import inspect
import threading
import traceback

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tfinterp_widgets.engine import AttributionEngine
from tfinterp_widgets.engine.methods import METHODS

# Enough to yield more than once, and no more: the tests of each method look at its numbers.
CHEAP = {"steps": 12, "samples": 24, "masks": 24, "window": 3, "stride": 2, "max_sigma": 2.0}
FOR_IMAGES = {
    "BlurIntegratedGradients",
    "GradCAM",
    "GradCAMPlusPlus",
    "LayerCAM",
    "ScoreCAM",
    "XRAI",
}
OF_LAYERS = {
    "GradCAM",
    "GradCAMPlusPlus",
    "GuidedBackprop",
    "LayerCAM",
    "LayerIntegratedGradients",
    "ScoreCAM",
}
DRAWN = {"SmoothGrad", "VarGrad", "ExpectedGradients", "RISE", "LIME", "KernelSHAP"}


def cheap(name, **parameters):
    known = {field.name for field in dataclasses.fields(METHODS[name])}
    return METHODS[name](**{k: v for k, v in {**CHEAP, **parameters}.items() if k in known})


@pytest.fixture(scope="module")
def network():
    """A small classifier with every kind of layer that a method may ask for."""
    keras.utils.set_random_seed(11)
    return keras.Sequential(
        [
            keras.Input((12, 12, 3)),
            keras.layers.Conv2D(6, 3, use_bias=False),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(max_value=6),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(4, activation="softmax"),
        ]
    )


@pytest.fixture(scope="module")
def photo():
    return np.random.default_rng(2).uniform(0, 1, (12, 12, 3)).astype(np.float32)


@pytest.mark.parametrize("name", METHODS)
def test_estimates_get_better_until_one_is_final(name, network, photo):
    estimates = list(AttributionEngine(network, batch_size=4).refine(photo, 1, cheap(name)))
    progress = [estimate.progress for estimate in estimates]
    assert progress == sorted(progress)
    assert 0 < progress[0] <= progress[-1] == 1
    assert [estimate.final for estimate in estimates] == [False] * (len(estimates) - 1) + [True]
    for estimate in estimates:
        assert estimate.values.dtype == np.float32
        assert np.isfinite(estimate.values).all()
        assert not estimate.values.flags.writeable
        assert estimate.target == 1
        assert estimate.heatmap().shape == estimate.values.shape[:2]
    if estimates[-1].evaluations > 4:
        assert len(estimates) > 1


@pytest.mark.parametrize("name", METHODS)
def test_the_answer_does_not_depend_on_the_size_of_chunks(name, network, photo):
    answers = [
        AttributionEngine(network, batch_size=size).attribute(photo, 2, cheap(name))
        for size in (1, 5, 16)
    ]
    scale = float(np.abs(answers[0].values).max())
    for other in answers[1:]:
        assert other.values == pytest.approx(answers[0].values, rel=1e-3, abs=1e-4 * scale)
        assert other.evaluations == answers[0].evaluations


@pytest.mark.parametrize("name", METHODS)
def test_the_same_question_is_not_computed_twice(name, network, photo):
    engine = AttributionEngine(network)
    first = engine.attribute(photo, 0, cheap(name))
    again = engine.attribute(photo, 0, cheap(name))
    assert again.evaluations == 0
    assert again.final
    assert (again.values == first.values).all()
    assert engine.attribute(photo, 1, cheap(name)).evaluations > 0
    assert engine.attribute(photo + 0.5, 0, cheap(name)).evaluations > 0


@pytest.mark.parametrize("name", METHODS)
def test_new_weights_give_a_new_answer(name, network, photo):
    model = keras.models.clone_model(network)
    model.set_weights(network.get_weights())
    engine = AttributionEngine(model)
    before = engine.attribute(photo, 0, cheap(name))
    model.set_weights([1.5 * weights for weights in model.get_weights()])
    after = engine.attribute(photo, 0, cheap(name))
    assert after.evaluations > 0
    assert not np.allclose(after.values, before.values)


@pytest.mark.parametrize("name", METHODS)
def test_closing_stops_the_work_and_leaves_no_answer_behind(name, network, photo):
    engine = AttributionEngine(network, batch_size=4)
    estimates = engine.refine(photo, 0, cheap(name))
    first = next(estimates)
    estimates.close()
    assert list(estimates) == []
    if not first.final:
        assert engine.attribute(photo, 0, cheap(name)).evaluations > 0


@pytest.mark.parametrize("name", METHODS)
def test_a_contrast_is_explained_and_a_function_of_the_scores(name, network, photo):
    engine = AttributionEngine(network)
    contrast = engine.attribute(photo, (0, 3), cheap(name))
    function = engine.attribute(photo, lambda s: s[:, 0] - s[:, 3], cheap(name))
    assert contrast.target == (0, 3)
    assert contrast.score == pytest.approx(function.score, rel=1e-4, abs=1e-5)
    if name != "RISE":  # of classes it takes the probabilities, of a function its value
        scale = float(np.abs(contrast.values).max())
        assert function.values == pytest.approx(contrast.values, rel=1e-2, abs=1e-3 * scale)


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_the_same_seed_gives_the_same_answer_and_another_one_another(name, network, photo):
    answers = [
        AttributionEngine(network).attribute(photo, 0, cheap(name, seed=seed)) for seed in (1, 1, 2)
    ]
    assert (answers[0].values == answers[1].values).all()
    assert not np.allclose(answers[0].values, answers[2].values)
    error = answers[0].standard_error
    assert error.shape == answers[0].values.shape
    assert (error[np.isfinite(error)] >= 0).all()


def test_what_draws_is_what_takes_a_seed():
    seeded = {
        name
        for name, kind in METHODS.items()
        if "seed" in {field.name for field in dataclasses.fields(kind)}
    }
    assert seeded == DRAWN


@pytest.mark.parametrize("name", METHODS)
def test_two_threads_that_share_an_engine_get_their_own_right_answers(name, network, photo):
    engine = AttributionEngine(network, batch_size=4)
    inputs = [photo, photo[::-1].copy()]
    alone = [AttributionEngine(network).attribute(x, k, cheap(name)) for k, x in enumerate(inputs)]
    found: list = [None, None]

    def explain(k):
        found[k] = engine.attribute(inputs[k], k, cheap(name))

    threads = [threading.Thread(target=explain, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    for mine, expected in zip(found, alone, strict=True):
        scale = float(np.abs(expected.values).max())
        assert mine.values == pytest.approx(expected.values, rel=1e-3, abs=1e-4 * scale)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("shape", [(7,), (6, 4)], ids=["row", "sequence"])
def test_inputs_of_other_ranks_are_explained_or_refused_in_words(name, shape):
    keras.utils.set_random_seed(4)
    model = keras.Sequential(
        [
            keras.Input(shape),
            keras.layers.Dense(5, activation="relu", name="hidden"),
            keras.layers.Flatten(),
            keras.layers.Dense(3),
        ]
    )
    x = np.random.default_rng(1).normal(size=shape)
    engine = AttributionEngine(model)
    if name in FOR_IMAGES:
        with pytest.raises(ValueError, match=r"explains images.*\(7,\)|explains images.*\(6, 4\)"):
            engine.attribute(x, 1, cheap(name))
        return
    a = engine.attribute(x, 1, cheap(name, layer="hidden"))
    assert a.values.shape[:-1] == shape[:-1]
    assert np.isfinite(a.values).all()


@pytest.mark.parametrize("name", METHODS)
def test_a_constant_model_has_a_map_of_zeros(name):
    def model(batch):
        return 0 * tf.reduce_sum(batch, axis=(1, 2))[:, :2] + [1.0, 2.0]

    engine = AttributionEngine(model)
    if name in OF_LAYERS:
        with pytest.raises((TypeError, ValueError), match=r"layer|ReLU"):
            engine.attribute(np.ones((12, 12, 3)), 1, cheap(name))
        return
    a = engine.attribute(np.ones((12, 12, 3)), 1, cheap(name))
    if name != "RISE":  # every pixel carries about the probability itself
        assert a.values == pytest.approx(0, abs=1e-6)


BAD = [
    None,
    "many",
    1.5,
    -3,
    0,
    True,
    float("nan"),
    float("inf"),
    [],
    (1, 2),
    np.zeros(3),
    object(),
]


@pytest.mark.parametrize("name", METHODS)
def test_bad_parameters_are_refused_in_words_of_ours(name, network, photo):
    engine = AttributionEngine(network)
    for field in dataclasses.fields(METHODS[name]):
        for value in BAD:
            error = refusal(engine, photo, name, {field.name: value})
            if error is not None:
                raised_in = traceback.extract_tb(error.__traceback__)[-1].filename
                assert "tfinterp_widgets" in raised_in, (field.name, value)
                assert len(str(error)) > 20, (field.name, value)


def refusal(engine, photo, name, parameters):
    """The error that these parameters raise, or None where the answer is one of numbers."""
    try:
        a = engine.attribute(photo, 0, cheap(name, **parameters))
    except (TypeError, ValueError) as error:
        return error
    assert np.isfinite(a.values).all(), parameters
    return None


@pytest.mark.parametrize("name", METHODS)
def test_an_unknown_parameter_is_answered_with_the_nearest(name):
    with pytest.raises(TypeError, match=f"{name} has no parameter 'stepz'"):
        METHODS[name](stepz=3)


@pytest.mark.parametrize("name", METHODS)
def test_the_docstring_names_its_source_and_has_an_example(name):
    text = inspect.getdoc(METHODS[name])
    assert "Source: " in text
    assert ">>> " in text
    for field in dataclasses.fields(METHODS[name]):
        assert (
            f"{field.name} : " in text or f"{field.name}, " in text or f", {field.name} : " in text
        )


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    height=st.integers(3, 14),
    width=st.integers(3, 14),
    channels=st.sampled_from([1, 2, 3]),
    dtype=st.sampled_from([np.uint8, np.float64, np.float16, np.int32, bool]),
    seed=st.integers(0, 2**31),
)
@pytest.mark.parametrize("name", METHODS)
def test_images_of_any_size_and_dtype(name, height, width, channels, dtype, seed):
    keras.utils.set_random_seed(6)
    model = keras.Sequential(
        [
            keras.Input((None, None, channels)),
            keras.layers.Conv2D(4, 2, padding="same", activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3),
        ]
    )
    x = np.random.default_rng(seed).uniform(0, 2, (height, width, channels)).astype(dtype)
    a = AttributionEngine(model).attribute(x, None, cheap(name, window=2, stride=1))
    assert a.values.shape[:2] == (height, width)
    assert np.isfinite(a.values).all()
