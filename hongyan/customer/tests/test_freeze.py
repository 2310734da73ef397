"""Freezing a customer: kept, not used, whatever files bring (PIPL 47, SM1)."""

from __future__ import annotations

import pytest
from django.test import Client

from hongyan.core import scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.freeze import freeze, unfreeze
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.split import split
from hongyan.customer.codes import Status
from hongyan.customer.models import Customer, Freeze, ListRow
from hongyan.customer.tests.factory import LI, WANG, ZHANG, Given, code_of, log_in, make_town, take, viewer
from hongyan.customer.tests.merging import XU, make_stewards, walk_in

pytestmark = pytest.mark.django_db


def status_of(name: str) -> tuple[str, set[str]]:
    with scope.bulk():
        customer = Customer.objects.get(name=name)
        return customer.status, set(
            ListRow.objects.filter(customer_id=customer.pk).values_list("status", flat=True)
        )


def frozen(name: str, by: str = WANG, reason: str = "客户要求删除，法律要求保存") -> Freeze:
    who, code = viewer(by), code_of(name)
    with scope.acting(who.scope):
        return freeze(who, code, reason=reason)


def test_a_frozen_customer_stays_so_whatever_files_bring_until_somebody_ends_it(client: Client) -> None:
    make_town()
    frozen("王小明")
    assert status_of("王小明") == (Status.FROZEN, {Status.FROZEN})
    take(Given("王小明", "K1", fields={"address": "山东省济南市历下区泉城路99号"}), delivery_id=9)
    assert status_of("王小明") == (Status.FROZEN, {Status.FROZEN})
    assert "冻结" in log_in(client, ZHANG).get(f"/customers/{code_of('王小明')}/").content.decode()
    wang = viewer(WANG)
    with scope.acting(wang.scope):
        unfreeze(wang, code_of("王小明"), reason="客户又来办业务")
    assert status_of("王小明") == (Status.ACTIVE, {Status.ACTIVE})
    with scope.bulk():
        acts = AuditEvent.objects.filter(act__in=("customer.frozen", "customer.unfrozen")).order_by("id")
        assert [(one.act, one.after["status"]) for one in acts] == [
            ("customer.frozen", "frozen"),
            ("customer.unfrozen", "active"),
        ]


def test_it_takes_the_right_a_reason_and_the_scope() -> None:
    make_town()
    with pytest.raises(NotAllowed):
        frozen("王小明", by=ZHANG)
    with pytest.raises(Invalid):
        frozen("王小明", reason=" ")
    with pytest.raises(NotFound):
        frozen("王小丽")
    with pytest.raises(NotAllowed):
        frozen("王小丽", by=LI)
    with scope.bulk():
        assert not Freeze.objects.exists()
    frozen("王小明")
    with pytest.raises(Conflict):
        frozen("王小明")
    wang = viewer(WANG)
    with scope.acting(wang.scope), pytest.raises(Conflict):
        unfreeze(wang, code_of("济南市鼎盛食品有限公司"), reason="没有冻结过")


def test_who_is_merged_with_a_frozen_customer_is_frozen_until_they_part() -> None:
    make_stewards()
    take(walk_in("孙大", "W1"), walk_in("孙二", "W2"))
    frozen("孙二", by=XU)
    xu = viewer(XU)
    with scope.acting(xu.scope):
        made = merge(xu, code_of("孙大"), code_of("孙二"), reason="同一人")
    assert status_of("孙大")[0] == Status.FROZEN
    with scope.acting(xu.scope):
        split(xu, made.pk, reason="不是同一人")
    assert status_of("孙大")[0] == Status.ACTIVE
    assert status_of("孙二")[0] == Status.FROZEN


def test_frozen_persons_are_listed_only_to_who_looks_for_them(client: Client) -> None:
    """PIPL 47: kept, and used for nothing; by status or by name they are found, and marked."""
    make_town()
    frozen("王小明")
    zhang = log_in(client, ZHANG)
    code = code_of("王小明")
    assert code not in zhang.get("/customers/").content.decode()
    for query in ("?status=frozen", "?q=王小明"):
        page = zhang.get(f"/customers/{query}").content.decode()
        assert code in page
        assert "冻结" in page
    offered = zhang.post("/search/suggestions/", {"q": "王小明"}).content.decode()
    assert code in offered
    assert "冻结" in offered
