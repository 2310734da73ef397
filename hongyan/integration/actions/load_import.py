"""Loading an import (导入): its maker says go, a second person signs a large one, a job takes the rows in.

Each chunk is one transaction: customers taken in, rows left out noted, counts and the place reached. Kill it anywhere
and start it again: it goes on behind the last committed chunk.
"""

from __future__ import annotations

from contextlib import nullcontext

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, jobs, scope
from hongyan.core.audit import Actor
from hongyan.core.bulk import copy_rows
from hongyan.core.elsewhere import elsewhere, here
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.parameters import value_of
from hongyan.customer.actions.merge import said
from hongyan.customer.actions.prepare import Prepared
from hongyan.customer.actions.take_in import hold_keys, take_in_prepared
from hongyan.integration import import_notices, places
from hongyan.integration.actions.apply import WORTH_A_PROCESS, Report
from hongyan.integration.actions.bring_import import held, start
from hongyan.integration.actions.check_import import Rows, prepared_chunks, sort_out
from hongyan.integration.codes import ImportState, Known, LeftOut
from hongyan.integration.models import CustomerImport, LeftOutRow
from hongyan.integration.parameters import CHUNK_ROWS, IMPORT_SIGN_ABOVE
from hongyan.integration.queries.imports import OPEN, is_at_work, is_stopped
from hongyan.org.codes import Right, Viewer

_TASKS = {
    ImportState.CHECKING: "integration.check_import",
    ImportState.LOADING: "integration.load_import",
    ImportState.REVERTING: "integration.revert_import",
}


def confirm(viewer: Viewer, import_id: int) -> CustomerImport:
    """Go: the loading begins, or, above a number of rows, somebody is asked to sign it.

    Errors: NotFound; NotAllowed for anybody but the maker; Conflict unless it was tried; Invalid without a sound row.
    """
    with transaction.atomic():
        brought = held(viewer, import_id)
        if brought.state != ImportState.CHECKED:
            raise Conflict("customer_import", _("导入 {number} 不在待确认状态").format(number=brought.number))
        if not brought.sound:
            raise Invalid({"": _("没有可以导入的行")})
        if brought.sound > int(value_of(IMPORT_SIGN_ABOVE)):
            brought.state = ImportState.ASKED
            brought.save(update_fields=["state"])
            audit.record(viewer.actor, "import.ask", "customer_import", brought.number, count=brought.sound)
            import_notices.asked(brought)
        else:
            _begin(brought, viewer)
            audit.record(viewer.actor, "import.start", "customer_import", brought.number, count=brought.sound)
    return brought


def sign_import(viewer: Viewer, import_id: int) -> CustomerImport:
    """Sign a large import as a second person who sees all it may touch; its loading begins.

    Errors: NotAllowed without the right to sign, or for its maker; NotFound; Conflict unless it waits for that.
    """
    with transaction.atomic():
        brought = _held_to_sign(viewer, import_id)
        _begin(brought, viewer)
        brought.signed_by = viewer.staff_no
        brought.save(update_fields=["signed_by"])
        audit.record(viewer.actor, "import.sign", "customer_import", brought.number, count=brought.sound)
    return brought


def withdraw_import(viewer: Viewer, import_id: int, *, reason: str = "") -> CustomerImport:
    """Give an import up before anything was loaded: its maker, or whoever was asked to sign it, with a reason.

    Errors: NotFound, NotAllowed, Conflict once it was begun; Invalid for a signer without a reason.
    """
    with transaction.atomic():
        brought = held(viewer, import_id, of_maker=False)
        is_maker = brought.maker == viewer.staff_no
        if not is_maker:
            _held_to_sign(viewer, import_id)
        reason = said(reason, needed=not is_maker)
        if brought.state not in OPEN | {ImportState.ASKED}:
            raise Conflict(
                "customer_import", _("导入 {number} 已经开始，不能放弃").format(number=brought.number)
            )
        brought.state, brought.sample = ImportState.WITHDRAWN, b""
        brought.save(update_fields=["state", "sample"])
        audit.record(viewer.actor, "import.withdraw", "customer_import", brought.number, purpose=reason)
        if not is_maker:
            import_notices.declined(brought, reason)
        transaction.on_commit(lambda: places.remove_staged(brought.uuid))
    return brought


def stop_import(viewer: Viewer, import_id: int) -> CustomerImport:
    """Ask the job of an import to stop at its next report. Errors: NotFound, NotAllowed, Conflict when none runs."""
    with transaction.atomic():
        brought = held(viewer, import_id)
        if not is_at_work(brought) or brought.run is None:
            raise Conflict("customer_import", _("导入 {number} 现在没有在处理").format(number=brought.number))
        jobs.cancel(brought.run)
        audit.record(viewer.actor, "import.stop", "customer_import", brought.number)
    return brought


def resume_import(viewer: Viewer, import_id: int) -> CustomerImport:
    """Go on where the work on an import ended early. Errors: NotFound, NotAllowed, Conflict when it did not."""
    with transaction.atomic():
        brought = held(viewer, import_id)
        if not is_stopped(brought):
            raise Conflict("customer_import", _("导入 {number} 没有中断").format(number=brought.number))
        start(brought, _TASKS[ImportState(brought.state)], viewer)
        audit.record(viewer.actor, "import.resume", "customer_import", brought.number)
    return brought


def _begin(brought: CustomerImport, viewer: Viewer) -> None:
    brought.state, brought.started_at = ImportState.LOADING, clock.now()
    brought.sample = b""  # nobody maps it any more
    start(brought, _TASKS[ImportState.LOADING], viewer)


def _held_to_sign(viewer: Viewer, import_id: int) -> CustomerImport:
    """Errors: NotAllowed, NotFound, Conflict."""
    if not viewer.may(Right.INTAKE_SIGN):
        raise NotAllowed(Right.INTAKE_SIGN)
    visible = CustomerImport.objects.visible_to(viewer).select_for_update()
    brought = visible.filter(pk=import_id).first()
    if brought is None:
        raise NotFound("customer_import", import_id)
    if brought.maker == viewer.staff_no:
        raise NotAllowed(Right.INTAKE_SIGN, _("上传的人不能签收自己的导入"))
    if brought.state != ImportState.ASKED:
        raise Conflict("customer_import", _("导入 {number} 不在待签收状态").format(number=brought.number))
    return brought


# --- the job


def load_import(import_id: int, *, report: Report | None = None) -> CustomerImport:
    """Load an import, or what is left of it; one that is not being loaded comes back as it is.

    Errors of `report` (a cancel) stop between two chunks; what was committed stays, and a later call goes on.
    """
    with scope.bulk():
        brought = CustomerImport.objects.get(pk=import_id)
    if brought.state != ImportState.LOADING:
        return brought
    is_long = brought.sound - brought.applied >= WORTH_A_PROCESS
    with elsewhere() if is_long else nullcontext(here) as stream:
        size = int(value_of(CHUNK_ROWS))
        for rows in prepared_chunks(brought, skip=brought.applied, size=size, stream=stream):
            with scope.bulk():
                current = CustomerImport.objects.select_for_update().get(pk=import_id)
                if current.state != ImportState.LOADING or current.applied != rows.start:
                    return current
                _load_chunk(current, rows)
            if report:
                report(current.applied, current.sound)
    return _finish(import_id)


def _load_chunk(brought: CustomerImport, rows: Rows) -> None:
    hold_keys(rows.prepared)
    going, left = _going(brought, rows.prepared)
    if going:
        done = take_in_prepared(going, decided_by=brought.maker, delivery_id=brought.pk)
        brought.new += done.new
        brought.joined += done.joined
        brought.review += done.review
    copy_rows(LeftOutRow, ("brought_id", "row", "why"), left)
    brought.left_out += len(left)
    brought.applied += len(rows.prepared)
    brought.save(update_fields=["new", "joined", "review", "left_out", "applied"])


def _going(
    brought: CustomerImport, prepared: list[Prepared]
) -> tuple[list[Prepared], list[tuple[int, int, str]]]:
    """The rows that may be taken in, and those that may not, with why.

    Without some of them the others may belong elsewhere, so they are sorted again until all may go.
    """
    left: list[tuple[int, int, str]] = []
    going = prepared
    while going:
        found = sort_out(brought, going)
        out = [(brought.pk, item.record.row, LeftOut.ELSEWHERE.value) for item in found.elsewhere]
        if brought.known == Known.SKIP:
            out += [(brought.pk, item.record.row, LeftOut.KNOWN.value) for item in found.known]
        if not out:
            break
        left += out
        gone = {row for _, row, _ in out}
        going = [item for item in going if item.record.row not in gone]
    return going, sorted(left)


def _finish(import_id: int) -> CustomerImport:
    with scope.bulk():
        brought = CustomerImport.objects.select_for_update().get(pk=import_id)
        if brought.state != ImportState.LOADING or brought.applied != brought.sound:
            return brought
        brought.state, brought.done_at = ImportState.DONE, clock.now()
        brought.save(update_fields=["state", "done_at"])
        counts = {name: getattr(brought, name) for name in ("new", "joined", "left_out", "refused")}
        audit.record(
            Actor(brought.maker, org_no=brought.org_no), "import.apply", "customer_import", brought.number,
            after=counts, count=brought.sound,
        )  # fmt: skip
        import_notices.done(brought)
    if not brought.refused + brought.left_out:
        places.remove_staged(brought.uuid)
    return brought
