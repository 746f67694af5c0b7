"""Models with several inputs, and with inputs that have no gradient."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, Saliency, baselines
from tfinterp_widgets.engine.methods import (
    ExpectedGradients,
    LayerIntegratedGradients,
    Occlusion,
    SmoothGrad,
)

RNG = np.random.default_rng(0)
LEFT = RNG.normal(size=(2, 3)).astype(np.float32)
RIGHT = RNG.normal(size=(4,)).astype(np.float32)
IDS = np.array([1, 0, 4])


def both(left, right):
    """F = sum of left³ + 2 * sum of right²."""
    return tf.reduce_sum(left**3, axis=(1, 2)) + 2 * tf.reduce_sum(right**2, axis=1)


class Both(keras.layers.Layer):
    def call(self, left, right):
        return both(left, right)[:, None]


def tensors():
    return keras.Input((2, 3), name="left"), keras.Input((4,), name="right")


def listed():
    left, right = tensors()
    return keras.Model([left, right], Both()(left, right))


def keyed():
    left, right = tensors()
    return keras.Model({"right": right, "left": left}, Both()(left, right))


def exported(tmp_path):
    listed().export(tmp_path / "both", verbose=False)
    return tmp_path / "both"


def function(arrays):
    return both(arrays["left"], arrays["right"])


EXACT = IntegratedGradients(steps=4, rule="gauss-legendre", baseline=0.0)


@pytest.fixture(params=["listed", "keyed", "exported", "function"])
def engine(request, tmp_path):
    makers = {"listed": listed, "keyed": keyed, "exported": lambda: exported(tmp_path)}
    model = makers.get(request.param, lambda: function)()
    return AttributionEngine(model)


def test_a_dictionary_of_arrays_is_explained_array_by_array(engine):
    a = engine.attribute({"left": LEFT, "right": RIGHT}, method=EXACT)
    assert a.values["left"] == pytest.approx(LEFT**3, rel=1e-4, abs=1e-6)
    assert a.values["right"] == pytest.approx(2 * RIGHT**2, rel=1e-4, abs=1e-6)
    assert a.convergence_delta == pytest.approx(0, abs=1e-4)
    assert set(a.baseline) == {"left", "right"}
    assert "(2, 3)" in repr(a)
    assert "(4,)" in repr(a)


def test_the_order_of_a_dictionary_does_not_matter(engine):
    a = engine.attribute({"right": RIGHT, "left": LEFT}, method=Saliency())
    assert a.values["left"] == pytest.approx(3 * LEFT**2, rel=1e-4)
    assert a.values["right"] == pytest.approx(4 * RIGHT, rel=1e-4)


def test_a_list_comes_back_as_a_list():
    a = AttributionEngine(listed()).attribute([LEFT, RIGHT], method=EXACT)
    left, right = a.values
    assert left == pytest.approx(LEFT**3, rel=1e-4, abs=1e-6)
    assert right == pytest.approx(2 * RIGHT**2, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(
    ("x", "baseline"),
    [
        ({"left": LEFT, "right": RIGHT}, {"left": 0.5, "right": np.full(4, -1.0)}),
        ([LEFT, RIGHT], baselines.per_input([0.5, np.full(4, -1.0)])),
    ],
    ids=["dictionary", "list"],
)
def test_each_input_may_have_a_baseline_of_its_own(x, baseline):
    method = IntegratedGradients(steps=4, rule="gauss-legendre", baseline=baseline)
    a = AttributionEngine(listed()).attribute(x, method=method)
    left, right = a.values.values() if isinstance(x, dict) else a.values
    assert left == pytest.approx(LEFT**3 - 0.125, rel=1e-4, abs=1e-5)
    assert right == pytest.approx(2 * RIGHT**2 - 2, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(
    ("baseline", "kind", "message"),
    [
        ({"left": 0.5}, ValueError, r"for the inputs 'left'.*has 'left', 'right'"),
        ({"left": 0.5, "right": "black"}, TypeError, r"expected one of"),
        (baselines.per_input([0.0, 0.0]), ValueError, r"like the input"),
        ({"left": 0.5, "right": np.zeros(3)}, ValueError, r"shape \(3,\)"),
    ],
)
def test_baselines_that_do_not_fit_the_inputs(baseline, kind, message):
    with pytest.raises(kind, match=message):
        AttributionEngine(listed()).attribute(
            {"left": LEFT, "right": RIGHT}, method=IntegratedGradients(baseline=baseline)
        )


def test_baselines_for_several_inputs_do_not_fit_one():
    engine = AttributionEngine(lambda batch: tf.reduce_sum(batch, axis=1))
    with pytest.raises(ValueError, match="one array of shape"):
        engine.attribute(RIGHT, method=IntegratedGradients(baseline={"left": 0, "right": 0}))


def test_levels_already_known_have_the_same_structure():
    engine = AttributionEngine(listed())
    method = IntegratedGradients(steps=4, rule="graded")
    engine.attribute([LEFT, RIGHT], method=method)
    known = engine.cached([LEFT, RIGHT], method=method)
    assert [array.shape for array in known[4].values] == [(2, 3), (4,)]
    assert engine.attribute({"left": LEFT, "right": RIGHT}, method=method).evaluations == 0


def test_preprocessing_sees_the_structure_and_may_change_it():
    def halves(batch):
        return {"left": batch[:, :6].reshape(-1, 2, 3), "right": batch[:, 6:]}

    engine = AttributionEngine(listed(), preprocess=halves)
    a = engine.attribute(np.concatenate([LEFT.ravel(), RIGHT]), method=EXACT)
    assert a.values["left"] == pytest.approx(LEFT**3, rel=1e-4, abs=1e-6)
    doubled = AttributionEngine(listed(), preprocess=lambda batch: [2 * part for part in batch])
    values = doubled.attribute([LEFT, RIGHT], method=EXACT).values
    assert values[1] == pytest.approx(2 * (2 * RIGHT) ** 2, rel=1e-4)


def with_ids():
    """F = sum over the ids' rows of an embedding, times the sum of the numbers."""
    ids, right = keras.Input((3,), dtype="int32", name="ids"), keras.Input((4,), name="right")
    embedded = keras.layers.Embedding(5, 2, name="embedding")(ids)
    total = keras.ops.sum(embedded, axis=(1, 2)) * keras.ops.sum(right, axis=1)
    return keras.Model([ids, right], total[:, None])


def test_whole_numbers_are_carried_along_as_they_are():
    model = with_ids()
    factor = model.get_layer("embedding").get_weights()[0][IDS].sum()
    a = AttributionEngine(model).attribute([IDS, RIGHT], method=EXACT)
    assert a.values[0] == pytest.approx(0, abs=0)
    assert a.values[1] == pytest.approx(factor * RIGHT, rel=1e-4, abs=1e-7)
    # The ids stay on the whole path, so that its other end is F(ids, 0) = 0.
    assert a.baseline_score == pytest.approx(0, abs=1e-6)
    assert a.convergence_delta == pytest.approx(0, abs=1e-5)


def test_ids_alone_have_no_gradient_and_the_error_says_what_to_do():
    ids = keras.Input((3,), dtype="int32", name="ids")
    pooled = keras.layers.GlobalAveragePooling1D()(keras.layers.Embedding(9, 4)(ids))
    engine = AttributionEngine(keras.Model(ids, pooled))
    assert len(engine.predict(IDS, top=None)) == 4
    with pytest.raises(TypeError, match=r"'ids' takes int32.*LayerIntegratedGradients"):
        engine.attribute(IDS)


@pytest.mark.parametrize(
    ("x", "kind", "message"),
    [
        ([LEFT], ValueError, r"list of 1 arrays.*2 inputs.*'left' \(2, 3\).*'right' \(4,\)"),
        (LEFT, TypeError, r"ndarray came.*dictionary by their names"),
        ({"left": LEFT}, ValueError, r"arrays for 'left' came.*'right'"),
        ({"left": LEFT, "rihgt": RIGHT}, ValueError, r"'rihgt' came.*'right'"),
        ([LEFT, RIGHT[:3]], ValueError, r"input 'right' has shape \(3,\)"),
        ([LEFT, "no"], TypeError, r"array of real numbers"),
        ([LEFT[None], RIGHT], ValueError, r"batch"),
    ],
)
def test_what_does_not_fit_is_said_with_what_would(x, kind, message):
    with pytest.raises(kind, match=message):
        AttributionEngine(listed()).attribute(x)


@pytest.mark.parametrize("ids", [[0.5, 1, 2], [0, 1, 2**24 + 2]])
def test_ids_that_are_no_whole_numbers(ids):
    with pytest.raises(ValueError, match="'ids' takes whole numbers"):
        AttributionEngine(with_ids()).attribute([ids, RIGHT])


def test_a_baseline_for_what_is_carried_along_may_be_anything():
    model = with_ids()
    ends = [
        AttributionEngine(model).attribute([IDS, RIGHT], method=method)
        for method in (
            IntegratedGradients(4, baseline=0.5),
            IntegratedGradients(4, baseline=baselines.per_input([0, 0.5])),
        )
    ]
    assert ends[0].values[1] == pytest.approx(ends[1].values[1], rel=1e-6)
    drawn = ExpectedGradients(samples=4)  # whose baselines are noise
    assert not AttributionEngine(model).attribute([IDS, RIGHT], method=drawn).values[0].any()


@pytest.mark.parametrize(
    "method", [Occlusion(baseline=0.5), LayerIntegratedGradients(baseline=0.5)]
)
def test_a_baseline_of_fractions_for_ids_is_told_from_the_input(method):
    with pytest.raises(ValueError, match="'ids' takes whole numbers") as raised:
        AttributionEngine(with_ids()).attribute([IDS, RIGHT], method=method)
    assert raised.value.__notes__ == ["That is about the baseline; the input itself is fine."]


@pytest.mark.parametrize("method", [ExpectedGradients(), SmoothGrad(), IntegratedGradients(4)])
def test_images_of_integers_have_no_gradient_either(method):
    photo = keras.Input((4, 4, 3), dtype="uint8", name="photo")
    model = keras.Model(photo, keras.layers.Flatten()(keras.layers.Rescaling(-1 / 255)(photo)))
    with pytest.raises(TypeError, match=r"'photo' takes uint8.*float32.*Occlusion"):
        AttributionEngine(model).attribute(np.eye(4)[..., None] * np.ones(3), 0, method)
