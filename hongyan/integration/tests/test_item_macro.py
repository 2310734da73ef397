"""The staging macro `fault_item` answers as `ledger.rules.item_numbers` does."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hongyan.integration import staging
from hongyan.ledger.rules.item_numbers import COUNTRIES, ItemNumber, check_digit, item_number

DOMESTIC = r"99[0-9]{11}"
compiled = settings(deadline=None, max_examples=60)  # every example compiles a statement

serials = st.integers(0, 99_999_999).map("{:08d}".format)
indicators = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2)
near_misses = st.builds(
    "{}{}{}{}".format,
    indicators,
    serials,
    st.integers(0, 9),
    st.one_of(indicators, st.sampled_from(sorted(COUNTRIES))),
)
sound = st.builds(
    lambda first, serial, country: f"{first}{serial}{check_digit(serial)}{country}",
    indicators,
    serials,
    st.one_of(indicators, st.sampled_from(sorted(COUNTRIES))),
)
domestic = st.integers(9_890_000_000_000, 9_999_999_999_999).map(str)
other = st.text("ABKZ09 -ab中", max_size=15)


@pytest.fixture(scope="module")
def fault_of():
    engine = staging._engine().cursor()
    query = "SELECT n, fault_item(n, regexp_full_match(n, ?)) FROM (SELECT norm_item(plain(?::VARCHAR)) AS n)"
    return lambda text: engine.execute(query, [DOMESTIC, text]).fetchone()


@compiled
@given(text=st.one_of(near_misses, sound, domestic, other))
@example("EB000717618HK")
@example("EB900717618HK")
@example("eb 000 717 618 hk")
@example("RR000000005CN")
@example("RR000000080CN")
def test_faults_as_in_python(fault_of, text):
    expected = item_number(text, domestic=[DOMESTIC])
    number, fault = fault_of(text)
    if isinstance(expected, ItemNumber):
        assert (number, fault) == (expected.text, None)
    else:
        assert fault == expected


def test_every_country_is_one_there_too(fault_of):
    wrong = [country for country in COUNTRIES if fault_of(f"RR000717618{country}")[1]]
    assert wrong == []
