"""Names that are loaded when they are first used."""

import pytest

import tfinterp_widgets as tw


@pytest.mark.parametrize("name", tw.__all__)
def test_every_public_name_is_found_and_listed(name):
    assert getattr(tw, name) is not None
    assert name in dir(tw)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Explorer'"):
        _ = tw.Explorer


def test_no_name_has_a_home_without_being_public():
    assert set(tw._HOMES) == set(tw.__all__) - {"__version__"}
