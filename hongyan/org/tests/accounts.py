"""Accounts as their people use them: passwords, codes that let in, codes of the second factor."""

from __future__ import annotations

import re

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent, ParameterValue
from hongyan.org.models import LoginEvent
from hongyan.org.rules.second_factor import STEP_SECONDS
from hongyan.org.tests.log_in import logged_in

NEW = "Snow-on-the-Yellow-River-7"


def profile(name: str) -> None:
    """Let the house hold to a profile of rules for passwords."""
    with scope.acting(scope.EVERYTHING):
        ParameterValue.objects.create(
            key="org.password_profile",
            value=name,
            effective_from=clock.business_date(),
            set_at=clock.now(),
            set_by="x",
        )


def acts(act: str) -> list[tuple[str, str]]:
    """Who did an act to whom, by the audit."""
    with scope.acting(scope.EVERYTHING):
        return list(AuditEvent.objects.filter(act=act).order_by("id").values_list("actor", "subject"))


def is_in(client: Client) -> bool:
    """Whether a browser is past the log-in."""
    return client.get("/me/").status_code == 200


def outcomes(staff_no: str) -> list[str]:
    """How somebody's attempts to log in ended."""
    return list(
        LoginEvent.objects.filter(staff__staff_no=staff_no).order_by("id").values_list("outcome", flat=True)
    )


def handed_out(giver: str, staff_no: str) -> str:
    """The code that somebody hands out for an account."""
    html = logged_in(giver).post(f"/organisation/staff/{staff_no}/activation/").content.decode()
    return re.search(r'data-copy="(\w+)"', html)[1]  # type: ignore[index]


def use(code: str, staff_no: str, password: str = NEW, client: Client | None = None) -> int:
    """The status of an attempt to set a password with a code."""
    sent = {"staff_no": staff_no, "code": code, "password": password, "again": password}
    return (client or Client()).post("/login/activate/", sent).status_code


def code_of(secret: bytes, late: int = 0) -> str:
    """What an authenticator shows now, or some steps off."""
    codes = TOTP(secret, 6, SHA1(), STEP_SECONDS)  # noqa: S303  the apps know no other
    return codes.generate(int(clock.now().timestamp()) + late * STEP_SECONDS).decode()
