from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tfinterp_widgets.samples import imagenet

if TYPE_CHECKING:
    from tfinterp_widgets.samples import ImageNetSample


@pytest.fixture(scope="session")
def classifier() -> ImageNetSample:
    return imagenet()
