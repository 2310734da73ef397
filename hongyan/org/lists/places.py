"""The lists of divisions and of postcodes (行政区划、邮政编码)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.org.codes import DivisionLevel, Match, Right
from hongyan.org.models import Division, Postcode
from hongyan.org.queries.places import STANDINGS, find_division, full_name
from hongyan.ui import cells
from hongyan.ui.lists import (
    Action,
    Choice,
    ChoiceFilter,
    Column,
    EmptyState,
    ListSpec,
    Sort,
    TextFilter,
    TreeFilter,
)

_TONES: dict[str, cells.Tone] = {
    "renamed": "info",
    "abolished": "warn",
    "past": "off",
    "only_listed": "info",
    Match.FORMER: "info",
    Match.CITY: "warn",
    Match.NONE: "bad",
}
"""What is worth a mark; that the standard and the list agree is not."""


def _by_text(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(code__startswith=text) | Q(name__contains=text) | Q(former_names__contains=text))


def _by_standing(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    return rows.filter(STANDINGS[key][1])


def _within(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    """The divisions beneath one, itself left out."""
    return rows.filter(code__startswith=_significant(code)).exclude(code=code)


def _significant(code: str) -> str:
    """The digits that all codes inside a division share.

    >>> _significant("370000"), _significant("370100"), _significant("370102")
    ('37', '3701', '370102')
    """
    return code.removesuffix("0000") if code.endswith("0000") else code.removesuffix("00")


def _place_text(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    named = Q(province__contains=text) | Q(city__contains=text) | Q(county__contains=text)
    return rows.filter(Q(postcode__startswith=text) | named)


def _of_division(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    return rows.filter(division__code__startswith=_significant(code))


def _provinces(_viewer: object) -> Sequence[Choice]:
    rows = Division.objects.filter(level=DivisionLevel.PROVINCE, until=None).order_by("code")
    return [Choice(code, name) for code, name in rows.values_list("code", "name")]


def _found(_viewer: object, code: str) -> Choice | None:
    division = find_division(code)
    return Choice(division.code, full_name(division)) if division else None


# --- cells


def standing_of(division: Division) -> str:
    """The key of the standing a division is in: that of `STANDINGS`, told from the row."""
    if not division.is_standard:
        return "street" if division.level == DivisionLevel.STREET else "only_listed"
    if division.until is not None:
        return "abolished" if division.listed_as else "past"
    if not division.listed_as:
        return "unlisted"
    return "agreed" if division.listed_as == division.name else "renamed"


def _standing(division: Division) -> SafeString:
    key = standing_of(division)
    return cells.state_dot(STANDINGS[key][0], _TONES[key]) if key in _TONES else cells.NOTHING


def _name(division: Division) -> SafeString | str:
    """The name; beside it what the list calls it, or what it was called before."""
    other = division.listed_as if division.listed_as not in ("", division.name) else division.former_names
    return format_html('{} <small class="muted">{}</small>', division.name, other) if other else division.name


def _years(division: Division) -> str:
    if not (division.since or division.until):
        return ""
    return f"{division.since or '…'}–{division.until or ''}"


def _postcodes(division: Any) -> SafeString | str:
    if not division.postcodes_known:
        return ""
    url = f"{reverse('org:postcodes')}?division={division.code}"
    return format_html('<a href="{}">{}</a>', url, cells.number(division.postcodes_known))


def _around(division: Division) -> str:
    return full_name(division.parent) if division.parent else ""


def _match(postcode: Postcode) -> SafeString:
    tone = _TONES.get(postcode.match)
    return cells.state_dot(Match(postcode.match).label, tone) if tone else cells.NOTHING


def _place(postcode: Postcode) -> str:
    return " ".join(dict.fromkeys((postcode.province, postcode.city, postcode.county)))


def _division(postcode: Postcode) -> SafeString | str:
    found = postcode.division
    return format_html("{} {}", full_name(found), cells.code(found.code)) if found else ""


def _division_url(division: Division) -> str:
    """What lies beneath a division; of a street, the street."""
    if division.level == DivisionLevel.STREET:
        return f"{reverse('org:divisions')}?q={division.code}"
    return f"{reverse('org:divisions')}?within={division.code}"


DIVISIONS = ListSpec(
    key="divisions",
    title=pgettext_lazy("页面", "行政区划"),
    columns=(
        Column(
            "code",
            gettext_lazy("代码"),
            lambda one: cells.code(one.code),
            sort="code",
            width="m",
            phone_role="aside",
        ),
        Column("name", gettext_lazy("名称"), _name, phone_role="title"),
        Column("around", gettext_lazy("上级"), _around, width="l", phone_role="subtitle"),
        Column(
            "level",
            pgettext_lazy("行政区划", "级别"),
            lambda one: DivisionLevel(one.level).label,
            width="s",
            phone_role="meta",
        ),
        Column("years", gettext_lazy("启用年份"), _years, width="m", phone_role="meta"),
        Column("postcodes", gettext_lazy("邮编"), _postcodes, width="s", align="end", phone_role="fact"),
        Column("standing", gettext_lazy("国标与名单"), _standing, width="l", phone_role="meta"),
    ),
    filters=(
        TextFilter(
            key="q",
            label=gettext_lazy("名称或代码"),
            placeholder=gettext_lazy("名称、曾用名或代码开头"),
            quick=True,
            max_length=40,
            narrow=_by_text,
        ),
        ChoiceFilter(
            key="level",
            label=pgettext_lazy("行政区划", "级别"),
            quick=True,
            choices=tuple((str(level.value), level.label) for level in DivisionLevel),
        ),
        ChoiceFilter(
            key="standing",
            label=gettext_lazy("国标与名单"),
            quick=True,
            narrow=_by_standing,
            choices=tuple((key, words) for key, (words, _condition) in STANDINGS.items()),
        ),
        TreeFilter(key="within", label=gettext_lazy("上级"), narrow=_within, find=_found, options=_provinces),
    ),
    sorts=(Sort("code", gettext_lazy("代码"), ("code",)),),
    default_sort="code",
    actions=(Action(pgettext_lazy("页面", "邮政编码"), reverse_lazy("org:postcodes"), icon="mailbox"),),
    empty=EmptyState(
        gettext_lazy("没有这样的区划"),
        gettext_lazy("国标区划随系统附带，街道和乡镇随名单进来。"),
        icon="map-2",
    ),
    row_url=_division_url,
    export_right=Right.ORG_EXPORT,
)

POSTCODES = ListSpec(
    key="postcodes",
    title=pgettext_lazy("页面", "邮政编码"),
    columns=(
        Column(
            "postcode",
            gettext_lazy("邮编"),
            lambda one: cells.code(one.postcode),
            sort="postcode",
            width="m",
            phone_role="aside",
        ),
        Column("place", pgettext_lazy("邮编名单", "名单里的地名"), _place, phone_role="title"),
        Column("division", gettext_lazy("对应的区划"), _division, phone_role="subtitle"),
        Column("match", gettext_lazy("对应"), _match, width="l", phone_role="meta"),
    ),
    filters=(
        TextFilter(
            key="q",
            label=gettext_lazy("邮编或地名"),
            placeholder=gettext_lazy("邮编开头或地名"),
            quick=True,
            max_length=40,
            narrow=_place_text,
        ),
        ChoiceFilter(key="match", label=gettext_lazy("对应"), quick=True, choices=tuple(Match.choices)),
        TextFilter(
            key="division",
            label=gettext_lazy("区划代码"),
            placeholder=gettext_lazy("代码，如 370100"),
            max_length=9,
            narrow=_of_division,
        ),
    ),
    sorts=(Sort("postcode", gettext_lazy("邮编"), ("postcode",)),),
    default_sort="postcode",
    actions=(Action(pgettext_lazy("页面", "行政区划"), reverse_lazy("org:divisions"), icon="map-2"),),
    empty=EmptyState(
        gettext_lazy("还没有邮编"),
        gettext_lazy("邮编随名单进来；有了它，客户页会说明邮编在哪里、与区划是否一致。"),
        icon="mailbox",
    ),
    export_right=Right.ORG_EXPORT,
)
