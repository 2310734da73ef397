"""Writing down who is to be spoken to at a customer, changing that, and that it is over (登记、修改、结束联系人).

A contact is a part of what the house itself says of the customer, beside those that files bring. Each change is a new
version; one that ended has no current version any more. No golden value changes, and customers are not found by it.
Source: GEN-001, KGX-i01.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.core.sealed import open_sealed
from hongyan.core.versions import mark, take_turn
from hongyan.customer.actions.chunk import Chunk, Known
from hongyan.customer.actions.correct import CORRECTIONS, house_party, said_record, where_said
from hongyan.customer.actions.merge import said
from hongyan.customer.actions.prepare import prepare
from hongyan.customer.actions.take_in import hold_keys
from hongyan.customer.actions.write_parties import write_records
from hongyan.customer.codes import ContactChannel, ContactLanguage, ContactRole, ContactTime, Flaw
from hongyan.customer.models import Customer, Identifier, SourceParty, SourceRecord
from hongyan.customer.queries.contacts import find_contact
from hongyan.customer.queries.records import find_customer
from hongyan.customer.rules.contacts import OPEN, SECRET, SORT, birthday_of, next_number, number_flaws
from hongyan.org.codes import Right, Viewer

LONGEST = {"contact_name": 60, "note": 300}
_CODES: Mapping[str, type[TextChoices]] = {
    "role": ContactRole,
    "preferred_channel": ContactChannel,
    "preferred_time": ContactTime,
    "preferred_language": ContactLanguage,
}


def contact_seen(record: SourceRecord) -> str:
    """The mark of a contact as it stands."""
    return mark({"record": record.pk})


def add_contact(viewer: Viewer, code: str, typed: Mapping[str, str]) -> int:
    """Write a new contact of a customer down; answers its record. `typed` is field → text, of `rules.contacts`.

    Errors: NotAllowed without the right; NotFound out of scope; Conflict for an anonymised customer; Invalid, field by
    field, for what is wrong, and for a name that stands there already.
    """
    fields, secrets = _sound(typed)
    with transaction.atomic(), scope.bulk():
        customer = _in_turn(viewer, code)
        party = house_party(viewer, customer)
        known = SourceRecord.objects.filter(party=party, part__startswith=f"{SORT}/")
        if known.filter(is_current=True, fields__contact_name=fields["contact_name"]).exists():
            raise Invalid({"contact_name": _("已登记同名的联系人，请修改那一位")})
        number = next_number(list(known.values_list("part", flat=True)))
        part = f"{SORT}/{number}"
        record_id = _write(viewer, customer, party, part, fields, secrets, None)
        _note(viewer, customer, "customer.add_contact", part, {"fields": sorted({*fields, *secrets})})
    return record_id


def change_contact(
    viewer: Viewer,
    code: str,
    party: int,
    number: int,
    typed: Mapping[str, str],
    *,
    seen: str | None,
    cleared: frozenset[str] = frozenset(),
) -> int:
    """Say anew what is known of a contact; answers the record, which stays the old one where nothing changed.

    Numbers that are left empty stay as they are, those in `cleared` are emptied. `seen` is the mark of what the maker
    saw, None for processes. Errors: as for `add_contact`; NotFound for a contact that ended or came from a file;
    Conflict when somebody changed it since.
    """
    fields, secrets = _sound(typed)
    if both := {name: _("要么填写，要么清空") for name in cleared & secrets.keys()}:
        raise Invalid(both)
    with transaction.atomic(), scope.bulk():
        customer = _in_turn(viewer, code)
        before = _as_seen(customer, party, number, seen)
        known = _secrets(before)
        after = {name: value for name, value in {**known, **secrets}.items() if name not in cleared}
        was = {name: before.fields[name] for name in OPEN if before.fields.get(name)} | known
        now = {**fields, **after}
        changed = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
        if not changed:
            return before.pk
        record_id = _write(viewer, customer, party, before.part, fields, after, before)
        _note(viewer, customer, "customer.change_contact", before.part, {"fields": changed})
    return record_id


def end_contact(
    viewer: Viewer, code: str, party: int, number: int, *, reason: str, seen: str | None = None
) -> None:
    """Write down that somebody is a contact no more: a last version that is not current. What was said stays.

    Errors: as for `change_contact`; Invalid without a reason.
    """
    reason = said(reason, needed=True)
    with transaction.atomic(), scope.bulk():
        customer = _in_turn(viewer, code)
        before = _as_seen(customer, party, number, seen)
        fields = {name: value for name, value in before.fields.items() if name in OPEN}
        fields |= {"ended_on": clock.business_date().isoformat(), "end_reason": reason}
        record_id = _write(viewer, customer, party, before.part, fields, _secrets(before), before)
        SourceRecord.objects.filter(pk=record_id).update(is_current=False)
        Identifier.objects.filter(record_id=record_id).delete()
        _note(viewer, customer, "customer.end_contact", before.part, {}, reason)


def _in_turn(viewer: Viewer, code: str) -> Customer:
    if not viewer.may(Right.CUSTOMER_CORRECT):
        raise NotAllowed(Right.CUSTOMER_CORRECT)
    customer = find_customer(viewer, code)
    take_turn(CORRECTIONS, customer.pk)
    customer.refresh_from_db()
    if customer.anonymised_at is not None:
        raise Conflict("customer", _("这位客户已匿名化，不能再登记联系人。"))
    return customer


def _as_seen(customer: Customer, party: int, number: int, seen: str | None) -> SourceRecord:
    record = find_contact(customer, party, number)
    if seen is not None and seen != contact_seen(record):
        raise Conflict("contact", _("在您填写时，别人已经改过这位联系人。请对照现在的值再保存。"))
    return record


def _sound(typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(open values, numbers) that somebody typed, without the empty ones. Errors: Invalid, field by field."""
    if unknown := typed.keys() - {*OPEN, *SECRET}:
        raise KeyError(sorted(unknown))
    said_ = {name: text for name, value in typed.items() if (text := value.strip())}
    wrong = {name: str(Flaw(flaw).label) for name, flaw in number_flaws(said_).items()}
    if "contact_name" not in said_:
        wrong["contact_name"] = _("请填写")
    if "birthday" in said_:
        said_["birthday"] = birthday_of(said_["birthday"])
        if not said_["birthday"]:
            wrong["birthday"] = str(Flaw.DATE.label)
    wrong |= {
        name: _("请从列表中选择")
        for name, codes in _CODES.items()
        if name in said_ and said_[name] not in codes.values
    }
    wrong |= {
        name: _("最多 {count} 个字").format(count=most)
        for name, most in LONGEST.items()
        if len(said_.get(name, "")) > most
    }
    if wrong:
        raise Invalid(wrong)
    require_no_numbers(**{name: said_[name] for name in LONGEST if name in said_})
    return (
        {name: value for name, value in said_.items() if name in OPEN},
        {name: value for name, value in said_.items() if name in SECRET},
    )


def _secrets(record: SourceRecord) -> dict[str, str]:
    return dict(json.loads(open_sealed(record, "sealed"))) if record.sealed else {}


def _write(
    viewer: Viewer,
    customer: Customer,
    party: int,
    part: str,
    fields: Mapping[str, str],
    secrets: Mapping[str, str],
    before: SourceRecord | None,
) -> int:
    unit, line = where_said(viewer, customer)
    key = SourceParty.objects.values_list("key", flat=True).get(pk=party)
    record = said_record(customer, key, fields, dict(secrets), unit=unit, line=line)._replace(part=part)
    stored = Known(party, customer.pk, before.pk, before.version, bytes(before.digest)) if before else None
    chunk = Chunk(clock.now(), viewer.staff_no, None)
    item = prepare(record)
    hold_keys([item])
    (record_id,) = write_records([(item, party, customer.pk, stored)], chunk)
    return record_id


def _note(
    viewer: Viewer, customer: Customer, act: str, part: str, after: Mapping[str, object], purpose: str = ""
) -> None:
    """What was changed, not the values: they are somebody else's personal data."""
    told = {"contact": part, **after}
    audit.record(viewer.actor, act, "customer", customer.code, after=told, purpose=purpose)
