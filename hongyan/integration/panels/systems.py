"""A source system in words: how it stands, what its descriptor says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.integration import words
from hongyan.integration.codes import Connection
from hongyan.integration.descriptors import Descriptor, Field, FieldType, RecordKind
from hongyan.integration.queries.systems import SystemOverview
from hongyan.org.codes import Line
from hongyan.ui import cells, records
from hongyan.ui.cells import Tone
from hongyan.ui.records import RecordHeader

Text = str | Promise

CONNECTION_TONES: dict[str, Tone] = {
    Connection.CONNECTED: "good",
    Connection.COMPLIANCE: "wait",
    Connection.TENDER: "wait",
    Connection.BUILDING: "wait",
    Connection.OFF: "off",
}


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
