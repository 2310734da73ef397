"""The log of exceptions: counted, told apart, without anything personal (CUS-011)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from hongyan.core import clock, exception_log, jobs, tracing
from hongyan.core.audit import SYSTEM
from hongyan.core.errors import Conflict, HongyanError, Invalid, NotAllowed, NotFound, SourceError
from hongyan.core.exception_log import KEPT_REFERENCES, Kind, note, note_failure, note_refusal
from hongyan.core.models import ExceptionEvent, JobRun

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
PHONE = "13812345678"

pytestmark = pytest.mark.django_db


def events() -> list[ExceptionEvent]:
    return list(ExceptionEvent.objects.order_by("id"))


def test_the_same_thing_again_is_counted() -> None:
    for minutes in range(3):
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            note(Kind.REFUSED, "Invalid mobile", "customer:search")
    (event,) = events()
    assert (event.count, event.first_seen, event.last_seen) == (3, NOON, NOON + timedelta(minutes=2))


def test_what_was_handled_opens_when_it_happens_again() -> None:
    note(Kind.ERROR, "KeyError", "x.py:1 f")
    ExceptionEvent.objects.update(state="handled", note="修好了")
    note(Kind.ERROR, "KeyError", "x.py:1 f")
    (event,) = events()
    assert (event.state, event.note, event.count) == ("open", "修好了", 2)


def test_what_is_routine_opens_nothing_and_closes_nothing() -> None:
    """CUS-011: an ordinary 404 waits for nobody; handled or open it stays what it is."""
    for number, state in enumerate(("routine", "handled", "open")):
        note(Kind.DENIED, "NotFound unit", f"door {number}", is_routine=True)
        ExceptionEvent.objects.filter(place=f"door {number}").update(state=state)
        note(Kind.DENIED, "NotFound unit", f"door {number}", is_routine=True)
    assert [(event.state, event.count) for event in events()] == [("routine", 2), ("handled", 2), ("open", 2)]
    note(Kind.DENIED, "NotFound unit", "door 0")
    assert events()[0].state == "open"


def test_the_last_references_are_kept() -> None:
    for number in range(KEPT_REFERENCES + 5):
        token = tracing.request_id.set(f"{number:032x}")
        note(Kind.ERROR, "KeyError", "x.py:1 f")
        tracing.request_id.reset(token)
    (event,) = events()
    assert len(event.references) == KEPT_REFERENCES
    assert event.references[0] == f"{KEPT_REFERENCES + 4:032x}"[:12]


@pytest.mark.parametrize(
    ("error", "kind", "name"),
    [
        (NotFound("customer", PHONE), "denied", "NotFound customer"),
        (NotAllowed("customer.read", PHONE), "denied", "NotAllowed customer.read"),
        (Invalid({"mobile": PHONE, "": PHONE}), "refused", "Invalid mobile"),
        (Conflict("delivery", PHONE), "refused", "Conflict delivery"),
        (SourceError("encoding", file=PHONE), "refused", "SourceError encoding"),
        (HongyanError(PHONE), "refused", "HongyanError"),
    ],
)
def test_a_refusal_says_what_and_not_whom(error: HongyanError, kind: str, name: str) -> None:
    note_refusal(error, door="customer:record")
    (event,) = events()
    assert (event.kind, event.name, event.place) == (kind, name, "customer:record")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_exceptionevent e WHERE e::text LIKE %s", [f"%{PHONE}%"])
        assert cursor.fetchone() == (0,)


def test_a_failure_is_where_our_code_raised_it() -> None:
    for value in ("a", "b"):
        try:
            clock.business_date(value)  # type: ignore[arg-type]
        except AttributeError as error:
            note_failure(Kind.ERROR, error, within="web:home")
    (event,) = events()
    assert (event.name, event.count) == ("AttributeError", 2)
    assert event.place.startswith("core/clock.py:")
    assert event.place.endswith(" business_date web:home")


def test_a_failed_job_is_noted_though_its_work_was_rolled_back() -> None:
    @jobs.task("test.fails")
    def fails(run: jobs.Run, *, value: str) -> None:
        raise KeyError(value)

    run = JobRun.objects.create(task="test.fails", created_by=SYSTEM.code, created_at=clock.now())
    with pytest.raises(KeyError):
        jobs.carry_out("test.fails", run.id, {"value": PHONE})
    (event,) = events()
    assert (event.kind, event.name) == ("job", "KeyError")
    assert event.place.endswith(" fails test.fails")
    assert PHONE not in f"{event.name} {event.place}"


def test_it_never_fails_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exception_log, "_NOTE", "SELECT no such thing")
    note(Kind.ERROR, "KeyError", "x.py:1 f")
    assert events() == []
