"""Downloading the quarantine of a delivery (下载隔离行): masked, to be talked over with the source's owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hongyan.core import audit
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.parameters import value_of
from hongyan.integration.actions.resend import raw_of
from hongyan.integration.codes import RowState
from hongyan.integration.descriptors import Field, RecordKind, find_descriptor
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.parameters import EXPORT_ROWS
from hongyan.integration.reasons import masked_value, sentence
from hongyan.integration.words import title_of
from hongyan.org.codes import Right, Viewer


@dataclass(frozen=True, slots=True)
class Table:
    """A table for people; every personal value in it is masked."""

    header: Sequence[str]
    rows: Sequence[Sequence[object]]


def export_rows(viewer: Viewer, delivery: Delivery) -> Table:
    """The quarantined rows of a delivery in the viewer's scope, in the order of the file; recorded with their number.

    Errors: NotAllowed without the right to mend; Invalid for more rows than one download may have.
    """
    if not viewer.may(Right.INTAKE_MEND):
        raise NotAllowed(Right.INTAKE_MEND)
    limit = int(value_of(EXPORT_ROWS, units=viewer.unit_chain))
    found = QuarantinedRow.objects.visible_to(viewer).filter(delivery=delivery).order_by("kind", "row", "id")
    rows = list(found[: limit + 1])
    if len(rows) > limit:
        raise Invalid({"": _("隔离行超过 {limit} 行，不能一次下载。").format(limit=limit)})
    audit.record(viewer.actor, "intake.export", "delivery", delivery.number, count=len(rows))
    return _table(delivery, rows)


def _table(delivery: Delivery, rows: Sequence[QuarantinedRow]) -> Table:
    descriptor = find_descriptor(delivery.system)
    kinds = {kind.code: kind for kind in descriptor.kinds} if descriptor else {}
    present = [kind for code, kind in kinds.items() if any(row.kind == code for row in rows)]
    columns = list(dict.fromkeys(column for kind in present for column in kind.columns))
    header = [_("批次"), _("行号"), _("记录种类"), _("状态"), _("原因"), *columns]
    return Table(
        header,
        [
            [*_facts(delivery, row, kinds.get(row.kind)), *_values(row, kinds.get(row.kind), columns)]
            for row in rows
        ],
    )


def _facts(delivery: Delivery, row: QuarantinedRow, kind: RecordKind | None) -> Iterator[object]:
    yield delivery.number
    yield row.row
    yield title_of(kind) if kind else row.kind
    yield str(RowState(row.state).label)
    yield _("；").join(
        _("{column}：{why}").format(column=one["field"] or _("整行"), why=sentence(one))
        for one in row.reasons
    )


def _values(row: QuarantinedRow, kind: RecordKind | None, columns: Sequence[str]) -> Iterator[str]:
    fields = {field.column: field for field in reversed(kind.fields)} if kind else {}
    raw = raw_of(row)
    return (_masked(fields.get(column), raw.get(column, "")) for column in columns)


def _masked(field: Field | None, value: str) -> str:
    return masked_value(field, value) if field else ""
