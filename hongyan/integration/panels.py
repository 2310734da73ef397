"""Blocks of the console's pages, made from the ledger and the descriptors: templates only draw them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.core import audit, clock
from hongyan.core.models import AuditEvent
from hongyan.customer.codes import Outcome
from hongyan.integration import lists, words
from hongyan.integration.codes import Channel, Connection, DeliveryState
from hongyan.integration.descriptors import (
    Descriptor,
    Field,
    FieldType,
    Format,
    RecordKind,
    Target,
    find_descriptor,
)
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.queries.deliveries import Waiting, is_at_work, is_stopped
from hongyan.integration.queries.systems import SystemOverview
from hongyan.integration.reasons import sentence
from hongyan.integration.rules import Pace, Standing, Verdict, checks_of, pace_of, steps_of
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui import cells, records
from hongyan.ui.cells import Tone
from hongyan.ui.lists import Action
from hongyan.ui.records import RecordHeader, TimelineEntry

Text = str | Promise

HOUSE_SIGNATURE = "system:intake"

STEPS: dict[str, Text] = {
    "received": pgettext_lazy("批次步骤", "已接收"),
    "check": pgettext_lazy("批次步骤", "检查"),
    "sign": pgettext_lazy("批次步骤", "签收"),
    "load": pgettext_lazy("批次步骤", "装载"),
    "done": pgettext_lazy("批次步骤", "完成"),
}
CHECKS: dict[str, Text] = {
    "name": gettext_lazy("文件名与业务日期"),
    "content": gettext_lazy("文件可以打开，有数据行"),
    "header": gettext_lazy("文件头与表头"),
    "encoding": gettext_lazy("字符编码"),
    "structure": gettext_lazy("引号与换行"),
    "trailer": gettext_lazy("文件尾行数"),
    "control_sum": gettext_lazy("控制合计"),
    "crc": gettext_lazy("校验码"),
    "timeliness": gettext_lazy("时效"),
}
CONNECTION_TONES: dict[str, Tone] = {
    Connection.CONNECTED: "good",
    Connection.COMPLIANCE: "wait",
    Connection.TENDER: "wait",
    Connection.BUILDING: "wait",
    Connection.OFF: "off",
}


# --- sections of the console


@dataclass(frozen=True, slots=True)
class SectionLink:
    """One of the console's three parts."""

    label: Text
    url: str
    icon: str
    is_active: bool


def sections(active: str) -> list[SectionLink]:
    """The console's parts, the one called `active` marked."""
    return [
        _section("systems", pgettext_lazy("接入台", "来源系统"), icon="plug-connected", active=active),
        _section("deliveries", pgettext_lazy("接入台", "批次"), icon="database-import", active=active),
        _section(
            "quarantine", gettext_lazy("隔离区"), icon="alert-triangle", active=active, query="?state=open"
        ),
    ]


def _section(name: str, label: Text, *, icon: str, active: str, query: str = "") -> SectionLink:
    return SectionLink(label, reverse(f"integration:{name}") + query, icon, name == active)


# --- systems


def connection_of(system: SystemOverview) -> SafeString:
    """A system's connection, as a shape and a word."""
    return cells.state_dot(system.connection.label, CONNECTION_TONES[system.connection])


def today_of(system: SystemOverview) -> SafeString:
    """What came today, in words: files and what they wait for; whether the day's file is missing."""
    today = system.today
    if not system.is_connected:
        return cells.unknown("unconnected")
    if today.refused:
        return cells.badge(_("{count} 个文件被拒收").format(count=today.refused), "bad")
    if today.waiting:
        return cells.badge(_("{count} 个文件待签收").format(count=today.waiting), "warn")
    if today.received > today.applied:
        return cells.state_dot(_("正在处理"), "info")
    if today.received:
        return cells.state_dot(_("{count} 个文件已装载").format(count=today.received), "good")
    return (
        cells.badge(_("今天的文件还没到"), "warn")
        if system.is_late
        else cells.state_dot(_("未到时间"), "wait")
    )


def line_of(descriptor: Descriptor) -> Text:
    """The business line of a system; ERP serves all."""
    return Line(descriptor.line).label if descriptor.line else _("全部板块")


def owner_of(descriptor: Descriptor) -> Text:
    """Who is responsible for a system."""
    return words.OWNERS.get(descriptor.owner, descriptor.owner)


def medium_of(descriptor: Descriptor) -> str:
    """Medium, layout and encoding: 文件 · 分隔文本 · GB18030."""
    parts = (
        words.MEDIA.get(descriptor.medium, descriptor.medium),
        words.FORMATS[descriptor.format],
        descriptor.encoding.upper(),
    )
    return " · ".join(str(part) for part in parts if part)


def system_header(system: SystemOverview) -> RecordHeader:
    """The top of a system's page."""
    descriptor = system.descriptor
    return RecordHeader(
        title=words.full_name(descriptor),
        key=descriptor.code,
        kind=words.short_name(descriptor),
        code=descriptor.code,
        badges=[connection_of(system)],
        facts=[
            records.Field(_("归口"), owner_of(descriptor)),
            records.Field(pgettext("来源系统", "板块"), line_of(descriptor)),
            records.Field(_("介质"), medium_of(descriptor)),
            records.Field(_("时间表"), _("每天 {time}").format(time=descriptor.schedule)),
            records.Field(pgettext("来源系统", "今天"), today_of(system)),
        ],
    )


def system_fields(descriptor: Descriptor) -> list[records.Field]:
    """What a descriptor says about a system as a whole, in words."""
    changes = _("、").join(str(words.CHANGE_KINDS.get(kind, kind)) for kind in descriptor.change_kinds)
    provinces = _("全国") if descriptor.provinces == ("*",) else _("、").join(descriptor.provinces)
    return [
        records.Field(_("接入方式"), words.MODES[descriptor.mode]),
        records.Field(_("散户范围"), words.WALK_INS[descriptor.walk_in]),
        records.Field(_("接入期限"), words.DATE_GROUPS[descriptor.date_group]),
        records.Field(_("改造内容"), changes),
        records.Field(_("开通省份"), provinces),
    ]


@dataclass(frozen=True, slots=True)
class MappedField:
    """One source column in words: our field, the rules, what a fault does, its class and purpose, its code map."""

    column: str
    target: Text
    target_code: str
    rules: Sequence[str]
    severity: Text
    data_class: Text
    purpose: Text
    codes: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class MappedKind:
    """A record kind in words: its title, the name of its file or sheet, its fields."""

    code: str
    title: str
    source: str
    fields: Sequence[MappedField]


def mapped_kinds(descriptor: Descriptor, expected: Sequence[str]) -> list[MappedKind]:
    """The record kinds of a system; `expected` are the names of its files today."""
    names = list(expected) * len(descriptor.kinds) if descriptor.file else expected
    return [
        MappedKind(
            kind.code, words.title_of(kind), _source(kind, name), [_mapped(field) for field in kind.fields]
        )
        for kind, name in zip(descriptor.kinds, names, strict=False)
    ]


def _source(kind: RecordKind, name: str) -> str:
    return _("{file}，工作表“{sheet}”").format(file=name, sheet=kind.sheet) if kind.sheet else name


def _mapped(field: Field) -> MappedField:
    return MappedField(
        column=field.column,
        target=words.TARGETS.get(field.target, field.target),
        target_code=field.target,
        rules=list(_rules(field)),
        severity=words.SEVERITIES[field.severity],
        data_class=words.DATA_CLASSES[field.data_class],
        purpose=words.PURPOSES.get(field.purpose, field.purpose),
        codes=list((field.codes or {}).items()),
    )


_TYPE_RULES: dict[FieldType, Text] = {
    FieldType.NAME: gettext_lazy("像名称，没有被遮盖"),
    FieldType.NUMBER: pgettext_lazy("检查规则", "整数"),
    FieldType.MONEY: gettext_lazy("金额"),
    FieldType.DATE: gettext_lazy("有效日期"),
    FieldType.MOMENT: gettext_lazy("有效时间"),
    FieldType.CREDENTIAL: gettext_lazy("按证件类型校验位数、校验位、出生日期与省份"),
    FieldType.MOBILE: gettext_lazy("有效手机号码"),
    FieldType.LANDLINE: gettext_lazy("有效固定电话"),
    FieldType.EMAIL: gettext_lazy("有效电子邮箱"),
    FieldType.DIVISION: gettext_lazy("六位行政区划代码"),
    FieldType.POSTCODE: gettext_lazy("六位邮政编码"),
    FieldType.UNIT: gettext_lazy("机构存在"),
    FieldType.STAFF: gettext_lazy("员工编号存在"),
}


def _rules(field: Field) -> Iterator[str]:
    if field.required:
        yield _("必填")
    if field.type is FieldType.CODE:
        yield (
            _("代码表，其余按“{default}”").format(default=field.default)
            if field.default is not None
            else _("代码表")
        )
    if field.type in _TYPE_RULES:
        yield str(_TYPE_RULES[field.type])
    if field.pattern:
        yield _("格式 {pattern}").format(pattern=field.pattern)
    if field.max_length:
        yield _("最多 {limit} 个字符").format(limit=field.max_length)


# --- one delivery: header and way


def delivery_header(viewer: Viewer, delivery: Delivery) -> RecordHeader:
    """The top of a delivery's page."""
    return RecordHeader(
        title=delivery.file_name,
        key=delivery.system,
        kind=words.system_name(delivery.system),
        code=delivery.number,
        badges=[lists.state_of(delivery)],
        facts=[
            records.Field(_("记录种类"), _kinds(delivery)),
            records.Field(
                _("业务日期"), cells.when(delivery.business_date) if delivery.business_date else ""
            ),
            records.Field(_("途径"), Channel(delivery.channel).label),
            records.Field(_("收到时间"), cells.when(delivery.received_at)),
            records.Field(_("送来"), _who(delivery.received_by)),
            records.Field(_("大小"), _size(delivery.size)),
        ],
        actions=list(_header_actions(viewer, delivery)),
    )


def _kinds(delivery: Delivery) -> str:
    """The record kinds a check found; nothing before it."""
    found = delivery.warnings.get("quality", {})
    return _("、").join(words.kind_title(delivery.system, code) for code in found)


def _header_actions(viewer: Viewer, delivery: Delivery) -> Iterator[Action]:
    if delivery.quarantined and viewer.may(Right.INTAKE_MEND):
        yield Action(_("下载隔离行"), reverse("integration:export", args=[delivery.number]), icon="download")


def _who(code: str) -> str:
    """Who sent or signed: a staff number, or the house and the system by their names."""
    if code == HOUSE_SIGNATURE:
        return _("系统自动")
    return words.system_name(code.removeprefix("system:")) if code.startswith("system:") else code


def _size(octets: int) -> str:
    for unit, step in (("MB", 1 << 20), ("KB", 1 << 10)):
        if octets >= step:
            return f"{octets / step:,.1f} {unit}"
    return f"{octets} B"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a delivery's way; `note` says when, by whom or why not."""

    label: Text
    standing: Standing
    note: SafeString | str = ""


def path_of(delivery: Delivery) -> list[Step]:
    """The way of a delivery as a bar."""
    notes = {
        "received": cells.when(delivery.received_at),
        "check": _("整批拒收") if delivery.state == DeliveryState.REFUSED else "",
        "sign": _sign_note(delivery),
        "done": cells.when(delivery.applied_at) if delivery.applied_at else "",
    }
    return [Step(STEPS[key], standing, notes.get(key, "")) for key, standing in steps_of(delivery.state)]


def _sign_note(delivery: Delivery) -> str:
    if delivery.state == DeliveryState.WITHDRAWN:
        return _("已撤回")
    return _who(delivery.signed_by) if delivery.signed_at else ""


# --- progress


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on a delivery is. `since` and `done_before` let the next look tell the pace."""

    label: str
    done: int
    total: int
    pace: Pace
    is_running: bool
    is_stopped: bool
    is_stopping: bool
    since: int
    done_before: int

    @property
    def shown_done(self) -> str:
        return f"{self.done:,}"

    @property
    def shown_total(self) -> str:
        return f"{self.total:,}"

    @property
    def shown_speed(self) -> str:
        return f"{self.pace.per_second:,.0f}" if self.pace.per_second else ""


def progress_of(
    delivery: Delivery, *, since: int = 0, done_before: int = 0, now: datetime | None = None
) -> Progress:
    """The progress since the reader began to look (`since`, in seconds of the epoch, and the rows done then)."""
    seconds = int((now or clock.now()).timestamp())
    loading = delivery.state == DeliveryState.APPLYING
    done, total = (delivery.applied_rows, delivery.staged_rows) if loading else (0, 0)
    is_first_look = not 0 < since <= seconds or done_before > done
    start, before = (seconds, done) if is_first_look else (since, done_before)
    return Progress(
        label=_progress_label(delivery),
        done=done,
        total=total,
        pace=pace_of(done=done, total=total, done_before=before, seconds=seconds - start),
        is_running=is_at_work(delivery),
        is_stopped=is_stopped(delivery),
        is_stopping=delivery.run is not None and delivery.run.cancel_requested,
        since=start,
        done_before=before,
    )


def _progress_label(delivery: Delivery) -> str:
    if delivery.state == DeliveryState.APPLYING:
        return _("正在装载")
    return _("正在检查") if delivery.state == DeliveryState.CHECKING else _("等待检查")


# --- what came of the rows


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of rows, where they are, and in one sentence what they are."""

    label: Text
    value: int
    url: str = ""
    hint: Text = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Counts that add up: `received` = the sum of `parts`; accepted rows = the sum of `accepted`."""

    received: int
    parts: Sequence[Amount]
    accepted: Sequence[Amount]
    review: Amount | None
    waiting: Waiting


def outcomes_of(viewer: Viewer, delivery: Delivery, waiting: Waiting) -> Outcomes:
    """What became of a delivery's rows, each number with a link to its rows where rows are kept."""
    loaded = delivery.state in {DeliveryState.APPLYING, DeliveryState.APPLIED}
    left = delivery.staged_rows - delivery.applied_rows
    pending = Amount(_("待装载"), left, hint=_("通过检查，还没有装载")) if left else None
    quarantine = f"{reverse('integration:quarantine')}?delivery={delivery.number}"
    parts = [
        Amount(_("采用"), delivery.accepted, _records_url(viewer, delivery), tone="good") if loaded else None,
        pending,
        Amount(
            _("隔离"),
            delivery.quarantined,
            quarantine if waiting.visible else "",
            tone="warn" if delivery.quarantined else "",
        ),
        Amount(_("不接入"), delivery.excluded, hint=_("按接入范围不收的散户与未开通省份的行，不保存内容")),
    ]
    return Outcomes(
        received=delivery.received,
        parts=[part for part in parts if part],
        accepted=_accepted(viewer, delivery) if loaded else [],
        review=Amount(
            _("待核"),
            delivery.review,
            f"{reverse('customer:list')}?review=1" if viewer.may(Right.CUSTOMER_READ) else "",
            hint=_("疑似同一客户、等人核对的有"),
        )
        if delivery.review
        else None,
        waiting=waiting,
    )


def _accepted(viewer: Viewer, delivery: Delivery) -> list[Amount]:
    url = _records_url(viewer, delivery)

    def rows(outcome: str) -> str:
        return f"{url}?outcome={outcome}" if url else ""

    is_organisation = _targets(delivery) <= {Target.UNIT, Target.POST}
    new = _("新增") if is_organisation else _("新客户")
    amounts = [
        Amount(new, delivery.new, rows(Outcome.NEW)),
        Amount(_("归入已有客户"), delivery.joined, rows(Outcome.JOINED)),
        Amount(_("更新"), delivery.updated, rows(lists.UPDATED)),
        Amount(_("没有变化"), delivery.unchanged, hint=_("与上次内容相同，不产生新记录")),
    ]
    return [amount for amount in amounts if not (is_organisation and amount is amounts[1])]


def _records_url(viewer: Viewer, delivery: Delivery) -> str:
    """The list of the records a delivery brought; units and staff are no records of customers."""
    is_customers = not _targets(delivery) <= {Target.UNIT, Target.POST}
    return (
        reverse("integration:records", args=[delivery.number])
        if is_customers and viewer.may(Right.CUSTOMER_READ)
        else ""
    )


def _targets(delivery: Delivery) -> set[Target]:
    descriptor = find_descriptor(delivery.system)
    return {kind.target for kind in descriptor.kinds} if descriptor else set()


# --- checks and quality


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One whole-file check and how it came out; `why` is a sentence where it did not pass."""

    label: Text
    verdict: Verdict
    why: str = ""


def check_lines(delivery: Delivery) -> list[CheckLine]:
    """The whole-file checks of a delivery."""
    descriptor = find_descriptor(delivery.system)
    layout = Format.RECORDS if _is_records(delivery) or descriptor is None else descriptor.format
    refusal = delivery.refusal or {}
    warned = {one["code"]: one for one in delivery.warnings.get("file", ())}
    is_checked = "quality" in delivery.warnings
    found = checks_of(layout, is_checked=is_checked, refusal=refusal.get("code", ""), warnings=list(warned))
    return [
        CheckLine(CHECKS[check], verdict, sentence(warned.get(code, refusal)) if code else "")
        for check, verdict, code in found
    ]


def refusal_of(delivery: Delivery) -> str:
    """Why the file was refused as a whole, in words; empty when it was not."""
    return sentence(delivery.refusal) if delivery.refusal else ""


def _is_records(delivery: Delivery) -> bool:
    return delivery.channel == Channel.RESEND or delivery.file_name.endswith(".json")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of some rows: how many, of how many, in percent rounded down so that 100 means all."""

    label: Text
    rows: int
    total: int

    @property
    def percent(self) -> int:
        return self.rows * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Emptied:
    """Values of one column that were left empty, for one reason, in how many rows."""

    column: str
    why: Text
    rows: int


@dataclass(frozen=True, slots=True)
class KindQuality:
    """Quality of one record kind: validity, uniqueness, completeness per field, values left empty."""

    title: str
    rules: Sequence[Share]
    completeness: Sequence[Share]
    emptied: Sequence[Emptied]


def quality_of(delivery: Delivery) -> list[KindQuality]:
    """Results of the quality rules per record kind, as the check stored them."""
    emptied = delivery.warnings.get("rows", ())
    return [
        KindQuality(
            title=words.kind_title(delivery.system, code),
            rules=[
                Share(_("有效性：通过全部规则的行"), found["valid"], found["rows"]),
                Share(_("唯一性：标识不重复的行"), found["valid"] - found["repeated_keys"], found["valid"]),
            ],
            completeness=[
                Share(words.TARGETS.get(target, target), filled, found["valid"])
                for target, filled in found["completeness"].items()
            ],
            emptied=[_emptied(one) for one in emptied if one["kind"] == code],
        )
        for code, found in delivery.warnings.get("quality", {}).items()
    ]


def _emptied(warning: dict[str, Any]) -> Emptied:
    return Emptied(warning["field"], words.FAULTS.get(warning["code"], warning["code"]), warning["rows"])


# --- history

_ICONS = {
    "intake.receive": "file-import",
    "intake.sign": "signature",
    "intake.apply": "circle-check",
    "intake.refuse": "ban",
    "intake.withdraw": "arrow-back-up",
}


def history_entries(events: Sequence[AuditEvent]) -> list[TimelineEntry]:
    """What was done to a delivery, from the audit."""
    return [
        TimelineEntry(
            at=event.at,
            kind="",
            title=audit.label_of(event.act),
            icon=_ICONS.get(event.act, "point"),
            text=event.purpose,
            author=event.actor_name or _who(event.actor),
            tone="bad" if event.result == AuditEvent.Result.DENIED else "",
        )
        for event in events
    ]


def signing_effect(delivery: Delivery) -> str:
    """What signing will do, in a sentence or two."""
    effect = _("签收后装载通过检查的 {rows} 行。").format(rows=f"{delivery.staged_rows:,}")
    if not delivery.quarantined:
        return effect
    stays = _("隔离的 {rows} 行留在隔离区等待修正。").format(rows=f"{delivery.quarantined:,}")
    return _("{one}{other}").format(one=effect, other=stays)


def why_waiting(delivery: Delivery, limit: object) -> list[str]:
    """Why a person has to sign instead of the house's own rule."""
    reasons = [sentence(one) for one in delivery.warnings.get("file", ())]
    if delivery.received and delivery.quarantined:
        share = delivery.quarantined * 100 / delivery.received
        reasons.append(
            _("隔离行占 {share}%，自动签收的上限为 {limit}%").format(share=f"{share:.1f}", limit=limit)
        )
    return reasons


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One reason of a quarantined row: the source's column, empty for the whole row, and the sentence."""

    column: str
    why: str


def reason_lines(row: QuarantinedRow) -> list[ReasonLine]:
    """Every reason of a row, in the reader's language."""
    return [ReasonLine(one["field"], sentence(one)) for one in row.reasons]


def row_header(row: QuarantinedRow) -> RecordHeader:
    """The top of a quarantined row's page."""
    delivery = row.delivery
    return RecordHeader(
        title=_("{file} 第 {row} 行").format(file=delivery.file_name, row=row.row),
        key=delivery.system,
        kind=pgettext("一行", "隔离行"),
        badges=[lists.row_state(row)],
        facts=[
            records.Field(
                _("批次"), _link(reverse("integration:delivery", args=[delivery.number]), delivery.number)
            ),
            records.Field(_("来源系统"), words.system_name(delivery.system)),
            records.Field(_("记录种类"), words.kind_title(delivery.system, row.kind)),
            records.Field(_("来源标识"), cells.masked(row.key_masked) if row.key_masked else ""),
            records.Field(_("收到时间"), cells.when(delivery.received_at)),
            *_closing(row),
        ],
    )


def _link(url: str, text: str) -> SafeString:
    return format_html('<a class="code" href="{}">{}</a>', url, text)


def _closing(row: QuarantinedRow) -> list[records.Field]:
    if row.closed_at is None:
        return []
    return [
        records.Field(_("处理人"), row.closed_by),
        records.Field(_("处理时间"), cells.when(row.closed_at)),
    ]
