"""Scoring the data of customers (资料质量评分): all of them by night, in chunks of a transaction each; a few at once.

    1. run       the day and its rules; a run that was killed goes on after the last chunk that is done
       due       by the same rules as the last run: only those in whom something changed since, or time passed
    2. score     `sql/score.sql`: score and gaps of one chunk, and the marks that lists filter by
    3. count     how the customers of each unit stand this month

Past every scope, inside `scope.bulk()`. Doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from hongyan.core import clock, scope
from hongyan.core.errors import Conflict, Invalid
from hongyan.core.parameters import value_of
from hongyan.core.versions import take_turn
from hongyan.customer.actions.marks import follow_marks
from hongyan.customer.models import Customer
from hongyan.quality.codes import RunState
from hongyan.quality.models import QualityCount, QualityDue, QualityRun
from hongyan.quality.parameters import CHUNK_CUSTOMERS
from hongyan.quality.queries.rules import Rules, read_rules, rules_of

_SQL = Path(__file__).parents[1] / "sql"
_SCORE, _MARKS, _COUNT, _DUE = (
    (_SQL / f"{name}.sql").read_text() for name in ("score", "marks", "count", "due")
)
_RANGE, _THESE = "BETWEEN %(first)s AND %(last)s", "= ANY(%(customers)s)"
_SCORE_RANGE, _SCORE_THESE = (_SCORE.replace("{whom}", whom) for whom in (_RANGE, _THESE))

AT_ONCE = 50
"""So many customers are scored with what changed them; of more, the night takes care."""

OLDEST = timedelta(days=366 * 130)
"""Nobody is born longer ago."""

Report = Callable[[int, int], None]


def score_everybody(
    as_of: date, *, by: str, report: Report = lambda _done, _total: None, is_whole: bool = False
) -> QualityRun:
    """Score all customers as of a day, or go on with the run of that day; only whom something changed in, unless
    it `is_whole`. `report` hears (number of the last customer done, the last of all).

    Errors: Invalid for a day to come.
    """
    run = _begun(as_of, by=by, is_whole=is_whole)
    rules = read_rules(run.rules)
    size = int(value_of(CHUNK_CUSTOMERS))
    with scope.bulk():
        number = "id" if run.is_whole else "customer_id"
        everybody = Customer.objects if run.is_whole else QualityDue.objects
        last = everybody.order_by(f"-{number}").values_list(number, flat=True).first() or 0
    while (after := _score_next(run.pk, rules, size, last)) is not None:
        report(after, last)
    _finish(run.pk)
    run.refresh_from_db()
    return run


def note_changed(customers: Collection[int]) -> None:
    """Customers whose data changed, in the transaction that changes them: a few are scored at once, more by night.

    Before the first run there is nothing to note: it takes everybody.
    """
    with scope.bulk():
        if not customers or not QualityRun.objects.filter(state=RunState.DONE).exists():
            return
        if len(customers) <= AT_ONCE:
            score_now(customers)
        else:
            QualityDue.objects.bulk_create(QualityDue(customer_id=one) for one in customers)


def score_now(customers: Collection[int]) -> None:
    """Score some customers by today's rules, in the transaction of whoever calls."""
    today = clock.business_date()
    with scope.bulk():
        _score(rules_of(today), today, sorted(customers))


def _begun(as_of: date, *, by: str, is_whole: bool) -> QualityRun:
    if as_of > clock.business_date():
        raise Invalid({"as_of": _("日期不能晚于今天")})
    with scope.bulk():
        take_turn("quality", "run")
        rules = rules_of(as_of)
        unfinished = QualityRun.objects.filter(state=RunState.WORKING)
        if run := unfinished.filter(as_of=as_of, rules=rules.stored).order_by("-id").first():
            return run
        is_whole = unfinished.update(state=RunState.LEFT, ended_at=clock.now()) > 0 or is_whole
        done = QualityRun.objects.filter(state=RunState.DONE).order_by("-id").first()
        is_whole = is_whole or done is None or done.rules != rules.stored or done.as_of > as_of
        if is_whole:
            QualityDue.objects.all().delete()
        else:
            with connection.cursor() as cursor:
                cursor.execute(_DUE, _days(rules, as_of) | _before(rules, done.as_of))  # type: ignore[union-attr]
        return QualityRun.objects.create(
            as_of=as_of, rules=rules.stored, is_whole=is_whole, started_by=by, started_at=clock.now()
        )


def _score_next(run_id: int, rules: Rules, size: int, end: int) -> int | None:
    """Score the next chunk of a run; answers its last number, None after the last. Errors: Conflict for one left."""
    with scope.bulk():
        run = QualityRun.objects.select_for_update().get(pk=run_id)
        if run.state == RunState.LEFT:
            raise Conflict("quality_run", _("这次评分已被另一次取代"))
        if run.after >= end:
            return None
        if run.is_whole:
            first, last = run.after + 1, min(run.after + size, end)
            count = _score(rules, run.as_of, None, first=first, last=last)
        else:
            waiting = QualityDue.objects.filter(customer_id__gt=run.after, customer_id__lte=end)
            due = list(
                waiting.order_by("customer_id").values_list("customer_id", flat=True).distinct()[:size]
            )
            if not due:
                return None
            QualityDue.objects.filter(customer_id__in=due).delete()
            last, count = due[-1], _score(rules, run.as_of, due)
        run.after, run.customers = last, run.customers + count
        run.save(update_fields=["after", "customers"])
        return last


def _score(rules: Rules, today: date, customers: list[int] | None, *, first: int = 0, last: int = 0) -> int:
    given: dict[str, Any] = {"rules": orjson.dumps(rules.asked).decode(), "oldest": today - OLDEST}
    given |= _days(rules, today) | {"first": first, "last": last, "customers": customers}
    with connection.cursor() as cursor:
        if customers is None:
            cursor.execute(_SCORE_RANGE, given)
        else:
            cursor.execute(_SCORE_THESE, given)
        count = int(cursor.fetchone()[0])
    marks = _MARKS.replace("{whom}", _RANGE if customers is None else _THESE)
    follow_marks({"quality"}, marks, first=first, last=last, customers=customers)
    return count


def _days(rules: Rules, today: date) -> dict[str, date]:
    return {
        "today": today,
        "fresh_from": today - timedelta(days=rules.stale_days),
        "soon": today + timedelta(days=rules.expiring_days),
    }


def _before(rules: Rules, was: date) -> dict[str, date]:
    days = _days(rules, was)
    return {"was": was, "was_fresh_from": days["fresh_from"], "was_soon": days["soon"]}


def _finish(run_id: int) -> None:
    """Count the units; readers see the numbers of before until all are there."""
    with scope.bulk(), connection.cursor() as cursor:
        take_turn("quality", "count")
        run = QualityRun.objects.get(pk=run_id)
        month = run.as_of.replace(day=1)
        QualityCount.objects.filter(month=month).delete()
        cursor.execute(_COUNT, {"month": month})
        unfinished = QualityRun.objects.filter(pk=run_id, state=RunState.WORKING)
        unfinished.update(state=RunState.DONE, ended_at=clock.now())
