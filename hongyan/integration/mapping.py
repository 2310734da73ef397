"""From a staged row to the record type of the room that takes it in. Pure; staged rows are already in our codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hongyan.core.clock import BUSINESS_ZONE
from hongyan.customer.codes import SEALED_FIELDS, Kind, PartyRecord, PartyType, Status
from hongyan.customer.rules.custom import PREFIX
from hongyan.customer.rules.golden import CUSTOM
from hongyan.identity.normalise.organisations import organisation_name
from hongyan.integration.descriptors import Descriptor, RecordKind, Target, Versioning
from hongyan.ledger.codes import HoldingKind, HoldingRecord, HoldingStatus, ProductRecord
from hongyan.org.codes import Level, Management, PostRow, Role, Tree, UnitRow

Row = Mapping[str, Any]

OPEN_FIELDS = {
    Target.PARTY: (
        "name", "short_name", "gender", "birth_date", "credential_type", "division", "address", "postcode",
        "legal_person", "industry", "scale", "agreement_no", "signed_on", "valid_from", "valid_to", "settlement",
    ),
    Target.CONTACT: ("contact_name", "role", "primary"),
    Target.ADDRESS: ("address_kind", "division", "address", "postcode"),
}  # fmt: skip
_PART = {Target.PARTY: "", Target.CONTACT: "contact/", Target.ADDRESS: "address/"}
_HOLDING_TEXTS = ("key", "product_code", "product_name", "unit_code", "currency")
_HOLDING_DAYS = ("opened_on", "closed_on", "matures_on")
AGREEMENT = "AB"
"""Staged kind of an agreement customer whose system does not tell persons from organisations."""


def party_record(row: Row, descriptor: Descriptor, kind: RecordKind, *, as_of: date | None) -> PartyRecord:
    """The record of a party or of one of its contacts or addresses; empty values are left out."""
    values = {**(kind.defaults or {}), **row}
    party_type = _party_type(values)
    fields: dict[str, Any] = {name: values[name] for name in OPEN_FIELDS[kind.target] if values.get(name)}
    own = {
        name.removeprefix(PREFIX): value
        for name, value in values.items()
        if name.startswith(PREFIX) and value
    }
    if own:
        fields[CUSTOM] = own
    if values.get("region"):
        fields["address"] = values["region"] + fields.get("address", "")
    if "primary" in fields:
        fields["primary"] = fields["primary"] == "1"
    updated = values.get("source_updated_at")
    return PartyRecord(
        system=descriptor.code,
        key=values["key"],
        row=values["row"],
        party_type=party_type,
        line=descriptor.line,
        kind=_kind(values["kind"], party_type),
        fields=fields,
        secrets={name: values[name] for name in SEALED_FIELDS if values.get(name)},
        part=_PART[kind.target] + values.get("part", ""),
        unit_code=values.get("unit_code", ""),
        manager_no=values.get("manager_no", ""),
        status=Status(values.get("status") or Status.ACTIVE),
        as_of=as_of,
        source_updated_at=datetime.fromisoformat(updated).replace(tzinfo=BUSINESS_ZONE) if updated else None,
    )


def holding_record(row: Row, descriptor: Descriptor, kind: RecordKind, *, as_of: date) -> HoldingRecord:
    """One state of a holding. What the system does not say of its line is the system's."""
    values = {**(kind.defaults or {}), **{name: value for name, value in row.items() if value}}
    stated: dict[str, Any] = {name: values[name] for name in _HOLDING_TEXTS if name in values}
    stated |= {name: date.fromisoformat(values[name]) for name in _HOLDING_DAYS if name in values}
    amount = values.get("amount")
    return HoldingRecord(
        system=descriptor.code,
        number=values["holding"],
        row=values["row"],
        version=_version(values.get("version", ""), kind, as_of),
        line=descriptor.line,
        kind=HoldingKind(values["kind"]),
        as_of=as_of,
        **stated,
        amount=Decimal(amount) if amount else None,
        status=HoldingStatus(values.get("status", HoldingStatus.OPEN)),
    )


def product_record(row: Row, descriptor: Descriptor) -> ProductRecord:
    """A product under the source's own code."""
    return ProductRecord(descriptor.code, row["product_code"], row.get("product_name", ""), row["row"])


def _version(stated: str, kind: RecordKind, day: date) -> int:
    """The version as a whole number, as `blocks` makes it for facts."""
    if kind.version is Versioning.FILE_DAY:
        return int(f"{day:%Y%m%d}")
    if not stated:
        return 1
    if kind.version is Versioning.UPDATED:
        return int(datetime.fromisoformat(stated).replace(tzinfo=BUSINESS_ZONE).timestamp())
    return int(stated)


def unit_row(row: Row) -> UnitRow:
    """A unit in one tree as ERP states it."""
    return UnitRow(
        row=row["row"],
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"] or row["name"],
        level=Level(int(row["level"])),
        parent_code=row["parent_code"],
        tree=Tree(row["tree"]),
        management=Management(row["management"]),
        is_operating=row["is_operating"] == "1",
        division=row["division"],
        postcode=row["postcode"],
        valid_from=row["valid_from"] or None,
        valid_to=row["valid_to"] or None,
    )


def post_row(row: Row) -> PostRow:
    """One post of a staff member as ERP states it."""
    return PostRow(
        row=row["row"],
        staff_no=row["staff_no"],
        name=row["name"],
        gender=row["gender"] or "0",
        mobile=row["mobile"],
        email=row["email"],
        unit_code=row["unit_code"],
        tree=Tree(row["tree"]),
        role=Role(row["role"]),
        line_codes=tuple(row["line_codes"].split(",")) if row["line_codes"] else (),
        is_primary=row["is_primary"] == "1",
        valid_from=row["valid_from"] or None,
        valid_to=row["valid_to"] or None,
    )


def _party_type(values: Row) -> PartyType:
    """As stated; where it was inferred from a credential that is missing, the legal form in the name decides."""
    stated = PartyType(values["party_type"])
    if stated is PartyType.PERSON and values["kind"] == AGREEMENT and not values.get("credential_type"):
        return PartyType.ORGANISATION if organisation_name(values["name"]).legal_form else stated
    return stated


def _kind(staged: str, party_type: PartyType) -> Kind:
    if staged == AGREEMENT:
        return Kind.AGREEMENT_UNIT if party_type is PartyType.ORGANISATION else Kind.AGREEMENT_PERSON
    return Kind(staged)
