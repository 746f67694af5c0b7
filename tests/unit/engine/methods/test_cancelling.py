"""Cancelling is closing the generator: what is begun between two of its estimates."""

import dataclasses
import functools

import keras
import numpy as np
import pytest

from tfinterp_widgets.engine import AttributionEngine
from tfinterp_widgets.engine.computing.chunking import PREVIEW_CHUNK
from tfinterp_widgets.engine.computing.compiled_chunks import CompiledChunks
from tfinterp_widgets.engine.methods import METHODS
from tfinterp_widgets.engine.perturbing import segments

PHOTO = np.random.default_rng(5).uniform(0, 1, (14, 14, 3)).astype(np.float32)
FULL = 8
SEGMENTATION = "segmentation"
# Several full chunks each.
SMALL = {"steps": 40, "samples": 64, "masks": 64, "window": 3, "stride": 2, "max_sigma": 2.0}
SINGLE = {"Saliency", "InputXGradient", "GuidedBackprop", "GradCAM", "GradCAMPlusPlus", "LayerCAM"}


def small(name):
    known = {field.name for field in dataclasses.fields(METHODS[name])}
    return METHODS[name](**{key: value for key, value in SMALL.items() if key in known})


@pytest.fixture
def begun(monkeypatch):
    """What is begun, in order: of a pass through the model how many points, or a segmentation."""
    found = []
    inside = False

    def noted(function, size):
        @functools.wraps(function)
        def note(*args, **keywords):
            nonlocal inside
            if inside:  # a pass of one point may be one of a chunk
                return function(*args, **keywords)
            found.append(size(*args))
            inside = True
            try:
                return function(*args, **keywords)
            finally:
                inside = False

        return note

    for name in ("run", "run_alone"):
        passed = noted(getattr(CompiledChunks, name), lambda _, points, *__: len(points[0]))
        monkeypatch.setattr(CompiledChunks, name, passed)
    for name in ("slic", "felzenszwalb"):
        cut = noted(getattr(segments, name), lambda *_: SEGMENTATION)
        monkeypatch.setattr(segments, name, cut)
    return found


@pytest.fixture(scope="module")
def shared_engine():
    keras.utils.set_random_seed(12)
    network = keras.Sequential(
        [
            keras.Input((14, 14, 3)),
            keras.layers.Conv2D(40, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(4, activation="softmax"),
        ]
    )
    engine = AttributionEngine(network, batch_size=FULL)
    engine.predict(PHOTO)  # the model is looked at, once
    return engine


@pytest.fixture
def ask(shared_engine):
    """Ask the same question, as if for the first time; what is compiled stays."""

    def ask(name):
        limit, shared_engine.cache_bytes = shared_engine.cache_bytes, 0
        shared_engine.cache_bytes = limit
        return shared_engine.refine(PHOTO, 1, small(name))

    return ask


def is_large(work):
    return work == SEGMENTATION or work > PREVIEW_CHUNK


@pytest.mark.parametrize("name", METHODS)
def test_at_most_one_chunk_or_one_segmentation_is_begun_between_two_estimates(name, ask, begun):
    estimates = ask(name)
    assert len(begun) <= 1  # to check the input and the target
    stretches = []
    begun.clear()
    for _ in estimates:
        stretches.append(list(begun))
        begun.clear()
    assert not begun
    in_full_chunks = name not in SINGLE | {"GuidedIntegratedGradients"}
    assert any(FULL in stretch for stretch in stretches) == in_full_chunks
    first, *others = stretches
    # Until there is an estimate: its end points and a small chunk, of regions cut just now.
    assert sum(map(is_large, first)) <= 1
    assert (name in SINGLE) == (not others)
    for stretch in others:
        # The end points of a next baseline go before its first chunk, which is a small one.
        assert len(stretch) <= 1 or (len(stretch) == 2 and not any(map(is_large, stretch)))


@pytest.mark.parametrize("name", METHODS)
def test_closing_at_any_estimate_begins_nothing_more(name, ask, begun):
    count = len(list(ask(name)))
    for place in sorted({0, 1, count // 2, count - 1} & set(range(count))):
        estimates = ask(name)
        for _ in range(place + 1):
            next(estimates)
        begun.clear()
        estimates.close()
        assert list(estimates) == []
        assert not begun
