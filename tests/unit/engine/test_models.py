"""Models of every kind: what is read off them as score, and what is refused by name."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import AttributionEngine, IntegratedGradients, Saliency


def layers(activation):
    return [keras.layers.Flatten(), keras.layers.Dense(4, activation=activation, name="head")]


def functional(activation):
    x = keras.Input((2, 2, 3))
    y = x
    for layer in layers(activation):
        y = layer(y)
    return keras.Model(x, y)


def sequential(activation):
    return keras.Sequential([keras.Input((2, 2, 3)), *layers(activation)])


def separate_activation(activation):
    last = keras.layers.Softmax() if activation == "softmax" else keras.layers.Activation("sigmoid")
    return keras.Sequential([keras.Input((2, 2, 3)), *layers(None), last])


def nested(activation):
    return keras.Sequential([keras.Input((2, 2, 3)), sequential(activation)])


class Subclassed(keras.Model):
    def __init__(self, activation):
        super().__init__()
        self.flatten, self.head = layers(activation)

    def call(self, x, training=False):
        return self.head(self.flatten(x)) if not training else x


class WithoutTraining(keras.Model):
    def __init__(self, activation):
        super().__init__()
        self.head = layers(None)[1]
        self.activation = getattr(tf.nn, activation)

    def call(self, x):
        return self.activation(self.head(tf.reshape(x, (tf.shape(x)[0], 12))))


MAKERS = [functional, sequential, separate_activation, nested, Subclassed, WithoutTraining]


def scores(engine, x):
    return np.array([engine.attribute(x, target=k, method=Saliency()).score for k in range(4)])


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(2, 2, 3)).astype(np.float32)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
@pytest.mark.parametrize("make", MAKERS)
def test_logits_are_what_the_activation_is_applied_to(make, activation, x):
    model = make(activation)
    activated = model(x[None])[0].numpy()
    logits = scores(AttributionEngine(model), x)
    assert getattr(tf.nn, activation)(logits).numpy() == pytest.approx(activated, rel=1e-4)
    # Not log p, which fits the softmax just as well but sums to something else.
    head = next(layer for layer in model._flatten_layers() if layer.name == "head")
    flat = x.reshape(1, -1)
    by_hand = (flat @ head.kernel.numpy() + head.bias.numpy())[0]
    assert logits == pytest.approx(by_hand, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("make", MAKERS)
def test_probability_is_the_activation_itself_and_its_maps_differ(make, x):
    model = make("softmax")
    engine = AttributionEngine(model, output="probability")
    assert scores(engine, x) == pytest.approx(model(x[None])[0].numpy(), rel=1e-4)
    values = engine.attribute(x, target=0).values
    other = AttributionEngine(model).attribute(x, target=0).values
    assert np.abs(values - other).sum() > 0.1 * np.abs(other).sum()


def test_a_linear_end_is_taken_as_it_is_and_probability_applies_the_softmax(x):
    model = functional(None)
    linear = model(x[None])[0].numpy()
    assert scores(AttributionEngine(model), x) == pytest.approx(linear, rel=1e-4)
    soft = scores(AttributionEngine(model, output="probability"), x)
    assert soft == pytest.approx(tf.nn.softmax(linear).numpy(), rel=1e-4)
    assert AttributionEngine(model).predict(x)[0].probability == pytest.approx(soft.max())


def test_a_single_linear_unit_is_class_0_and_probability_applies_the_sigmoid(x):
    model = keras.Sequential(
        [keras.Input((2, 2, 3)), keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    score = float(model(x[None])[0, 0])
    for target in (None, 0):
        a = AttributionEngine(model).attribute(x, target)
        assert (a.target, a.score) == (0, pytest.approx(score, rel=1e-4))
    a = AttributionEngine(model, output="probability").attribute(x)
    assert a.score == pytest.approx(1 / (1 + np.exp(-score)), rel=1e-4)
    for wrong in (1, (0, 1)):
        with pytest.raises(ValueError, match="one output unit"):
            AttributionEngine(model).attribute(x, wrong)


def test_mixed_precision_with_a_saturated_softmax_has_gradients(x):
    policy = keras.dtype_policies.DTypePolicy("mixed_float16")
    model = keras.Sequential(
        [
            keras.Input((2, 2, 3)),
            keras.layers.Flatten(),
            keras.layers.Dense(4, kernel_initializer=keras.initializers.RandomNormal(0, 30)),
            keras.layers.Softmax(dtype=policy),
        ]
    )
    assert model(x[None]).numpy().max() == 1
    assert np.abs(AttributionEngine(model).attribute(x).values).max() > 1


def test_a_keras_model_that_hides_its_softmax_draws_a_warning(x):
    inside = sequential("softmax")
    halves = keras.layers.Lambda(lambda p: p * 0.5 + 0.125)
    model = keras.Sequential([keras.Input((2, 2, 3)), inside, halves])
    with pytest.warns(UserWarning, match="look like probabilities"):
        prediction = AttributionEngine(model).predict(x, top=1)[0]
    assert prediction.probability == prediction.score
    # Asked for the probability, it is not put through a second softmax.
    asked_for = AttributionEngine(model, output="probability")
    assert scores(asked_for, x) == pytest.approx(model(x[None])[0].numpy(), rel=1e-4)


def test_a_model_whose_input_is_a_dict_is_fed_without_a_warning(x):
    inputs = {"photo": keras.Input((2, 2, 3), name="photo")}
    outputs = keras.layers.Dense(2)(keras.layers.Flatten()(inputs["photo"]))
    assert AttributionEngine(keras.Model(inputs, outputs)).attribute(x).values.shape == x.shape


def test_a_model_that_was_never_called_is_built_by_the_first_question(x):
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(4, activation="softmax")])
    a = AttributionEngine(model).attribute(x, target=1)
    assert a.values.shape == (2, 2, 3)
    subclassed = Subclassed("softmax")
    assert AttributionEngine(subclassed).attribute(x).values.shape == (2, 2, 3)


def test_a_callable_is_taken_as_it_is(x):
    weights = tf.random.stateless_normal((12, 4), seed=(1, 2))

    def model(batch):
        return tf.reshape(batch, (-1, 12)) @ weights

    assert scores(AttributionEngine(model), x) == pytest.approx(
        (x.reshape(1, -1) @ weights.numpy())[0], rel=1e-4
    )


def test_a_callable_that_gives_probabilities_draws_a_warning(x):
    model = functional("softmax")
    engine = AttributionEngine(lambda batch: model(batch))
    with pytest.warns(UserWarning, match="look like probabilities"):
        prediction = engine.predict(x, top=1)[0]
    assert prediction.probability == prediction.score
    assert engine.unit == "probability"
    asked_for = AttributionEngine(lambda batch: model(batch), output="probability")
    assert asked_for.attribute(x, target=0).score == pytest.approx(float(model(x[None])[0, 0]))


def test_independent_sigmoids_of_a_callable_are_probabilities_too(x):
    model = functional("sigmoid")
    engine = AttributionEngine(lambda batch: model(batch))
    with pytest.warns(UserWarning, match="look like probabilities"):
        top = engine.predict(x, top=1)[0]
    assert top.probability == top.score == pytest.approx(model(x[None]).numpy().max(), rel=1e-4)


def test_what_the_first_input_was_does_not_decide_how_outputs_are_read(x):
    model = keras.Sequential(
        [
            keras.Input((2, 2, 3)),
            keras.layers.Flatten(),
            keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(0.5)),
        ]
    )
    engine = AttributionEngine(model)
    engine.predict(0 * x)
    assert engine.unit == "logits"
    score = float(model(x[None])[0, 0])
    assert engine.predict(x)[0].probability == pytest.approx(1 / (1 + np.exp(-score)), rel=1e-4)


def test_probability_of_a_callable_that_gives_logits_is_their_softmax(x):
    model = functional(None)
    engine = AttributionEngine(lambda batch: model(batch), output="probability")
    expected = tf.nn.softmax(model(x[None]))[0].numpy()
    assert scores(engine, x) == pytest.approx(expected, rel=1e-4)
    a = engine.attribute(x, target=0, method=IntegratedGradients(256, rule="trapezoid"))
    assert a.relative_error < 1e-3


def test_a_callable_that_checks_its_input_is_not_broken_by_our_looking_at_it(x):
    def model(batch):
        with tf.control_dependencies([tf.debugging.assert_less(tf.abs(batch), 50.0)]):
            return tf.reduce_sum(batch, axis=(1, 2)) * 3

    assert AttributionEngine(model).attribute(x, target=0).score == pytest.approx(
        3 * x[..., 0].sum(), rel=1e-4
    )


def test_a_saved_model_folder_is_taken_as_it_is(tmp_path, x):
    model = functional(None)
    model.export(tmp_path / "exported", verbose=False)
    loaded = AttributionEngine(tmp_path / "exported")
    assert loaded.input_shape == (2, 2, 3)
    reference = AttributionEngine(model).attribute(x, target=1)
    assert loaded.attribute(x, target=1).values == pytest.approx(reference.values, rel=1e-4)


def test_a_folder_that_is_no_saved_model_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"saved_model\.pb"):
        AttributionEngine(tmp_path)


def test_a_model_of_any_image_size_takes_each_as_it_is():
    model = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            keras.layers.Conv2D(2, 3),
            keras.layers.GlobalAveragePooling2D(),
        ]
    )
    engine = AttributionEngine(model)
    for shape in [(5, 5, 3), (6, 9, 3)]:
        assert engine.attribute(np.ones(shape), target=1).values.shape == shape
    with pytest.raises(ValueError, match="channels"):
        engine.attribute(np.ones((5, 5, 4)))


def test_a_model_with_a_fixed_batch_runs_in_batches_of_that_size(x):
    inputs = keras.Input(batch_shape=(3, 2, 2, 3))
    model = keras.Model(inputs, keras.layers.Dense(4)(keras.layers.Reshape((12,))(inputs)))
    engine = AttributionEngine(model)
    a = engine.attribute(x, target=1, method=IntegratedGradients(7))
    assert a.relative_error == pytest.approx(0, abs=1e-4)
    assert engine.compiled_sizes == (3,)


class TestSeveralOutputs:
    @pytest.fixture
    def model(self):
        x = keras.Input((2, 2, 3))
        flat = keras.layers.Flatten()(x)
        heads = [
            keras.layers.Dense(4, activation="softmax", name="animal")(flat),
            keras.layers.Dense(2, name="colour")(flat),
        ]
        return keras.Model(x, heads)

    @pytest.mark.parametrize("output", ["colour", 1])
    def test_one_is_picked_by_name_or_index(self, model, x, output):
        expected = model(x[None])[1][0].numpy()
        a = AttributionEngine(model, output=output).attribute(x, target=1)
        assert a.score == pytest.approx(expected[1], rel=1e-4)

    def test_the_picked_one_is_read_as_logits(self, model, x):
        top = AttributionEngine(model, output="animal").predict(x, top=1)[0]
        assert top.probability == pytest.approx(model(x[None])[0].numpy().max(), rel=1e-4)
        assert top.score != pytest.approx(top.probability)

    def test_none_chosen_is_an_error_that_lists_them(self, model):
        with pytest.raises(ValueError, match=r"'animal', 'colour'.*output='animal'"):
            AttributionEngine(model)

    def test_a_dict_of_outputs_is_named_by_its_keys_and_indexed_as_keras_does(self, x):
        inputs = keras.Input((2, 2, 3))
        flat = keras.layers.Flatten()(inputs)
        heads = {
            "zeta": keras.layers.Dense(3, name="aa")(flat),
            "alpha": keras.layers.Dense(2, name="zz")(flat),
        }
        model = keras.Model(inputs, heads)
        for output, key in (("zeta", "zeta"), ("alpha", "alpha"), (0, "alpha"), (1, "zeta")):
            a = AttributionEngine(model, output=output).attribute(x, target=1)
            assert a.score == pytest.approx(float(model(x[None])[key][0, 1]), rel=1e-4)

    def test_a_dict_of_outputs_from_a_subclassed_model(self, x):
        class TwoHeads(keras.Model):
            def call(self, x):
                mean = keras.ops.mean(x, axis=(1, 2))
                return {"first": mean, "second": 2 * mean}

        assert AttributionEngine(TwoHeads(), output="second").attribute(
            x, target=0
        ).score == pytest.approx(2 * x[..., 0].mean(), rel=1e-4)
        with pytest.raises(ValueError, match="'first', 'second'"):
            AttributionEngine(TwoHeads()).attribute(x)


class TestRefused:
    @pytest.mark.parametrize(
        "mix",
        [lambda s: s[0], lambda s: tf.reduce_mean(s, axis=0, keepdims=True)],
        ids=["first", "mean"],
    )
    def test_a_model_that_does_not_answer_each_example(self, mix, x):
        model = functional(None)
        with pytest.raises(ValueError, match=r"rows for a batch of|\(batch, classes\)"):
            AttributionEngine(lambda batch: mix(model(batch)[:, :3])).attribute(x)

    def test_a_class_instead_of_a_model(self):
        with pytest.raises(TypeError, match="expected an instance"):
            AttributionEngine(keras.Model)

    def test_a_file_that_is_no_saved_model(self, tmp_path):
        (tmp_path / "saved_model.pb").write_bytes(b"junk")
        with pytest.raises(ValueError, match="could not be read"):
            AttributionEngine(tmp_path)

    def test_a_model_that_changes_itself_at_each_call(self, x):
        calls = tf.Variable(0.0)

        def model(batch):
            return tf.reduce_sum(batch, axis=(1, 2)) * 5 + 0 * calls.assign_add(1.0)

        with pytest.raises(RuntimeError, match="call it for inference"):
            AttributionEngine(model).attribute(x)

    @pytest.mark.parametrize(
        "model", [functional("softmax"), functional(None), lambda b: b[:, 0, 0]]
    )
    @pytest.mark.parametrize("output", ["probabilities", "Logits", "softmax", "head2", 1])
    def test_an_output_that_a_model_with_one_does_not_have(self, model, output, x):
        with pytest.raises(ValueError, match=r"one output.*'logits' or 'probability'"):
            AttributionEngine(model, output=output).attribute(x)

    @pytest.mark.parametrize("output", [True, None, 1.0])
    def test_an_output_of_another_type(self, output):
        with pytest.raises(TypeError, match="output="):
            AttributionEngine(functional(None), output=output)

    def test_two_inputs(self):
        a, b = keras.Input((3,), name="left"), keras.Input((3,), name="right")
        with pytest.raises(ValueError, match=r"2 inputs.*left.*right"):
            AttributionEngine(keras.Model([a, b], keras.layers.Add()([a, b])))

    def test_integer_input(self):
        ids = keras.Input((5,), dtype="int32")
        pooled = keras.layers.GlobalAveragePooling1D()(keras.layers.Embedding(9, 4)(ids))
        with pytest.raises(TypeError, match=r"int32.*embedding"):
            AttributionEngine(keras.Model(ids, pooled))

    def test_an_output_that_is_no_row_of_scores(self, x):
        with pytest.raises(ValueError, match=r"\(4, 2, 2, 3\).*\(batch, classes\)"):
            AttributionEngine(lambda batch: batch).attribute(x)

    @pytest.mark.parametrize(
        "cut",
        [tf.round, tf.stop_gradient, lambda s: tf.cast(tf.argmax(s, 1), tf.float32)[:, None]],
        ids=["round", "stop_gradient", "argmax"],
    )
    def test_no_gradient_to_the_input(self, x, cut):
        def model(batch):
            return 3 * cut(tf.reduce_sum(batch, axis=(1, 2)))

        with pytest.raises(ValueError, match="no gradient to its input"):
            AttributionEngine(model).attribute(5 * x)

    def test_something_else_altogether(self):
        with pytest.raises(TypeError, match="expected a Keras model"):
            AttributionEngine(42)

    def test_keras_on_another_backend_is_named_here_with_a_mocked_backend(self, monkeypatch):
        # The other backends need JAX or PyTorch, which this package does not install.
        monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
        with pytest.raises(TypeError, match=r"jax backend.*KERAS_BACKEND=tensorflow"):
            AttributionEngine(sequential("softmax"))

    def test_a_model_that_raises_says_so_in_its_own_words(self, x):
        def model(_):
            raise RuntimeError("my own bug")

        with pytest.raises(RuntimeError, match="my own bug") as caught:
            AttributionEngine(model).attribute(x)
        assert "while it was compiled" in caught.value.__notes__[0]

    def test_a_score_that_is_not_finite(self, x):
        with pytest.raises(ValueError, match="not finite"):
            AttributionEngine(lambda b: tf.reduce_sum(b, (1, 2)) / 0.0).attribute(x)


def test_a_keras_2_model_works_as_any_other(x):
    import tf_keras

    model = tf_keras.Sequential(
        [
            tf_keras.layers.Input((2, 2, 3)),
            tf_keras.layers.Flatten(),
            tf_keras.layers.Dense(4, activation="softmax"),
        ]
    )
    logits = scores(AttributionEngine(model), x)
    kernel, bias = model.layers[-1].get_weights()
    assert logits == pytest.approx((x.reshape(1, -1) @ kernel + bias)[0], rel=1e-4, abs=1e-6)
