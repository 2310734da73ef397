"""Numbers of mail items: the S10 check digit, reserved indicators, countries, domestic patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.ledger.codes import ItemService
from hongyan.ledger.rules.item_numbers import (
    COUNTRIES,
    RESERVED,
    Fault,
    Form,
    ItemNumber,
    check_digit,
    item_number,
)

DOMESTIC = ["[0-9]{13}"]
serials = st.integers(0, 99_999_999).map("{:08d}".format)
letters = st.sampled_from("ABCDEFGHILMNOPQRUVXYZ")
countries = st.sampled_from(sorted(COUNTRIES | {"AA", "QM", "QZ", "XA", "XZ", "ZZ"}))


def test_example_08_item_numbers():
    assert item_number("EB000717618HK", domestic=DOMESTIC) == ItemNumber(
        "EB000717618HK", Form.S10, ItemService.EMS, "HK"
    )
    assert item_number("EB900717618HK", domestic=DOMESTIC) is Fault.CHECK


@given(letters, letters, serials, countries)
def test_a_number_made_with_its_check_digit_is_sound(first, second, serial, country):
    text = f"{first}{second}{serial}{check_digit(serial)}{country}"
    number = item_number(text, domestic=[])
    assert isinstance(number, ItemNumber)
    assert (number.text, number.form, number.country) == (text, Form.S10, country)


@given(serials, st.integers(1, 9))
def test_another_check_digit_never_fits(serial, distance):
    wrong = (check_digit(serial) + distance) % 10
    assert item_number(f"RR{serial}{wrong}CN", domestic=[]) is Fault.CHECK


@pytest.mark.parametrize(
    ("serial", "digit"),
    [("47312482", 9), ("00000000", 5), ("00000003", 1), ("00000008", 0), ("00000013", 3)],
)  # the first is the example of the standard; a rest of 0 gives 5, of 1 gives 0
def test_check_digits(serial, digit):
    assert check_digit(serial) == digit


@pytest.mark.parametrize("letter", sorted(RESERVED))
def test_reserved_indicators_are_refused_before_their_check_digit(letter):
    assert item_number(f"{letter}A000717610HK", domestic=[]) is Fault.RESERVED


@pytest.mark.parametrize("country", ["QA", "QZ", "XK", "AA", "ZZ", "CN"])
def test_countries_of_iso_and_those_for_users(country):
    assert isinstance(item_number(f"RR000717618{country}", domestic=[]), ItemNumber)


@pytest.mark.parametrize("country", ["AB", "QL", "YY", "EU"])
def test_countries_that_are_none(country):
    assert item_number(f"RR000717618{country}", domestic=[]) is Fault.COUNTRY


@pytest.mark.parametrize(
    "text", ["eb000717618hk", "EB 000 717 618 HK", "EB-000717618-HK", " EB000717618HK\n"]
)
def test_what_forms_print_between_the_characters_does_not_count(text):
    assert item_number(text, domestic=[]).text == "EB000717618HK"


@pytest.mark.parametrize(
    "text", ["", "EB00071761HK", "EB0007176188HK", "123456789012", "EB000717618H٢", "１２３"]
)
def test_other_texts_are_no_numbers(text):
    assert item_number(text, domestic=DOMESTIC) is Fault.FORM


def test_domestic_numbers_follow_their_patterns_as_a_whole():
    assert item_number("9900000000123", domestic=["11[0-9]{11}", "99[0-9]{11}"]).form is Form.DOMESTIC
    assert item_number("9900000000123", domestic=["99", "[0-9]{12}"]) is Fault.FORM
    assert item_number("9900000000123", domestic=[]) is Fault.FORM
