"""What stands in the files of intake's lists (导出); quarantine masked, to be talked over with the source's owner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongyan.core.errors import NotAllowed
from hongyan.customer.codes import Purpose
from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.integration.actions.resend import raw_of
from hongyan.integration.codes import Channel, DeliveryState, RowState
from hongyan.integration.descriptors import Descriptor, find_descriptor
from hongyan.integration.lists import DELIVERIES, QUARANTINE, UNKNOWN
from hongyan.integration.models import QuarantinedRow
from hongyan.integration.queries.deliveries import deliveries, sees_counts
from hongyan.integration.queries.unknown import unknown_parties
from hongyan.integration.reasons import masked_value, sentence
from hongyan.integration.words import kind_title, system_name
from hongyan.org.codes import Right, Viewer
from hongyan.ui.lists import ListState


@dataclass(frozen=True, slots=True)
class Opened:
    """A row with its values as delivered; what leaves of them is masked."""

    row: QuarantinedRow
    values: Mapping[str, str]


def _reasons(opened: Opened) -> str:
    return _("；").join(
        _("{column}：{why}").format(column=one["field"] or _("整行"), why=sentence(one))
        for one in opened.row.reasons
    )


_FACTS: Columns = (
    (gettext_lazy("来源系统"), lambda opened: system_name(opened.row.delivery.system)),
    (gettext_lazy("批次"), lambda opened: opened.row.delivery.number),
    (gettext_lazy("行号"), lambda opened: opened.row.row),
    (gettext_lazy("记录种类"), lambda opened: kind_title(opened.row.delivery.system, opened.row.kind)),
    (gettext_lazy("来源标识"), lambda opened: opened.row.key_masked),
    (gettext_lazy("状态"), lambda opened: RowState(opened.row.state).label),
    (gettext_lazy("原因"), _reasons),
)


def read_quarantine(viewer: Viewer, query: QueryDict) -> Found:
    """The quarantined rows that an address lists; those of one system with the columns of its files too."""
    state = ListState.parse(QUARANTINE, query, viewer=viewer)
    rows = state.apply(QuarantinedRow.objects.visible_to(viewer).select_related("delivery"))
    descriptor = _descriptor_of(state, rows)
    if descriptor is None:
        return Found(state, rows, _FACTS, lambda found: [Opened(row, {}) for row in found])
    columns = (*_FACTS, *_columns_of(descriptor))
    return Found(state, rows, columns, lambda found: [Opened(row, raw_of(row)) for row in found])


def _descriptor_of(state: ListState, rows: QuerySet[QuarantinedRow]) -> Descriptor | None:
    """What the rows are described by, where the list is narrowed to a system or a delivery."""
    system = state.values.get("system")
    if not system and state.values.get("delivery"):
        system = rows.values_list("delivery__system", flat=True).first()
    return find_descriptor(system) if system else None


def _columns_of(descriptor: Descriptor) -> Columns:
    """The columns of a system's files, each once, as far as the kind of a row has them."""
    columns = dict.fromkeys(column for kind in descriptor.kinds for column in kind.columns)
    return [(column, _value_of(descriptor, column)) for column in columns]


def _value_of(descriptor: Descriptor, column: str) -> Callable[[Opened], str]:
    fields = {
        kind.code: field
        for kind in descriptor.kinds
        for field in reversed(kind.fields)
        if field.column == column
    }

    def masked(opened: Opened) -> str:
        field = fields.get(opened.row.kind)
        return masked_value(field, opened.values.get(column, "")) if field else ""

    return masked


_DELIVERIES: Columns = (
    (gettext_lazy("批次号"), lambda one: one.number),
    (gettext_lazy("文件"), lambda one: one.file_name),
    (gettext_lazy("来源系统"), lambda one: system_name(one.system)),
    (gettext_lazy("记录种类"), lambda one: kind_title(one.system, one.kind)),
    (gettext_lazy("途径"), lambda one: Channel(one.channel).label),
    (gettext_lazy("业务日期"), lambda one: one.business_date),
    (gettext_lazy("收到"), lambda one: one.received),
    (gettext_lazy("采用"), lambda one: one.accepted),
    (gettext_lazy("隔离"), lambda one: one.quarantined),
    (gettext_lazy("不接入"), lambda one: one.excluded),
    (gettext_lazy("状态"), lambda one: DeliveryState(one.state).label),
    (gettext_lazy("收到时间"), lambda one: f"{timezone.localtime(one.received_at):%Y-%m-%d %H:%M}"),
)
_UNKNOWN: Columns = (
    (gettext_lazy("来源标识"), lambda party: party.key),
    (gettext_lazy("来源系统"), lambda party: system_name(party.system)),
    (gettext_lazy("首次提到"), lambda party: f"{timezone.localtime(party.first_seen_at):%Y-%m-%d %H:%M}"),
)


def read_deliveries(viewer: Viewer, query: QueryDict) -> Found:
    """The deliveries that an address lists. Errors: NotAllowed for who may not know how many rows they have."""
    if not sees_counts(viewer):
        raise NotAllowed(Right.INTAKE_SIGN)
    state = ListState.parse(DELIVERIES, query, viewer=viewer)
    return Found(state, state.apply(deliveries()), _DELIVERIES)


def read_unknown(viewer: Viewer, query: QueryDict) -> Found:
    """The parties nobody has described that an address lists."""
    state = ListState.parse(UNKNOWN, query, viewer=viewer)
    return Found(state, state.apply(unknown_parties()), _UNKNOWN)


register(
    Source(
        DELIVERIES.key,
        DELIVERIES.title,
        Right.INTAKE_MEND,
        "integration:deliveries",
        purposes=Purpose.choices,
        read=read_deliveries,
    )
)
register(
    Source(
        UNKNOWN.key,
        UNKNOWN.title,
        Right.INTAKE_MEND,
        "integration:unknown",
        purposes=Purpose.choices,
        read=read_unknown,
    )
)
register(
    Source(
        QUARANTINE.key,
        QUARANTINE.title,
        Right.INTAKE_MEND,
        "integration:quarantine",
        purposes=Purpose.choices,
        read=read_quarantine,
    )
)
