"""What one line sees of another's business: nothing but that there is some, unless the customer agreed (X-17)."""

from __future__ import annotations

import pytest
from django.test import Client

from hongyan.consent.tests.factory import agrees, publish_all, takes_back
from hongyan.customer.codes import Kind
from hongyan.customer.tests.factory import (
    LIXIA_OUTLET,
    WANG,
    ZHANG,
    Given,
    code_of,
    log_in,
    make_organisation,
    take,
    viewer,
)
from hongyan.ledger.codes import FactKind
from hongyan.ledger.tests.factory import book_rows, hold
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Line, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def saver(db: None) -> str:
    """A customer of the bank with a balance, in the outlet of a manager of the post."""
    make_organisation()
    publish_all()
    take(Given("孙储蓄", "B1", system="psb", line=Line.BANK, kind=Kind.FINANCIAL, unit=LIXIA_OUTLET))
    hold("6217000012345678", "B1")
    book_rows(
        FactKind.BALANCE, {"account": "6217000012345678", "amount": "20000.00"}, system="psb", line="03"
    )
    return code_of("孙储蓄")


def business(client: Client, code: str) -> str:
    return client.get(f"/customers/{code}/business/").content.decode()


def test_amounts_of_the_bank_are_denied_until_the_customer_agrees_and_again_afterwards(
    saver: str, client: Client
) -> None:
    zhang = log_in(client, ZHANG)
    assert "20,000.00" not in business(zhang, saver)
    assert "客户也未同意共享" in business(zhang, saver)
    agrees("孙储蓄", "sharing", "03")
    page = business(zhang, saver)
    assert "20,000.00" in page
    assert "显示金额，不显示明细" in page
    assert "经同意可看金额" in zhang.get(f"/customers/{saver}/consent/").content.decode()
    takes_back("孙储蓄", "sharing", "03")
    assert "20,000.00" not in business(zhang, saver)


def test_consent_to_another_line_or_purpose_opens_nothing(saver: str, client: Client) -> None:
    agrees("孙储蓄", "sharing", "04")
    agrees("孙储蓄", "marketing", "03")
    assert "20,000.00" not in business(log_in(client, ZHANG), saver)


def test_without_the_role_consent_opens_nothing(saver: str, client: Client) -> None:
    from hongyan.core import scope
    from hongyan.customer.tests.factory import TESTER, _post, state_purposes

    agrees("孙储蓄", "sharing", "03")
    with scope.bulk():
        take_in_posts([_post(2, "reader", "读者", LIXIA_OUTLET, Role.READER)], actor=TESTER)
    reader = state_purposes(log_in(client, "reader"), saver)
    assert "20,000.00" not in business(reader, saver)


def test_the_head_of_the_county_may_too(saver: str, client: Client) -> None:
    from hongyan.customer.tests.factory import state_purposes

    agrees("孙储蓄", "sharing", "03")
    assert viewer(WANG).role == Role.COUNTY_HEAD
    head = state_purposes(log_in(client, WANG), saver)
    assert "20,000.00" in business(head, saver)
