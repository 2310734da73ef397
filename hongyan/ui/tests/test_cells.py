"""Cells: exact looks of numbers and days, and nothing that a name could break out of."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from hongyan.ui import cells

EVIL = """<img src=x onerror="alert(1)">'"&"""


def text_of(html):
    return re.sub(r"<[^>]+>", "", str(html))


@pytest.mark.parametrize(
    ("value", "exact", "short"),
    [
        ("0", "¥0.00", "¥0.00"),
        ("1234.56", "¥1,234.56", "¥1,234.56"),
        ("-56000.5", "-¥56,000.50", "-¥5.60万"),
        ("12345.678", "¥12,345.68", "¥1.23万"),
        ("456000000", "¥456,000,000.00", "¥4.56亿"),
    ],
)
def test_money(value, exact, short):
    with translation.override("zh-hans"):
        assert text_of(cells.money(Decimal(value))) == exact
        assert text_of(cells.money(Decimal(value), summary=True)) == short


def test_money_of_other_currencies_bears_their_code() -> None:
    assert text_of(cells.money(Decimal("-1234.5"), currency="BRL")) == "-BRL\xa01,234.50"
    with translation.override("zh-hans"):
        assert text_of(cells.money(Decimal("45600"), currency="USD", summary=True)) == "USD\xa04.56万"


def test_summaries_in_english_have_no_chinese():
    with translation.override("en"):
        assert text_of(cells.money(Decimal("456000000"), summary=True)) == "¥456.00M"
        assert text_of(cells.number(12_345, summary=True)) == "12.35K"


def test_unknown_is_not_zero():
    for absent in (
        cells.money(None),
        cells.number(None),
        cells.when(None),
        cells.masked(None),
        cells.code(None),
    ):
        assert 'class="absent is-unknown"' in absent
        assert "0" not in text_of(absent)


def test_days_and_instants():
    now = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    assert text_of(cells.when(date(2026, 11, 22), now=now)) == "2026-11-22"
    assert text_of(cells.when(datetime(2026, 11, 22, 0, 30, tzinfo=UTC), now=now)) == "2026-11-22 08:30"
    assert 'title="3 天前"' in cells.when(date(2026, 11, 19), now=now)


@pytest.mark.parametrize(
    "cell",
    [
        lambda: cells.badge(EVIL, "bad"),
        lambda: cells.state_dot(EVIL),
        lambda: cells.avatar(EVIL),
        lambda: cells.named(EVIL, detail=EVIL),
        lambda: cells.code(EVIL),
        lambda: cells.masked(EVIL, reveal_url=EVIL, what=EVIL),
        lambda: cells.chips([cells.Chip(EVIL, EVIL, href=EVIL)]),
        lambda: cells.icon("x", label=EVIL),
        lambda: cells.shown(EVIL),
    ],
)
def test_names_cannot_break_out(cell):
    html = cell()
    assert "<img" not in html
    assert 'onerror="' not in html


@given(st.text(max_size=40))
def test_a_letter_avatar_is_stable_and_closed(name):
    assert cells.avatar(name) == cells.avatar(name)
    assert re.fullmatch(
        r'<span class="avatar-letter size-s hue-[0-7]" aria-hidden="true">[^<>]+</span>',
        cells.avatar(name),
        re.S,
    )


def test_shown():
    assert cells.shown(0) == "0"
    assert cells.shown(mark_safe("<b>是</b>")) == "<b>是</b>"
    assert cells.shown(cells.NOTHING) == ""
    assert "nothing" in cells.shown("")
    assert "absent" in cells.shown(None)


@pytest.mark.parametrize(
    ("share", "text"),
    [("-0.2", "−20%"), ("0.2525", "+25.3%"), ("12.5", "+1,250%"), ("0.0004", "0%"), (None, "n/a")],
)
def test_a_change_has_its_sign_and_nothing_to_compare_with_is_no_zero(share: str | None, text: str) -> None:
    """REQ acceptance example 22."""
    assert text_of(cells.change(Decimal(share) if share else None)) == text
