"""What each system says, part by part (来源记录)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.customer.codes import IMPORT_SYSTEM, Outcome
from hongyan.customer.models import Link, SourceRecord
from hongyan.customer.panels.basic import shown_value
from hongyan.customer.panels.tabs import FindRow, RowLink
from hongyan.customer.panels.words import LABELS, WIDE_FIELDS, Text, evidence_in_words, who
from hongyan.customer.queries.records import CustomerRecord, current_links
from hongyan.customer.queries.systems import system_name
from hongyan.org.codes import Line, Viewer
from hongyan.ui.cells import colour_key, when
from hongyan.ui.lists.paging import Where
from hongyan.ui.records import Field


@dataclass(frozen=True)
class PartView:
    """One part of a source party as its system states it now."""

    title: Text
    fields: Sequence[Field]
    version: int
    received: object
    row: RowLink | None


@dataclass(frozen=True)
class PartyView:
    """One source party: its parts, and why it belongs to this customer."""

    system: str
    key: str
    line: str
    parts: Sequence[PartView]
    decision: Text
    decided_at: object
    decided_by: str
    score: int
    evidence: Sequence[str]


def sources(find_row: FindRow) -> Callable[[Viewer, CustomerRecord, Where], list[PartyView]]:
    """The query of the panel 来源记录, given how to find the row of a delivery. One query of its own."""

    def query(viewer: Viewer, record: CustomerRecord, _where: Where) -> list[PartyView]:
        links = current_links(record.customer)
        lines = {
            one.party_id: colour_key(one.get_line_display(), Line(one.line).colour)
            for one in record.relationships
        }
        return [
            _party_view(viewer, record, party.id, links.get(party.id), lines.get(party.id, ""), find_row)
            for party in record.parties
        ]

    return query


def _party_view(
    viewer: Viewer, record: CustomerRecord, party_id: int, link: Link | None, line: str, find_row: FindRow
) -> PartyView:
    current = [one for one in record.records if one.party_id == party_id]
    party = current[0].party
    return PartyView(
        system=system_name(party.system),
        key=party.key,
        line=line,
        parts=[_part_view(viewer, record.customer.code, one, find_row) for one in current],
        decision=Outcome(link.outcome).label if link else "",
        decided_at=when(link.since) if link else "",
        decided_by=who(link.decided_by) if link else "",
        score=link.score if link else 0,
        evidence=evidence_in_words(link.evidence) if link else (),
    )


PART_TITLES: Mapping[str, Text] = {
    "": gettext_lazy("主体"),
    "contact": gettext_lazy("联系人"),
    "address": pgettext_lazy("customer part", "地址"),
}
PART_LABELS: Mapping[str, Text] = {
    "contact_name": gettext_lazy("联系人姓名"),
    "role": gettext_lazy("职务"),
    "primary": gettext_lazy("主要联系人"),
    "birthday": gettext_lazy("生日"),
    "preferred_channel": gettext_lazy("联系方式偏好"),
    "preferred_time": gettext_lazy("方便的时间"),
    "preferred_language": gettext_lazy("沟通语言"),
    "note": pgettext_lazy("联系人", "备注"),
    "address_kind": gettext_lazy("地址类型"),
    "agreement_no": gettext_lazy("协议编号"),
    "signed_on": gettext_lazy("签订日期"),
    "valid_from": gettext_lazy("生效日期"),
    "valid_to": gettext_lazy("失效日期"),
    "settlement": gettext_lazy("结算方式"),
}


def _part_view(viewer: Viewer, code: str, record: SourceRecord, find_row: FindRow) -> PartView:
    sort, _slash, number = record.part.partition("/")
    labels = {**LABELS, **PART_LABELS}
    fields = [
        Field(
            label, part_value(viewer, code, name, record.fields[name], record.id), is_wide=name in WIDE_FIELDS
        )
        for name, label in labels.items()
        if record.fields.get(name) not in (None, "")
    ]
    return PartView(
        title=f"{PART_TITLES.get(sort, sort)} {number}".strip(),
        fields=fields,
        version=record.version,
        received=when(record.received_at),
        row=_row_link(viewer, record, find_row),
    )


def _row_link(viewer: Viewer, record: SourceRecord, find_row: FindRow) -> RowLink | None:
    """Where a record came from with a system's delivery; the key of one that a person imported tells file and row."""
    if record.delivery_id is None or record.party.system == IMPORT_SYSTEM:
        return None
    return find_row(viewer, record.delivery_id, record.row)


def part_value(viewer: Viewer, code: str, name: str, value: Any, record_id: int) -> object:
    """A field of a source record as a page shows it."""
    if isinstance(value, bool):
        return pgettext("answer", "是") if value else pgettext("answer", "否")
    return shown_value(viewer, code, name, value, record_id=record_id)
