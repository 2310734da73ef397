"""Merges and splits in words (归并与拆分): the tab of the customer's page, and what a checker decides by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import audit, masking
from hongyan.customer.codes import CaseState, MergeState, Outcome, Purpose
from hongyan.customer.models import Customer, Link, Merge, Ownership, Relationship, SourceParty
from hongyan.customer.panels.basic import shown_value
from hongyan.customer.panels.words import LABELS, Text, evidence_in_words, language, word_of
from hongyan.customer.queries.history import OPENING
from hongyan.customer.queries.merges import (
    MergePreview,
    Option,
    OwnerPreview,
    find_merge,
    merges_of,
    preview_of,
    taken_out_of,
)
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.systems import system_name
from hongyan.customer.rules.cases import may_become
from hongyan.customer.rules.merging import Choices, Objection
from hongyan.identity import explain
from hongyan.org.approvals import Fact
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui.cells import Tone, badge, code, when
from hongyan.ui.lists.paging import Where
from hongyan.ui.records import Field, TimelineEntry

_TONES: dict[MergeState, Tone] = {
    MergeState.WAITING: "wait",
    MergeState.DONE: "good",
    MergeState.REFUSED: "off",
    MergeState.SPLIT: "off",
}


@dataclass(frozen=True)
class MergesPage:
    """What was merged and split of a customer, the latest first, and what the viewer may do about it."""

    entries: Sequence[TimelineEntry]
    aliases: Sequence[Customer]
    merge_url: str
    take_out_url: str


def what_was_merged(viewer: Viewer, record: CustomerRecord, _where: Where) -> MergesPage:
    """The query of the panel 归并. Two queries of its own."""
    customer = record.customer
    may = viewer.may(Right.CUSTOMER_MERGE)
    entries = [
        *(merge_entry(row) for row in merges_of(customer, record.aliases)),
        *(_taken_out_entry(link) for link in taken_out_of(customer, record.aliases)),
    ]
    several = len(record.parties) > 1
    return MergesPage(
        entries=sorted(entries, key=lambda entry: entry.at, reverse=True),
        aliases=record.aliases,
        merge_url=reverse("customer:merge", args=[customer.code]) if may else "",
        take_out_url=reverse("customer:take_out", args=[customer.code]) if may and several else "",
    )


def merge_entry(row: Merge) -> TimelineEntry:
    """One merge as the timeline tells it: what became of it, who, and why."""
    what = _what(row)
    if row.state == MergeState.SPLIT and row.split_at:
        return TimelineEntry(
            at=row.split_at, kind=Outcome.SPLIT.label, title=_("拆分：{what}").format(what=what), icon="arrows-split",
            text=row.split_reason, author=row.split_by, url=_url(row), tone="info",
        )  # fmt: skip
    return TimelineEntry(
        at=row.done_at or row.asked_at, kind=row.get_state_display(), title=what, icon="arrows-join",
        text=row.reason, author=_people(row), url=_url(row), tone="warn" if row.is_override else "",
    )  # fmt: skip


def _taken_out_entry(link: Link) -> TimelineEntry:
    party = link.party
    what = _("{system} · {key} 拆出为 {code}").format(
        system=system_name(party.system), key=party.key, code=link.customer.code
    )
    return TimelineEntry(
        at=link.since, kind=Outcome.SPLIT.label, title=what, icon="arrows-split", author=link.decided_by,
        url=reverse("customer:record", args=[link.customer.code]), tone="info",
    )  # fmt: skip


def _url(row: Merge) -> str:
    return reverse("customer:merged", args=[row.pk])


def _people(row: Merge) -> str:
    return pgettext("人员列举", "、").join(filter(None, (row.asked_by, row.second_by)))


# --- one merge


def state_badge(row: Merge) -> SafeString:
    """How a merge stands."""
    return badge(row.get_state_display(), _TONES[MergeState(row.state)])


def merge_fields(row: Merge) -> list[Field]:
    """Who merged what, when and why; who split it; the evidence in words."""
    fields = [
        Field(_("编号"), code(row.number)),
        Field(_("状态"), state_badge(row)),
        Field(_("保留的客户"), code(row.survivor.code)),
        Field(_("并入的客户"), code(row.absorbed.code)),
        Field(_("归并人"), row.asked_by),
        Field(_("申请时间"), when(row.asked_at)),
    ]
    if row.second_by:
        fields.append(Field(_("复核人"), row.second_by))
    if row.done_at:
        fields.append(Field(_("归并时间"), when(row.done_at)))
    if row.score:
        fields.append(Field(_("相似度"), row.score))
    if row.reason:
        fields.append(Field(_("理由"), row.reason, is_wide=True))
    if row.is_override:
        fields.append(Field(_("特别情形"), OBJECTIONS[Objection.OTHER_ID](), is_wide=True))
    if chosen := chosen_words(row):
        fields.append(Field(_("人工选择"), chosen, is_wide=True))
    if words := evidence_in_words(row.evidence):
        fields.append(Field(pgettext("归并", "依据"), pgettext("依据列举", "；").join(words), is_wide=True))
    if row.split_at:
        fields += [
            Field(_("拆分人"), row.split_by),
            Field(_("拆分时间"), when(row.split_at)),
            Field(_("拆分理由"), row.split_reason, is_wide=True),
        ]
    return fields


OBJECTIONS = {
    Objection.OTHER_KIND: lambda: _("一个是个人，一个是单位：不能归并"),
    Objection.OTHER_ID: lambda: _("双方各有一个有效且不同的证件：须有证据并经第二人复核"),
}


def chosen_words(row: Merge) -> str:
    """What people chose with a merge: whose owner stands in which line, which fields were set by hand."""
    codes = {"survivor": row.survivor.code, "absorbed": row.absorbed.code}
    words = [
        _("{line}管户按 {code}").format(line=Line(line).label, code=codes[side])
        for line, side in row.choices.get("owners", {}).items()
    ]
    words += [_("指定“{field}”的来源").format(field=LABELS[name]) for name in row.choices.get("fields", {})]
    return pgettext("选择列举", "；").join(words)


# --- for the second person


def merge_facts(viewer: Viewer, subject: str) -> Sequence[Fact]:
    """What a checker decides by; that it was read is audited, for it names both. Errors: NotFound out of scope."""
    row = find_merge(viewer, int(subject))
    for customer in (row.survivor, row.absorbed):
        audit.record(
            viewer.actor,
            OPENING,
            "customer",
            customer.code,
            after={"part": "merge"},
            purpose=Purpose.APPROVAL,
        )
    facts: list[Fact] = [
        (_("保留的客户"), _named(row.survivor)),
        (_("并入的客户"), _named(row.absorbed)),
    ]
    if row.state == MergeState.WAITING and row.absorbed.survivor_id is None is row.survivor.survivor_id:
        facts += _effects(preview_of(row.survivor, row.absorbed, Choices(**row.choices)))
    if row.is_override:
        facts.append(Field(_("特别情形"), OBJECTIONS[Objection.OTHER_ID](), is_wide=True))
    if words := evidence_in_words(row.evidence):
        facts.append(Field(pgettext("归并", "依据"), pgettext("依据列举", "；").join(words), is_wide=True))
    return facts


def merges_asked(subjects: Collection[str]) -> dict[str, str]:
    """What each of some requests would merge, by codes; those out of scope are left out. One query."""
    rows = Merge.objects.filter(pk__in=[int(one) for one in subjects]).select_related("survivor", "absorbed")
    return {str(row.pk): _what(row) for row in rows}


def _what(row: Merge) -> str:
    return _("{absorbed} 并入 {survivor}").format(absorbed=row.absorbed.code, survivor=row.survivor.code)


def _named(customer: Customer) -> str:
    return _("{name}（{code}）").format(name=customer.name, code=customer.code)


def _effects(seeing: MergePreview) -> list[Fact]:
    agreements = [len(side) for side in seeing.agreements]
    return [
        (
            _("协议"),
            _("{survivor} 个与 {absorbed} 个").format(survivor=agreements[0], absorbed=agreements[1]),
        ),
        *((_("{line}管户").format(line=Line(one.line).label), owner_effect(one)) for one in seeing.owners),
    ]


def owner_effect(one: OwnerPreview) -> str:
    """Who will look after the customer in a line, and who will not any more."""
    stands = owner_words(one.standing)
    gives_way = one.absorbed if one.stands == "survivor" else one.survivor
    if gives_way is None or not one.meets:
        return stands
    return _("{stands}；{other} 不再管户").format(stands=stands, other=owner_words(gives_way))


def owner_words(owner: Ownership) -> str:
    """An owner: outlet and manager."""
    return f"{owner.unit} · {owner.manager.name if owner.manager else _('未分配客户经理')}"


# --- the dry run


@dataclass(frozen=True)
class FieldRow:
    """One golden field before and after: what either customer has, what comes out."""

    label: Text
    survivor: object
    absorbed: object
    result: object
    differs: bool


@dataclass(frozen=True)
class PreviewShown:
    """A dry run in words: fields, owners, agreements, what is settled besides, what speaks against it."""

    fields: Sequence[FieldRow]
    owners: Sequence[Field]
    agreements: Sequence[Field]
    effects: Sequence[str]
    objections: Sequence[str]
    evidence: Sequence[str]
    is_possible: bool


def preview(viewer: Viewer, seeing: MergePreview) -> PreviewShown:
    """What a merge would change, as its page shows it. No query."""
    survivor, absorbed = seeing.survivor, seeing.absorbed
    return PreviewShown(
        fields=[
            FieldRow(
                label=LABELS[one.name],
                survivor=_value(viewer, survivor.code, one.name, one.survivor),
                absorbed=_value(viewer, absorbed.code, one.name, one.absorbed),
                result=_plain(one.name, one.result),
                differs=one.differs,
            )
            for one in seeing.fields
        ],
        owners=[
            Field(_("{line}管户").format(line=Line(one.line).label), owner_effect(one))
            for one in seeing.owners
        ],
        agreements=[
            Field(_agreement_label(customer, one), _agreement_words(one))
            for customer, side in zip((survivor, absorbed), seeing.agreements, strict=True)
            for one in side
        ],
        effects=_further(seeing),
        objections=[OBJECTIONS[one]() for one in seeing.objections],
        evidence=explain.explain(seeing.verdict, language()) if seeing.verdict else (),
        is_possible=Objection.OTHER_KIND not in seeing.objections and seeing.waiting is None,
    )


def _value(viewer: Viewer, code_: str, name: str, value: object) -> object:
    return shown_value(viewer, code_, name, value) if value not in (None, "") else ""


def _plain(name: str, value: object) -> object:
    """A value as it will be, without a way to reveal it: it stands beside that of the customer it comes from."""
    if value in (None, ""):
        return ""
    if name == "address":
        return masking.mask_address(str(value))
    return word_of(name, value)


def _agreement_label(customer: Customer, one: Relationship) -> str:
    return f"{customer.code} · {one.get_line_display()}"


def _agreement_words(one: Relationship) -> str:
    return pgettext("列举", "，").join(filter(None, (one.agreement_no or one.sub_code, str(one.unit))))


def _further(seeing: MergePreview) -> list[str]:
    """What else a merge brings about, in sentences."""
    one, other = seeing.relationships
    found = [
        _("{count} 个来源改挂到 {survivor}；{absorbed} 成为曾用编码，以后仍可查到本客户。").format(
            count=len(other), survivor=seeing.survivor.code, absorbed=seeing.absorbed.code
        ),
        _("归并后共 {count} 个来源。业务明细不变，随时可以拆分。").format(count=len(one) + len(other)),
    ]
    waiting = [case for case in seeing.cases if may_become(case.state, CaseState.MERGED)]
    if waiting:
        found.append(_("同时了结待核件 {count} 件。").format(count=len(waiting)))
    if seeing.takes_two:
        found.append(_("有协议客户或证件不同：须由另一人复核后生效。"))
    if seeing.waiting is not None:
        found.append(_("已有归并申请 {number} 等待复核。").format(number=seeing.waiting.number))
    return found


def option_words(name: str, option: Option) -> str:
    """A value that may be chosen, with the source that states it."""
    return _("{value}（{system}）").format(
        value=_plain(name, option.value), system=system_name(option.system)
    )


def party_words(party: SourceParty) -> str:
    """A source party: system, key, outlet."""
    relationship = getattr(party, "relationship", None)
    unit = f" · {relationship.unit}" if relationship else ""
    return f"{system_name(party.system)} · {party.key}{unit}"
