"""What stands in the file of the quarantine (导出隔离行): masked, to be talked over with the source's owner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongyan.customer.codes import Purpose
from hongyan.desk.exports import Columns, Found, Source, register
from hongyan.integration.actions.resend import raw_of
from hongyan.integration.codes import RowState
from hongyan.integration.descriptors import Descriptor, find_descriptor
from hongyan.integration.lists import QUARANTINE
from hongyan.integration.models import QuarantinedRow
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
        return Found(state, rows, _FACTS, lambda row: Opened(row, {}))
    return Found(state, rows, (*_FACTS, *_columns_of(descriptor)), lambda row: Opened(row, raw_of(row)))


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
