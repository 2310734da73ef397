"""Correcting what is known of a customer by hand (更正资料): the house's own word, which stands above all sources.

    1. look        the golden values that the maker saw are still those that stand there, or they are told what changed;
                   a new value, or none: what is wrong and has no right value known is emptied (清空)
    2. ask         some fields of some customers, and anybody else's customer, take a second person
    3. write       a new version of the record of the house's own source party; the old ones stay
    4. calculate   the golden record; who fits another customer now is a case for stewards, and moves nowhere

No source is changed: what it says stands beside the golden value, and it is free to say it again.
Source: CUS-006, CUS-009; DESIGN 3 "Customer", "Concurrency".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope, vault
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.events import publish
from hongyan.core.free_text import require_no_numbers
from hongyan.core.parameters import value_of
from hongyan.core.sealed import open_sealed, uuid_for
from hongyan.core.versions import mark, take_turn
from hongyan.customer.actions.calculate import calculate
from hongyan.customer.actions.chunk import Chunk, Known
from hongyan.customer.actions.merge import said
from hongyan.customer.actions.prepare import WORDS, Prepared, prepare
from hongyan.customer.actions.stored_parts import known_parts
from hongyan.customer.actions.take_in import hold_keys
from hongyan.customer.actions.write_parties import claim, write_records
from hongyan.customer.actions.write_reviews import review_changed
from hongyan.customer.codes import (
    MAIN_PART,
    MANUAL_SYSTEM,
    SEALED_FIELDS,
    CorrectionState,
    CustomersTakenIn,
    Flaw,
    Gender,
    Kind,
    Outcome,
    PartyRecord,
    PartyType,
)
from hongyan.customer.custom import fields_for, is_custom, sentence
from hongyan.customer.models import (
    Correction,
    Customer,
    Link,
    Ownership,
    Relationship,
    SourceParty,
    SourceRecord,
)
from hongyan.customer.parameters import CHECKED_ALWAYS, CHECKED_OF_AGREEMENTS
from hongyan.customer.queries.records import find_again, find_customer, owners_of
from hongyan.customer.rules.correcting import TYPED, head_of, heads_of, said_anew, takes_second
from hongyan.customer.rules.custom import PREFIX, Custom, Type, faults_of
from hongyan.customer.rules.entering import Entered, flaws_of
from hongyan.customer.rules.golden import CUSTOM
from hongyan.customer.rules.merging import AGREEMENTS
from hongyan.customer.rules.ownership import Keeper, is_own
from hongyan.identity.normalise.credentials import credential
from hongyan.identity.normalise.dates import calendar_date
from hongyan.org.actions.approvals import submit
from hongyan.org.codes import ApprovalAct, ApprovalState, Right, Viewer
from hongyan.org.models import ApprovalEvent, Unit
from hongyan.org.queries.viewers import viewer_for

KIND = "correction"
"""The kind under which corrections are approved."""

CORRECTIONS = "customer_correction"
SEALED_COLUMN = f"{CORRECTIONS}.sealed"
OPEN_FIELDS = tuple(name for name in TYPED if name not in SEALED_FIELDS)
_ABOUT = ("corrected", "cleared")
"""What the house's record says of itself: the groups that it gave a value, and those that it emptied."""


def golden_facts(customer: Customer) -> dict[str, str]:
    """Head of a golden group → its value as pages show it, identifiers masked: what a form shows and a mark is of."""
    own = {f"{PREFIX}{code}": value for code, value in sorted(customer.custom.items())}
    return {**{head: _text(getattr(customer, head)) for head in dict.fromkeys(TYPED.values())}, **own}


def seen_of(customer: Customer) -> str:
    """The mark of the golden values of a customer."""
    return mark(golden_facts(customer))


def correct(
    viewer: Viewer, code: str, typed: Mapping[str, str], *, reason: str, key: str, seen: str | None = None
) -> Correction:
    """Correct fields of a customer, or ask a second person where it takes one; the state of the answer tells which.

    `typed` is field → new value, of those that the maker changed (`rules.correcting.TYPED`); an empty one says that
    what stands there is wrong and nobody knows better. `seen` is the mark of the golden values that they saw, None for
    processes. `key` is an idempotency key, with the caller's name in it.
    Errors: NotAllowed without the right; NotFound out of scope; Conflict when somebody changed the customer since, or
    another correction waits; Invalid, field by field, for what is wrong with the values, and when nothing changes.
    """
    if not viewer.may(Right.CUSTOMER_CORRECT):
        raise NotAllowed(Right.CUSTOMER_CORRECT)
    reason = said(reason, needed=True)
    with transaction.atomic(), scope.bulk():
        customer = find_customer(viewer, code)
        take_turn(CORRECTIONS, customer.pk)
        if known := Correction.objects.filter(asked_key=key).first():
            return known
        customer.refresh_from_db()
        if customer.anonymised_at is not None:
            raise Conflict("customer", _("这位客户已匿名化，不能再更正。"))
        if seen is not None and seen != seen_of(customer):
            raise Conflict("customer", _("在您填写时，别人已经改过。请对照现在的值再保存。"))
        if Correction.objects.filter(customer=customer, state=CorrectionState.WAITING).exists():
            raise Conflict("correction", _("这个客户已有一份更正在等待审批。"))
        fields, secrets, cleared = _sound(customer, typed)
        heads = heads_of([*fields, *secrets, *cleared])
        told = {**fields, "cleared": cleared} if cleared else fields
        row = _stored(viewer, customer, heads, told, secrets, reason=reason, key=key)
        if _takes_second(viewer, customer, heads):
            audit.record(
                viewer.actor, "customer.ask_correction", "customer", customer.code,
                after={"correction": row.number, "fields": list(heads)}, purpose=reason,
            )  # fmt: skip
            submit(viewer, KIND, str(row.pk), reason=reason)
        else:
            _carry_out(viewer, row, customer)
    return row


def settle(correction_id: int, approval_id: int, state: ApprovalState) -> None:
    """Follow the end of an approval, in its transaction: an approved correction is done, under its maker's name.

    Errors: NotAllowed when the maker may not any more, Conflict when the values changed since; either undoes the
    decision, and the request can then only be rejected.
    """
    with scope.bulk():
        row = (
            Correction.objects.select_for_update(of=("self",))
            .select_related("customer")
            .get(pk=correction_id)
        )
        if state != ApprovalState.APPROVED:
            row.state = CorrectionState.REFUSED
            row.save(update_fields=["state"])
            return
        maker = viewer_for(row.maker_id, post_id=row.maker_post_id)
        if maker is None or not maker.may(Right.CUSTOMER_CORRECT):
            told = _("申请人已不在提出申请时的岗位，请驳回后由现任人员重新申请。")
            raise NotAllowed(Right.CUSTOMER_CORRECT, told)
        customer = find_again(maker, row.customer.code)
        present = golden_facts(customer)
        if any(present.get(head, "") != row.shown[head][0] for head in row.heads):
            raise Conflict(
                "correction", _("这些资料在申请之后已经变了，申请已过时，没有执行。请驳回后重新申请。")
            )
        agreed = ApprovalEvent.objects.filter(approval_id=approval_id, act=ApprovalAct.APPROVE).order_by(
            "-id"
        )
        row.second_by = agreed.values_list("staff__staff_no", flat=True).first() or ""
        _carry_out(maker, row, customer)


# --- what was typed


def _sound(customer: Customer, typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """(open values, identifiers) that differ from what stands there, and the groups to be emptied.

    Errors: Invalid, field by field.
    """
    own = {field.name: field for field in fields_for(customer.party_type)}
    unknown = typed.keys() - TYPED.keys() - own.keys()
    if unknown:
        raise KeyError(sorted(unknown))
    said_ = {name: value.strip() for name, value in typed.items()}
    required = {name for name, field in own.items() if field.is_required} | {"name"}
    missing = {name: _("请填写") for name, value in said_.items() if not value and name in required}
    if missing:
        raise Invalid(missing)
    cleared = {
        head_of(name) for name, value in said_.items() if not value and _stands(customer, head_of(name))
    }
    said_ = {name: value for name, value in said_.items() if value}
    both = {name: _("要么填写，要么清空") for name in said_ if head_of(name) in cleared}
    if both:
        raise Invalid(both)
    of_entry = {name: said_[name] for name in Entered.__slots__ if name in said_}
    if "credential_no" in said_ and "credential_type" not in said_:
        of_entry["credential_type"] = customer.credential_type
    party_type = PartyType(customer.party_type)
    entered = Entered(party_type, **{"name": customer.name, **of_entry})
    flaws = {
        name: flaw for name, flaw in flaws_of(entered, today=clock.business_date()).items() if name in said_
    }
    if flaws:
        raise Invalid({name: str(Flaw(flaw).label) for name, flaw in flaws.items()})
    require_no_numbers(
        **{name: value for name, value in said_.items() if name in WORDS or _is_open(own, name)}
    )
    kept, faults = faults_of([own[name] for name in said_ if name in own], said_)
    if faults:
        raise Invalid({name: sentence(fault, own[name]) for name, fault in faults.items()})
    said_ |= kept
    if "birth_date" in said_ and (born := calendar_date(said_["birth_date"])):
        said_["birth_date"] = born.isoformat()
    number = credential(entered.kind, entered.credential_type, entered.credential_no)
    if "credential_no" in said_ and number:
        said_["credential_type"] = number.type
    secrets = {
        name: value
        for name, value in said_.items()
        if name in SEALED_FIELDS or (name in own and own[name].is_sealed)
    }
    fields = {
        name: value
        for name, value in said_.items()
        if name in OPEN_FIELDS
        and (
            value != _text(getattr(customer, name))
            or (name == "credential_type" and "credential_no" in secrets)
        )
    }
    fields |= {
        name: value
        for name, value in said_.items()
        if name in own and name not in secrets and value != customer.custom.get(own[name].code, "")
    }
    if not fields and not secrets and not cleared:
        raise Invalid({"": _("没有改动。")})
    return fields, secrets, sorted(cleared)


def _stands(customer: Customer, head: str) -> bool:
    """Whether a golden group has a value."""
    if is_custom(head):
        return bool(customer.custom.get(head.removeprefix(PREFIX)))
    value = getattr(customer, head)
    return bool(value) and not (head == "gender" and value == Gender.UNKNOWN)


def _is_open(own: Mapping[str, Custom], name: str) -> bool:
    return name in own and own[name].type == Type.TEXT


def _takes_second(viewer: Viewer, customer: Customer, heads: Sequence[str]) -> bool:
    keepers = [Keeper(owner.line, owner.unit_id, owner.manager_id) for owner in owners_of(customer)]
    kinds = Relationship.objects.filter(customer=customer).values_list("kind", flat=True)
    return takes_second(
        heads,
        has_agreement=bool(AGREEMENTS.intersection(kinds)),
        is_own=is_own(
            keepers, role=viewer.role, people=viewer.people, unit_id=viewer.unit_id, lines=viewer.line_codes
        ),
        checked=value_of(CHECKED_OF_AGREEMENTS, units=viewer.unit_chain),
        always=value_of(CHECKED_ALWAYS, units=viewer.unit_chain),
    )


def _stored(
    viewer: Viewer,
    customer: Customer,
    heads: Sequence[str],
    fields: Mapping[str, object],
    secrets: Mapping[str, str],
    *,
    reason: str,
    key: str,
) -> Correction:
    uuid = uuid_for(CORRECTIONS, key)
    before, after = golden_facts(customer), _as_shown(customer, fields, secrets)
    before = {**dict.fromkeys(heads, ""), **before}
    return Correction.objects.create(
        uuid=uuid,
        customer=customer,
        state=CorrectionState.WAITING,
        heads=list(heads),
        fields=dict(fields),
        sealed=vault.seal(orjson.dumps(dict(secrets)), record=uuid, column=SEALED_COLUMN) if secrets else b"",
        shown={head: [before[head], after.get(head, "")] for head in heads},
        seen=seen_of(customer),
        reason=reason,
        maker_id=viewer.staff_id,
        maker_post_id=viewer.post_id,
        asked_at=clock.now(),
        asked_key=key,
    )


def _as_shown(customer: Customer, fields: Mapping[str, object], secrets: Mapping[str, str]) -> dict[str, str]:
    """Head → the new value as pages show it."""
    said_ = with_custom({"name": customer.name, **fields})
    prepared = prepare(said_record(customer, customer.code, said_, dict(secrets), unit="", line=""))
    own = {f"{PREFIX}{code}": value for code, value in prepared.fields.get(CUSTOM, {}).items()}
    return {**{head: _text(prepared.fields.get(head)) for head in TYPED.values()}, **own}


def with_custom(
    fields: Mapping[str, object], kept: Mapping[str, str] = MappingProxyType({})
) -> dict[str, object]:
    """Fields as a record holds them: those that the house defined together, over what was `kept` of them."""
    own = {name.removeprefix(PREFIX): str(value) for name, value in fields.items() if is_custom(name)}
    said_ = {name: value for name, value in fields.items() if not is_custom(name)}
    return {**said_, CUSTOM: {**kept, **own}} if kept or own else said_


# --- writing


def _carry_out(maker: Viewer, row: Correction, customer: Customer) -> None:
    secrets = json.loads(open_sealed(row, "sealed")) if row.sealed else {}
    item, stored, party = _said_so_far(maker, customer, row, secrets)
    row.record_id = say(maker, customer, item, stored, party)
    row.state, row.done_at = CorrectionState.DONE, clock.now()
    row.save(update_fields=["state", "done_at", "record_id", "second_by"])
    audit.record(
        maker.actor, "customer.correct", "customer", customer.code,
        before={head: values[0] for head, values in row.shown.items()},
        after={"correction": row.number, **{head: values[1] for head, values in row.shown.items()}},
        purpose=row.reason,
    )  # fmt: skip


def say(maker: Viewer, customer: Customer, item: Prepared, stored: Known | None, party: int) -> int:
    """Write what the house says of a customer by hand from now on, and calculate; answers the record's id.

    Call it inside `scope.bulk()`.
    """
    hold_keys([item])
    chunk = Chunk(clock.now(), maker.staff_no, None)
    (record_id,) = write_records([(item, party, customer.pk, stored)], chunk)
    claim([(item, customer.pk)])
    review_changed([(item, _as_known(stored, party, customer.pk, record_id))], chunk)
    calculate([customer.pk, *(chunk.touched - {customer.pk})], actor=maker.staff_no, now=chunk.now)
    publish(CustomersTakenIn((customer.pk,), MANUAL_SYSTEM))
    return record_id


def _as_known(stored: Known | None, party: int, customer: int, record_id: int) -> Known:
    """What stands there after a correction was written."""
    if stored is None:
        return Known(party, customer, record_id, 1, b"")
    return replace(stored, record_id=record_id, version=stored.version + 1)


def _said_so_far(
    maker: Viewer, customer: Customer, row: Correction, secrets: Mapping[str, str]
) -> tuple[Prepared, Known | None, int]:
    """All that was corrected by hand of a customer until now, as one record; what it supersedes, and its party."""
    code = row.customer.code
    unit, line = where_said(maker, customer)
    first = prepare(said_record(customer, code, {"name": customer.name}, {}, unit=unit, line=line))
    stored = known_parts([first]).get((MANUAL_SYSTEM, code, MAIN_PART))
    fields: dict[str, object] = {"name": customer.name}
    known: dict[str, str] = {}
    own: dict[str, str] = {}
    cleared = row.fields.get("cleared", [])
    if stored is not None:
        before = SourceRecord.objects.select_related("party").get(pk=stored.record_id)
        fields |= {name: value for name, value in before.fields.items() if name in (*OPEN_FIELDS, *_ABOUT)}
        known = json.loads(open_sealed(before, "sealed")) if before.sealed else {}
        own = before.fields.get(CUSTOM, {})
        if "name" not in before.fields["corrected"]:
            fields["name"] = customer.name
    said_ = {name: value for name, value in row.fields.items() if name not in _ABOUT}
    fields = said_anew(with_custom({**fields, **said_}, own), row.heads, cleared)
    known = {name: value for name, value in known.items() if head_of(name) not in cleared}
    item = prepare(said_record(customer, code, fields, {**known, **secrets}, unit=unit, line=line))
    return item, stored, stored.party_id if stored else _open_party(maker, customer, row.customer)


def where_said(maker: Viewer, customer: Customer) -> tuple[str, str]:
    """(unit, line) under which a correction is written: the maker's unit, the first line that owns the customer."""
    owner = (
        Ownership.objects.filter(customer=customer, until=None)
        .order_by("line")
        .values_list("line", flat=True)
    )
    line = owner.first() or (maker.line_codes[0] if maker.line_codes else "01")
    return Unit.objects.values_list("code", flat=True).get(pk=maker.unit_id), line


def house_party(maker: Viewer, customer: Customer) -> int:
    """The party under which the house speaks of a customer by hand, by id; opened, saying nothing yet, if need be.

    Call it inside `scope.bulk()`, in the customer's turn. Errors: Conflict when it was taken out to another customer.
    """
    unit, line = where_said(maker, customer)
    fields = {"name": customer.name, **{about: [] for about in _ABOUT}}
    item = prepare(said_record(customer, customer.code, fields, {}, unit=unit, line=line))
    stored = known_parts([item]).get((MANUAL_SYSTEM, customer.code, MAIN_PART))
    if stored is None:
        party = _open_party(maker, customer, customer)
        say(maker, customer, item, None, party)
        return party
    if stored.customer_id != customer.pk:
        raise Conflict("customer", _("这位客户的人工维护资料已归到另一客户名下。"))
    return stored.party_id


def _open_party(maker: Viewer, customer: Customer, origin: Customer) -> int:
    """The party of the house's own system under the code of `origin`, which is that customer by decision."""
    now = clock.now()
    at_home = origin.pk == customer.pk
    party = SourceParty.objects.create(
        system=MANUAL_SYSTEM,
        key=origin.code,
        party_type=customer.party_type,
        customer=customer,
        home=None if at_home else origin,
        first_seen_at=now,
        last_seen_at=now,
    )
    Link.objects.create(
        party=party,
        customer=customer,
        since=now,
        outcome=Outcome.MANUAL,
        decided_by=maker.staff_no,
        score=100,
    )
    return party.pk


def said_record(
    customer: Customer,
    code: str,
    fields: Mapping[str, object],
    secrets: dict[str, str],
    *,
    unit: str,
    line: str,
) -> PartyRecord:
    """What the house says of a customer by hand, under the code that was corrected."""
    return PartyRecord(
        system=MANUAL_SYSTEM,
        key=code,
        row=0,
        party_type=PartyType(customer.party_type),
        line=line,
        kind=Kind.POTENTIAL,
        fields=dict(fields),
        secrets=secrets,
        unit_code=unit,
        as_of=clock.business_date(),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)
