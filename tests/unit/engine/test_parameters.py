"""Parameters that are numbers."""

import math

import numpy as np
import pytest

from tfinterp_widgets.engine.parameters import real_number


@pytest.mark.parametrize("value", [1, 1.0, np.float32(1), np.int64(1)])
def test_any_kind_of_number_becomes_a_float(value):
    assert real_number("noise", value, at_least=1, at_most=1) == 1
    assert type(real_number("noise", value)) is float


@pytest.mark.parametrize("value", [True, np.bool_(1), 1j, "1", None, [1.0], np.array([1.0, 2.0])])
def test_what_is_no_number_is_a_type_error(value):
    with pytest.raises(TypeError, match=r"noise=.*expected a number"):
        real_number("noise", value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -1, 3, 10**400])
def test_a_number_out_of_bounds_is_a_value_error_that_tells_them(value):
    with pytest.raises(ValueError, match="of at least 0 and of at most 2"):
        real_number("noise", value, at_least=0, at_most=2)
