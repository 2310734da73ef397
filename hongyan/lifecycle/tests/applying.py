"""How tests apply and decide: forms as a browser posts them, and the head who checks."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from hongyan.core import clock, scope
from hongyan.customer.codes import PartyType
from hongyan.customer.rules.entering import Entered
from hongyan.customer.tests.factory import WANG, ZHANG, viewer
from hongyan.identity.tests.people import citizen
from hongyan.lifecycle.actions.answering import settle_due
from hongyan.lifecycle.actions.drafts import Draft, save_draft
from hongyan.lifecycle.models import Application, Inquiry
from hongyan.org.actions.approvals import decide
from hongyan.org.codes import Verdict
from hongyan.org.models import Approval

NEW = "/applications/new/"
ID_OF_QIAN = citizen()


def draft(name: str, mobile: str, *, who: str = ZHANG) -> Application:
    """A draft that somebody keeps of somebody."""
    person = viewer(who)
    with scope.acting(person.scope):
        entered = Entered(PartyType.PERSON, name, mobile=mobile)
        return save_draft(person, Draft(entered, "01"), key=f"{who}/{name}")


def days_from_now(days: int) -> str:
    return (clock.business_date() + timedelta(days=days)).isoformat()


def typed(**said: object) -> dict[str, object]:
    """A whole form of a person who may sign; each has a key of its own."""
    return {
        "party_type": "P", "line": "01", "name": "钱大钧", "credential_type": "01",
        "credential_no": ID_OF_QIAN, "mobile": "13500006666", "address": "山东省济南市历下区泉城路66号",
        "families": ["2"], "valid_from": days_from_now(0), "settlement": "2", "is_lifelong": "on", "sighted": "on",
        "act": "submit", "key": str(uuid4()), **said,
    }  # fmt: skip


def apply(client: Client, **said: object) -> HttpResponse:
    return client.post(NEW, typed(**said))


def agreeing(answer: HttpResponse) -> dict[str, str]:
    """A word on whom an answer shows, and where its form stands."""
    (seen,) = re.findall(r'name="seen" value="([0-9a-f]{16})"', answer.content.decode())
    return {"seen": seen, "confirm": "1"}


def last() -> Application:
    """The latest application, whoever may see it."""
    with scope.acting(scope.EVERYTHING):
        return Application.objects.select_related("customer", "approval").latest("id")


def approve(who: str = WANG, verdict: Verdict = Verdict.APPROVE, reason: str = "") -> Application:
    """Let a head decide the latest application, and what became of it."""
    person = viewer(who)
    with scope.acting(person.scope):
        approval = Approval.objects.get(pk=last().approval_id)
        decide(person, approval.pk, verdict, reason=reason, step_version=approval.version)
    return last()


def let_time_pass() -> int:
    """Let the time of those who are asked be over, and what waited for them go on."""
    over = clock.now() - timedelta(minutes=1)
    with scope.bulk():
        Application.objects.update(heard_until=over)
        Inquiry.objects.filter(answered_at=None).update(until=over)
    return settle_due()
