"""Rules of admission, exclusion and the course of applications, whatever is asked (SM1, X-23)."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hongyan.lifecycle.codes import Agreement, ApplicationKind, ApplicationState
from hongyan.lifecycle.rules.applications import may_become
from hongyan.lifecycle.rules.exclusion import clashes

DAYS = st.none() | st.dates(date(2025, 1, 1), date(2028, 1, 1))
AGREEMENTS = st.builds(
    Agreement,
    line=st.sampled_from(["01", "02", "03"]),
    families=st.frozensets(st.sampled_from(["1", "2", "3"])),
    since=DAYS,
    until=DAYS,
)
TODAY = date(2025, 1, 1)


@given(AGREEMENTS, AGREEMENTS)
def test_two_agreements_exclude_each_other_or_neither(one: Agreement, other: Agreement) -> None:
    """X-23: what excludes does so whichever was first, and only between the two mailing lines."""
    excludes = clashes(one, [other], today=TODAY) != []
    assert excludes == (clashes(other, [one], today=TODAY) != [])
    assert not excludes or {one.line, other.line} == {"01", "02"}
    assert not (excludes and one.families and other.families) or one.families & other.families


@given(st.sampled_from(list(ApplicationKind)), st.lists(st.sampled_from(list(ApplicationState)), max_size=12))
def test_nothing_is_approved_twice_or_after_its_end(
    kind: ApplicationKind, wanted: list[ApplicationState]
) -> None:
    """SM1: whatever is tried in whatever order."""
    state, approved = ApplicationState.DRAFT, 0
    for after in wanted:
        if may_become(state, after, kind=kind):
            state, approved = after, approved + (after == ApplicationState.APPROVED)
    assert approved <= 1
