"""The rows of an import that were not taken, with their reasons and as they stand in the file (错误文件)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import NotAllowed, NotFound
from hongyan.core.exports import Table, csv_file
from hongyan.integration import places, readers, staging
from hongyan.integration.actions.check_import import source_of
from hongyan.integration.codes import ImportState
from hongyan.integration.descriptors import RecordKind
from hongyan.integration.import_kinds import ADDED, CODE, FAULT, kind_of
from hongyan.integration.import_rules import column_letters
from hongyan.integration.models import CustomerImport, LeftOutRow
from hongyan.integration.readers import Reading, Source
from hongyan.integration.reasons import masked_value, sentence
from hongyan.org.codes import Right, Viewer

_UNTRIED = frozenset({ImportState.UPLOADED, ImportState.CHECKING, ImportState.REFUSED})


@dataclass(frozen=True, slots=True)
class Refused:
    """One reason why a row was not taken: its number in the file, the column, a sentence with masked values."""

    row: int
    column: str
    reason: str


def refused_rows(brought: CustomerImport, *, most: int) -> list[Refused]:
    """The first reasons, as a page shows them: refused rows, then sound ones that were left out."""
    found: list[Refused] = []
    for row in _bad_rows(brought):
        found += _reasons(kind_of(brought), row)
        if len(found) >= most:
            return found[:most]
    left = LeftOutRow.objects.filter(brought=brought).order_by("row")[: most - len(found)]
    return found + [Refused(one.row, "", sentence({"code": one.why, "params": {}})) for one in left]


def error_file(viewer: Viewer, brought: CustomerImport) -> Iterator[bytes]:
    """A CSV of all rows that were not taken: row, column, reason, and the cells as they were; for the maker only.

    Errors: NotAllowed; NotFound where nothing was tried, or the file is put away.
    """
    if not viewer.may(Right.CUSTOMER_IMPORT) or brought.maker != viewer.staff_no:
        raise NotAllowed(Right.CUSTOMER_IMPORT, _("只有上传文件的人可以下载错误文件"))
    if not _is_staged(brought):
        raise NotFound("customer_import", brought.number)
    reasons: dict[int, list[Refused]] = {}
    kind = kind_of(brought)
    for row in _bad_rows(brought):
        reasons[row["row"]] = _reasons(kind, row)
    with scope.bulk():
        left = list(LeftOutRow.objects.filter(brought=brought).values_list("row", "why"))
    for number, why in left:
        reasons[number] = [Refused(number, "", sentence({"code": why, "params": {}}))]
    audit.record(viewer.actor, "import.errors", "customer_import", brought.number, count=len(reasons))
    note = _("{who} 于 {at} 下载：导入 {number} 未采用的行").format(
        who=viewer.name, at=clock.business_date().isoformat(), number=brought.number
    )
    header = [_("行号"), _("列"), _("原因"), *brought.headers]
    return csv_file(Table(note, header, _lines(source_of(brought), kind, reasons)))


def _lines(
    source: Source, kind: RecordKind, reasons: Mapping[int, Sequence[Refused]]
) -> Iterator[Sequence[object]]:
    """The rows in the order in which the file is read; nothing is asked of the database any more."""
    width = len(kind.columns) - ADDED
    for batch in readers.batches(source, kind, Reading()):
        numbers = batch.column(0).to_pylist()
        for place in [place for place, number in enumerate(numbers) if number in reasons]:
            found = reasons[numbers[place]]
            cells = [column[place].as_py() for column in batch.columns[1 : 1 + width]]
            columns = _("、").join(dict.fromkeys(one.column for one in found if one.column))
            yield [numbers[place], columns, _("；").join(one.reason for one in found), *cells]


def _is_staged(brought: CustomerImport) -> bool:
    return brought.state not in _UNTRIED and places.staged(brought.uuid, CODE).exists()


def _bad_rows(brought: CustomerImport) -> Iterator[dict[str, Any]]:
    if not _is_staged(brought):
        return iter(())
    return staging.bad_rows(kind_of(brought), places.staged(brought.uuid, CODE), record=brought.uuid)


def _reasons(kind: RecordKind, row: Mapping[str, Any]) -> list[Refused]:
    values = dict(zip(kind.columns, row["raw"], strict=True))
    found = []
    for fault in row["errors"]:
        place, _colon, code = fault.partition(":")
        field = kind.fields[int(place)]
        if field.column == FAULT:
            found.append(_whole(kind, row["row"], values[FAULT]))
            continue
        params = {"value": masked_value(field, values[field.column]), "limit": field.max_length}
        code = "out_of_scope_unit" if code == "unknown_unit" else code
        found.append(Refused(row["row"], field.column, sentence({"code": code, "params": params})))
    return found


def _whole(kind: RecordKind, row: int, fault: str) -> Refused:
    """What the reader said of a row: `<code>:<place>`."""
    code, _colon, place = fault.partition(":")
    if code in {"width", "merged"}:
        return Refused(row, "", sentence({"code": code, "params": {}}))
    name = kind.fields[int(place)].column
    shown = _("{name}（{letters} 列）").format(name=name, letters=column_letters(int(place)))
    return Refused(row, shown, sentence({"code": code, "params": {}}))
