"""The lists of the intake console: deliveries, the records one brought, unknown parties, the quarantine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.clock import BUSINESS_ZONE
from hongyan.customer.codes import Outcome
from hongyan.customer.models import SourceParty, SourceRecord
from hongyan.integration.codes import Channel, DeliveryState, RowState
from hongyan.integration.descriptors import Target, all_descriptors, find_descriptor
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.queries.deliveries import deliveries, is_stopped, sees_counts, with_own_rows
from hongyan.integration.reasons import sentence
from hongyan.integration.words import FAULTS, kind_title, short_name, system_name
from hongyan.org.codes import Right, Viewer
from hongyan.ui import cells
from hongyan.ui.cells import Tone
from hongyan.ui.lists import (
    Action,
    BooleanFilter,
    BulkAction,
    Choice,
    ChoiceFilter,
    Column,
    DateRange,
    DateRangeFilter,
    EmptyState,
    ListSpec,
    Sort,
    TextFilter,
    offer_views,
)

TONES: dict[str, Tone] = {
    DeliveryState.RECEIVED: "wait",
    DeliveryState.CHECKING: "info",
    DeliveryState.REFUSED: "bad",
    DeliveryState.CHECKED: "warn",
    DeliveryState.APPLYING: "info",
    DeliveryState.APPLIED: "good",
    DeliveryState.WITHDRAWN: "off",
}
ROW_TONES: dict[str, Tone] = {
    RowState.OPEN: "warn",
    RowState.RESENT: "info",
    RowState.TAKEN: "good",
    RowState.DISMISSED: "off",
}
UPDATED = "updated"


def systems(_viewer: object) -> Sequence[Choice]:
    """All source systems, by their short names."""
    return [Choice(one.code, short_name(one)) for one in all_descriptors()]


# --- deliveries


def state_of(delivery: Delivery) -> SafeString:
    """How a delivery stands; what needs somebody stands out."""
    if is_stopped(delivery):
        return cells.badge(_("已中断"), "bad")
    word, tone = DeliveryState(delivery.state).label, TONES[delivery.state]
    return cells.badge(word, tone) if tone in {"warn", "bad"} else cells.state_dot(word, tone)


def _count(value: int) -> SafeString:
    """A number of rows; nothing where there are none."""
    return cells.number(value) if value else cells.none_yet()


def _during(deliveries: QuerySet[Any], days: DateRange) -> QuerySet[Any]:
    """Deliveries received on the business days from start to end, both included."""
    if days.start:
        deliveries = deliveries.filter(received_at__gte=datetime.combine(days.start, time.min, BUSINESS_ZONE))
    if days.end:
        end = datetime.combine(days.end + timedelta(days=1), time.min, BUSINESS_ZONE)
        deliveries = deliveries.filter(received_at__lt=end)
    return deliveries


def _by_quarantine(deliveries: QuerySet[Any], has_rows: bool) -> QuerySet[Any]:
    return deliveries.filter(quarantined__gt=0) if has_rows else deliveries.filter(quarantined=0)


def _by_name(deliveries: QuerySet[Any], text: str) -> QuerySet[Any]:
    number = text.upper().removeprefix("D")
    named = Q(file_name__icontains=text)
    return deliveries.filter(
        named | Q(id=int(number)) if number.isascii() and number.isdecimal() and len(number) < 16 else named
    )


DELIVERIES = ListSpec(
    key="deliveries",
    title=pgettext_lazy("接入台", "批次"),
    columns=(
        Column("file", gettext_lazy("文件"), lambda one: one.file_name, phone_role="title"),
        Column(
            "number",
            gettext_lazy("批次号"),
            lambda one: cells.code(one.number),
            width="m",
            phone_role="meta",
        ),
        Column(
            "system",
            gettext_lazy("来源系统"),
            lambda one: system_name(one.system),
            width="m",
            phone_role="meta",
        ),
        Column(
            "kind",
            gettext_lazy("记录种类"),
            lambda one: kind_title(one.system, one.kind),
            width="m",
            default=False,
        ),
        Column(
            "channel",
            gettext_lazy("途径"),
            lambda one: Channel(one.channel).label,
            width="m",
            phone_role="meta",
        ),
        Column(
            "day",
            gettext_lazy("业务日期"),
            lambda one: cells.when(one.business_date) if one.business_date else "",
            width="m",
            default=False,
        ),
        Column(
            "received",
            gettext_lazy("收到"),
            lambda one: _count(one.received),
            width="s",
            align="end",
            phone_role="fact",
        ),
        Column(
            "accepted",
            gettext_lazy("采用"),
            lambda one: _count(one.accepted),
            width="s",
            align="end",
            phone_role="fact",
        ),
        Column(
            "quarantined",
            gettext_lazy("隔离"),
            lambda one: _count(one.quarantined),
            sort="quarantined",
            width="s",
            align="end",
            phone_role="fact",
        ),
        Column("state", gettext_lazy("状态"), state_of, width="m", phone_role="aside"),
        Column(
            "at",
            gettext_lazy("收到时间"),
            lambda one: cells.when(one.received_at),
            sort="at",
            width="l",
            phone_role="meta",
        ),
    ),
    filters=(
        TextFilter(
            key="q",
            label=gettext_lazy("文件"),
            placeholder=gettext_lazy("文件名或批次号"),
            quick=True,
            narrow=_by_name,
        ),
        ChoiceFilter(key="system", label=gettext_lazy("来源系统"), choices=systems, quick=True),
        ChoiceFilter(
            key="state", label=gettext_lazy("状态"), choices=tuple(DeliveryState.choices), quick=True
        ),
        BooleanFilter(
            key="quarantined",
            label=gettext_lazy("隔离行"),
            quick=True,
            narrow=_by_quarantine,
            yes=gettext_lazy("有隔离行"),
            no=gettext_lazy("无隔离行"),
        ),
        ChoiceFilter(key="channel", label=gettext_lazy("途径"), choices=tuple(Channel.choices)),
        DateRangeFilter(key="at", label=gettext_lazy("收到日期"), narrow=_during),
        DateRangeFilter(key="day", label=gettext_lazy("业务日期"), field="business_date"),
    ),
    sorts=(
        Sort("at", gettext_lazy("收到时间"), ("received_at",), is_descending=True),
        Sort("quarantined", gettext_lazy("隔离行数"), ("quarantined",), is_descending=True),
    ),
    default_sort="-at",
    actions=(
        Action(
            gettext_lazy("上传文件"),
            reverse_lazy("integration:upload"),
            icon="upload",
            is_primary=True,
            dialog=True,
            right=Right.INTAKE_LOAD,
            shortcut="n",
        ),
    ),
    empty=EmptyState(
        gettext_lazy("还没有收到文件"),
        gettext_lazy("来源系统每天把文件投递到各自的目录，也可以在这里上传。收到的每个文件都会留下一行。"),
        icon="database-import",
    ),
    row_url=lambda one: reverse("integration:delivery", args=[one.number]),
    export_right=Right.INTAKE_MEND,
)


_COUNTS = frozenset({"received", "accepted", "quarantined"})

OWN_DELIVERIES = replace(
    DELIVERIES,
    columns=(
        *(one for one in DELIVERIES.columns if one.key not in _COUNTS),
        Column(
            "own",
            gettext_lazy("本单位隔离"),
            lambda one: _count(one.own_quarantined),
            width="s",
            align="end",
            phone_role="fact",
            hint=gettext_lazy("隔离的行中，在您数据范围内的"),
        ),
    ),
    filters=tuple(one for one in DELIVERIES.filters if one.key not in _COUNTS),
    sorts=tuple(one for one in DELIVERIES.sorts if one.key not in _COUNTS),
)
"""The same for those who may not know how many rows a file has."""


def deliveries_for(viewer: Viewer) -> tuple[ListSpec, QuerySet[Delivery]]:
    """The list of deliveries as a viewer may see it, and its rows."""
    if sees_counts(viewer):
        return DELIVERIES, deliveries()
    return OWN_DELIVERIES, with_own_rows(deliveries(), viewer)


# --- the records a delivery brought


def outcome_of(record: SourceRecord) -> SafeString:
    """What a record was to its customer."""
    if record.version > 1 or record.part:
        return cells.state_dot(_("更新"), "info")
    outcome = Outcome(record.outcome) if record.outcome else None  # type: ignore[attr-defined]
    word = outcome.label if outcome else _("已归入客户")
    return cells.state_dot(word, "good" if outcome is Outcome.NEW else "info")


def _by_outcome(records: QuerySet[Any], outcome: str) -> QuerySet[Any]:
    is_update = Q(version__gt=1) | ~Q(part="")
    return (
        records.filter(is_update)
        if outcome == UPDATED
        else records.exclude(is_update).filter(outcome=outcome)
    )


def _by_row(records: QuerySet[Any], text: str) -> QuerySet[Any]:
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return records.filter(row=int(text)) if is_number else records.none()


RECORDS = ListSpec(
    key="records",
    title=gettext_lazy("采用的记录"),
    columns=(
        Column(
            "row",
            gettext_lazy("行号"),
            lambda one: cells.number(one.row),
            sort="row",
            width="s",
            align="end",
            phone_role="aside",
        ),
        Column(
            "customer",
            pgettext_lazy("采用的记录", "客户"),
            lambda one: cells.named(one.party.customer.name, key=one.customer_code),
            phone_role="title",
        ),
        Column(
            "code",
            gettext_lazy("客户编码"),
            lambda one: cells.code(one.customer_code),
            width="m",
            phone_role="meta",
        ),
        Column(
            "key",
            gettext_lazy("来源标识"),
            lambda one: cells.code(one.party.key),
            width="l",
            phone_role="meta",
        ),
        Column("part", gettext_lazy("分项"), lambda one: one.part, width="m", default=False),
        Column(
            "version",
            gettext_lazy("版本"),
            lambda one: cells.number(one.version),
            width="s",
            align="end",
            default=False,
        ),
        Column("outcome", gettext_lazy("结果"), outcome_of, width="m", phone_role="meta"),
    ),
    filters=(
        TextFilter(key="row", label=gettext_lazy("行号"), quick=True, narrow=_by_row),
        ChoiceFilter(
            key="outcome",
            label=gettext_lazy("结果"),
            quick=True,
            narrow=_by_outcome,
            choices=(
                *((one.value, one.label) for one in (Outcome.NEW, Outcome.JOINED)),
                (UPDATED, gettext_lazy("更新")),
            ),
        ),
    ),
    # Records are written in the order of the file, so their key is the order of their rows.
    sorts=(Sort("row", gettext_lazy("行号"), ()),),
    default_sort="row",
    empty=EmptyState(
        gettext_lazy("没有您可以查看的记录"),
        gettext_lazy("与上次相同的行不产生新记录；其他机构的客户不在您的数据范围内。"),
        icon="users",
    ),
    row_url=lambda one: reverse("customer:record", args=[one.customer_code]),
    audited_as="record_list",
)


# --- parties nobody has described


def _by_key(parties: QuerySet[Any], text: str) -> QuerySet[Any]:
    return parties.filter(key=text)


def _facts_of(party: SourceParty) -> str:
    """What a party did: the list of the kind of facts that its system delivers."""
    descriptor = find_descriptor(party.system)
    targets = {kind.target for kind in descriptor.kinds} if descriptor else set()
    kind = Target.MAIL_ITEM if Target.MAIL_ITEM in targets else Target.TRANSACTION
    return f"{reverse('ledger:facts')}?kind={kind}&party={party.pk}"


UNKNOWN = ListSpec(
    key="unknown",
    title=gettext_lazy("未登记的来源客户"),
    columns=(
        Column(
            "key",
            gettext_lazy("来源标识"),
            lambda one: cells.code(one.key),
            phone_role="title",
        ),
        Column(
            "system",
            gettext_lazy("来源系统"),
            lambda one: system_name(one.system),
            width="m",
            phone_role="subtitle",
        ),
        Column(
            "since",
            gettext_lazy("首次提到"),
            lambda one: cells.when(one.first_seen_at),
            width="l",
            phone_role="meta",
        ),
    ),
    filters=(
        TextFilter(
            key="key",
            label=gettext_lazy("来源标识"),
            placeholder=gettext_lazy("完整的来源标识"),
            quick=True,
            max_length=60,
            narrow=_by_key,
        ),
        ChoiceFilter(key="system", label=gettext_lazy("来源系统"), choices=systems, quick=True),
    ),
    sorts=(
        Sort("newest", pgettext_lazy("sort", "最新"), (), is_descending=True),
        Sort("row", gettext_lazy("行号"), ("row",)),
    ),
    default_sort="-newest",
    empty=EmptyState(
        gettext_lazy("没有未登记的来源客户"),
        gettext_lazy("明细提到的客户，来源系统还没有送来资料时停在这里；资料一到，全部明细就归到客户名下。"),
        icon="user-question",
    ),
    row_url=_facts_of,
    export_right=Right.INTAKE_MEND,
)


# --- quarantine


def reason_text(reason: Mapping[str, Any]) -> str:
    """A stored reason with its column, where it has one, in the reader's language."""
    why = sentence(reason)
    return _("{column}：{why}").format(column=reason["field"], why=why) if reason["field"] else why


def reasons_of(row: QuarantinedRow) -> SafeString:
    """The first reason, and how many there are besides; all of them in the title."""
    texts = [reason_text(reason) for reason in row.reasons] or [""]
    more = len(texts) - 1
    shown = _("{reason}（另 {count} 项）").format(reason=texts[0], count=more) if more else texts[0]
    return format_html('<span title="{}">{}</span>', _("；").join(texts), shown)


def row_state(row: QuarantinedRow) -> SafeString:
    """What became of a row."""
    return cells.state_dot(RowState(row.state).label, ROW_TONES[row.state])


def _closed_as(row: QuarantinedRow) -> SafeString:
    """The same in the list, where waiting is the normal state and needs no word."""
    return cells.NOTHING if row.state == RowState.OPEN else row_state(row)


def _by_delivery(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    number = text.upper().removeprefix("D")
    is_number = number.isascii() and number.isdecimal() and len(number) < 16
    return rows.filter(delivery_id=int(number)) if is_number else rows.none()


def _by_reason(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    return rows.filter(reasons__contains=[{"code": code}])


QUARANTINE = ListSpec(
    key="quarantine",
    title=gettext_lazy("隔离区"),
    columns=(
        Column("reason", gettext_lazy("原因"), reasons_of, phone_role="title"),
        Column(
            "key",
            gettext_lazy("来源标识"),
            lambda row: cells.code(row.key_masked) if row.key_masked else "",
            width="m",
            phone_role="meta",
        ),
        Column(
            "row",
            gettext_lazy("行号"),
            lambda row: cells.number(row.row),
            sort="row",
            width="s",
            align="end",
            phone_role="fact",
        ),
        Column(
            "kind",
            gettext_lazy("记录种类"),
            lambda row: kind_title(row.delivery.system, row.kind),
            width="s",
            phone_role="meta",
        ),
        Column(
            "system",
            gettext_lazy("来源系统"),
            lambda row: system_name(row.delivery.system),
            width="s",
            phone_role="meta",
        ),
        Column(
            "delivery",
            gettext_lazy("批次"),
            lambda row: cells.code(row.delivery.number),
            width="m",
            phone_role="meta",
        ),
        Column(
            "at",
            gettext_lazy("收到时间"),
            lambda row: cells.when(row.delivery.received_at),
            width="l",
            default=False,
        ),
        Column("state", gettext_lazy("状态"), _closed_as, width="s", phone_role="aside"),
    ),
    filters=(
        TextFilter(
            key="delivery",
            label=gettext_lazy("批次"),
            placeholder=gettext_lazy("批次号"),
            quick=True,
            narrow=_by_delivery,
        ),
        ChoiceFilter(
            key="system",
            label=gettext_lazy("来源系统"),
            choices=systems,
            field="delivery__system",
            quick=True,
        ),
        ChoiceFilter(
            key="reason",
            label=gettext_lazy("原因"),
            choices=tuple(FAULTS.items()),
            narrow=_by_reason,
            quick=True,
        ),
        ChoiceFilter(key="state", label=gettext_lazy("状态"), choices=tuple(RowState.choices), quick=True),
    ),
    sorts=(
        Sort("newest", pgettext_lazy("sort", "最新"), (), is_descending=True),
        Sort("row", gettext_lazy("行号"), ("row",)),
    ),
    default_sort="-newest",
    bulk_actions=(
        BulkAction(
            "dismiss",
            gettext_lazy("放弃"),
            reverse_lazy("integration:dismiss_rows"),
            icon="ban",
            right=Right.INTAKE_MEND,
            is_danger=True,
        ),
    ),
    empty=EmptyState(
        gettext_lazy("没有隔离行"),
        gettext_lazy("不合规则的行会带着原因停在这里，等人修正后重发；其余的行照常装载。"),
        icon="circle-check",
    ),
    row_url=lambda row: reverse("integration:row", args=[row.id]),
    export_right=Right.INTAKE_MEND,
    audited_as="quarantine_list",
)

offer_views(DELIVERIES)
offer_views(QUARANTINE)
