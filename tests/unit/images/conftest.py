"""Files of images."""

import pytest


@pytest.fixture
def save(tmp_path):
    def save(image, name="cat.png", **options):
        image.save(tmp_path / name, **options)
        return tmp_path / name

    return save
