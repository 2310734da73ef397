"""Checks by sample: what is drawn, looking blind, and what the agreement says (REQUIREMENTS 5.5 screen 5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.second_look import draw_joins
from hongyan.customer.actions.split import take_out
from hongyan.customer.models import Link, ReviewCase, SecondLook
from hongyan.customer.parameters import SECOND_LOOK_SHARE
from hongyan.customer.tests.cases import make_pairs, set_value
from hongyan.customer.tests.factory import ID, log_in, take, viewer
from hongyan.customer.tests.merging import HE, XU, make_stewards, walk_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None) -> dict[str, Client]:
    """Two stewards of the province, where every decision is drawn."""
    make_stewards()
    set_value(SECOND_LOOK_SHARE, "100")
    return {name: log_in(Client(), name) for name in (XU, HE)}


def decide(client: Client, case: ReviewCase, verdict: str) -> None:
    assert client.post(f"/customers/cases/{case.pk}/decide/", {"verdict": verdict}).status_code == 302


def looks() -> list[SecondLook]:
    with transaction.atomic(), scope.bulk():
        return list(SecondLook.objects.order_by("id"))


def test_a_decision_taken_alone_is_drawn_and_looked_at_blind(desk: dict[str, Client]) -> None:
    (case,) = make_pairs(1)
    decide(desk[XU], case, "same")
    (look,) = looks()
    assert (look.case_id, look.first, look.first_by, look.second) == (case.pk, "same", XU, "")

    page = desk[HE].get(f"/customers/cases/checks/{look.pk}/").content.decode()
    assert look.number in page
    assert "甲<mark>小</mark>" in page
    assert "甲<mark>大</mark>" in page
    # neither whose records these are nor what was decided
    codes = {one.code for one in _customers()}
    assert not any(code in page for code in codes)
    assert "已合并" not in page

    assert desk[HE].post(f"/customers/cases/checks/{look.pk}/", {"verdict": "different"}).status_code == 302
    (look,) = looks()
    assert (look.first, look.second, look.second_by) == ("same", "different", HE)


def test_who_comes_second_goes_on_to_the_next(desk: dict[str, Client]) -> None:
    """Two who work through one sample have the same pair before them."""
    for case in make_pairs(2):
        decide(desk[XU], case, "different")
    one, other = looks()
    window = log_in(Client(), HE)
    for client, verdict in ((desk[HE], "same"), (window, "different")):
        answer = client.post(f"/customers/cases/checks/{one.pk}/", {"verdict": verdict})
        assert answer["Location"] == f"/customers/cases/checks/{other.pk}/"
    assert [(look.second, look.second_by) for look in looks()] == [("same", HE), ("", "")]
    assert f"{one.number} 已有人复核" in window.get(answer["Location"]).content.decode()


def test_nobody_looks_at_their_own_decision_again(desk: dict[str, Client]) -> None:
    (case,) = make_pairs(1)
    decide(desk[XU], case, "different")
    (look,) = looks()
    assert desk[XU].post(f"/customers/cases/checks/{look.pk}/", {"verdict": "same"}).status_code == 403
    assert looks()[0].second == ""
    assert "开始复核" not in desk[XU].get("/customers/cases/checks/").content.decode()
    assert "开始复核" in desk[HE].get("/customers/cases/checks/").content.decode()


def test_the_first_word_is_hidden_in_the_list_until_somebody_looked(desk: dict[str, Client]) -> None:
    (case,) = make_pairs(1)
    decide(desk[XU], case, "different")
    assert "<td" in desk[HE].get("/customers/cases/checks/").content.decode()
    assert "不是同一客户</td>" not in desk[HE].get("/customers/cases/checks/").content.decode()
    assert "S0000" not in desk[HE].get("/customers/cases/checks/?first=different").content.decode()


def test_what_is_undecided_or_decided_by_two_is_not_drawn(desk: dict[str, Client]) -> None:
    shelved, undone = make_pairs(2)
    decide(desk[XU], shelved, "unsure:visit")
    decide(desk[XU], undone, "different")
    desk[XU].post(f"/customers/cases/{undone.pk}/undo/")
    assert [look.case_id for look in looks()] == [undone.pk]
    # what was taken back waits for nobody
    assert "开始复核" not in desk[HE].get("/customers/cases/checks/").content.decode()
    decide(desk[XU], undone, "same")
    assert [look.first for look in looks()] == ["same"]


def test_without_a_share_nothing_is_drawn(desk: dict[str, Client]) -> None:
    set_value(SECOND_LOOK_SHARE, "0")
    (case,) = make_pairs(1)
    decide(desk[XU], case, "same")
    assert looks() == []


def test_automatic_joins_near_the_edge_are_drawn_once(desk: dict[str, Client]) -> None:
    take(walk_in("孙小四", "A", secrets={"credential_no": ID}, fields={"credential_type": "01"}))
    take(
        walk_in("孙小四", "B", system="kgc", secrets={"credential_no": ID}, fields={"credential_type": "01"})
    )
    with transaction.atomic(), scope.bulk():
        joined = Link.objects.get(outcome="joined")
        Link.objects.filter(pk=joined.pk).update(score=97)
    assert draw_joins() == 0
    with transaction.atomic(), scope.bulk():
        Link.objects.filter(pk=joined.pk).update(score=91)
    assert (draw_joins(), draw_joins()) == (1, 0)
    (look,) = looks()
    assert (look.link_id, look.first, look.first_by, look.score) == (joined.pk, "same", "", 91)
    page = desk[HE].get(f"/customers/cases/checks/{look.pk}/").content.decode()
    assert page.count('class="is-side-0"')
    assert page.count('class="is-side-1"')
    with transaction.atomic(), scope.bulk():
        assert AuditEvent.objects.filter(act="customer.open", purpose=look.number).count() == 1


@pytest.mark.parametrize("leaves", ["the party that joined", "whom it joined"])
def test_a_join_that_was_undone_is_still_there_to_be_looked_at(desk: dict[str, Client], leaves: str) -> None:
    """A side without a record could only be said to be the same."""
    for key, system in (("A", "yy"), ("B", "kgc")):
        take(walk_in("孙小四", key, system=system, secrets={"credential_no": ID}))
    with transaction.atomic(), scope.bulk():
        Link.objects.filter(outcome="joined").update(score=91)
        joined = Link.objects.select_related("customer").get(outcome="joined")
        other = Link.objects.get(outcome="new").party_id
    assert draw_joins() == 1
    (look,) = looks()
    address = f"/customers/cases/checks/{look.pk}/"
    before = desk[HE].get(address).context["sides"]
    going = joined.party_id if leaves == "the party that joined" else other
    steward = viewer(XU)
    with scope.acting(steward.scope):
        take_out(steward, joined.customer.code, [going], reason="另一个人")
    assert desk[HE].get(address).context["sides"] == before
    with transaction.atomic(), scope.bulk():
        opened = AuditEvent.objects.filter(act="customer.open", purpose=look.number)
        assert set(opened.values_list("subject", flat=True)) == {one.code for one in _customers()}


def test_a_join_of_last_week_is_not_drawn(desk: dict[str, Client]) -> None:
    take(walk_in("孙小四", "A", secrets={"credential_no": ID}, fields={"credential_type": "01"}))
    take(
        walk_in("孙小四", "B", system="kgc", secrets={"credential_no": ID}, fields={"credential_type": "01"})
    )
    with transaction.atomic(), scope.bulk():
        Link.objects.filter(outcome="joined").update(score=91, since=clock.now() - timedelta(days=7))
    assert draw_joins() == 0


def test_precision_is_estimated_by_band_with_its_rows_behind_it(desk: dict[str, Client]) -> None:
    cases = make_pairs(10)
    for case in cases:
        decide(desk[XU], case, "same")
    for number, look in enumerate(looks()):
        verdict = "different" if number == 0 else "same"
        desk[HE].post(f"/customers/cases/checks/{look.pk}/", {"verdict": verdict})
    page = desk[XU].get("/customers/cases/quality/").content.decode()
    # nine of ten agree: Wilson's interval of 95 %
    assert "90.0%" in page
    assert "59.6% – 98.2%" in page
    assert (
        'href="/customers/cases/checks/?what=person&amp;band=80&amp;first=same&amp;outcome=disagreed"' in page
    )
    behind = (
        desk[XU]
        .get("/customers/cases/checks/?what=person&band=80&first=same&outcome=disagreed")
        .content.decode()
    )
    assert behind.count('<span class="badge-state tone-bad">') == 1


def _customers() -> list:
    from hongyan.customer.models import Customer

    with transaction.atomic(), scope.bulk():
        return list(Customer.objects.all())
