"""Entering a customer by hand (新增客户): the same way in as a file's, so that nobody exists twice.

    1. read        what was typed, refused field by field
    2. hold        one request a key, and nobody else creates the same customer meanwhile
    3. look        who it would be; the maker agrees to what was shown, or is shown it now; somebody new takes the
                   approval of a potential customer (SM2), unless the house lets new ones take effect at once
    4. take in     a source party of the house's own system: a potential customer of the maker's line and unit, or an
                   agreement customer where the terms of an approved application come along

Source: CUS-002…004, CUS-007, CUS-008; REQUIREMENTS 5.1 screen 6; DESIGN 3 "Concurrency", "Intake".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.bulk import next_ids
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.core.parameters import value_of
from hongyan.core.versions import take_turn
from hongyan.customer.actions.check import Candidates, candidates_for, note_check
from hongyan.customer.actions.merge import said
from hongyan.customer.actions.prepare import WORDS, Prepared, prepare
from hongyan.customer.actions.take_in import hold_keys, take_in_prepared
from hongyan.customer.codes import ENTRY_SYSTEM, SEALED_FIELDS, Kind, Outcome, PartyRecord, PartyType, Terms
from hongyan.customer.custom import fields_for, sentence
from hongyan.customer.models import Entry, SourceParty, SourceRecord
from hongyan.customer.models.entries import NUMBER
from hongyan.customer.parameters import NEW_AT_ONCE
from hongyan.customer.rules.custom import PREFIX, Type, faults_of
from hongyan.customer.rules.entering import Entered, flaws_of
from hongyan.customer.rules.golden import CUSTOM
from hongyan.customer.rules.ownership import MANAGERS
from hongyan.identity.normalise.credentials import credential
from hongyan.identity.normalise.dates import calendar_date
from hongyan.org.codes import Right, Viewer

Step = Literal["new", "known", "known_elsewhere", "unsure"]
"""What stands between a record and a customer: nothing; one in scope, whom it would join; one out of scope, who stops
it; some who may be the same."""


def step_for(found: Candidates) -> Step:
    """What follows from a check for somebody who wants to enter the record."""
    if found.band == "join":
        return "known" if found.found[0].code else "known_elsewhere"
    return "unsure" if found.band == "review" else "new"


@dataclass(frozen=True, slots=True)
class Entering:
    """What became of a request: `entry`, or None where nothing was written because of whom the check `found`."""

    entry: Entry | None
    found: Candidates

    @property
    def step(self) -> Step:
        """What stands in the way."""
        return step_for(self.found)


def create(
    viewer: Viewer,
    entered: Entered,
    *,
    key: str,
    line: str = "",
    seen: str = "",
    reason: str = "",
    terms: Terms | None = None,
    custom: Mapping[str, str] | None = None,
    is_approved: bool = False,
) -> Entering:
    """Enter a customer. Nothing is written while somebody stands in the way whom the maker has not agreed about.

    `key` is an idempotency key, with the caller's name in it: the same one answers with the same entry. `line` may be
    empty where the post has only one. `seen` is the mark of the candidates the maker was shown and agreed about: to
    join the known one, or, with a `reason`, that it is none of them. A customer out of scope is never joined, unless
    `terms`, which come from an approved application, say so. `custom` is what was said of fields that the house
    defined, by their names; None where nobody was asked. `is_approved` says that an application for it was.
    Errors: NotAllowed without the right, or for somebody new who takes an approval; Invalid for what was typed wrongly,
    or a key that was used for something else.
    """
    if not viewer.may(Right.CUSTOMER_CREATE):
        raise NotAllowed(Right.CUSTOMER_CREATE)
    reason = said(reason, needed=False)
    record = _with_custom(_record(viewer, entered, line, terms), custom)
    with transaction.atomic(), scope.bulk():
        take_turn("customer_entry", key)
        entry_id = next_ids(Entry, 1)[0]
        item = prepare(record._replace(key=NUMBER.format(entry_id)))
        if known := _known(key, item):
            return Entering(known, Candidates(()))
        hold_keys([item])
        assert item.party is not None
        found = candidates_for(viewer, item.party, item.keys)
        note_check(viewer, found)
        if not is_approved and step_for(found) in ("new", "unsure"):
            _ask_for_approval(viewer)
        if not _is_agreed(found, seen, reason, beyond=terms is not None and terms.beyond):
            return Entering(None, found)
        return Entering(_write(viewer, entry_id, item, key, reason), found)


def is_at_once(viewer: Viewer) -> bool:
    """Whether somebody new whom the viewer enters is a customer at once, without approval. One query."""
    return bool(value_of(NEW_AT_ONCE, units=viewer.unit_chain))


def _ask_for_approval(viewer: Viewer) -> None:
    if not is_at_once(viewer):
        told = _("新的潜在客户须经审批：请在“登记潜在客户”提交申请。")
        raise NotAllowed(Right.CUSTOMER_CREATE, told)


# --- what was typed


def _record(viewer: Viewer, entered: Entered, line: str, terms: Terms | None) -> PartyRecord:
    """Errors: Invalid, field by field."""
    flaws = flaws_of(entered, today=clock.business_date())
    if flaws:
        raise Invalid({name: str(flaw.label) for name, flaw in flaws.items()})
    require_no_numbers(**{name: getattr(entered, name) for name in WORDS & set(Entered.__slots__)})
    is_person = entered.party_type == PartyType.PERSON
    born = calendar_date(entered.birth_date) if is_person else None
    number = credential(entered.kind, entered.credential_type, entered.credential_no)
    fields = {
        "name": entered.name,
        "address": entered.address,
        "credential_type": number.type if number else "",
        "gender": entered.gender if is_person else "",
        "birth_date": born.isoformat() if born else "",
        "legal_person": "" if is_person else entered.legal_person,
        **(_agreement(terms) if terms else {}),
    }
    keeper = viewer.holder or viewer
    return PartyRecord(
        system=ENTRY_SYSTEM,
        key="",
        row=0,
        party_type=entered.party_type,
        line=_line(viewer, line),
        kind=terms.kind if terms else Kind.POTENTIAL,
        fields={name: value for name, value in fields.items() if value},
        secrets={name: value for name in SEALED_FIELDS if (value := getattr(entered, name))},
        unit_code=viewer.unit_code,
        manager_no=keeper.staff_no if viewer.role in MANAGERS else "",
        as_of=clock.business_date(),
    )


def _with_custom(record: PartyRecord, said_: Mapping[str, str] | None) -> PartyRecord:
    """Errors: Invalid, field by field."""
    if said_ is None:
        return record
    fields = fields_for(record.party_type, [record.line])
    require_no_numbers(**{one.name: said_.get(one.name, "") for one in fields if one.type == Type.TEXT})
    kept, faults = faults_of(fields, said_)
    if faults:
        named = {one.name: one for one in fields}
        raise Invalid({name: sentence(fault, named[name]) for name, fault in faults.items()})
    sealed = {one.name for one in fields if one.is_sealed}
    secrets = {name: value for name, value in kept.items() if name in sealed}
    own = {name.removeprefix(PREFIX): value for name, value in kept.items() if name not in sealed}
    return record._replace(
        fields={**record.fields, **({CUSTOM: own} if own else {})}, secrets={**record.secrets, **secrets}
    )


def _agreement(terms: Terms) -> dict[str, str]:
    days = {"signed_on": terms.signed_on, "valid_from": terms.valid_from, "valid_to": terms.valid_to}
    return {
        "agreement_no": terms.agreement_no,
        "settlement": terms.settlement.value,
        **{name: day.isoformat() if day else "" for name, day in days.items()},
    }


def _line(viewer: Viewer, line: str) -> str:
    """The line of the new customer. Errors: Invalid for one that is not the post's, or none where it has several."""
    if not viewer.line_codes:
        raise Invalid({"line": _("您的岗位不属于任何业务板块，不能新增客户")})
    if not line and len(viewer.line_codes) == 1:
        return viewer.line_codes[0]
    if line not in viewer.line_codes:
        raise Invalid({"line": _("请选择您岗位的业务板块")})
    return line


# --- what stands in the way


def _known(key: str, item: Prepared) -> Entry | None:
    """The entry that a key asked for before. Errors: Invalid when that was another one."""
    known = Entry.objects.select_related("customer").filter(asked_key=key).first()
    if known is None:
        return None
    first = (
        SourceRecord.objects.filter(party_id=known.party_id).order_by("id").values_list("digest", flat=True)
    )
    if bytes(first[0]) != item.digest:
        told = _("这份内容已保存为客户 {code}，之后的改动没有保存。").format(code=known.customer.code)
        raise Invalid({"": told})
    return known


def _is_agreed(found: Candidates, seen: str, reason: str, *, beyond: bool) -> bool:
    """Whether the maker knows who stands in the way, and may pass."""
    match step_for(found):
        case "new":
            return True
        case "known":
            return seen == found.mark
        case "unsure":
            return seen == found.mark and bool(reason)
        case _:
            return beyond and seen == found.mark


# --- writing


def _write(viewer: Viewer, entry_id: int, item: Prepared, key: str, reason: str) -> Entry:
    counts = take_in_prepared([item], decided_by=viewer.staff_no, delivery_id=None)
    outcome = Outcome.JOINED if counts.joined else Outcome.REVIEW if counts.review else Outcome.NEW
    party = SourceParty.objects.select_related("customer").get(system=ENTRY_SYSTEM, key=item.record.key)
    assert party.customer is not None
    entry = Entry.objects.create(
        pk=entry_id,
        party=party,
        customer=party.customer,
        outcome=outcome,
        reason=reason,
        maker_id=viewer.staff_id,
        maker_post_id=viewer.post_id,
        made_at=clock.now(),
        asked_key=key,
    )
    audit.record(
        viewer.actor, Right.CUSTOMER_CREATE, "customer", party.customer.code,
        after={"entry": entry.number, "outcome": outcome, "line": item.record.line, "unit": item.record.unit_code},
        purpose=reason,
    )  # fmt: skip
    return entry
