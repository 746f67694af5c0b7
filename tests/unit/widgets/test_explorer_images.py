"""How images reach the view: small, in their own units, with what was done to them."""

import numpy as np
import pytest
from answers import done

from tfinterp_widgets import AttributionExplorer
from tfinterp_widgets.wire import from_wire


def state_bytes(explorer):
    def size(value):
        if isinstance(value, dict):
            return sum(map(size, value.values()))
        if isinstance(value, list | tuple):
            return sum(map(size, value))
        return value.nbytes if isinstance(value, memoryview) else len(str(value))

    return size(explorer.get_state())


def test_the_initial_state_is_small_however_many_images(engine):
    many = [np.full((8, 8, 3), n % 256, np.uint8) for n in range(300)]
    many = [image.repeat(40, 0).repeat(40, 1) for image in many]
    explorer = AttributionExplorer(engine, many)
    assert state_bytes(explorer) < 4_000_000
    explorer.close()


def test_a_large_image_is_sent_smaller_and_says_so():
    import keras

    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((None, None, 3)),
            keras.layers.Conv2D(2, 3, strides=9),
            keras.layers.GlobalAveragePooling2D(),
        ]
    )
    image = np.random.default_rng(0).integers(0, 256, (1000, 1300, 3), np.uint8)
    explorer = AttributionExplorer(model, image, steps=1, target=0)
    explorer.explain()
    assert done(explorer) == "done"
    result = explorer._result
    assert explorer._image["bin"] == 2
    assert result["map"]["shape"] == explorer._image["image"]["shape"][:2] == [500, 650]
    assert "1/2" in explorer._image["notice"]
    assert result["total"] == pytest.approx(float(explorer.result.values.sum()), rel=1e-4)
    assert state_bytes(explorer) < 4_000_000
    explorer.close()


def test_floats_are_sent_in_their_own_units(engine, images):
    explorer = AttributionExplorer(engine, images["tabby"] / 255.0)
    np.testing.assert_allclose(from_wire(explorer._image["raw"]), images["tabby"] / 255.0, 1e-6)
    explorer.baseline = "white"
    assert done(explorer) == "done"
    assert explorer.result.baseline.max() == explorer.result.baseline.min() == 1
    explorer.close()


def test_labels_and_notices_reach_the_view(engine, images):
    wide = {**images, "wide": np.zeros((8, 16), np.uint8)}
    explorer = AttributionExplorer(engine, wide, labels=[0, 1, 2, 0], image_index=3)
    assert explorer._image["label"] == 0
    assert "stretched" in explorer._image["notice"]
    assert [thumbnail["name"] for thumbnail in explorer._thumbnails] == list(wide)
    explorer.close()


def test_a_model_that_takes_channels_first_is_refused_with_the_code_that_helps():
    import keras

    first = {"data_format": "channels_first"}
    model = keras.Sequential(
        [
            keras.Input((3, 9, 13)),
            keras.layers.Conv2D(2, 3, **first),
            keras.layers.GlobalAveragePooling2D(**first),
        ]
    )
    image = np.random.default_rng(0).integers(0, 256, (9, 13, 3), np.uint8)
    with pytest.raises(ValueError, match="3 channels") as refused:
        AttributionExplorer(model, image)
    (note,) = refused.value.__notes__
    scope = {"keras": keras, "model": model}
    made = eval(note[note.index("keras.Sequential") :].removesuffix("."), scope)
    explorer = AttributionExplorer(made, image, method="Saliency", target=0)
    explorer.explain()
    assert done(explorer) == "done"
    assert explorer.result.values.shape == (9, 13, 3)
    assert explorer.result.heatmap().shape == (9, 13)
    explorer.close()


def test_a_model_that_takes_channels_last_needs_no_such_code(engine):
    with pytest.raises(ValueError, match="5 channels") as refused:
        AttributionExplorer(engine, np.zeros((8, 8, 5), np.uint8))
    assert not hasattr(refused.value, "__notes__")
