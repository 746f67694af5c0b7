"""Models that are refused, by what is wrong with them."""

import keras
import pytest
import tensorflow as tf
from small_models import functional, sequential

from tfinterp_widgets.engine import AttributionEngine


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

    @pytest.mark.parametrize(
        "model",
        [
            lambda b: tf.reduce_sum(b - tf.reduce_mean(b), (1, 2)),
            lambda b: tf.reduce_sum(b, (1, 2)) / tf.math.reduce_std(b),
            lambda b: tf.reduce_sum(b * tf.random.uniform(tf.shape(b)), (1, 2)),
            lambda b: tf.reduce_sum(tf.nn.dropout(b, 0.5), (1, 2)),
        ],
        ids=["mean over the batch", "deviation over the batch", "noise", "dropout"],
    )
    def test_scores_that_depend_on_the_other_examples_or_on_chance(self, model, x):
        with pytest.raises(ValueError, match=r"depends on the others.*or on chance.*training="):
            AttributionEngine(model).attribute(x)

    def test_a_model_that_checks_its_input_is_not_blamed_for_it(self, x):
        def model(batch):
            with tf.control_dependencies([tf.debugging.assert_less(tf.abs(batch), 1.5)]):
                return tf.reduce_sum(batch, (1, 2))

        x = x / abs(x).max()
        assert AttributionEngine(model).attribute(x, 0).relative_error < 1e-5

    @pytest.mark.parametrize("made", [None, object(), "no"], ids=["none", "object", "text"])
    def test_an_output_that_is_no_tensor(self, made, x):
        with pytest.raises((TypeError, ValueError), match=r"expected (a tensor|\(batch)"):
            AttributionEngine(lambda _: made).attribute(x)

    def test_no_classes(self, x):
        with pytest.raises(ValueError, match=r"\(4, 0\); expected \(batch, classes\)"):
            AttributionEngine(lambda b: b[:, 0, 0, :0]).attribute(x)

    def test_a_saved_model_that_is_loaded_is_asked_for_by_its_folder(self, tmp_path):
        functional(None).export(tmp_path, verbose=False)
        with pytest.raises(TypeError, match="by its folder"):
            AttributionEngine(tf.saved_model.load(tmp_path))

    def test_a_score_that_is_not_finite(self, x):
        with pytest.raises(ValueError, match="not finite"):
            AttributionEngine(lambda b: tf.reduce_sum(b, (1, 2)) / 0.0).attribute(x)
