"""Classifying all customers (客户分类), in chunks of a transaction each: every night, by hand, or by command.

    1. run       the day and its rules; a run that was killed goes on after the last chunk that is done
       due       in a month that was classified by the same rules already: only those in whom something changed since
    2. classify  `sql/classify.sql`: figures, classes, moves of one chunk, and the marks lists filter by
    3. count     how many are in each class, per unit

Past every scope, inside `scope.bulk()`. Doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from hongyan.classes.codes import BEHAVIOUR, LINES, LOSS, RunState, Why
from hongyan.classes.models import ClassCount, ClassDue, ClassRun
from hongyan.classes.parameters import CHUNK_CUSTOMERS, WHOLE_PERCENT
from hongyan.classes.queries.rules import Rules, months_of, read_rules, rules_of
from hongyan.classes.queries.runs import CLASSIFYING, job_at_work
from hongyan.classes.rules.behaviour import months_before
from hongyan.core import audit, clock, jobs, scope
from hongyan.core.audit import Actor
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.models import JobRun
from hongyan.core.parameters import value_of
from hongyan.core.versions import take_turn
from hongyan.customer.actions.marks import follow_marks
from hongyan.customer.models import Customer
from hongyan.ledger.currencies import YUAN, in_currency
from hongyan.ledger.models import SourceProduct
from hongyan.org.codes import Right, Viewer

_SQL = Path(__file__).parents[1] / "sql"
_CLASSIFY, _COUNT, _MARKS = ((_SQL / name).read_text() for name in ("classify.sql", "count.sql", "marks.sql"))
_DUE = (_SQL / "due.sql").read_text()
_RANGE, _THESE = "BETWEEN %(first)s AND %(last)s", "= ANY(%(customers)s)"
_CLASSIFY_RANGE, _CLASSIFY_THESE = (_CLASSIFY.replace("{whom}", whom) for whom in (_RANGE, _THESE))

Report = Callable[[int, int], None]


def start_classifying(viewer: Viewer) -> JobRun:
    """Let a job classify everybody as of today, or go on where the last one was stopped.

    Errors: NotAllowed without the right, or for a post that is not the whole group's; Conflict when one is at work.
    """
    _ask_right(viewer)
    with transaction.atomic(savepoint=False):
        take_turn("classes", "start")
        if job_at_work():
            raise Conflict("class_run", _("正在分类"))
        job = _start(viewer.actor)
        audit.record(viewer.actor, "classes.run", "class_run", clock.business_date())
    return job


def start_nightly() -> JobRun | None:
    """The same each night; None when one is at work still."""
    with transaction.atomic():
        take_turn("classes", "start")
        return None if job_at_work() else _start(audit.SYSTEM)


def stop_classifying(viewer: Viewer) -> None:
    """Ask the job to stop; what is classified stays. Errors: NotAllowed as above; Conflict when none is at work."""
    _ask_right(viewer)
    with transaction.atomic(savepoint=False):
        job = job_at_work()
        if job is None:
            raise Conflict("class_run", _("现在没有在分类"))
        jobs.cancel(job)
        audit.record(viewer.actor, "classes.stop", "class_run", clock.business_date())


def classify(
    as_of: date,
    *,
    by: str,
    report: Report = lambda _done, _total: None,
    job: int | None = None,
    is_whole: bool = False,
) -> ClassRun:
    """Classify everybody as of a day, or go on with the run of that day and its rules.

    Whose classes cannot have changed since the last run is left as they are, unless it `is_whole`.

    `report` hears (number of the last customer done, the last of all) and may stop it by what it raises.
    Errors: Invalid for a day to come, or one before the day as of which everybody stands already.
    """
    run = _begun(as_of, by=by, job=job, is_whole=is_whole)
    rules = read_rules(run.rules)
    products = _products()
    size = value_of(CHUNK_CUSTOMERS)
    with scope.bulk():
        everybody = Customer.objects if run.is_whole else ClassDue.objects.filter(customer__isnull=False)
        number = "id" if run.is_whole else "customer_id"
        last = everybody.order_by(f"-{number}").values_list(number, flat=True).first() or 0
    while (after := _classify_next(run.pk, rules, products, size, last)) is not None:
        report(after, last)
    _finish(run.pk)
    run.refresh_from_db()
    return run


def _start(actor: Actor) -> JobRun:
    return jobs.start(CLASSIFYING, actor=actor, lock=CLASSIFYING, as_of=clock.business_date().isoformat())


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CLASSES_RUN) or not viewer.scope.everything:
        raise NotAllowed(Right.CLASSES_RUN)


def _begun(as_of: date, *, by: str, job: int | None, is_whole: bool) -> ClassRun:
    if as_of > clock.business_date():
        raise Invalid({"as_of": _("日期不能晚于今天")})
    with scope.bulk():
        take_turn("classes", "run")
        done = ClassRun.objects.filter(state=RunState.DONE).order_by("-id").first()
        if done and done.as_of > as_of:
            told = _("客户已按 {day} 分类，不能再按更早的日期分类").format(day=done.as_of)
            raise Invalid({"as_of": told})
        rules = rules_of(as_of)
        stored = dict(rules.stored)
        unfinished = ClassRun.objects.filter(state=RunState.WORKING)
        same = unfinished.filter(as_of=as_of, rules=stored)
        if run := (same.filter(is_whole=True) if is_whole else same).order_by("-id").first():
            ClassRun.objects.filter(pk=run.pk).update(job=job)
            return run
        unfinished.update(state=RunState.LEFT, ended_at=clock.now())
        if not is_whole:
            is_whole = not _are_few_due(done, as_of, rules)
        if is_whole:
            ClassDue.objects.all().delete()
        return ClassRun.objects.create(
            as_of=as_of, rules=stored, are_rules_new=done is not None and done.rules != stored, is_whole=is_whole,
            started_by=by, started_at=clock.now(), job=job,
        )  # fmt: skip


def _are_few_due(done: ClassRun | None, as_of: date, rules: Rules) -> bool:
    """Whether only some can have changed since the last run; then they are noted, with nobody left out.

    Not so in a month of its own, by other rules, after a run of everybody that was left, or when many are due.
    """
    left = ClassRun.objects.filter(state=RunState.LEFT, is_whole=True, pk__gt=done.pk) if done else None
    if done is None or done.rules != dict(rules.stored) or left is None or left.exists():
        return False
    if done.as_of.replace(day=1) != as_of.replace(day=1):
        return False
    limits = rules.limits
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM classes_classdue WHERE delivery_id IS NOT NULL RETURNING delivery_id")
        values: dict[str, Any] = {
            "deliveries": sorted({delivery for (delivery,) in cursor.fetchall()}),
            "oldest": months_of(as_of, active_months=rules.active_months).oldest,
            "new_before": months_before(done.as_of, limits.new_months),
            "new_after": months_before(as_of, limits.new_months),
            "void_before": months_before(done.as_of, limits.void_months),
            "void_until": months_before(as_of, limits.void_months),
        }
        cursor.execute(_DUE, values)
    due = ClassDue.objects.aggregate(count=Count("customer", distinct=True))["count"]
    return bool(due * 100 <= Customer.objects.count() * value_of(WHOLE_PERCENT))


def _take_due(after: int, end: int, size: int) -> list[int]:
    """The next customers that are due, in order; what is noted of them from now on is for the next run.

    Only rows are taken that can be seen, so whatever caused them is seen by the statements that follow.
    """
    waiting = ClassDue.objects.filter(customer_id__gt=after, customer_id__lte=end)
    chosen = list(waiting.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:size])
    ClassDue.objects.filter(customer_id__in=chosen).delete()
    return chosen


def _products() -> list[int]:
    """The source products whose revenue counts: of our lines, and told in yuan."""
    counted = SourceProduct.objects.filter(in_currency(YUAN, system="system"), line__in=LINES)
    return list(counted.values_list("id", flat=True))


def _classify_next(run_id: int, rules: Rules, products: list[int], size: int, end: int) -> int | None:
    """Classify the next chunk of a run; answers its last number, None after the last of all.

    The run's row is held, so two who work on one run take turns. Errors: Conflict for a run that was left.
    """
    with scope.bulk(), connection.cursor() as cursor:
        run = ClassRun.objects.select_for_update().get(pk=run_id)
        if run.state == RunState.LEFT:
            raise Conflict("class_run", _("这次分类已被另一次取代"))
        if run.after >= end:
            return None
        first, last = run.after + 1, min(run.after + size, end)
        due = None if run.is_whole else _take_due(run.after, end, size)
        if due == []:
            return None
        if due:
            last = due[-1]
        whom = _RANGE if due is None else _THESE
        chunk = {"products": products, "first": first, "last": last, "customers": due}
        given = _given(run, rules) | chunk
        if due is None:
            cursor.execute(_CLASSIFY_RANGE, given)
        else:
            cursor.execute(_CLASSIFY_THESE, given)
        customers, moves = cursor.fetchone()
        families = {one.key for one in (*BEHAVIOUR, LOSS)} | {tier.scheme for tier in rules.tiers}
        if run.is_whole:
            families |= _former_schemes()
        marks = _MARKS.replace("{whom}", whom)
        follow_marks(families, marks, first=first, last=last, customers=due)
        run.after, run.customers, run.moves = last, run.customers + customers, run.moves + moves
        run.save(update_fields=["after", "customers", "moves"])
        return last


def _former_schemes() -> set[str]:
    """Schemes of earlier runs, whose marks go with them."""
    runs = ClassRun.objects.order_by("-id").values_list("rules", flat=True)[:2]
    return {tier.scheme for stored in runs for tier in read_rules(stored).tiers}


def _given(run: ClassRun, rules: Rules) -> dict[str, Any]:
    limits = rules.limits
    return {
        **asdict(months_of(run.as_of, active_months=rules.active_months)),
        "run": run.pk,
        "as_of": run.as_of,
        "are_rules_new": run.are_rules_new,
        "lines": list(LINES),
        "new_after": months_before(run.as_of, limits.new_months),
        "void_until": months_before(run.as_of, limits.void_months),
        "high_month": limits.high_month,
        "high_year": limits.high_year,
        "early_percent": limits.early_percent,
        "early_yuan": limits.early_yuan,
        "month_percent": limits.month_percent,
        "schemes": [tier.scheme for tier in rules.tiers],
        "bases": [tier.basis for tier in rules.tiers],
        "floors": [tier.floor for tier in rules.tiers],
        "marks": [tier.mark for tier in rules.tiers],
        "why_business": Why.BUSINESS.value,
        "why_rules": Why.RULES.value,
        "why_time": Why.TIME.value,
    }


def _finish(run_id: int) -> None:
    """Count the classes of units; readers see the numbers of before until all are there."""
    with scope.bulk(), connection.cursor() as cursor:
        take_turn("classes", "count")
        ClassCount.objects.all().delete()
        cursor.execute(_COUNT)
        unfinished = ClassRun.objects.filter(pk=run_id, state=RunState.WORKING)
        unfinished.update(state=RunState.DONE, ended_at=clock.now())
