"""Checking (检查): from the sealed original to staged rows, quarantine and a verdict on the file as a whole.

Long reading and staging happen outside any transaction; what came of it is written in one. A check that was killed
is simply done again: staged files are replaced, the quarantine of the delivery is written anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from hongyan.core import audit, clock, masking, scope, storage, vault
from hongyan.core.audit import Actor
from hongyan.core.errors import SourceError
from hongyan.core.parameters import value_of
from hongyan.core.sealed import uuid_for
from hongyan.integration import notices, places, readers, staging, sums
from hongyan.integration.actions.receive import MEGABYTE, acting_for
from hongyan.integration.actions.sign import sign_as
from hongyan.integration.codes import BY_HAND, Channel, DeliveryState
from hongyan.integration.descriptors import Descriptor, Field, Format, RecordKind, find_descriptor
from hongyan.integration.file_checks import FileChecks
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.parameters import AUTO_SIGN_MAX_QUARANTINE_PCT, LATE_AFTER_DAYS, MAX_UNPACKED_MB
from hongyan.integration.queries.reach import reach_of, scope_brought_for, widened
from hongyan.integration.readers import Misfit, Reading, Source, packed, records
from hongyan.integration.reasons import masked_value
from hongyan.integration.rules import Made, findings_of
from hongyan.ledger.parameters import DOMESTIC_NUMBER_PATTERNS
from hongyan.org.codes import Tree
from hongyan.org.models import Place, Staff, Unit

SYSTEM = Actor("system:intake")
RAW_COLUMN = "integration_quarantinedrow.sealed"
WRITE_ROWS = 1_000
_RECOGNISED = ("number", "key", "staff_no", "code", "holding")
"""Targets by which people recognise a row, the best first."""
LONGEST_KEY = 60
"""Characters of a source's key; no customer has a longer one."""


@dataclass(slots=True)
class _Checked:
    """One kind of a delivery after staging."""

    kind: RecordKind
    reading: Reading
    staged: staging.Staged


@dataclass(slots=True)
class _Findings:
    kinds: Sequence[RecordKind] = ()
    """Those the file says it holds; of a refused one, none or fewer were checked."""
    checked: list[_Checked] = field(default_factory=list)
    day: date | None = None
    checks: FileChecks = field(default_factory=FileChecks)
    """Of the file as a whole."""

    @property
    def quarantined(self) -> int:
        return sum(item.staged.bad + len(item.reading.misfits) for item in self.checked)


def check(delivery_id: int, *, in_background: bool = True) -> Delivery:
    """Check a received delivery; afterwards it is refused, waits for a signature, or is signed and applied.

    Only deliveries that are received, or whose check was interrupted, are looked at; others come back as they
    are. With `in_background` an automatic signature defers the loading.
    """
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(id=delivery_id)
        if delivery.state not in {DeliveryState.RECEIVED, DeliveryState.CHECKING}:
            return delivery
        delivery.state = DeliveryState.CHECKING
        delivery.save(update_fields=["state"])
    findings = _Findings()
    try:
        _examine(delivery, findings)
    except SourceError as error:
        return _refuse(delivery, error, findings)
    except vault.Tampered:
        return _refuse(delivery, SourceError("tampered"), findings)
    with scope.bulk():
        delivery = Delivery.objects.select_for_update().get(id=delivery_id)
        if delivery.state != DeliveryState.CHECKING:
            return delivery
        numbers = org_numbers()
        _write_quarantine(delivery, findings, numbers)
        _write_findings(delivery, findings, numbers)
        if delivery.warnings["waits"]:
            notices.waiting_for_signature(delivery)
            return delivery
        return sign_as(SYSTEM, delivery_id, in_background=in_background)


def _reasons_to_wait(delivery: Delivery, checks: Iterable[Made]) -> list[Made]:
    """Why a person has to sign; nothing when nobody needs to look.

    A resent row was looked at by the person who mended it; one that the house sends again was in a signed delivery.
    """
    if delivery.received_by == SYSTEM.code:
        return []
    beyond = _beyond_the_sender(delivery) if delivery.channel in BY_HAND else []
    if delivery.channel == Channel.RESEND:
        return beyond
    return [*beyond, *findings_of(checks), *_too_many_quarantined(delivery)]


def _too_many_quarantined(delivery: Delivery) -> list[Made]:
    limit = Decimal(value_of(AUTO_SIGN_MAX_QUARANTINE_PCT))
    if delivery.quarantined * 100 <= limit * delivery.received:
        return []
    share = f"{delivery.quarantined * 100 / delivery.received:.1f}"
    return [{"code": "many_quarantined", "params": {"share": share, "limit": str(limit)}}]


def _beyond_the_sender(delivery: Delivery) -> list[Made]:
    reach = reach_of(delivery)
    if reach.is_within(scope_brought_for(delivery)):
        return []
    code = "beyond_sender" if reach.place else "everywhere_beyond_sender"
    return [{"code": code, "params": {"unit": reach.name}}]


def _examine(delivery: Delivery, findings: _Findings) -> None:
    """Read, judge and stage a delivery; what is found on the way stays in `findings`, also when the file is refused."""
    descriptor = find_descriptor(delivery.system)
    assert descriptor is not None, "a delivery's system has a descriptor"
    kinds, day, layout = _contents(delivery, descriptor, findings.checks)
    findings.kinds, findings.day = kinds, day
    references = _references(descriptor)
    source = _source(delivery, descriptor, layout)
    for kind in kinds:
        _refuse_unknown_default(kind, references)
        reading, path = Reading(checks=findings.checks), places.staged(delivery.uuid, kind.code)
        staging.stage(source, kind, path, record=delivery.uuid, references=references, reading=reading)
        if reading.day and day and reading.day != day:
            raise SourceError("header_day", stated=reading.day.isoformat(), found=day.isoformat())
        findings.day = reading.day or day
        checked = _Checked(kind, reading, staging.summary(kind, path, record=delivery.uuid))
        _refuse_difference(checked)
        findings.checked.append(checked)
    _judge_day(findings)


def _refuse_unknown_default(kind: RecordKind, references: staging.References) -> None:
    """Errors: SourceError(default_unit) when the unit that stands in for those a source does not name is unknown."""
    unit = (kind.defaults or {}).get("unit_code", "")
    if unit and unit not in references.units:
        raise SourceError("default_unit", unit=unit)


def _refuse_difference(checked: _Checked) -> None:
    """Errors: SourceError(sums_differ) when the rows do not make what the trailer states of a summed column."""
    missing = sums.waiting(
        checked.kind, checked.reading.controls, checked.staged.sums, missed=checked.reading.missed
    )
    for target, amount in missing.items():
        column = checked.kind.column_of(target)
        raise SourceError("sums_differ", kind=checked.kind.title, column=column, difference=str(amount))


def _contents(
    delivery: Delivery, descriptor: Descriptor, checks: FileChecks
) -> tuple[Sequence[RecordKind], date | None, Format]:
    """What a delivery holds, by its name or, for records, by what they say themselves."""
    if not delivery.size:
        raise SourceError("empty")
    if delivery.channel == Channel.RESEND or delivery.file_name.endswith(".json"):
        content = records.parse(b"".join(_content(delivery)))
        kind = descriptor.kind(content["kind"])
        if kind is None:
            raise SourceError("unknown_kind", kind=content["kind"][:20])
        checks.passed("header", found=kind.code)
        return (kind,), None, Format.RECORDS
    matched = descriptor.match(delivery.file_name)
    if matched is None:
        raise SourceError("unknown_file", name=delivery.file_name)
    kinds, text = matched
    day = _day(text)
    checks.passed("name", found=day or "")
    return kinds, day, descriptor.format


def _judge_day(findings: _Findings) -> None:
    """Timeliness: how long ago the day was that the file is about."""
    if findings.day is None:
        return
    age, limit = (clock.business_date() - findings.day).days, value_of(LATE_AFTER_DAYS)
    if age > limit:
        findings.checks.warned("late", days=age, limit=limit)
    elif age < 0:
        findings.checks.warned("from_the_future", day=findings.day.isoformat())
    else:
        findings.checks.passed("timeliness", expected=limit, found=age)


def _day(text: str) -> date | None:
    """The day in a file's name. Errors: SourceError(file_day) when the calendar has no such day."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 a business day has no zone
    except ValueError as error:
        raise SourceError("file_day", found=text) from error


def _content(delivery: Delivery) -> Iterator[bytes]:
    return storage.unseal_chunks(places.original(delivery.uuid), record=delivery.uuid)


def _references(descriptor: Descriptor) -> staging.References:
    units = Unit.objects.values_list("code", "division")
    return staging.References(
        units={code: division[:2] for code, division in units},
        staff=frozenset(Staff.objects.values_list("staff_no", flat=True)),
        last_day=clock.business_date() + timedelta(days=1),
        domestic_items=tuple(value_of(DOMESTIC_NUMBER_PATTERNS)),
        first_day=descriptor.facts_from,
    )


# --- what is written


def _write_findings(delivery: Delivery, findings: _Findings, numbers: Mapping[str, int]) -> None:
    checked = findings.checked
    delivery.reach = widened(
        delivery.reach, [numbers.get(code, 0) for one in checked for code in one.staged.units]
    )
    delivery.state = DeliveryState.CHECKED
    _write_contents(delivery, findings)
    delivery.received = sum(item.reading.received for item in checked)
    delivery.staged_rows = sum(item.staged.good for item in checked)
    delivery.quarantined = findings.quarantined
    delivery.excluded = sum(item.staged.excluded for item in checked)
    delivery.sums = {
        item.kind.code: sums.stated(
            item.kind, item.reading.controls, item.staged.sums, missed=item.reading.missed
        )
        for item in checked
        if item.staged.sums
    }
    checks = findings.checks.made()
    delivery.warnings = {
        "checks": checks,
        "rows": _row_warnings(checked),
        "quality": {item.kind.code: _quality(item) for item in checked},
        "waits": _reasons_to_wait(delivery, checks),
    }
    delivery.save()


def _write_contents(delivery: Delivery, findings: _Findings) -> None:
    """What kind of file it is and which day it is about, as far as that was read."""
    delivery.kind = findings.kinds[0].code if len(findings.kinds) == 1 else ""
    delivery.business_date = findings.day


def _row_warnings(checked: Iterable[_Checked]) -> list[dict[str, Any]]:
    """Per kind, column and code: how many values were left empty because they cannot be right."""
    return [
        {"kind": item.kind.code, "field": column.column, "code": code, "rows": rows}
        for item in checked
        for fault, rows in item.staged.warnings.items()
        for column, code in (_fault(item.kind, fault),)
    ]


def _quality(item: _Checked) -> dict[str, Any]:
    """Results of the quality rules, in rows: completeness per target, validity, uniqueness.

    Rows the house does not take in (walk-ins, provinces to come) are neither good nor bad: counted beside them.
    """
    return {
        "rows": item.reading.received - item.staged.excluded,
        "excluded": item.staged.excluded,
        "completeness": item.staged.filled,
        "valid": item.staged.good,
        "repeated_keys": item.staged.repeated_keys,
    }


def _write_quarantine(delivery: Delivery, findings: _Findings, numbers: dict[str, int]) -> None:
    QuarantinedRow.objects.filter(delivery=delivery).delete()
    for item in findings.checked:
        path = places.staged(delivery.uuid, item.kind.code)
        misfits = (_misfit(delivery, item.kind, misfit) for misfit in item.reading.misfits)
        bad = (
            _quarantined(delivery, item.kind, row, numbers)
            for row in staging.bad_rows(item.kind, path, record=delivery.uuid)
        )
        for rows in _portions(chain(misfits, bad)):
            QuarantinedRow.objects.bulk_create(rows)


def org_numbers() -> dict[str, int]:
    """Organisation number per unit code; a unit in both trees is known by its postal place."""
    places_of_units = Place.objects.values_list("tree", "unit__code", "lo")
    return {code: lo for _, code, lo in sorted(places_of_units, key=lambda place: place[0] == Tree.POSTAL)}


def quarantined_row(
    delivery: Delivery,
    kind: RecordKind,
    *,
    row: int,
    key: str,
    raw: dict[str, str],
    reasons: list[dict[str, Any]],
    org_no: int,
) -> QuarantinedRow:
    """A row for the quarantine, its raw values sealed."""
    identity = uuid_for(QuarantinedRow._meta.db_table, delivery.pk, row, kind.code)
    is_orphan = {reason["code"] for reason in reasons} == {"unknown_customer"} and len(key) <= LONGEST_KEY
    return QuarantinedRow(
        uuid=identity,
        delivery=delivery,
        row=row,
        kind=kind.code,
        key_masked=masking.mask_credential(key)[:60],
        reasons=reasons,
        sealed=vault.seal(json.dumps(raw, ensure_ascii=False).encode(), record=identity, column=RAW_COLUMN),
        org_no=org_no,
        awaits=key if is_orphan else "",
    )


def raw_values(kind: RecordKind, values: Sequence[str]) -> dict[str, str]:
    """Values as delivered by column; a surplus stands under the name of its place."""
    names = [*kind.columns, *(f"+{number}" for number in range(1, len(values) - len(kind.columns) + 1))]
    return dict(zip(names, values, strict=False))


def _quarantined(
    delivery: Delivery, kind: RecordKind, row: dict[str, Any], numbers: dict[str, int]
) -> QuarantinedRow:
    raw = raw_values(kind, row["raw"])
    unit = row.get("unit_code") or row.get("code") or ""
    reasons = [_reason(kind, fault, raw) for fault in row["errors"]]
    return quarantined_row(
        delivery,
        kind,
        row=row["row"],
        key=recognised(row),
        raw=raw,
        reasons=reasons,
        org_no=numbers.get(unit, delivery.org_no),
    )


def recognised(row: Mapping[str, Any]) -> str:
    """What people recognise a staged row by: its number or key."""
    return next((row[name] for name in _RECOGNISED if row.get(name)), "")


def delivered_rows(delivery: Delivery, kind: RecordKind, rows: Collection[int]) -> dict[int, list[str]]:
    """Some rows of a delivery as its sealed original says them, by their number."""
    found: dict[int, list[str]] = {}
    descriptor, wanted = find_descriptor(delivery.system), pa.array(sorted(rows), pa.int32())
    assert descriptor is not None, "a delivery's system has a descriptor"
    _, _, layout = _contents(delivery, descriptor, FileChecks())
    for batch in readers.batches(_source(delivery, descriptor, layout), kind, Reading()):
        here = batch.filter(pc.is_in(batch.column(0), wanted)).to_pylist()
        found |= {row.pop("row"): list(row.values()) for row in here}
        if len(found) == len(wanted):
            break
    return found


def _source(delivery: Delivery, descriptor: Descriptor, layout: Format) -> Source:
    limit = value_of(MAX_UNPACKED_MB) * MEGABYTE
    if delivery.file_name.endswith(packed.ENDING):
        return Source(
            descriptor, layout, lambda: packed.unpacked(_content(delivery), limit=limit), limit=limit
        )
    return Source(descriptor, layout, lambda: _content(delivery), limit=limit)


def _misfit(delivery: Delivery, kind: RecordKind, misfit: Misfit) -> QuarantinedRow:
    params = dict(misfit.params) or {"expected": len(kind.columns), "found": len(misfit.values)}
    same = len(kind.columns) == len(misfit.values)
    code = misfit.code or ("column_names" if same else "column_count")
    return quarantined_row(
        delivery,
        kind,
        row=misfit.row,
        key="",
        raw=raw_values(kind, misfit.values),
        reasons=[{"field": "", "code": code, "params": params}],
        org_no=delivery.org_no,
    )


def _fault(kind: RecordKind, fault: str) -> tuple[Field, str]:
    """The field and the reason code of a staged fault, `<field>:<code>`."""
    number, _, code = fault.partition(":")
    return kind.fields[int(number)], code


def _reason(kind: RecordKind, fault: str, raw: dict[str, str]) -> dict[str, Any]:
    column, code = _fault(kind, fault)
    params: dict[str, Any] = {"value": masked_value(column, raw.get(column.column, ""))}
    if code == "too_long":
        params["limit"] = column.max_length
    return {"field": column.column, "code": code, "params": params}


def _portions(rows: Iterable[QuarantinedRow]) -> Iterator[list[QuarantinedRow]]:
    portion: list[QuarantinedRow] = []
    for row in rows:
        portion.append(row)
        if len(portion) == WRITE_ROWS:
            yield portion
            portion = []
    if portion:
        yield portion


def _refuse(delivery: Delivery, error: SourceError, findings: _Findings) -> Delivery:
    """Refuse the file as a whole; nothing of it is staged or applied."""
    places.remove_staged(delivery.uuid)
    findings.checks.failed(error)
    with scope.bulk():
        delivery = Delivery.objects.select_for_update().get(id=delivery.id)
        QuarantinedRow.objects.filter(delivery=delivery).delete()
        delivery.state = DeliveryState.REFUSED
        delivery.refusal = {"code": error.code, "row": error.row, "params": error.params}
        delivery.warnings = {"checks": findings.checks.made()}
        _write_contents(delivery, findings)
        delivery.save(update_fields=["state", "refusal", "warnings", "kind", "business_date"])
        audit.record(
            acting_for(SYSTEM, delivery),
            "intake.refuse",
            "delivery",
            delivery.number,
            after={"reason": error.code},
        )
        notices.refused(delivery)
    return delivery
