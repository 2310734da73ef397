"""Taking an import back (撤销导入): what it brought is withdrawn, as far as nobody has touched it since."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.audit import Actor
from hongyan.core.errors import Conflict, NotAllowed
from hongyan.core.parameters import value_of
from hongyan.customer.actions.merge import said
from hongyan.customer.actions.withdraw import withdraw_parties
from hongyan.customer.codes import IMPORT_SYSTEM
from hongyan.customer.models import SourceRecord
from hongyan.customer.rules.ownership import HEADS
from hongyan.integration import import_notices, places
from hongyan.integration.actions.apply import Report
from hongyan.integration.actions.bring_import import held, start
from hongyan.integration.codes import ImportState
from hongyan.integration.models import CustomerImport
from hongyan.integration.parameters import CHUNK_ROWS
from hongyan.integration.queries.imports import is_revertible
from hongyan.org.codes import Right, Viewer


def may_revert(viewer: Viewer, brought: CustomerImport) -> bool:
    """Whether it is theirs to take back: its maker's, a head's, or of whoever signs files."""
    return (
        brought.maker == viewer.staff_no or viewer.role in HEADS or viewer.may(Right.INTAKE_SIGN)
    ) and viewer.may(Right.CUSTOMER_IMPORT)


def revert(viewer: Viewer, import_id: int, *, reason: str) -> CustomerImport:
    """Take a finished import back, in the background.

    Errors: NotFound; NotAllowed for anybody else; Conflict unless it was finished lately; Invalid without a reason.
    """
    with transaction.atomic():
        brought = held(viewer, import_id, of_maker=False)
        if not may_revert(viewer, brought):
            raise NotAllowed(Right.CUSTOMER_IMPORT)
        reason = said(reason, needed=True)
        if not is_revertible(brought):
            raise Conflict(
                "customer_import", _("导入 {number} 不能撤销，或已过撤销期限").format(number=brought.number)
            )
        brought.state, brought.reverted_by = ImportState.REVERTING, viewer.staff_no
        start(brought, "integration.revert_import", viewer)
        audit.record(viewer.actor, "import.revert", "customer_import", brought.number, purpose=reason)
    return brought


def revert_import(import_id: int, *, report: Report | None = None) -> CustomerImport:
    """Withdraw what an import brought, chunk by chunk; kill it anywhere and call it again."""
    size = int(value_of(CHUNK_ROWS))
    while True:
        with scope.bulk():
            brought = CustomerImport.objects.select_for_update().get(pk=import_id)
            if brought.state != ImportState.REVERTING:
                return brought
            records = SourceRecord.objects.filter(
                delivery_id=brought.pk, party__system=IMPORT_SYSTEM, id__gt=brought.reverted_to
            ).order_by("id")
            found = list(records.values_list("id", "party_id", "is_current")[:size])
            if not found:
                _finish(brought)
                break
            _revert_chunk(brought, [party for _, party, is_current in found if is_current])
            brought.reverted_to = found[-1][0]
            brought.save(update_fields=["reverted_to", "ended", "undone"])
            done = brought.undone
        if report:
            report(done, brought.new + brought.joined)
    places.remove_staged(brought.uuid)
    return brought


def _revert_chunk(brought: CustomerImport, parties: list[int]) -> None:
    assert brought.started_at is not None, "what was loaded was begun"
    done = withdraw_parties(
        parties,
        system=IMPORT_SYSTEM,
        prefix=f"{brought.number}-",
        since=brought.started_at,
        by=brought.reverted_by,
    )
    brought.ended += done.ended
    brought.undone += done.parties


def _finish(brought: CustomerImport) -> None:
    left = SourceRecord.objects.filter(delivery_id=brought.pk, party__system=IMPORT_SYSTEM, is_current=True)
    brought.kept = left.count()
    brought.state, brought.reverted_at = ImportState.REVERTED, clock.now()
    brought.save(update_fields=["state", "reverted_at", "kept"])
    counts = {name: getattr(brought, name) for name in ("undone", "ended", "kept")}
    audit.record(
        Actor(brought.reverted_by, org_no=brought.org_no), "import.reverted", "customer_import", brought.number,
        after=counts, count=brought.undone,
    )  # fmt: skip
    import_notices.reverted(brought)
