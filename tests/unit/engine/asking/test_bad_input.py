"""Bad input: an error that says what came, what was expected, and what to do."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, Saliency, baselines


@pytest.fixture
def engine(classifier):
    return AttributionEngine(classifier)


@pytest.mark.parametrize(
    ("x", "kind", "message"),
    [
        (np.ones((1, 8, 8, 3)), ValueError, r"\(1, 8, 8, 3\).*\(8, 8, 3\).*x\[0\]"),
        (np.ones((8, 8)), ValueError, r"3 axes"),
        (np.ones((8, 8, 4)), ValueError, r"3 channels"),
        (np.ones((9, 8, 3)), ValueError, r"Resize"),
        (np.full((8, 8, 3), np.nan), ValueError, r"192 NaN or infinite"),
        (np.full((8, 8, 3), np.inf), ValueError, r"NaN or infinite"),
        (np.ones((0, 8, 3)), ValueError, r"at least one value"),
        (3.0, ValueError, r"one example"),
        ([[1, 2], [3]], TypeError, r"ragged"),
        ("cat.jpg", TypeError, r"array of real numbers"),
        (np.ones((8, 8, 3), complex), TypeError, r"complex"),
        (None, TypeError, r"NoneType"),
    ],
)
def test_input(engine, x, kind, message):
    with pytest.raises(kind, match=message):
        engine.attribute(x)


def test_a_row_of_another_length_is_no_image():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match=r"\(2,\).*\(4,\)\. Give as many numbers"):
        AttributionEngine(model).attribute(np.ones(2))


@pytest.mark.parametrize(
    ("target", "kind", "message"),
    [
        (5, ValueError, "target 5.*0 to 4"),
        (-1, ValueError, "target -1.*0 to 4"),
        ((0, 9), ValueError, "target 9"),
        ((2, 2), ValueError, "with itself"),
        (1.0, TypeError, "float"),
        ("cat", TypeError, "class_names.index"),
        (True, TypeError, "bool"),
        ((1, 2, 3), TypeError, "pair"),
    ],
)
def test_target(engine, image, target, kind, message):
    with pytest.raises(kind, match=message):
        engine.attribute(image, target)


@pytest.mark.parametrize("target", [0, np.int64(0), np.array(0)])
def test_class_0_is_a_class(engine, image, target):
    a = engine.attribute(image, target)
    assert a.target == 0
    assert type(a.target) is int
    assert a.score == pytest.approx(next(p.score for p in engine.predict(image) if p.index == 0))


def test_none_is_the_top_class_of_that_input(engine, image):
    assert engine.attribute(image).target == engine.predict(image, top=1)[0].index


def test_a_contrast_is_the_difference_of_the_two(engine, image):
    a, b = (engine.attribute(image, k) for k in (3, 0))
    contrast = engine.attribute(image, (3, 0))
    assert contrast.target == (3, 0)
    assert contrast.score == pytest.approx(a.score - b.score, abs=1e-6)
    # Not a.values - b.values where "auto" took different rules, so the rule is given.
    method = IntegratedGradients(16, rule="trapezoid")
    a, b, contrast = (engine.attribute(image, k, method) for k in (3, 0, (3, 0)))
    assert contrast.values == pytest.approx(a.values - b.values, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"steps": 0}, ValueError, "at least 1"),
        ({"steps": -3}, ValueError, "at least 1"),
        ({"steps": 2.5}, TypeError, "2.5 is a float"),
        ({"steps": "many"}, TypeError, "whole number"),
        ({"steps": True}, TypeError, "bool"),
        ({"rule": "simpson"}, ValueError, "graded.*trapezoid"),
        ({"baseline": "black"}, TypeError, "baselines"),
        ({"baseline": baselines.Blur}, TypeError, "baselines"),
        ({"baseline": [np.nan]}, ValueError, "NaN"),
        ({"baseline": [[1, 2], [3]]}, TypeError, "ragged"),
        ({"step": 8}, TypeError, "did you mean 'steps'"),
    ],
)
def test_method_arguments(arguments, kind, message):
    with pytest.raises(kind, match=message):
        IntegratedGradients(**arguments)


@pytest.mark.parametrize("method", ["saliency", Saliency, 64, object()])
def test_method(engine, image, method):
    with pytest.raises(TypeError, match=r"IntegratedGradients\(\), Saliency\(\)"):
        engine.attribute(image, method=method)


def test_a_baseline_of_another_shape(engine, image):
    with pytest.raises(ValueError, match=r"\(4, 4, 3\).*\(8, 8, 3\)"):
        engine.attribute(image, method=IntegratedGradients(baseline=np.ones((4, 4, 3))))
    with pytest.raises(ValueError, match=r"2 values.*3 channels"):
        engine.attribute(image, method=IntegratedGradients(baseline=baselines.Constant((1, 2))))


@pytest.mark.parametrize(
    "make",
    [
        lambda: baselines.Blur(0),
        lambda: baselines.Blur(float("nan")),
        lambda: baselines.Constant(np.nan),
        lambda: baselines.Constant([[1, 2]]),
    ],
)
def test_baseline_arguments(make):
    with pytest.raises(ValueError, match="expected"):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: baselines.Blur("3"),
        lambda: baselines.Constant("3x"),
        lambda: baselines.Noise("a"),
        lambda: baselines.Noise(sead=1),
    ],
)
def test_baseline_arguments_of_another_type(make):
    with pytest.raises(TypeError, match=r"real numbers|whole number|'seed'"):
        make()


def test_a_baseline_of_the_users_own_that_misbehaves(engine, image):
    class Short:
        def of(self, _):
            return [1.0]

    with pytest.raises(ValueError, match=r"Short made a baseline of shape \(1,\)"):
        engine.attribute(image, method=IntegratedGradients(baseline=Short()))


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ({"class_name": []}, TypeError, "did you mean 'class_names'"),
        ({"class_names": 5}, TypeError, "one name per class"),
        ({"class_names": "abcde"}, TypeError, "one name per class"),
        ({"class_names": [1, 2, 3, 4, 5]}, TypeError, "one name per class"),
        ({"preprocess": 3}, TypeError, "expected a function"),
        ({"cache_bytes": "a"}, TypeError, "whole number"),
        ({"cache_bytes": -1}, ValueError, "at least 0"),
        ({"batch_size": np.array([1, 2])}, TypeError, "whole number from 1"),
        ({"precision": tf.bfloat16}, ValueError, '"float32" or "bfloat16"'),
    ],
)
def test_engine_arguments(classifier, arguments, kind, message):
    with pytest.raises(kind, match=message):
        AttributionEngine(classifier, **arguments)


@pytest.mark.parametrize(("top", "kind"), [(-1, ValueError), (0, ValueError), ("a", TypeError)])
def test_top(engine, image, top, kind):
    with pytest.raises(kind, match="top="):
        engine.predict(image, top=top)


def test_class_names_of_the_wrong_length(classifier):
    with pytest.raises(ValueError, match=r"3 names.*5 classes"):
        AttributionEngine(classifier, class_names=["a", "b", "c"])


def test_class_names_of_the_wrong_length_are_noticed_late_where_classes_are_not_known(image):
    def model(batch):
        return batch[:, 0, 0, :] * 5 - 1

    engine = AttributionEngine(model, class_names=["a"])
    with pytest.raises(ValueError, match=r"1 names.*3 classes"):
        engine.predict(image)


@pytest.mark.parametrize(
    ("preprocess", "message"),
    [
        (lambda x: x[0], "batch of 1"),
        (lambda _: "cat", "batch of 1"),
        (lambda x: x * np.nan, "NaN"),
        (lambda x: x[:, :4], "Resize"),
    ],
)
def test_preprocess(classifier, image, preprocess, message):
    with pytest.raises(ValueError, match=message):
        AttributionEngine(classifier, preprocess=preprocess).attribute(image)


def test_preprocess_that_works_in_place_leaves_the_input_alone(classifier, image):
    def halve(batch):
        batch /= 2
        return batch

    before = image.copy()
    engine = AttributionEngine(classifier, preprocess=halve)
    first = engine.attribute(image)
    assert (image == before).all()
    assert engine.attribute(image).values == pytest.approx(first.values)


@pytest.mark.parametrize(
    "given",
    [
        lambda x: tf.constant(x, tf.bfloat16),
        lambda x: x.astype(object),
        lambda x: x.tolist(),
        lambda x: x.astype(">f8"),
        lambda x: x[::-1][::-1],
        tf.Variable,
    ],
)
def test_whatever_holds_numbers_is_taken(classifier, image, given):
    x = np.round(image, 1) * 0 + 0.5
    expected = AttributionEngine(classifier).attribute(x, 1)
    found = AttributionEngine(classifier).attribute(given(x), 1)
    np.testing.assert_array_equal(found.values, expected.values)


@pytest.mark.parametrize("strange", ["3", None, 1j, [1]])
def test_what_holds_anything_else_is_not(classifier, image, strange):
    x = image.astype(object)
    x[0, 0, 0] = strange
    with pytest.raises(TypeError, match="dtype object; expected an array of real numbers"):
        AttributionEngine(classifier).attribute(x)


def test_uint8_images_are_cast(classifier):
    x = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    engine = AttributionEngine(classifier)
    expected = engine.attribute(x.astype(np.float32)).values
    assert engine.attribute(x).values == pytest.approx(expected)
