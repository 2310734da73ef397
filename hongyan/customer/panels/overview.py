"""The top of the page and the column beside it (页头与侧栏)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hongyan.customer.codes import (
    CaseState,
    Kind,
    LayoutPlace,
    Status,
)
from hongyan.customer.layouts import SIDE, layouts_for
from hongyan.customer.models import Ownership, Relationship, Share, SourceRecord
from hongyan.customer.panels.basic import shown_value
from hongyan.customer.panels.words import LABELS, evidence_in_words, word_of
from hongyan.customer.queries.cases import cases_of
from hongyan.customer.queries.records import CustomerRecord, OpenCase
from hongyan.customer.queries.systems import system_name
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui.cells import Chip, badge, chips, colour_key, when
from hongyan.ui.lists.spec import Action
from hongyan.ui.records import Field, RecordHeader, Section


def header(viewer: Viewer, record: CustomerRecord, *, share: Share | None = None) -> RecordHeader:
    """The top of the page: who it is, who looks after them in each line, what is not normal, how long it is shared."""
    customer = record.customer
    return RecordHeader(
        title=customer.name,
        key=customer.code,
        kind=customer.get_party_type_display(),
        code=customer.code,
        badges=[*_badges(record), *_share_badges(share)],
        actions=_actions(viewer, record),
        facts=[
            *owner_facts(record.owners),
            Field(_("来源"), _("{count} 个").format(count=len(record.parties))),
        ],
    )


def _actions(viewer: Viewer, record: CustomerRecord) -> list[Action]:
    if not viewer.may(Right.CUSTOMER_CORRECT):
        return []
    url = reverse("customer:correct", args=[record.customer.code])
    return [Action(pgettext("动作", "更正资料"), url=url, icon="pencil")]


def _share_badges(share: Share | None) -> list[SafeString]:
    return [badge(_("共享给您查看至 {day}").format(day=share.until), "info")] if share else []


def _badges(record: CustomerRecord) -> list[SafeString]:
    customer = record.customer
    found = [line_chips(relationship.line for relationship in record.relationships)]
    kinds = sorted({relationship.kind for relationship in record.relationships})
    found += [chips(Chip(Kind(kind).label) for kind in kinds)] if kinds else []
    if customer.status != Status.ACTIVE:
        found.append(
            badge(customer.get_status_display(), "bad" if customer.status == Status.FROZEN else "off")
        )
    if customer.anonymised_at is not None:
        found.append(badge(_("已匿名化"), "off"))
    if record.cases:
        found.append(badge(CaseState.OPEN.label, "warn"))
    return found


@lru_cache(maxsize=256)
def _line_chips(codes: tuple[str, ...], most: int, _language: str) -> SafeString:
    # A page of a list shows the same few combinations fifty times.
    lines = [Line(code) for code in codes]
    named = lines if len(lines) <= most else lines[: most - 1]
    found = [Chip(line.label, title=line.label, tone=line.colour) for line in named]
    if left := lines[len(named) :]:
        words = pgettext("list separator", "、").join(str(line.label) for line in left)
        found.append(Chip(f"+{len(left)}", title=words))
    return chips(found)


def owner_facts(owners: Iterable[Ownership]) -> list[Field]:
    """Who looks after a customer in each line."""
    return [
        Field(
            _("{line}管户").format(line=owner.get_line_display()),
            f"{owner.unit} · {owner.manager.name if owner.manager else _('未分配客户经理')}",
        )
        for owner in owners
    ]


@dataclass(frozen=True)
class SidePart:
    """One part of the side panel by its key; cases and other lines have blocks of their own."""

    key: str
    sections: Sequence[Section] = ()


def side_parts(viewer: Viewer, record: CustomerRecord) -> list[SidePart]:
    """The side panel as the house arranged it: cases, relationships, contacts, addresses, other lines. One query.

    A section without content is left out.
    """
    code = record.customer.code
    lines = [
        Section(
            colour_key(
                _("{line}业务关系（{system}）").format(
                    line=one.get_line_display(), system=system_name(one.party.system)
                ),
                Line(one.line).colour,
            ),
            _relationship_fields(one),
        )
        for one in record.relationships
    ]
    contacts = _part_fields(viewer, code, record.parts("contact"), "contact_name")
    addresses = _part_fields(viewer, code, record.parts("address"), "address_kind")
    sections = {
        "lines": lines,
        "contacts": [Section(_("联系人"), contacts, icon="address-book")],
        "addresses": [Section(pgettext("customer part", "地址"), addresses, icon="map-pin")],
    }
    parts = layouts_for(viewer, LayoutPlace.SIDE).get(record.customer.party_type)
    shown = [part.name for part in parts if not part.is_hidden] if parts else SIDE
    return [SidePart(key, [one for one in sections.get(key, ()) if one.fields]) for key in shown]


def lines_without_business(record: CustomerRecord) -> list[str]:
    """Lines in which nothing is known of the customer: not the same as business worth nothing."""
    present = {relationship.line for relationship in record.relationships}
    return [str(line.label) for line in Line if line not in present]


def _relationship_fields(one: Relationship) -> list[Field]:
    until = when(one.valid_to) if one.valid_to else _("长期")
    fields = [
        Field(_("客户类别"), one.get_kind_display()),
        Field(_("协议编号"), one.agreement_no),
        Field(_("子码"), one.sub_code),
        Field(_("生效日期"), when(one.valid_from) if one.valid_from else ""),
        Field(_("失效日期"), until if one.valid_from else ""),
        Field(_("结算方式"), word_of("settlement", one.settlement)),
        Field(_("机构"), str(one.unit)),
        Field(_("客户经理"), one.manager.name if one.manager else _("未分配")),
    ]
    if one.status != Status.ACTIVE:
        fields.insert(1, Field(_("客户状态"), badge(one.get_status_display(), "bad")))
    if one.said_status not in {"", one.status}:  # people decided otherwise
        fields.append(Field(_("来源所称状态"), one.get_said_status_display()))
    return [field for field in fields if field.value != ""]


def _part_fields(viewer: Viewer, code: str, records: Sequence[SourceRecord], title: str) -> list[Field]:
    """Contacts or addresses, one under another: what each is, then what reaches it."""
    reached = ("mobile_masked", "landline_masked", "email_masked", "address")
    return [
        Field(
            word_of(title, record.fields.get(title, "")) or (LABELS[name] if position == 0 else ""),
            shown_value(viewer, code, name, record.fields[name], record_id=record.id),
        )
        for record in records
        for position, name in enumerate(name for name in reached if record.fields.get(name))
    ]


@dataclass(frozen=True)
class CaseView:
    """An open review case in words, and where it is decided, empty for whoever may not.

    Without a name the other customer is out of the viewer's scope.
    """

    case: OpenCase
    words: Sequence[str]
    url: str


def case_views(viewer: Viewer, record: CustomerRecord) -> list[CaseView]:
    """The open cases, the likeliest first. Words name both customers, so a case out of scope has none."""
    asked = [case.id for case in record.cases] if viewer.may(Right.CUSTOMER_MERGE) else []
    mine = set(cases_of(viewer).filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()
    return [
        CaseView(
            case,
            evidence_in_words(case.evidence),
            reverse("customer:case", args=[case.id]) if case.id in mine else "",
        )
        for case in record.cases
    ]


def line_chips(codes: Iterable[str], *, most: int = len(Line)) -> SafeString:
    """The lines a customer does business with, each once in its colour; beyond `most` a last chip counts the others."""
    return _line_chips(tuple(sorted(set(codes))), most, get_language() or "")
