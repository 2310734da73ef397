"""Blocks of the customer's page (客户360): a panel answers what its tab shows; `web/customer360.py` lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, Protocol

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from hongyan.core import masking
from hongyan.customer.codes import (
    MANUAL_SYSTEM,
    AddressKind,
    CaseState,
    ContactRole,
    CredentialType,
    Gender,
    Industry,
    Kind,
    Outcome,
    PartyType,
    Purpose,
    Scale,
    Settlement,
    Status,
)
from hongyan.customer.models import Link, Relationship, SourceRecord
from hongyan.customer.queries import history
from hongyan.customer.queries.records import CustomerRecord, OpenCase, current_links
from hongyan.customer.queries.search import Hit, Matched
from hongyan.customer.queries.systems import system_name
from hongyan.identity import explain
from hongyan.identity.rules import Evidence, Verdict
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui.cells import Chip, badge, chips, masked, when
from hongyan.ui.lists import Page
from hongyan.ui.lists.paging import Where
from hongyan.ui.records import Field, RecordHeader, Section, Source, TimelineEntry
from hongyan.ui.shell import Suggestion, SuggestionGroup

Text = str | Promise


class Asked(Where, Protocol):
    """Where in a panel the reader is, and what else the address of the page asks."""

    @property
    def query(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Panel:
    """One tab of the customer's page. `query` answers what `template` shows as `panel`, at a constant cost.

    A template with styles or scripts of its own `is_whole`, see `ui.records.Tab`.
    """

    key: str
    label: Text
    template: str
    query: Callable[[Viewer, CustomerRecord, Asked], object]
    is_whole: bool = False


@dataclass(frozen=True)
class RowLink:
    """Where a source record came from, in words, and the address of the row where the viewer may see it."""

    text: str
    url: str = ""


FindRow = Callable[[Viewer, int, int], RowLink]
"""(viewer, delivery id, row) → its link. Deliveries belong to a higher room, which lends this."""

MASKED_FIELDS = {
    "credential_masked": "credential_no",
    "mobile_masked": "mobile",
    "landline_masked": "landline",
    "email_masked": "email",
    "address": "address",
}
"""Fields shown masked → the name under which `reveal` knows them."""

LABELS: Mapping[str, Text] = {
    "name": gettext_lazy("名称"),
    "short_name": gettext_lazy("简称"),
    "gender": gettext_lazy("性别"),
    "birth_date": gettext_lazy("出生日期"),
    "credential_masked": gettext_lazy("证件号码"),
    "credential_type": gettext_lazy("证件类型"),
    "mobile_masked": gettext_lazy("手机"),
    "landline_masked": gettext_lazy("固定电话"),
    "email_masked": gettext_lazy("电子邮箱"),
    "address": gettext_lazy("地址"),
    "division": gettext_lazy("行政区划"),
    "postcode": gettext_lazy("邮编"),
    "legal_person": gettext_lazy("法定代表人"),
    "industry": gettext_lazy("行业"),
    "scale": gettext_lazy("规模"),
    "status": gettext_lazy("客户状态"),
}

_PERSON = (
    "name", "gender", "birth_date", "credential_type", "credential_masked", "mobile_masked", "landline_masked",
    "email_masked", "address", "division", "postcode",
)  # fmt: skip
_ORGANISATION = (
    "name", "short_name", "credential_type", "credential_masked", "legal_person", "industry", "scale", "mobile_masked",
    "landline_masked", "email_masked", "address", "division", "postcode",
)  # fmt: skip
_WIDE = frozenset({"address"})

_REASONS: Mapping[str, Text] = {
    "only": gettext_lazy("唯一来源"),
    "agreed": gettext_lazy("各来源一致"),
    "complete": gettext_lazy("更完整"),
    "verified": gettext_lazy("校验有效"),
    "rank": gettext_lazy("来源级别高"),
    "validity": gettext_lazy("格式有效"),
    "recency": gettext_lazy("较新"),
}

_CODE_LISTS: Mapping[str, type[TextChoices]] = {
    "gender": Gender,
    "credential_type": CredentialType,
    "status": Status,
    "industry": Industry,
    "scale": Scale,
    "role": ContactRole,
    "address_kind": AddressKind,
    "settlement": Settlement,
}
"""Fields whose values are codes, and the list that puts them into words."""

# --- 基本


@dataclass(frozen=True)
class OtherValue:
    """A value of a source that the golden record did not take."""

    value: object
    source: Source


@dataclass(frozen=True)
class GoldenField:
    """One golden field with its source and the values that lost against it."""

    field: Field
    others: tuple[OtherValue, ...] = ()


def basic(viewer: Viewer, record: CustomerRecord, _where: Where) -> list[GoldenField]:
    """The golden fields in their order on the page; needs no query of its own."""
    names = _PERSON if record.customer.party_type == PartyType.PERSON else _ORGANISATION
    return [golden_field(viewer, record, name) for name in names]


def golden_field(viewer: Viewer, record: CustomerRecord, name: str) -> GoldenField:
    """One golden field: its value, where it comes from and by which rule, and what other sources say."""
    customer = record.customer
    record_id, reason = customer.lineage.get(name, (None, ""))
    winner = record.by_id.get(record_id)
    value = shown_value(viewer, customer.code, name, getattr(customer, name))
    source = source_of(winner, reason) if winner else None
    others = _others(viewer, record, name, winner)
    return GoldenField(Field(LABELS[name], value, source, is_wide=name in _WIDE), others)


def shown_value(viewer: Viewer, code: str, name: str, value: Any, *, record_id: int | None = None) -> object:
    """A stored value as a page shows it: codes in words, personal data masked, with a way to reveal it by right."""
    if value in (None, "", Gender.UNKNOWN.value if name == "gender" else ""):
        return ""
    if name == "address":
        value = masking.mask_address(value)
    if name in MASKED_FIELDS:
        return masked(value, reveal_url=_reveal_url(viewer, code, name, record_id), what=LABELS[name])
    if name == "birth_date":
        return when(value if isinstance(value, date) else date.fromisoformat(value))
    return word_of(name, value)


def word_of(name: str, value: Any) -> Any:
    """A code in words; what no list knows stands as it is."""
    choices = _CODE_LISTS.get(name)
    return dict(choices.choices).get(value, value) if choices else value


def source_of(record: SourceRecord, reason: str = "") -> Source:
    """Where a value comes from, as of when, and why it was chosen."""
    rule = _("人工维护") if record.party.system == MANUAL_SYSTEM else _REASONS.get(reason, reason)
    as_of = record.as_of or record.source_updated_at or record.received_at
    return Source(system=system_name(record.party.system), as_of=as_of, rule=rule)


def _others(
    viewer: Viewer, record: CustomerRecord, name: str, winner: SourceRecord | None
) -> tuple[OtherValue, ...]:
    """What other sources say where it differs; one entry a record, since two systems may agree on another value."""
    taken = winner.fields.get(name) if winner else None
    rivals = (other for other in record.main_records if winner is None or other.id != winner.id)
    return tuple(
        OtherValue(
            shown_value(viewer, record.customer.code, name, other.fields[name], record_id=other.id),
            source_of(other),
        )
        for other in rivals
        if other.fields.get(name) not in (None, "", taken)
    )


def _reveal_url(viewer: Viewer, code: str, name: str, record_id: int | None) -> str:
    if not viewer.may(Right.CUSTOMER_REVEAL):
        return ""
    field = MASKED_FIELDS[name]
    if record_id is None:
        return reverse("customer:reveal", args=[code, field])
    return reverse("customer:reveal_record", args=[code, field, record_id])


# --- 来源记录


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
            relationship.party_id: relationship.get_line_display() for relationship in record.relationships
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


_PART_TITLES: Mapping[str, Text] = {
    "": gettext_lazy("主体"),
    "contact": gettext_lazy("联系人"),
    "address": pgettext_lazy("customer part", "地址"),
}
_PART_LABELS: Mapping[str, Text] = {
    "contact_name": gettext_lazy("联系人姓名"),
    "role": gettext_lazy("职务"),
    "primary": gettext_lazy("主要联系人"),
    "address_kind": gettext_lazy("地址类型"),
    "agreement_no": gettext_lazy("协议编号"),
    "signed_on": gettext_lazy("签订日期"),
    "valid_from": gettext_lazy("生效日期"),
    "valid_to": gettext_lazy("失效日期"),
    "settlement": gettext_lazy("结算方式"),
}


def _part_view(viewer: Viewer, code: str, record: SourceRecord, find_row: FindRow) -> PartView:
    sort, _slash, number = record.part.partition("/")
    labels = {**LABELS, **_PART_LABELS}
    fields = [
        Field(label, part_value(viewer, code, name, record.fields[name], record.id), is_wide=name in _WIDE)
        for name, label in labels.items()
        if record.fields.get(name) not in (None, "")
    ]
    return PartView(
        title=f"{_PART_TITLES.get(sort, sort)} {number}".strip(),
        fields=fields,
        version=record.version,
        received=when(record.received_at),
        row=find_row(viewer, record.delivery_id, record.row) if record.delivery_id else None,
    )


def part_value(viewer: Viewer, code: str, name: str, value: Any, record_id: int) -> object:
    """A field of a source record as a page shows it."""
    if isinstance(value, bool):
        return pgettext("answer", "是") if value else pgettext("answer", "否")
    return shown_value(viewer, code, name, value, record_id=record_id)


def evidence_in_words(stored: Mapping[str, Any] | None) -> tuple[str, ...]:
    """A stored decision in the reader's language, what weighed most first and the conclusion last."""
    if not stored:
        return ()
    found = tuple(
        Evidence(
            item["code"], item["outcome"], item["weight"], item.get("veto", False),
            tuple((key, value) for key, value in item.get("params", ())),
        )
        for item in stored.get("evidence", ())
    )  # fmt: skip
    verdict = Verdict(stored["band"], stored["score"], stored["rule"], found)
    return explain.explain(verdict, "zh" if (get_language() or "zh").startswith("zh") else "en")


def who(code: str) -> str:
    """Who decided: a staff number as it is, a process in words."""
    return _("系统") if code.startswith("system") else code


# --- 变更历史


_ACTS: Mapping[str, Text] = {
    "customer.reveal": pgettext_lazy("变更历史", "查看敏感信息原文"),
    "customer.open": gettext_lazy("打开客户"),
}
_ICONS = {"audit": "eye", "change": "pencil", "link": "users-group", "record": "file-info"}
_KINDS: Mapping[str, Text] = {
    "audit": gettext_lazy("操作"),
    "change": gettext_lazy("字段变更"),
    "link": gettext_lazy("归并关系"),
    "record": gettext_lazy("来源记录"),
}


@dataclass(frozen=True)
class HistoryPage:
    """A page of history as the timeline shows it, with the addresses of its neighbours."""

    entries: Sequence[TimelineEntry]
    next_url: str
    previous_url: str
    problem: str


def what_happened(_viewer: Viewer, record: CustomerRecord, where: Where) -> HistoryPage:
    """The query of the panel 变更历史. One query of its own."""
    page: Page[history.Entry] = history.history_of(record.customer, where)
    return HistoryPage(
        entries=[timeline_entry(entry) for entry in page.rows],
        next_url=f"?after={page.next_cursor}" if page.next_cursor else "",
        previous_url=f"?before={page.previous_cursor}" if page.previous_cursor else "",
        problem=page.problem,
    )


def timeline_entry(entry: history.Entry) -> TimelineEntry:
    """One entry of the history in words."""
    title, text = _WORDS[entry.kind](entry)
    return TimelineEntry(
        at=entry.at, kind=_KINDS[entry.kind], title=title, text=text, icon=_ICONS[entry.kind],
        author=who(entry.who) if entry.who else "",
    )  # fmt: skip


def _act_words(entry: history.Entry) -> tuple[str, str]:
    purpose = dict(Purpose.choices).get(entry.note, entry.note)
    return str(_ACTS.get(entry.subject, entry.subject)), _("用途：{purpose}").format(
        purpose=purpose
    ) if purpose else ""


def _change_words(entry: history.Entry) -> tuple[str, str]:
    before, after = (_history_value(entry.subject, value) for value in (entry.before, entry.after))
    return str(LABELS.get(entry.subject, entry.subject)), f"{before} → {after}"


def _history_value(name: str, value: str) -> str:
    if not value:
        return "—"
    if name == "address":
        return masking.mask_address(value)
    choices = {"gender": Gender, "credential_type": CredentialType, "status": Status}.get(name)
    return str(dict(choices.choices).get(value, value)) if choices else value


def _link_words(entry: history.Entry) -> tuple[str, str]:
    return str(Outcome(entry.after).label), f"{system_name(entry.subject)} · {entry.before}"


def _record_words(entry: history.Entry) -> tuple[str, str]:
    sort, _slash, number = entry.note.partition("/")
    part = f"{_PART_TITLES.get(sort, sort)} {number}".strip()
    title = _("{system} 送来{part}第 {version} 版").format(
        system=system_name(entry.subject), part=part, version=entry.after
    )
    return title, entry.before


_WORDS: Mapping[str, Callable[[history.Entry], tuple[str, str]]] = {
    "audit": _act_words,
    "change": _change_words,
    "link": _link_words,
    "record": _record_words,
}


# --- header and side


def header(record: CustomerRecord) -> RecordHeader:
    """The top of the page: who it is, who looks after them in each line, and what is not normal."""
    customer = record.customer
    return RecordHeader(
        title=customer.name,
        key=customer.code,
        kind=customer.get_party_type_display(),
        code=customer.code,
        badges=_badges(record),
        facts=[*_owner_facts(record), Field(_("来源"), _("{count} 个").format(count=len(record.parties)))],
    )


def _badges(record: CustomerRecord) -> list[SafeString]:
    customer = record.customer
    found = [line_chips(relationship.line for relationship in record.relationships)]
    kinds = sorted({relationship.kind for relationship in record.relationships})
    found += [chips(Chip(Kind(kind).label) for kind in kinds)] if kinds else []
    if customer.status != Status.ACTIVE:
        found.append(
            badge(customer.get_status_display(), "bad" if customer.status == Status.FROZEN else "off")
        )
    if record.cases:
        found.append(badge(CaseState.OPEN.label, "warn"))
    return found


def line_chips(codes: Iterable[str]) -> SafeString:
    """The lines a customer does business with, each once."""
    return _line_chips(tuple(sorted(set(codes))), get_language() or "")


@lru_cache(maxsize=256)
def _line_chips(codes: tuple[str, ...], _language: str) -> SafeString:
    # A page of a list shows the same few combinations fifty times.
    return chips(Chip(Line(code).label) for code in codes)


def _owner_facts(record: CustomerRecord) -> list[Field]:
    return [
        Field(
            _("{line}管户").format(line=owner.get_line_display()),
            f"{owner.unit} · {owner.manager.name if owner.manager else _('未分配客户经理')}",
        )
        for owner in record.owners
    ]


def side_sections(viewer: Viewer, record: CustomerRecord) -> list[Section]:
    """The side panel: relationships, contacts, addresses. A part without content says so."""
    sections = [
        Section(
            _("{line}业务关系").format(line=one.get_line_display()),
            _relationship_fields(one),
            icon="building-store",
        )
        for one in record.relationships
    ]
    code = record.customer.code
    sections += [
        Section(
            _("联系人"),
            _part_fields(viewer, code, record.parts("contact"), "contact_name"),
            icon="address-book",
        ),
        Section(
            pgettext("customer part", "地址"),
            _part_fields(viewer, code, record.parts("address"), "address_kind"),
            icon="map-pin",
        ),
    ]
    return [section for section in sections if section.fields]


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
    """An open review case in words. Without a name the other customer is out of the viewer's scope."""

    case: OpenCase
    words: Sequence[str]


def case_views(record: CustomerRecord) -> list[CaseView]:
    """The open cases, the likeliest first. Words name both customers, so a case out of scope has none."""
    return [CaseView(case, evidence_in_words(case.evidence)) for case in record.cases]


def label_of(field: str) -> Text:
    """The word for a field that can be revealed."""
    shown = {revealed: LABELS[name] for name, revealed in MASKED_FIELDS.items()}
    return shown.get(field, field)


# --- search box

MATCHED: Mapping[Matched, Text] = {
    Matched.CODE: gettext_lazy("客户编码相符"),
    Matched.NUMBER: gettext_lazy("协议编号或子码相符"),
    Matched.CREDENTIAL: gettext_lazy("证件号码相符"),
    Matched.PHONE: gettext_lazy("电话相符"),
    Matched.EMAIL: gettext_lazy("邮箱相符"),
    Matched.NAME: gettext_lazy("名称相符"),
    Matched.PINYIN: gettext_lazy("拼音或首字母相符"),
}


def suggestion_groups(hits: Sequence[Hit]) -> list[SuggestionGroup]:
    """What the search box offers, grouped by what fitted."""
    return [
        SuggestionGroup(MATCHED[matched], [_suggestion(hit) for hit in found])
        for matched, found in groupby(hits, key=lambda hit: hit.matched)
    ]


def _suggestion(hit: Hit) -> Suggestion:
    row = hit.row
    detail = " · ".join(filter(None, (row.code, row.unit_name, row.mobile_masked)))
    return Suggestion(row.name, reverse("customer:record", args=[row.code]), detail)
