"""Taking a correction back (撤回更正): the house says again what it said by hand before, and sources are heard again.

What somebody corrected since stays, and so does a value that changed otherwise: nothing newer is undone.
Source: CUS-009; UI 16.
"""

from __future__ import annotations

import json

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, scope
from hongyan.core.errors import Conflict, NotAllowed, NotFound
from hongyan.core.sealed import open_sealed
from hongyan.core.versions import take_turn
from hongyan.customer.actions.correct import (
    CORRECTIONS,
    OPEN_FIELDS,
    golden_facts,
    said_record,
    say,
    where_said,
    with_custom,
)
from hongyan.customer.actions.merge import said
from hongyan.customer.actions.prepare import prepare
from hongyan.customer.actions.stored_parts import known_parts
from hongyan.customer.codes import MAIN_PART, MANUAL_SYSTEM, CorrectionState
from hongyan.customer.models import Correction, Customer, SourceRecord
from hongyan.customer.queries.records import find_customer
from hongyan.customer.rules.correcting import TYPED
from hongyan.customer.rules.custom import PREFIX
from hongyan.customer.rules.golden import CUSTOM
from hongyan.org.codes import Right, Viewer


def take_back(viewer: Viewer, correction_id: int, *, reason: str) -> Correction:
    """Let a correction of open values hold no more.

    Errors: NotAllowed without the right; NotFound out of scope; Invalid without a reason; Conflict for one that is not
    in effect, of identifiers, or whose values changed since.
    """
    if not viewer.may(Right.CUSTOMER_CORRECT):
        raise NotAllowed(Right.CUSTOMER_CORRECT)
    reason = said(reason, needed=True)
    with transaction.atomic(), scope.bulk():
        rows = Correction.objects.select_for_update(of=("self",)).select_related("customer")
        row = rows.filter(pk=correction_id).first()
        if row is None:
            raise NotFound("correction", correction_id)
        customer = find_customer(viewer, row.customer.code)
        take_turn(CORRECTIONS, customer.pk)
        _require_in_effect(row, customer)
        _say_as_before(viewer, row, customer)
        row.state = CorrectionState.UNDONE
        row.save(update_fields=["state"])
        audit.record(
            viewer.actor, "customer.take_back", "customer", customer.code,
            after={"correction": row.number, "fields": list(row.heads)}, purpose=reason,
        )  # fmt: skip
    return row


def _require_in_effect(row: Correction, customer: Customer) -> None:
    later = Correction.objects.filter(
        customer__in=[row.customer_id, customer.pk],
        pk__gt=row.pk,
        state__in=[CorrectionState.DONE, CorrectionState.WAITING],
    )
    present = golden_facts(customer)
    is_newer = any(set(heads) & set(row.heads) for heads in later.values_list("heads", flat=True))
    is_other = any(present.get(head, "") != row.shown[head][1] for head in row.heads)
    if row.state != CorrectionState.DONE or row.sealed or is_newer or is_other:
        raise Conflict("correction", _("这份更正不能撤回：之后又改过，或已撤回。"))


def _say_as_before(viewer: Viewer, row: Correction, customer: Customer) -> None:
    """Write the present record by hand once more, the corrected groups as they stood in the version before."""
    code = row.customer.code
    unit, line = where_said(viewer, customer)
    first = prepare(said_record(customer, code, {"name": customer.name}, {}, unit=unit, line=line))
    stored = known_parts([first])[MANUAL_SYSTEM, code, MAIN_PART]
    present = SourceRecord.objects.select_related("party").get(pk=stored.record_id)
    made = SourceRecord.objects.get(pk=row.record_id or 0)
    before = SourceRecord.objects.filter(
        party=stored.party_id, part=MAIN_PART, version=made.version - 1
    ).first()
    heads = set(row.heads)
    said_before = set(before.fields["corrected"]) & heads if before else set()
    names = {name for name in OPEN_FIELDS if TYPED[name] in heads}
    fields: dict[str, object] = {
        name: value for name, value in present.fields.items() if name in OPEN_FIELDS and name not in names
    }
    if before is not None:
        fields |= {
            name: before.fields[name]
            for name in names
            if TYPED[name] in said_before and name in before.fields
        }
    own = {
        code: value
        for code, value in present.fields.get(CUSTOM, {}).items()
        if f"{PREFIX}{code}" not in heads
    }
    if before is not None:
        own |= {
            code: value
            for code, value in before.fields.get(CUSTOM, {}).items()
            if f"{PREFIX}{code}" in said_before
        }
    fields = with_custom(fields, own)
    corrected = (set(present.fields["corrected"]) - heads) | said_before
    fields["corrected"] = sorted(corrected)
    if "name" not in corrected:
        fields["name"] = customer.name
    secrets = json.loads(open_sealed(present, "sealed")) if present.sealed else {}
    item = prepare(said_record(customer, code, fields, secrets, unit=unit, line=line))
    say(viewer, customer, item, stored, stored.party_id)
