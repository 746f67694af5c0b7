"""Keys of slices: one form for every way to write them."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from tfinterp_widgets.evaluation.slicing.keys import nearest_slice, slice_key, slice_name

RENT = (("age", "[25, 40)"), ("housing", "rent"))


@pytest.mark.parametrize(
    "given",
    [
        RENT,
        RENT[::-1],
        [list(pair) for pair in RENT],
        {"housing": "rent", "age": "[25, 40)"},
        (("housing", np.str_("rent")), ("age", "[25, 40)")),
    ],
)
def test_pairs_come_in_any_order_and_form(given):
    assert slice_key(given) == RENT


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, np.datetime64("NaT")])
def test_every_missing_value_is_none(missing):
    assert slice_key({"housing": missing}) == (("housing", None),)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.int64(3), 3),
        (np.float32(3), 3),
        (np.bool_(True), True),
        (b"rent", "rent"),
        (pd.Timestamp("2020-01-31"), "2020-01-31 00:00:00"),
        (np.datetime64("2020-01-31"), "2020-01-31 00:00:00"),
        (Decimal("1.5"), "1.5"),
    ],
)
def test_values_of_numpy_become_those_of_python(value, plain):
    ((_, made),) = slice_key({"term": value})
    assert made == plain
    assert type(made) is type(plain)


@pytest.mark.parametrize(
    "given", ["housing", 3, ("housing", "rent"), [("housing",)], [(None, "rent")]]
)
def test_what_is_no_key_is_refused(given):
    with pytest.raises(TypeError, match="is not a key; expected pairs of a feature and its value"):
        slice_key(given)


def test_a_feature_has_one_value():
    with pytest.raises(ValueError, match="names feature 'housing' twice"):
        slice_key([("housing", "rent"), ("housing", "own")])


def test_a_value_that_cannot_be_told_apart_is_refused():
    with pytest.raises(TypeError, match="the value of 'housing' is a list"):
        slice_key({"housing": ["rent"]})


def test_names_read_as_people_write_them():
    assert slice_name(RENT) == "age: [25, 40), housing: rent"
    assert slice_name(()) == "all"
    assert slice_name((("housing", None),)) == "housing: missing"


def test_the_nearest_slice_is_named():
    known = [(), (("housing", "rent"),), (("housing", "own"),)]
    assert nearest_slice((("housing", "Rent"),), known) == " The nearest is 'housing: rent'."
    assert nearest_slice((("zebra", "0"),), []) == ""


def test_text_in_place_of_a_number_is_told_from_it():
    near = nearest_slice((("term", "12"),), [(("term", 12),), (("term", 24),)])
    assert near == " The nearest reads alike, but is (('term', 12),); got (('term', '12'),)."


def test_numbered_features_are_named_by_their_numbers():
    assert slice_key({0: "rent", np.int64(1): 5}) == (("0", "rent"), ("1", 5))
