"""A slot of the worker, and the key that it was asked for by."""

import pytest
from steps import Engine

from tfinterp_widgets.runtime import slot_for


@pytest.fixture
def engine():
    return Engine()


@pytest.fixture
def slot(engine):
    slot = slot_for(engine)
    yield slot
    slot.close()
