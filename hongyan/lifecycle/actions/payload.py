"""What was typed of a customer, sealed for its application until it is approved."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

import orjson

from hongyan.core import vault
from hongyan.core.sealed import open_sealed, uuid_for
from hongyan.customer.codes import PartyType
from hongyan.customer.rules.entering import Entered
from hongyan.lifecycle.models import Application

TABLE = "lifecycle_application"


def uuid_of(application_id: int) -> UUID:
    """The UUID of an application's row."""
    return uuid_for(TABLE, application_id)


def sealed_of(application_id: int, entered: Entered) -> bytes:
    """What was typed, sealed for one application."""
    body = orjson.dumps(asdict(entered))
    return vault.seal(body, record=uuid_of(application_id), column=Application.SEALED["sealed"])


def entered_of(application: Application) -> Entered:
    """What was typed. Errors: vault.Tampered."""
    said = orjson.loads(open_sealed(application, "sealed"))
    return Entered(**{**said, "party_type": PartyType(said["party_type"])})
