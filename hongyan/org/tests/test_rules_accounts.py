"""What passwords and codes of the second factor are good for, as pure decisions (BARS A 23, E 1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core import clock
from hongyan.org.rules.passwords import Fault, Policy, Profile, faults_of, has_expired
from hongyan.org.rules.second_factor import NEIGHBOURS, STEP_SECONDS, step_of
from hongyan.org.tests.accounts import NEW, code_of

MLPS3 = Policy(Profile.MLPS3, 10, 90, 5)
NIST = Policy(Profile.NIST, 10, 90, 5)


@pytest.mark.parametrize(
    ("password", "mlps3", "nist"),
    [
        (NEW, [], []),
        ("mountains and rivers", [Fault.KINDS], []),
        ("Ab1-short", [Fault.SHORT], [Fault.SHORT]),
        ("Zhangwei-2026", [Fault.PERSONAL], [Fault.PERSONAL]),
        ("abcdefghijkl", [Fault.KINDS, Fault.PLAIN], [Fault.PLAIN]),
        ("x" * 129, [Fault.LONG, Fault.KINDS, Fault.PLAIN], [Fault.LONG, Fault.PLAIN]),
    ],
)
def test_the_two_profiles_ask_for_different_things(
    password: str, mlps3: list[Fault], nist: list[Fault]
) -> None:
    about = ("100001", "张伟", "zhangwei")
    assert faults_of(password, MLPS3, about=about) == mlps3
    assert faults_of(password, NIST, about=about) == nist


@given(st.text(max_size=140))
def test_whatever_mlps3_takes_nist_takes_too(password: str) -> None:
    assert set(faults_of(password, NIST)) <= set(faults_of(password, MLPS3))


@given(st.integers(0, 400))
def test_only_mlps3_lets_passwords_expire(days: int) -> None:
    now = clock.now()
    assert has_expired(now - timedelta(days=days), MLPS3, now=now) == (days >= 90)
    assert not has_expired(now - timedelta(days=days), NIST, now=now)


@given(st.binary(min_size=20, max_size=20), st.integers(-4, 4), st.integers(0, 9))
def test_a_code_counts_once_and_only_near_its_time(secret: bytes, late: int, used: int) -> None:
    now = clock.now()
    present = int(now.timestamp()) // STEP_SECONDS
    with clock.frozen(now):
        code = code_of(secret, late)
    found = step_of(secret, code, now=now, after=present - used)
    if abs(late) <= NEIGHBOURS and late > -used:
        assert found == present + late or (found or 0) in range(present - 1, present + 2)
    if abs(late) > NEIGHBOURS:
        assert found is None or found != present + late
    assert step_of(secret, "abcdef", now=now, after=0) is None
