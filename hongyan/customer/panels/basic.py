"""The golden record, each value with its source (基本)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hongyan.core import masking
from hongyan.customer.codes import (
    MANUAL_SYSTEM,
    Gender,
    PartyType,
)
from hongyan.customer.custom import custom_fields, label, words
from hongyan.customer.models import SourceRecord
from hongyan.customer.panels.places import postcode_cell
from hongyan.customer.panels.words import LABELS, MASKED_FIELDS, WIDE_FIELDS, Text, word_of
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.systems import system_name
from hongyan.customer.rules.correcting import TYPED
from hongyan.customer.rules.custom import Custom, Type
from hongyan.customer.rules.golden import CUSTOM
from hongyan.org.codes import Right, Viewer
from hongyan.ui.cells import masked, when
from hongyan.ui.lists.paging import Where
from hongyan.ui.records import Field, Source

PERSON_FIELDS = (
    "name", "gender", "birth_date", "credential_type", "credential_masked", "mobile_masked", "landline_masked",
    "email_masked", "address", "division", "postcode",
)  # fmt: skip
ORGANISATION_FIELDS = (
    "name", "short_name", "credential_type", "credential_masked", "legal_person", "industry", "scale", "mobile_masked",
    "landline_masked", "email_masked", "address", "division", "postcode",
)  # fmt: skip


_TYPED = {head: name for name, head in reversed([*TYPED.items()]) if name != "credential_type"}
"""Golden field → the field that is typed to correct it."""

_REASONS: Mapping[str, Text] = {
    "only": gettext_lazy("唯一来源"),
    "agreed": gettext_lazy("各来源一致"),
    "complete": gettext_lazy("更完整"),
    "verified": gettext_lazy("校验有效"),
    "rank": gettext_lazy("来源级别高"),
    "validity": gettext_lazy("格式有效"),
    "recency": gettext_lazy("较新"),
    "pinned": gettext_lazy("人工指定"),
}


@dataclass(frozen=True)
class OtherValue:
    """A value of a source that the golden record did not take."""

    value: object
    source: Source


@dataclass(frozen=True)
class GoldenField:
    """One golden field with its source and the values that lost against it; where it may be corrected as it stands."""

    field: Field
    others: tuple[OtherValue, ...] = ()
    edit_url: str = ""


def basic(viewer: Viewer, record: CustomerRecord, _where: Where) -> list[GoldenField]:
    """The golden fields in their order on the page, then those that the house defined. One query."""
    customer = record.customer
    names = PERSON_FIELDS if customer.party_type == PartyType.PERSON else ORGANISATION_FIELDS
    *fields, postcode = (
        replace(
            golden_field(viewer, record, name),
            edit_url=_edit_url(viewer, customer.code, _TYPED.get(name, "")),
        )
        for name in names
    )
    value = postcode_cell(customer.postcode, customer.division)
    return [
        *fields,
        replace(postcode, field=replace(postcode.field, value=value)),
        *own_fields(viewer, record),
    ]


def own_fields(viewer: Viewer, record: CustomerRecord) -> list[GoldenField]:
    """The fields that the house defined: those asked of such a customer, and retired ones that have a value."""
    customer = record.customer
    lines = [owner.line for owner in record.owners]
    shown = [
        field
        for field in custom_fields()
        if field.is_for(customer.party_type, lines) or customer.custom.get(field.code)
    ]
    return [_own_field(viewer, record, field) for field in shown]


def _own_field(viewer: Viewer, record: CustomerRecord, field: Custom) -> GoldenField:
    customer = record.customer
    record_id, reason = customer.lineage.get(field.name, (None, ""))
    winner = record.by_id.get(record_id)
    taken = customer.custom.get(field.code, "")
    others = tuple(
        OtherValue(_own_value(viewer, customer.code, field, said, record_id=other.id), source_of(other))
        for other in record.main_records
        if other is not winner
        and (said := other.fields.get(CUSTOM, {}).get(field.code, "")) not in ("", taken)
    )
    value = _own_value(viewer, customer.code, field, taken)
    edit_url = "" if field.is_retired else _edit_url(viewer, customer.code, field.name)
    return GoldenField(
        Field(label(field), value, source_of(winner, reason) if winner else None), others, edit_url
    )


def _edit_url(viewer: Viewer, code: str, typed: str) -> str:
    """Where one field is corrected; empty for those that nobody types, and for who may not."""
    if not typed or not viewer.may(Right.CUSTOMER_CORRECT):
        return ""
    here = reverse("customer:record_tab", args=[code, "basic"])
    return f"{reverse('customer:correct', args=[code])}?{urlencode({'field': typed, 'next': here})}"


def _own_value(
    viewer: Viewer, code: str, field: Custom, value: str, *, record_id: int | None = None
) -> object:
    if not value:
        return ""
    if field.type == Type.DATE:
        return when(date.fromisoformat(value))
    if not field.is_sealed:
        return words(field, value)
    url = ""
    if viewer.may(Right.CUSTOMER_REVEAL):
        parts = [code, field.name, *([record_id] if record_id else [])]
        url = reverse("customer:reveal_record" if record_id else "customer:reveal", args=parts)
    return masked(value, reveal_url=url, what=label(field))


def golden_field(viewer: Viewer, record: CustomerRecord, name: str) -> GoldenField:
    """One golden field: its value, where it comes from and by which rule, and what other sources say."""
    customer = record.customer
    record_id, reason = customer.lineage.get(name, (None, ""))
    winner = record.by_id.get(record_id)
    value = shown_value(viewer, customer.code, name, getattr(customer, name))
    source = source_of(winner, reason) if winner else None
    others = _others(viewer, record, name, winner)
    return GoldenField(Field(LABELS[name], value, source, is_wide=name in WIDE_FIELDS), others)


def shown_value(viewer: Viewer, code: str, name: str, value: Any, *, record_id: int | None = None) -> object:
    """A stored value as a page shows it: codes in words, personal data masked, with a way to reveal it by right."""
    if value in (None, "", Gender.UNKNOWN.value if name == "gender" else ""):
        return ""
    if name == "address":
        value = masking.mask_address(value)
    if name in MASKED_FIELDS:
        return masked(value, reveal_url=reveal_url(viewer, code, name, record_id), what=LABELS[name])
    if name == "birth_date":
        return when(value if isinstance(value, date) else date.fromisoformat(value))
    return word_of(name, value)


def source_of(record: SourceRecord, reason: str = "") -> Source:
    """Where a value comes from, as of when, and why it was chosen."""
    rule = _("人工维护") if record.party.system == MANUAL_SYSTEM else _REASONS.get(reason, reason)
    as_of = record.as_of or record.source_updated_at or record.received_at
    return Source(system=system_name(record.party.system), as_of=as_of, rule=rule)


def _others(
    viewer: Viewer, record: CustomerRecord, name: str, winner: SourceRecord | None
) -> tuple[OtherValue, ...]:
    """What other sources say where it differs; one entry a record, since two systems may agree on another value."""
    taken = winner.fields.get(name) if winner else None
    rivals = (other for other in record.main_records if winner is None or other.id != winner.id)
    return tuple(
        OtherValue(
            shown_value(viewer, record.customer.code, name, other.fields[name], record_id=other.id),
            source_of(other),
        )
        for other in rivals
        if other.fields.get(name) not in (None, "", taken)
    )


def reveal_url(viewer: Viewer, code: str, name: str, record_id: int | None) -> str:
    """Where a masked value is shown in full on request; empty for whoever lacks the right."""
    if not viewer.may(Right.CUSTOMER_REVEAL):
        return ""
    field = MASKED_FIELDS[name]
    if record_id is None:
        return reverse("customer:reveal", args=[code, field])
    return reverse("customer:reveal_record", args=[code, field, record_id])
