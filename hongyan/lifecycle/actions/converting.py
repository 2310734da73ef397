"""A potential customer wants an agreement (转化): a draft of the admission with all that is known of it (CUS-008)."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from django.utils.translation import gettext as _

from hongyan.core import scope
from hongyan.core.errors import Invalid
from hongyan.core.sealed import open_sealed
from hongyan.customer.codes import MAIN_PART, SEALED_FIELDS, CredentialType, Gender, Kind, PartyType, Status
from hongyan.customer.models import Customer, Relationship, SourceRecord
from hongyan.customer.queries.records import find_customer
from hongyan.customer.rules.entering import Entered
from hongyan.lifecycle.actions.drafts import Draft, ask_right, save_draft
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.queries.held import held
from hongyan.org.codes import Viewer


def convertible(relations: Sequence[Relationship]) -> list[str]:
    """The lines in which a customer is a potential one of the viewer's own. `relations` are those of `queries.held`."""
    return sorted(
        {
            row.line
            for row in relations
            if row.is_own and row.kind == Kind.POTENTIAL and row.status == Status.ACTIVE  # type: ignore[attr-defined]
        }
    )


def convert(viewer: Viewer, code: str, *, key: str) -> Application:
    """Begin the admission of a potential customer: a draft that says what the house knows, for its maker to complete.

    Numbers go from seal to seal; the maker sees them masked as in any draft. `key` is an idempotency key with the maker
    in it. Errors: NotAllowed without the right; NotFound out of scope; Invalid for no potential customer of one's own.
    """
    ask_right(viewer)
    customer = find_customer(viewer, code)
    lines = convertible(held(viewer, customer))
    if not lines:
        raise Invalid({"": _("不是您可以办理的潜在客户。")})
    return save_draft(viewer, Draft(_known(customer), lines[0]), key=key)


def _known(customer: Customer) -> Entered:
    party_type = PartyType(customer.party_type)
    fields = {"name": customer.name, "address": customer.address, **_secrets(customer)}
    if party_type == PartyType.ORGANISATION:
        fields |= {"legal_person": customer.legal_person, "credential_type": CredentialType.USCC.value}
        return Entered(party_type, **fields)
    fields["credential_type"] = customer.credential_type
    fields["gender"] = customer.gender if customer.gender != Gender.UNKNOWN else ""
    fields["birth_date"] = customer.birth_date.isoformat() if customer.birth_date else ""
    return Entered(party_type, **fields)


def _secrets(customer: Customer) -> dict[str, str]:
    """The numbers behind the golden record: of the record that each came from."""
    wanted = {
        name: customer.lineage[head][0]
        for name in SEALED_FIELDS
        if (head := f"{name.removesuffix('_no')}_masked") in customer.lineage
    }
    with scope.bulk():
        records = SourceRecord.objects.select_related("party").filter(
            pk__in=set(wanted.values()), part=MAIN_PART, is_current=True
        )
        said = {row.pk: orjson.loads(open_sealed(row, "sealed")) for row in records if row.sealed}
    return {name: said[record][name] for name, record in wanted.items() if name in said.get(record, {})}
