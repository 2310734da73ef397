"""Whether somebody may be addressed: the pure rule (SEC-i01, PIPL 13–16)."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hongyan.consent.rules.contact import Quiet, Word, may_contact
from hongyan.core.clock import BUSINESS_ZONE

START = datetime(2026, 1, 1, tzinfo=BUSINESS_ZONE)
PURPOSES, LINES, CHANNELS = ("marketing", "cross_marketing"), ("01", "04"), ("sms", "phone")
instants = st.integers(0, 20).map(lambda days: START + timedelta(days=days))
words = st.builds(
    Word,
    is_given=st.booleans(),
    purpose=st.sampled_from(("", *PURPOSES)),
    line=st.sampled_from(("", *LINES)),
    channel=st.sampled_from(("", *CHANNELS)),
    at=instants,
    until=st.none() | instants,
)
quiets = st.builds(
    Quiet,
    since=instants,
    until=st.none() | instants,
    channels=st.sampled_from(((), ("sms",), ("phone",))),
)
asked = st.tuples(st.sampled_from(PURPOSES), st.sampled_from(LINES), st.sampled_from(CHANNELS))
LATER = START + timedelta(days=30)


def allowed(said, quiet, what, at=LATER) -> bool:
    return may_contact(said, quiet, *what, at=at).is_allowed


@given(asked)
def test_nothing_said_is_no_consent(what) -> None:
    assert may_contact([], [], *what, at=LATER).why == "no_consent"


@given(st.lists(words), st.lists(quiets), asked, st.randoms())
def test_the_order_in_which_words_are_read_does_not_count(said, quiet, what, random) -> None:
    shuffled = random.sample(said, len(said))
    assert allowed(said, quiet, what) == allowed(shuffled, quiet, what)


@given(st.lists(words), st.lists(quiets), words, asked)
def test_a_withdrawal_never_opens_anything(said, quiet, word, what) -> None:
    withdrawal = Word(False, word.purpose, word.line, word.channel, word.at)
    if not allowed(said, quiet, what):
        assert not allowed([*said, withdrawal], quiet, what)


@given(st.lists(words), st.lists(quiets), quiets, asked)
def test_a_silence_never_opens_anything(said, quiet, another, what) -> None:
    if not allowed(said, quiet, what):
        assert not allowed(said, [*quiet, another], what)


@given(st.lists(words), asked, st.sampled_from([(p, li, c) for p in (0, 1) for li in (0, 1) for c in (0, 1)]))
def test_the_last_word_withdraws_however_broad_it_is(said, what, named) -> None:
    """A withdrawal of the broad covers the narrow."""
    parts = [part if is_named else "" for part, is_named in zip(what, named, strict=True)]
    last = Word(False, *parts, at=LATER)
    assert not allowed([*said, last], [], what, at=LATER + timedelta(days=1))


@given(st.lists(words), asked)
def test_the_last_word_that_names_everything_gives(said, what) -> None:
    last = Word(True, *what, at=LATER)
    assert allowed([*said, last], [], what, at=LATER + timedelta(days=1))


@given(st.lists(words), st.lists(words), asked)
def test_words_under_two_codes_count_together(one, other, what) -> None:
    """Whoever was merged is addressed only if all that was said under all codes together allows it."""
    merged = allowed([*one, *other], [], what)
    if not allowed(one, [], what) and not allowed(other, [], what):
        assert not merged


@given(st.lists(words), words, asked)
def test_who_said_nothing_of_a_line_is_not_touched_by_words_of_another(said, word, what) -> None:
    line = what[1]
    other = Word(
        word.is_given, word.purpose, "04" if line == "01" else "01", word.channel, word.at, word.until
    )
    assert allowed(said, [], what) == allowed([*said, other], [], what)


def test_a_narrow_refusal_outlives_a_general_form() -> None:
    no_calls = Word(False, "marketing", "04", "phone", START)
    form = Word(True, "marketing", "04", "", START + timedelta(days=9))
    assert not allowed([no_calls, form], [], ("marketing", "04", "phone"))
    assert allowed([no_calls, form], [], ("marketing", "04", "sms"))
    again = Word(True, "marketing", "04", "phone", START + timedelta(days=10))
    assert allowed([no_calls, form, again], [], ("marketing", "04", "phone"))


def test_service_takes_no_consent_and_ends_only_when_named() -> None:
    assert allowed([], [], ("service", "01", "sms"))
    assert allowed([Word(False, "", "", "", START)], [], ("service", "01", "sms"))
    assert not allowed([Word(False, "service", "", "sms", START)], [], ("service", "01", "sms"))
    assert allowed([], [Quiet(START)], ("service", "01", "sms"))
    assert not allowed([], [Quiet(START, with_service=True)], ("service", "01", "sms"))


def test_a_consent_ends_and_a_frozen_customer_is_left_alone() -> None:
    said = [Word(True, "marketing", "04", "", START, START + timedelta(days=5))]
    what = ("marketing", "04", "sms")
    assert allowed(said, [], what, at=START + timedelta(days=4))
    assert may_contact(said, [], *what, at=START + timedelta(days=5)).why == "ended"
    assert may_contact(said, [], *what, at=START, is_active=False).why == "not_active"


def test_the_reason_names_the_word_it_rests_on() -> None:
    said = Word(False, "", "04", "", START, key=7)
    found = may_contact([said], [], "marketing", "04", "sms", at=LATER)
    assert (found.why, found.word) == ("withdrawn", said)
