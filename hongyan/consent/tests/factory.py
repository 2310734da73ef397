"""Texts and words for tests."""

from __future__ import annotations

from hongyan.consent.actions.texts import publish_text
from hongyan.consent.actions.words import give, withdraw
from hongyan.consent.models import Consent, ConsentText
from hongyan.core import clock, scope
from hongyan.customer.codes import ConsentPurpose
from hongyan.customer.tests.factory import HEAD, ZHANG, code_of, viewer


def publish(purpose: str = "marketing", line: str = "", **said: object) -> ConsentText:
    """A text in force, published by the head of the group."""
    by = viewer(HEAD)
    basis = {"sharing": "separate", "service": "contract"}.get(purpose, "consent")
    asked = {"basis": basis, "valid_from": clock.business_date(), "text": "我同意", "text_en": "I agree"}
    with scope.acting(by.scope):
        return publish_text(by, purpose=purpose, line=line, **{**asked, **said})  # type: ignore[arg-type]


def publish_all() -> None:
    """A text for every purpose that takes one."""
    for purpose in ConsentPurpose:
        publish(purpose.value)


def agrees(
    name: str, purpose: str = "marketing", line: str = "04", *channels: str, by: str = ZHANG
) -> list[Consent]:
    """A customer, by name, agrees."""
    who, code = viewer(by), code_of(name)
    with scope.acting(who.scope):
        return give(
            who, code, purpose=purpose, line=line, channels=channels, source="counter", proof="signed",
            reference="授权书2026-001",
        )  # fmt: skip


def takes_back(
    name: str, purpose: str = "", line: str = "", *channels: str, by: str = ZHANG
) -> list[Consent]:
    """A customer, by name, takes it back."""
    who, code = viewer(by), code_of(name)
    with scope.acting(who.scope):
        return withdraw(who, code, purpose=purpose, line=line, channels=channels, source="phone")
