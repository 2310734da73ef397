"""Applications in words (客户申请): the page of one, what a checker decides by, the tab of the customer's page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import audit, clock, masking
from hongyan.customer.codes import CredentialType, Flaw, Gender, Kind, PartyType, Settlement
from hongyan.customer.models import Customer
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.systems import system_name
from hongyan.ledger.codes import BaseProduct
from hongyan.lifecycle.actions.admission import checks_of
from hongyan.lifecycle.actions.closing import possible
from hongyan.lifecycle.actions.converting import convertible
from hongyan.lifecycle.actions.payload import entered_of
from hongyan.lifecycle.codes import (
    ENTERING,
    Agreement,
    ApplicationKind,
    ApplicationState,
    Checked,
    Item,
    Need,
    Outcome,
    Problem,
)
from hongyan.lifecycle.models import Application, Inquiry
from hongyan.lifecycle.queries.agreements import agreements_with
from hongyan.lifecycle.queries.applications import applications, applications_about, inquiries_of
from hongyan.lifecycle.queries.held import held
from hongyan.org.approvals import Fact
from hongyan.org.codes import Line, Right, Viewer
from hongyan.org.panels.words import asked_line
from hongyan.ui import cells
from hongyan.ui.cells import Tone
from hongyan.ui.lists.paging import Where
from hongyan.ui.lists.spec import Action
from hongyan.ui.records import Field, RecordHeader, TimelineEntry

Text = str | Promise
OPENING = "application.open"

STATES: Mapping[str, Tone] = {
    ApplicationState.DRAFT: "off",
    ApplicationState.CHECKING: "info",
    ApplicationState.SUBMITTED: "info",
    ApplicationState.AGREED: "warn",
    ApplicationState.APPROVED: "good",
    ApplicationState.REFUSED: "bad",
    ApplicationState.WITHDRAWN: "off",
    ApplicationState.UNDONE: "warn",
}
_SIGNS: Mapping[Outcome, tuple[str, Tone]] = {
    Outcome.PASSED: ("check", "good"),
    Outcome.FAILED: ("x", "bad"),
    Outcome.ASKS: ("help", "warn"),
    Outcome.NOT_KNOWN: ("help", "off"),
    Outcome.NOT_ASKED: ("minus", "off"),
}
MOST = 20
"""So many applications of one customer stand in the tab; the list has them all."""


@dataclass(frozen=True)
class ShownCheck:
    """One line of the admission check: sign, words, and what to do about it."""

    label: Text
    icon: str
    tone: Tone
    word: Text
    why: str = ""


@dataclass(frozen=True)
class ShownClash:
    """An agreement that excludes the wished one; `url` and `number` only of a customer in scope."""

    line: Text
    unit: str
    until: str
    families: str
    number: str = ""
    url: str = ""


def state_of(row: Application) -> SafeString:
    """How an application stands."""
    return cells.badge(row.get_state_display(), STATES[row.state])


def line_word(line: str) -> str:
    """A line in words; the whole customer where none is named."""
    return str(Line(line).label) if line else pgettext("申请", "整个客户")


def checks(lines: Sequence[Checked]) -> list[ShownCheck]:
    """The lines of an admission check in words."""
    return [_check(line) for line in lines]


def _check(line: Checked) -> ShownCheck:
    icon, tone = _SIGNS[line.outcome]
    why = str(line.problem.label) if line.problem else ""
    if line.item == Item.EXCLUSION and line.outcome == Outcome.ASKS:
        why = _("{why}：可打开那位客户办理，或填写例外的理由与失效日期后提交").format(why=why)
    if details := _details(line):
        why = pgettext("准入", "{why}：{details}").format(why=why, details=details)
    return ShownCheck(line.item.label, icon, tone, line.outcome.label, why)


def _details(line: Checked) -> str:
    words: list[str] = []
    if line.problem == Problem.MISSING:
        words = [str(Need(one).label) for one in line.details]
    if line.problem == Problem.FLAWED:
        words = [str(Flaw(one).label) for one in line.details]
    return pgettext("列举", "、").join(words)


@dataclass(frozen=True)
class ShownInquiry:
    """Who was asked about a closing, and what they said; `why` what stands against it."""

    who: Text
    word: Text
    icon: str
    tone: Tone
    when: SafeString
    why: str = ""


def inquiry_views(row: Application) -> list[ShownInquiry]:
    """Who was asked about a closing. One query, none for other applications."""
    return [_inquiry(one) for one in inquiries_of(row)] if row.kind == ApplicationKind.CLOSE else []


def _inquiry(one: Inquiry) -> ShownInquiry:
    who = Line(one.line).label if one.line else system_name(one.system)
    if one.objection:
        word = pgettext("外围校验", "有异议")
        return ShownInquiry(who, word, "x", "bad", cells.when(one.answered_at), one.objection)
    if one.answered_at:
        return ShownInquiry(who, pgettext("外围校验", "无异议"), "check", "good", cells.when(one.answered_at))
    if clock.now() < one.until:
        return ShownInquiry(who, pgettext("外围校验", "待答复，至"), "clock", "info", cells.when(one.until))
    return ShownInquiry(
        who, pgettext("外围校验", "到期未答复，视为无异议"), "minus", "off", cells.when(one.until)
    )


def clash_views(viewer: Viewer, clashing: Sequence[Agreement]) -> list[ShownClash]:
    """The agreements that exclude a wished one, as far as the viewer may know them. A query where there are some."""
    if not clashing:
        return []
    seen = Customer.objects.visible_to(viewer).filter(code__in={one.customer for one in clashing})
    codes = set(seen.values_list("code", flat=True))
    return [
        ShownClash(
            line=Line(one.line).label,
            unit=one.unit,
            until=one.until.isoformat() if one.until else _("长期"),
            families=families_word(sorted(one.families)) or _("未载明产品族，按全部产品族"),
            number=one.number if one.customer in codes else "",
            url=reverse("customer:record", args=[one.customer]) if one.customer in codes else "",
        )
        for one in clashing
    ]


def families_word(families: Collection[str]) -> str:
    """Families of mailing products in words."""
    return pgettext("列举", "、").join(str(BaseProduct(one).label) for one in families)


# --- the page of one application


def header(row: Application, *, may_edit: bool) -> RecordHeader:
    """What an application is about, how it stands, and who asks."""
    facts = [
        Field(_("申请人"), cells.named(row.maker.name, key=row.maker.staff_no, detail=str(row.unit))),
        Field(_("业务板块"), line_word(row.line)),
        Field(pgettext("申请", "更新时间"), cells.when(row.changed_at)),
    ]
    actions = []
    if may_edit:
        actions.append(
            Action(_("继续填写"), reverse("lifecycle:edit", args=[row.pk]), icon="pencil", is_primary=True)
        )
    return RecordHeader(
        title=row.name, key=row.number, kind=row.get_kind_display(), code=row.number,
        badges=[state_of(row)], facts=facts, actions=actions,
    )  # fmt: skip


def facts(row: Application) -> list[Field]:
    """What an application says, personal numbers masked."""
    fields = [Field(pgettext("申请", "客户"), _customer(row))]
    if row.kind not in ENTERING:
        return [
            *fields,
            Field(pgettext("申请", "范围"), line_word(row.line)),
            Field(_("理由"), row.reason, is_wide=True),
        ]
    fields += _typed(row)
    if row.kind == ApplicationKind.CREATE:
        fields += _terms(row)
    if row.reason:
        fields.append(Field(_("为什么不是同一客户"), row.reason, is_wide=True))
    if row.exception:
        fields.append(Field(_("互斥例外的理由"), row.exception, is_wide=True))
    return [*fields, *_answer(row)]


def _answer(row: Application) -> list[Field]:
    """Until when the other mailing line may object, or what it said (X-22)."""
    if row.answered_at and row.objection:
        return [Field(_("另一寄递板块的异议"), row.objection, is_wide=True)]
    if row.answered_at:
        return [Field(_("另一寄递板块"), _("无异议"))]
    if row.heard_until:
        return [Field(_("另一寄递板块可提异议至"), cells.when(row.heard_until))]
    return []


def _customer(row: Application) -> SafeString | str:
    if row.customer is None:
        return row.name
    url = reverse("customer:record", args=[row.customer.code])
    return format_html('<a href="{}">{} {}</a>', url, row.name, row.customer.code)


def _typed(row: Application) -> list[Field]:
    """What was typed of the party, until it stands in the customer's own record."""
    fields = [Field(_("客户类型"), PartyType(row.party_type).label)]
    if not row.sealed:
        return fields
    said = entered_of(row)
    if said.credential_no:
        type_ = CredentialType(said.credential_type).label if said.credential_type else ""
        fields.append(Field(_("证件"), f"{type_} {masking.mask_credential(said.credential_no)}".strip()))
    for label, value in (
        (_("手机"), masking.mask_phone(said.mobile) if said.mobile else ""),
        (_("固定电话"), masking.mask_phone(said.landline) if said.landline else ""),
        (_("电子邮箱"), masking.mask_email(said.email) if said.email else ""),
        (_("地址"), masking.mask_address(said.address) if said.address else ""),
        (_("法定代表人"), said.legal_person),
        (_("性别"), Gender(said.gender).label if said.gender else ""),
    ):
        if value:
            fields.append(Field(label, value))
    return fields


def _terms(row: Application) -> list[Field]:
    until = cells.when(row.valid_to) if row.valid_to else _("长期")
    fields = [Field(_("客户类别"), Kind(row.wish).label)]
    if row.families:
        fields.append(Field(_("寄递产品族"), families_word(row.families)))
    fields += [
        Field(_("生效日期"), cells.when(row.valid_from) if row.valid_from else None),
        Field(_("失效日期"), until),
        Field(_("结算方式"), Settlement(row.settlement).label if row.settlement else None),
    ]
    return fields


def history(row: Application) -> list[TimelineEntry]:
    """What happened to an application; what its checkers did stands on the page of its approval."""
    entries = [TimelineEntry(row.made_at, _("建立"), row.maker.name, icon="pencil")]
    if row.submitted_at:
        entries.append(TimelineEntry(row.submitted_at, _("提交"), row.maker.name, icon="send", tone="info"))
    if row.answered_at and row.answerer:
        word, tone = (_("提出异议"), "warn") if row.objection else (_("无异议"), "good")
        entries.append(
            TimelineEntry(row.answered_at, word, row.answerer.name, icon="messages", tone=tone)  # type: ignore[arg-type]
        )
    if row.state == ApplicationState.AGREED and row.approval and row.approval.ended_at and row.heard_until:
        url = reverse("org:approval", args=[row.approval_id])
        entries.append(
            TimelineEntry(row.approval.ended_at, _("已同意"), _("见审批记录"), icon="checkbox", url=url)
        )
        entries.append(
            TimelineEntry(row.heard_until, _("生效"), _("另一寄递板块无异议时"), icon="clock", is_due=True)
        )
    if row.decided_at:
        word = ApplicationState.APPROVED if row.undone_at else ApplicationState(row.state)
        url = reverse("org:approval", args=[row.approval_id]) if row.approval_id else ""
        entries.append(TimelineEntry(row.decided_at, word.label, _("见审批记录"), icon="checkbox", url=url))
    if row.undone_at:
        entries.append(
            TimelineEntry(row.undone_at, ApplicationState.UNDONE.label, row.undone_by, icon="arrow-back-up")
        )
    return entries


def clashes_of(row: Application) -> list[Agreement]:
    """The agreements that excluded a submitted application."""
    return agreements_with(row.clashing)


def open_page(viewer: Viewer, row: Application) -> None:
    """Audit that somebody looked at an application: it tells of a person or a firm."""
    audit.record(viewer.actor, OPENING, "application", row.number)


# --- what a checker decides by


def application_facts(viewer: Viewer, subject: str) -> Sequence[Fact]:
    """What an application says, the admission check in one line each, and the agreements that exclude it."""
    row = applications(viewer).get(pk=_id(subject))
    open_page(viewer, row)
    found: list[Fact] = [*facts(row)]
    found += [
        (line.label, pgettext("准入", "{word}，{why}").format(word=line.word, why=line.why))
        for line in checks(checks_of(row))
        if line.why
    ]
    found += [
        (_("外围校验：{who}").format(who=asked.who), f"{asked.word} {asked.why}".strip())
        for asked in inquiry_views(row)
    ]
    for one in clash_views(viewer, clashes_of(row)):
        words = _("{line} {number} 属 {unit}，有效至 {until}").format(
            line=one.line, number=one.number, unit=one.unit, until=one.until
        )
        found.append(
            Field(
                _("互斥的协议"),
                format_html('<a href="{}">{}</a>', one.url, words) if one.url else words,
                is_wide=True,
            )
        )
    return found


def applications_asked(subjects: Collection[str]) -> dict[str, str]:
    """What is asked, in one line."""
    rows = Application.objects.filter(pk__in=[_id(one) for one in subjects])
    return {
        row.number: asked_line(row.name, f"{row.get_kind_display()} {line_word(row.line)}") for row in rows
    }


def application_url(subject: str) -> str:
    """The page of an application."""
    return reverse("lifecycle:application", args=[_id(subject)])


def _id(subject: str) -> int:
    return int(subject.removeprefix("A"))


# --- the tab of the customer's page


@dataclass(frozen=True)
class ShownApplication:
    """One application in the tab."""

    number: str
    url: str
    kind: Text
    line: str
    state: SafeString
    when: SafeString
    maker: str


@dataclass(frozen=True)
class LifePage:
    """The applications about a customer, the latest first, and what the viewer may apply for."""

    rows: Sequence[ShownApplication]
    acts: Sequence[Action]
    convert_url: str = ""

    @property
    def key(self) -> UUID:
        """The idempotency key of converting."""
        return uuid4()


_ICONS = {ApplicationKind.CLOSE: "x", ApplicationKind.FREEZE: "lock", ApplicationKind.UNFREEZE: "check"}


def life(viewer: Viewer, record: CustomerRecord, _where: Where) -> LifePage:
    """The query of the panel 办理. Three queries of its own."""
    rows = applications_about(viewer, record)[:MOST]
    acts, convert_url = [], ""
    if viewer.may(Right.CUSTOMER_APPLY):
        relations = held(viewer, record.customer)
        if convertible(relations):
            convert_url = reverse("lifecycle:convert", args=[record.customer.code])
        for kind, lines in possible(relations).items():
            if lines:
                url = reverse("lifecycle:ask", args=[record.customer.code, kind.value])
                label = pgettext("申请", "申请{kind}").format(kind=kind.label)
                acts.append(Action(label, url, icon=_ICONS[kind], is_danger=kind == ApplicationKind.CLOSE))
    return LifePage(
        [
            ShownApplication(
                row.number,
                reverse("lifecycle:application", args=[row.pk]),
                row.get_kind_display(),
                line_word(row.line),
                state_of(row),
                cells.when(row.changed_at),
                row.maker.name,
            )
            for row in rows
        ],
        acts,
        convert_url,
    )
