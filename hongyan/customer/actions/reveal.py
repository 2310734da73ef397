"""Showing one masked value in full (查看原文): a right, a purpose, an audit. The door shows it for a minute."""

from __future__ import annotations

import json

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit
from hongyan.core.errors import Invalid, NotAllowed, NotFound
from hongyan.core.free_text import require_no_numbers
from hongyan.core.sealed import open_sealed
from hongyan.customer.actions.prepare import MASKED_FORM
from hongyan.customer.codes import Purpose
from hongyan.customer.custom import is_custom
from hongyan.customer.models import SourceRecord
from hongyan.customer.queries.records import find_customer, find_record
from hongyan.org.codes import Right, Viewer

OPEN_FIELDS = ("address",)
"""Masked on pages though not sealed: personal, and harmless without a name in a dump."""

REVEALABLE = (*MASKED_FORM, *OPEN_FIELDS)
LONGEST_NOTE = 100


def reveal(
    viewer: Viewer, code: str, field: str, *, purpose: str, note: str = "", record_id: int | None = None
) -> str:
    """One value of a customer in full: of the golden record, or of one source record.

    The golden value is opened where its lineage says it came from. Errors: NotAllowed without the right, NotFound for
    a customer out of scope or a value that is not there, Invalid for a purpose we do not know or a long note.
    """
    if not viewer.may(Right.CUSTOMER_REVEAL):
        raise NotAllowed(Right.CUSTOMER_REVEAL)
    if field not in REVEALABLE and not is_custom(field):
        raise NotFound("customer_field", field)
    check_purpose(purpose, note)
    with transaction.atomic(savepoint=False):
        customer = find_customer(viewer, code)
        source = record_id or customer.lineage.get(MASKED_FORM.get(field, field), [None])[0]
        if source is None:
            raise NotFound("customer_field", field)
        value = _value(find_record(customer, source), field)
        audit.record(
            viewer.actor, "customer.reveal", "customer", customer.code,
            after={"field": field, "record": source, "note": note}, purpose=purpose,
        )  # fmt: skip
    return value


def check_purpose(purpose: str, note: str) -> None:
    """What must be said before personal data is shown or taken away. Errors: Invalid for what cannot be said so."""
    require_no_numbers(note=note)
    if purpose not in Purpose.values:
        raise Invalid({"purpose": _("请选择用途")})
    if len(note) > LONGEST_NOTE:
        raise Invalid({"note": _("说明最多 {count} 个字").format(count=LONGEST_NOTE)})


def _value(record: SourceRecord, field: str) -> str:
    if field in OPEN_FIELDS:
        value = record.fields.get(field)
    else:
        value = json.loads(open_sealed(record, "sealed") if record.sealed else b"{}").get(field)
    if not value:
        raise NotFound("customer_field", field)
    return str(value)
