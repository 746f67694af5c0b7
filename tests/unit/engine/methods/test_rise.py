"""RISE against its definition, masks made by other means, and expectations known by hand."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfinterp_widgets.engine import RISE, AttributionEngine
from tfinterp_widgets.engine.models.layout import layout_of
from tfinterp_widgets.engine.sampling import draws


def masks_by_resizing(method, size):
    """All masks, enlarged and cut as the paper tells, by TensorFlow's own resizing."""
    height, width = size
    drawn = draws.uniform(method.seed, 0, method.masks, (method.grid**2 + 2,)).numpy()
    cells = (drawn[:, 2:] < 0.5).reshape(-1, method.grid, method.grid, 1).astype(np.float32)
    cell = -(-height // method.grid), -(-width // method.grid)
    enlarged = tf.image.resize(cells, [(method.grid + 1) * side for side in cell]).numpy()
    shifts = np.floor(drawn[:, :2] * cell).astype(int)
    return np.stack(
        [
            mask[top : top + height, left : left + width]
            for mask, (top, left) in zip(enlarged, shifts, strict=True)
        ]
    )


@pytest.fixture
def engine(classifier):
    return AttributionEngine(classifier, batch_size=16)


@pytest.mark.parametrize("grid", [1, 3, 7, 12])
@pytest.mark.parametrize("size", [(8, 8), (9, 14)])
def test_masks_are_grids_enlarged_bilinearly_and_cut_out_at_random(grid, size):
    method = RISE(masks=20, grid=grid, seed=4)
    layout = layout_of({"image": np.zeros((*size, 3), np.float32)}, [tf.float32], packed=False)
    masks = method._masks(layout, 0, 20).numpy()
    assert masks == pytest.approx(masks_by_resizing(method, size), abs=1e-5)


def test_the_map_is_the_mean_of_masks_weighted_by_the_probability(classifier, engine, image):
    method = RISE(masks=50, grid=3, seed=2)
    a = engine.attribute(image, target=2, method=method)
    masks = masks_by_resizing(method, (8, 8))
    f = classifier(masks * image).numpy()[:, 2]
    each = f[:, None, None, None] * masks / 0.5
    assert a.values.shape == (8, 8, 1)
    assert a.values == pytest.approx(each.mean(axis=0), abs=1e-5)
    assert a.standard_error == pytest.approx(each.std(axis=0, ddof=1) / np.sqrt(50), rel=1e-3)
    assert a.evaluations == 50
    assert a.baseline is None
    assert a.convergence_delta is None


def test_f_is_the_probability_whatever_the_engine_explains(classifier, image):
    method = RISE(masks=20, grid=3)
    maps = [
        AttributionEngine(classifier, output=output).attribute(image, 2, method)
        for output in ("logits", "probability")
    ]
    assert maps[0].values == pytest.approx(maps[1].values, abs=1e-6)
    assert maps[0].score != pytest.approx(maps[1].score)


def test_a_pair_is_the_difference_of_two_maps(engine, image):
    a, b, pair = (
        engine.attribute(image, target, RISE(masks=40, grid=3)).values for target in (1, 3, (1, 3))
    )
    assert pair == pytest.approx(a - b, abs=1e-6)


@pytest.mark.parametrize("target", [None, lambda scores: scores[..., 0]])
def test_where_there_is_no_probability_f_is_the_score(target):
    weights = np.array([100.0, 200, -300, 400], np.float32)
    engine = AttributionEngine(lambda batch: tf.linalg.matvec(batch, weights)[:, None])
    a = engine.attribute(np.ones(4), target, RISE(masks=4000))
    # A kept value adds itself, the others half of theirs.
    expected = weights / 2 + weights.sum() / 2
    assert (np.abs(a.values - expected) < 4 * a.standard_error).all()


def test_one_linear_unit_has_a_probability_where_it_was_asked_for():
    engine = AttributionEngine(
        keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]), output="probability"
    )
    a = engine.attribute(np.full(3, 50.0), method=RISE(masks=200))
    assert a.values.max() < 1.5


def test_an_image_among_several_inputs_gets_masks_of_cells():
    image, row = keras.Input((12, 12, 3), name="image"), keras.Input((4,), name="row")
    total = keras.ops.sum(image[:, :4, :4], axis=(1, 2, 3)) + keras.ops.sum(row, axis=1)
    engine = AttributionEngine(keras.Model([image, row], total[:, None]))
    a = engine.attribute([np.ones((12, 12, 3)), np.ones(4)], method=RISE(masks=500, grid=3))
    of_image, of_row = a.values
    assert of_image.shape == (12, 12, 3)
    assert (of_image == of_image[..., :1]).all()
    assert of_image[:4, :4].min() > of_image[8:, 8:].max()
    assert of_row.shape == (4,)


def test_masks_multiply_in_model_space(classifier, image):
    pixels = np.clip(image * 40 + 128, 0, 255)
    method = RISE(masks=30, grid=3)
    a = AttributionEngine(classifier, preprocess=lambda x: (x - 127) / 128).attribute(
        pixels, 1, method
    )
    expected = AttributionEngine(classifier).attribute((pixels - 127) / 128, 1, method)
    assert a.values == pytest.approx(expected.values, abs=1e-6)


def probability_model(function):
    """A callable of two classes' scores; the first's probability is `function` of the batch."""

    def model(batch):
        p = function(batch)
        return tf.math.log(tf.stack([p, 1 - p], axis=1))

    return model


def test_a_constant_model_gives_every_pixel_about_its_probability(image):
    model = probability_model(lambda batch: 0.3 + 0 * batch[:, 0, 0, 0])
    a = AttributionEngine(model).attribute(image, 0, RISE(masks=2000, grid=4))
    assert (np.abs(a.values - 0.3) < 5 * a.standard_error).all()
    assert a.standard_error.max() < 0.3 / np.sqrt(2000) * 1.05


def test_values_of_a_row_are_the_expected_probability_while_each_is_kept():
    weights = np.array([0.1, 0.2, 0.05, 0.3], np.float32)
    model = probability_model(lambda batch: tf.reduce_prod(1 - weights * batch, axis=1))
    row = np.ones(4, np.float32)
    a = AttributionEngine(model).attribute(row, 0, RISE(masks=4000))
    masks = np.array(list(itertools.product([0.0, 1.0], repeat=4)))
    f = np.prod(1 - weights * masks, axis=1)
    expected = (f[:, None] * masks).mean(axis=0) / 0.5
    assert (np.abs(a.values - expected) < 4 * a.standard_error).all()
    assert a.values == pytest.approx(expected, abs=0.04)


def test_finds_a_planted_patch():
    image = np.random.default_rng(5).uniform(0.2, 1, size=(32, 32, 3)).astype(np.float32)
    model = probability_model(
        lambda batch: tf.sigmoid(8 * tf.reduce_mean(batch[:, 8:14, 18:24], axis=(1, 2, 3)) - 3)
    )
    heatmap = AttributionEngine(model).attribute(image, 0, RISE(masks=1000)).heatmap()
    top, left = np.unravel_index(heatmap.argmax(), heatmap.shape)
    assert 8 <= top < 14
    assert 18 <= left < 24
    assert heatmap[8:14, 18:24].mean() > heatmap.mean() + 3 * heatmap[20:, :16].std()


def test_the_standard_error_says_how_far_seeds_are_apart(engine, image):
    answers = [engine.attribute(image, 2, RISE(masks=64, grid=3, seed=s)) for s in range(40)]
    apart = np.std([a.values for a in answers], axis=0, ddof=1).mean()
    told = np.mean([a.standard_error for a in answers])
    # 40 seeds tell a standard deviation to about 11 %, and 64 pixels make that a little better.
    assert told == pytest.approx(apart, rel=0.25)


def test_a_single_mask_has_no_standard_error(engine, image):
    assert engine.attribute(image, 2, RISE(masks=1)).standard_error is None


def test_chunks_do_not_change_the_answer(classifier, image):
    one, *others = (
        AttributionEngine(classifier, batch_size=size).attribute(image, 1, RISE(masks=50))
        for size in (1, 3, 16)
    )
    for other in others:
        assert other.values == pytest.approx(one.values, abs=1e-6)
        assert other.standard_error == pytest.approx(one.standard_error, rel=1e-4)


def test_the_same_seed_gives_the_same_answer_and_another_does_not(classifier, image):
    first, again, other = (
        AttributionEngine(classifier).attribute(image, 1, RISE(masks=20, seed=seed))
        for seed in (3, 3, 4)
    )
    assert (first.values == again.values).all()
    assert not np.allclose(first.values, other.values)


def test_estimates_are_the_answers_of_fewer_masks(classifier, image):
    engine = AttributionEngine(classifier, batch_size=8)
    estimates = list(engine.refine(image, 1, RISE(masks=20)))
    counts = [estimate.evaluations for estimate in estimates]
    assert len(counts) >= 3
    assert counts == sorted(set(counts))
    assert counts[-1] == 20
    assert [e.progress for e in estimates] == pytest.approx([n / 20 for n in counts])
    assert [e.final for e in estimates] == [False] * (len(counts) - 1) + [True]
    fewer = AttributionEngine(classifier).attribute(image, 1, RISE(masks=counts[1]))
    assert estimates[1].values == pytest.approx(fewer.values, abs=1e-6)


def test_closing_stops_the_evaluations(engine, image, monkeypatch):
    seen = []
    kind = type(engine.ask(image).model)
    evaluate = kind.evaluate
    monkeypatch.setattr(
        kind, "evaluate", lambda self, points: seen.append(1) or evaluate(self, points)
    )
    estimates = engine.refine(image, 1, RISE(masks=100))
    next(estimates)
    before = len(seen)
    estimates.close()
    assert len(seen) == before
    assert list(estimates) == []


def test_is_not_computed_twice(engine, image):
    first = engine.attribute(image, 1, RISE(masks=20))
    again = engine.attribute(image, 1, RISE(masks=20))
    assert (first.evaluations, again.evaluations) == (20, 0)
    assert (again.values == first.values).all()
    assert (again.standard_error == first.standard_error).all()


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"masks": 0}, ValueError, "masks=0; expected a whole number of at least 1"),
        ({"masks": 10.0}, TypeError, "masks=10.0 is a float"),
        ({"grid": 0}, ValueError, "grid=0"),
        ({"grid": None}, TypeError, "grid=None"),
        ({"seed": -1}, ValueError, "seed=-1"),
        ({"sed": 1}, TypeError, "did you mean 'seed'"),
    ],
)
def test_bad_parameters_say_what_was_expected(parameters, error, message):
    with pytest.raises(error, match=message):
        RISE(**parameters)
