"""Small cells as functions: each answers safe HTML. List columns call them; ``templatetags/ui.py``
offers them as tags.

Tones say what a state means and carry a shape of their own, so that no state is told by colour
alone: ``good`` ● · ``wait`` ○ · ``warn`` ▲ · ``bad`` ◆ · ``info`` ■ · ``off`` –
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from html import escape
from typing import Literal
from zlib import crc32

from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hongyan.core import clock

Text = str | Promise
Tone = Literal["good", "wait", "warn", "bad", "info", "off"]
Absence = Literal["unknown", "unconnected", "no_consent"]

AVATAR_COLOURS = 8
YUAN = Decimal("0.01")
# What a cell answers when the normal state needs no word.
NOTHING = SafeString("")
# Steps of a summary: Chinese counts by ten thousands, English by thousands.
CHINESE_STEPS = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
ENGLISH_STEPS = ((Decimal(10**9), "B"), (Decimal(10**6), "M"), (Decimal(10**3), "K"))


@dataclass(frozen=True)
class Chip:
    """A short word in a row of them; ``is_on`` false shows it hollow, ``title`` explains it in full."""

    text: Text
    title: Text = ""
    tone: str = ""
    is_on: bool = True
    href: str = ""


def safe(value: object) -> str:
    """A value as HTML, escaped unless it is safe HTML already: Django's `conditional_escape` at a third of its cost."""
    if isinstance(value, SafeString):
        return value
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def filled(pattern: str, *values: object) -> SafeString:
    """HTML with `{}` where the values stand, each made safe. Django's `format_html`, as cheap as a page of cells needs.

    >>> filled("<b>{}</b>", "<")
    '<b>&lt;</b>'
    """
    return SafeString(pattern.format(*map(safe, values)))


def icon(name: str, *, label: Text = "") -> SafeString:
    """An icon of the sprite. Without a label it is decoration and hidden from screen readers."""
    if not label:
        return _decoration(name)
    return filled(
        '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, _address(name)
    )


@cache
def _decoration(name: str) -> SafeString:
    # A page shows some fifty, and their address stays what it is while the process lives.
    return filled('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', _address(name))


def _address(name: str) -> str:
    return f"{static('vendor/icons.svg')}#{name}"


def badge(word: Text, tone: Tone = "off") -> SafeString:
    """A state that deserves notice, as a shape and a word in a pill. Do not repeat the normal state
    on every row.
    """
    return filled('<span class="badge-state tone-{}"><i class="shape"></i>{}</span>', tone, word)


def state_dot(word: Text, tone: Tone = "off") -> SafeString:
    """A state told quietly: the shape and the word without a pill."""
    return filled('<span class="state-dot tone-{}"><i class="shape"></i>{}</span>', tone, word)


def avatar(name: str, *, key: object = "", size: Literal["s", "m", "l"] = "s") -> SafeString:
    """The first letter of a name on a calm colour that stays the same for the same key (default:
    the name).
    """
    colour = crc32(str(key or name).encode()) % AVATAR_COLOURS
    letter = name.strip()[:1].upper() or "?"
    return filled(
        '<span class="avatar-letter size-{} hue-{}" aria-hidden="true">{}</span>', size, colour, letter
    )


def named(name: str, *, key: object = "", detail: Text = "") -> SafeString:
    """An avatar and the name beside it, cut with an ellipsis where space ends."""
    extra = filled('<small class="named-detail">{}</small>', detail) if detail else ""
    return filled(
        '<span class="named">{}<span class="named-text" title="{}">{}</span>{}</span>',
        avatar(name, key=key), name, name, extra,
    )  # fmt: skip


def code(value: str | None) -> SafeString:
    """An identifier in tabular figures."""
    return filled('<span class="code">{}</span>', value) if value else unknown()


def number(value: int | Decimal | None, *, summary: bool = False, digits: int = 0) -> SafeString:
    """A number with thousands separators; None is unknown, never zero. ``summary`` shortens it
    (1.2万, 12K).
    """
    if value is None:
        return unknown()
    exact = f"{value:,}" if isinstance(value, int) and not digits else _grouped(Decimal(value), digits)
    if not summary:
        return filled('<span class="num">{}</span>', exact)
    return filled('<span class="num" title="{}">{}</span>', exact, _shortened(Decimal(value), digits))


def money(value: Decimal | None, *, summary: bool = False, currency: str = "CNY") -> SafeString:
    """Yuan as ¥1,234.56; ``summary`` as ¥1.23万 or ¥4.56亿 with the exact sum in the title. None is
    unknown. Other currencies bear their ISO 4217 code: BRL 1,234.56.
    """
    if value is None:
        return unknown()
    sign, size = ("-" if value < 0 else ""), abs(Decimal(value))
    sign += "¥" if currency == "CNY" else f"{currency}\N{NO-BREAK SPACE}"
    exact = f"{sign}{_grouped(size, 2)}"
    if not summary:
        return filled('<span class="num">{}</span>', exact)
    return filled('<span class="num" title="{}">{}{}</span>', exact, sign, _shortened(size, 2))


def _grouped(value: Decimal, digits: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{rounded:,}"


def _shortened(value: Decimal, digits: int) -> str:
    steps = CHINESE_STEPS if (get_language() or "zh").startswith("zh") else ENGLISH_STEPS
    for size, unit in steps:
        if abs(value) >= size:
            return f"{(value / size).quantize(YUAN, rounding=ROUND_HALF_UP):,}{unit}"
    return _grouped(value, digits)


def change(share: Decimal | None) -> SafeString:
    """A relative change in percent with its sign; n/a where there was nothing to compare with, never a zero."""
    if share is None:
        return filled('<span class="nothing" title="{}">n/a</span>', _("之前没有，比不出增减"))
    text = _grouped(abs(share) * 100, 1)
    if Decimal(text.replace(",", "")) == 0:
        return filled('<span class="num">0%</span>')
    tone, sign = ("good", "+") if share > 0 else ("bad", "−")
    return filled('<span class="num change tone-{}">{}{}%</span>', tone, sign, text.removesuffix(".0"))


def when(value: date | datetime | None, *, now: datetime | None = None) -> SafeString:
    """A day as 2026-11-22, an instant as 2026-11-22 08:30 local time; how long ago in the title."""
    if value is None:
        return unknown()
    if not isinstance(value, datetime):
        return _day(value, clock.business_date(now), get_language())
    text = f"{_local(value):%Y-%m-%d %H:%M}"
    title = _relative(value, now or clock.now())
    return filled('<time class="num" datetime="{}" title="{}">{}</time>', value.isoformat(), title, text)


@lru_cache(maxsize=1024)
def _day(value: date, today: date, _language: str | None) -> SafeString:
    # A page of a list shows the same few days fifty times.
    title = _relative_days((value - today).days)
    return filled('<time class="num" datetime="{0}" title="{1}">{0}</time>', value.isoformat(), title)


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _relative(value: datetime, now: datetime) -> str:
    if timezone.is_naive(value):
        value = timezone.make_aware(value)
    if value > now:
        return _("{span}后").format(span=timeuntil(value, now, depth=1))
    return _("{span}前").format(span=timesince(value, now, depth=1))


def _relative_days(days: int) -> str:
    if days == 0:
        return _("今天")
    return _("{count} 天后").format(count=days) if days > 0 else _("{count} 天前").format(count=-days)


def masked(text: str | None, *, reveal_url: str = "", what: Text = "") -> SafeString:
    """A masked identifier. With an address, a button that asks for a purpose and shows the value
    for a minute.

    The caller masks: the plain value is never here. The address answers GET with a page that asks
    the purpose (used where scripts do not run) and POST ``purpose``, ``note`` with JSON ``{"value":
    …, "seconds": 60}``.
    """
    if not text:
        return unknown()
    if not reveal_url:
        return filled('<span class="masked code">{}</span>', text)
    label = _("查看完整{what}").format(what=what or pgettext("reveal", "内容"))
    return filled(
        '<span class="masked code"><span data-masked-text>{}</span>'
        '<a class="masked-reveal" href="{}" data-reveal="{}" data-reveal-what="{}" title="{}" '
        'aria-label="{}">{}</a></span>',
        text, reveal_url, reveal_url, what, label, label, icon("eye"),
    )  # fmt: skip


def chips(items: Iterable[Chip]) -> SafeString:
    """Short words side by side, such as the lines or tags of a record."""
    return filled('<span class="chips">{}</span>', SafeString("".join(_chip(item) for item in items)))


def _chip(item: Chip) -> SafeString:
    classes = f"chip{f' tone-{item.tone}' if item.tone else ''}{'' if item.is_on else ' is-off'}"
    if item.href:
        return filled('<a class="{}" href="{}" title="{}">{}</a>', classes, item.href, item.title, item.text)
    return filled('<span class="{}" title="{}">{}</span>', classes, item.title, item.text)


def colour_key(word: Text, colour: str) -> SafeString:
    """A word with the square of its colour before it, as charts explain their colours. A name of ``tokens.css``."""
    return filled('<span class="colour-key tone-{}">{}</span>', colour, word)


def unknown(kind: Absence = "unknown") -> SafeString:
    """Something we do not know, in a way that never looks like zero: not known, not connected, no consent."""
    words = {
        "unknown": pgettext("absent value", "未知"),
        "unconnected": pgettext("absent value", "未接入"),
        "no_consent": pgettext("absent value", "无授权"),
    }
    return filled('<span class="absent is-{}">{}</span>', kind, words[kind])


def whole(text: Text) -> SafeString:
    """A text of a list that is not cut where its column is too narrow: it wraps, and its row grows."""
    return filled('<span class="whole">{}</span>', text)


def none_yet() -> SafeString:
    """A value that is known to be empty."""
    return SafeString('<span class="nothing">—</span>')


def shown(value: object) -> SafeString:
    """Whatever a cell holds, as safe HTML: None is unknown, an empty text a dash, NOTHING blank,
    the rest escaped.
    """
    if isinstance(value, SafeString):
        return value
    if value is None:
        return unknown()
    return none_yet() if value == "" else filled("{}", value)
