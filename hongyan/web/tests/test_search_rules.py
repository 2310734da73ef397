"""What a text may mean, from its form alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hongyan.customer.rules.code import code_for
from hongyan.identity.normalise.phones import phones
from hongyan.web.search.rules import Meaning, Part, fits, meanings_of, read_asked

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20)
LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=20)
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).filter(lambda one: phones(one)[0].valid)


@given(st.text(max_size=300))
def test_any_text_has_a_meaning_or_none(text: str):
    asked = read_asked(text)
    assert len(asked.text) <= 100
    assert asked.text == asked.text.strip()
    assert meanings_of(text.upper()) is not None
    assert fits("客户", text) in {None, 0, 1, 2}


@given(CHINESE, st.text(max_size=10))
def test_characters_are_a_name_and_nothing_else(name: str, tail: str):
    assert meanings_of(name + tail) == {Meaning.NAME}


@given(LETTERS)
def test_letters_are_a_word_and_never_a_number_of_somebody(word: str):
    meant = meanings_of(word)
    assert Meaning.WORD in meant
    assert read_asked(word).may_be_told


@given(MOBILES, st.sampled_from(["", " ", "-"]))
def test_a_mobile_is_a_phone_however_it_is_grouped_and_is_not_told(number: str, gap: str):
    typed = gap.join((number[:3], number[3:7], number[7:]))
    assert Meaning.PHONE in meanings_of(typed)
    assert Meaning.NUMBER not in meanings_of(typed)
    assert not read_asked(typed).may_be_told


@given(st.integers(min_value=1, max_value=9_999_999_999))
def test_every_code_of_ours_reads_as_one(serial: int):
    assert Meaning.CODE in meanings_of(code_for(serial))
    assert Meaning.CODE in meanings_of(code_for(serial).lower())


@given(st.sampled_from([*Part][1:]), CHINESE)
def test_a_prefix_asks_one_part_alone(part: Part, name: str):
    asked = read_asked(f" {part.value} {name}")
    assert (asked.part, asked.text) == (part, name)
    assert asked.concerns(part, {Meaning.NAME})
    assert not asked.concerns(Part.ALL, {Meaning.NAME})


@given(CHINESE)
def test_a_label_answers_its_own_beginning_first(label: str):
    assert fits(label, label[: len(label) // 2 + 1]) == 0
