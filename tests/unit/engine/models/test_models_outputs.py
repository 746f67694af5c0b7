"""Models of several outputs: one is picked by name or index."""

import keras
import pytest

from tfinterp_widgets.engine import AttributionEngine


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
