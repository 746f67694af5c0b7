"""The photographs are what they are said to be, and may be passed on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tfinterp_widgets.samples import photos

if TYPE_CHECKING:
    from tfinterp_widgets.samples import ImageNetSample

NOTICE = Path(__file__).parents[3] / "NOTICE"


@pytest.fixture(scope="module")
def probabilities(classifier: ImageNetSample) -> dict[str, np.ndarray]:
    images = photos()
    batch = classifier.preprocess(np.stack(list(images.values())))
    return dict(zip(images, classifier.model.predict(batch, verbose=0), strict=True))


def test_photos_are_images_of_the_models_size() -> None:
    images = photos()
    assert len(images) >= 6
    for image in images.values():
        assert image.shape == (224, 224, 3)
        assert image.dtype == np.uint8
        assert image.min() < 64 < 192 < image.max()


def test_photos_are_the_callers_own() -> None:
    first = photos()["cat"]
    first[:] = 0
    assert photos()["cat"].any()


def test_some_photos_have_two_plausible_classes(probabilities: dict[str, np.ndarray]) -> None:
    second = {name: np.sort(p)[-2] for name, p in probabilities.items()}
    assert {name for name, p in second.items() if p > 0.15} == {"cat", "pig"}


def test_some_photos_leave_no_doubt(probabilities: dict[str, np.ndarray]) -> None:
    sure = {name for name, p in probabilities.items() if p.max() > 0.9}
    assert sure == {"coffee", "dog"}


def test_a_black_baseline_is_blind_to_most_of_the_duck() -> None:
    nearly_black = photos()["duck"].max(axis=-1) < 26
    assert nearly_black.mean() > 0.5


def test_every_photo_is_credited_with_author_and_licence() -> None:
    notice = NOTICE.read_text(encoding="utf-8")
    for name in photos():
        credit = re.search(rf"^{name}\.png: (.+(?:\n  .+)*)", notice, re.MULTILINE)
        assert credit, f"{name} is not in NOTICE"
        assert re.search(r"public domain|CC0 1\.0|CC BY 4\.0", credit[1])
        assert re.search(r"\bby\b|Copyright", credit[1])
