"""Deriving relations in the background (关系推导任务): of what was touched, every minute; of everybody, when asked."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from hongyan.core import audit, jobs, scope
from hongyan.core.bulk import copy_rows
from hongyan.core.errors import Conflict, NotAllowed
from hongyan.core.models import JobRun
from hongyan.core.versions import take_turn
from hongyan.customer.actions.find_relations import Counted, find_relations
from hongyan.customer.models import SourceParty, TouchedCustomer
from hongyan.customer.queries.relation_runs import RELATING, latest_run
from hongyan.org.codes import Right, Viewer

RELATION_JOBS = "customer.relations"
"""The lock under which these jobs run one after another."""
BATCH = 500
BATCHES_A_RUN = 60
"""Somebody who stops the worker should not wait until a first load is done."""

Report = Callable[[int, int], None]

_TAKE = """
DELETE FROM customer_touchedcustomer WHERE id IN (
    SELECT id FROM customer_touchedcustomer ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING customer_id
"""


def touch(customers: Collection[int]) -> None:
    """Note that the relations of customers are to be derived anew. Call it inside `scope.bulk()`."""
    copy_rows(TouchedCustomer, ("customer_id",), ((customer,) for customer in customers))


def relate_touched() -> Counted:
    """Derive the relations of customers that were touched, as many as a minute or so takes; the next run goes on.

    A batch is a transaction: killed, it is done again.
    """
    counted = Counted()
    for _batch in range(BATCHES_A_RUN):
        with scope.bulk():
            with connection.cursor() as cursor:
                cursor.execute(_TAKE, [BATCH])
                batch = {customer for (customer,) in cursor.fetchall()}
            if not batch:
                break
            counted = counted.plus(find_relations(batch))
    return counted


def relate_all(report: Report, *, after: int = 0) -> Counted:
    """Derive the relations of all customers with a number above `after`, in batches of a transaction each.

    `report` hears (number of the last customer done, the last of all) and may stop it by what it raises.
    """
    with scope.bulk():
        last = SourceParty.objects.aggregate(last=Max("customer_id"))["last"] or 0
    counted = Counted()
    while batch := _next_batch(after):
        with scope.bulk():
            counted = counted.plus(find_relations(batch, is_whole=True))
        after = batch[-1]
        report(after, max(last, after))
    return counted


def _next_batch(after: int) -> list[int]:
    with scope.bulk():
        owned = SourceParty.objects.filter(customer_id__gt=after).order_by("customer_id")
        return [one for one in owned.values_list("customer_id", flat=True).distinct()[:BATCH] if one]


def start_relating(viewer: Viewer) -> JobRun:
    """Let a job derive the relations of everybody, or go on where the last one was stopped.

    Errors: NotAllowed without the right to merge, or for a post that is not the whole group's; Conflict when one is at
    work already.
    """
    _ask_right(viewer)
    with transaction.atomic(savepoint=False):
        take_turn(RELATION_JOBS, "start")
        before = latest_run()
        if before is not None and before.state in {JobRun.State.WAITING, JobRun.State.RUNNING}:
            raise Conflict("relations", _("关系推导正在进行"))
        stopped = before is not None and before.state in {JobRun.State.CANCELLED, JobRun.State.FAILED}
        after = before.done if before is not None and stopped else 0
        run = jobs.start(RELATING, actor=viewer.actor, lock=RELATION_JOBS, after=after)
        audit.record(viewer.actor, "customer.relate_all", "customer", "*", after={"from": after})
    return run


def stop_relating(viewer: Viewer) -> None:
    """Ask the job to stop; what it derived stays. Errors: NotAllowed as above; Conflict when none is at work."""
    _ask_right(viewer)
    with transaction.atomic(savepoint=False):
        run = latest_run()
        if run is None or run.state not in {JobRun.State.WAITING, JobRun.State.RUNNING}:
            raise Conflict("relations", _("现在没有在推导关系"))
        jobs.cancel(run)
        audit.record(viewer.actor, "customer.stop_relating", "customer", "*", after={"at": run.done})


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CUSTOMER_MERGE) or not viewer.scope.everything:
        raise NotAllowed(Right.CUSTOMER_MERGE)
