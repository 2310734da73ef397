"""Bad rows: quarantined with every reason, mended, resent; what waits for a signature; orphans; exclusions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hongyan.core import scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.models import AuditEvent
from hongyan.customer.models import Customer, SourceParty
from hongyan.customer.tests import factory
from hongyan.integration.actions import apply, check, dismiss, mend, sign, sign_as, withdraw
from hongyan.integration.actions.mend import raw_of
from hongyan.integration.codes import Channel, DeliveryState, RowState
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.panels import quality_of
from hongyan.integration.tests.factory import (
    ID,
    OPERATOR,
    OTHER_ID,
    OUTLET,
    contact,
    counts,
    customer,
    day,
    kgc_file,
    loaded,
    received,
    records,
)
from hongyan.org.codes import Right, Viewer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("organisation")]


def quarantine(**wanted: object) -> list[QuarantinedRow]:
    with scope.bulk():
        return list(QuarantinedRow.objects.filter(**wanted).order_by("row"))


def codes(row: QuarantinedRow) -> list[tuple[str, str]]:
    return [(reason["field"], reason["code"]) for reason in row.reasons]


def steward(viewer: Viewer) -> Viewer:
    """The same person with every right of intake."""
    return replace(viewer, rights=viewer.rights | {Right.INTAKE_MEND, Right.INTAKE_SIGN, Right.INTAKE_READ})


@pytest.fixture
def zhang() -> Viewer:
    return factory.viewer(factory.ZHANG)


@pytest.fixture
def li() -> Viewer:
    return factory.viewer(factory.LI)


BAD = [
    customer(2, 证件类型="1", 证件号码="110105194912310021"),
    customer(3, 客户名称="王*明", 归属机构代码="999999999"),
    customer(4, 证件类型="8", 签订日期="19870231"),
]


def test_three_bad_rows_mended_and_sent_again(zhang: Viewer) -> None:
    """Acceptance 2: three quarantined rows with reasons; one mended joins; the same file again changes nothing."""
    loaded(kgc_file([customer(1)]))
    content = kgc_file([*BAD, *(customer(number) for number in range(10, 70))])
    delivery = loaded(content)
    assert delivery.state == DeliveryState.APPLIED
    assert counts(delivery) == {"received": 63, "accepted": 60, "quarantined": 3, "new": 60}
    rows = quarantine()
    assert [codes(row) for row in rows] == [
        [("证件号码", "credential_checksum")],
        [("客户名称", "masked_name"), ("归属机构代码", "unknown_unit")],
        [("证件类型", "code"), ("签订日期", "date")],
    ]
    assert [row.row for row in rows] == [2, 3, 4]
    viewer = steward(zhang)
    with scope.acting(viewer.scope):
        child = mend(viewer, rows[0].id, {"证件号码": ID, "客户名称": "王小明"}, in_background=False)
    child = apply(check(child.id, in_background=False).id)
    assert counts(child) == {"received": 1, "accepted": 1, "joined": 1}
    assert (child.channel, child.parent_id) == (Channel.RESEND, delivery.id)
    [mended] = quarantine(id=rows[0].id)
    assert (mended.state, mended.resent_as_id, mended.closed_by) == (RowState.TAKEN, child.id, "zhang")
    with scope.bulk():
        before = Customer.objects.count()
        loaded(content)
        assert Customer.objects.count() == before
        assert SourceParty.objects.filter(key__in=["37010200000001", "37010200000002"]).values(
            "customer"
        ).distinct().count() == 1  # fmt: skip
    assert Delivery.objects.count() == 3


def test_mending_is_guarded(zhang: Viewer, li: Viewer) -> None:
    loaded(kgc_file([BAD[0], *(customer(number) for number in range(10, 40))]))
    [row] = quarantine()
    with scope.acting(zhang.scope), pytest.raises(NotAllowed):
        mend(zhang, row.id, {})
    with scope.acting(li.scope), pytest.raises(NotFound):
        mend(steward(li), row.id, {"证件号码": ID})
    with scope.acting(zhang.scope), pytest.raises(Invalid):
        mend(steward(zhang), row.id, {"密码": "x"})
    assert quarantine()[0].state == RowState.OPEN
    assert Delivery.objects.count() == 1
    with scope.acting(zhang.scope):
        dismiss(steward(zhang), row.id, reason="客户已注销")
    with scope.acting(zhang.scope), pytest.raises(Conflict):
        mend(steward(zhang), row.id, {"证件号码": ID})
    assert quarantine()[0].state == RowState.DISMISSED


def test_audit_of_mending_holds_no_values(zhang: Viewer) -> None:
    loaded(kgc_file([BAD[0], *(customer(number) for number in range(10, 40))]))
    [row] = quarantine()
    with scope.acting(zhang.scope):
        mend(steward(zhang), row.id, {"证件号码": OTHER_ID}, in_background=False)
    with scope.bulk():
        event = AuditEvent.objects.get(act="intake.mend")
    assert event.after["columns"] == ["证件号码"]
    assert OTHER_ID not in str(event.after)


def test_too_many_bad_rows_wait_for_a_signature(zhang: Viewer) -> None:
    delivery = loaded(kgc_file([*BAD, customer(5)]))
    assert (delivery.state, counts(delivery)) == (DeliveryState.CHECKED, {"received": 4, "quarantined": 3})
    with scope.bulk():
        assert Customer.objects.count() == 0
    with pytest.raises(NotAllowed):
        sign(zhang, delivery.id)
    head = factory.viewer(factory.HEAD)
    with scope.acting(head.scope):
        sign(head, delivery.id, in_background=False)
    assert counts(apply(delivery.id)) == {"received": 4, "accepted": 1, "quarantined": 3, "new": 1}
    with pytest.raises(Conflict):
        sign_as(OPERATOR, delivery.id)


def test_withdrawn_before_it_was_loaded() -> None:
    delivery = loaded(kgc_file([*BAD, customer(5)]))
    head = factory.viewer(factory.HEAD)
    with scope.acting(head.scope):
        withdraw(head, delivery.id, reason="发错文件")
        with pytest.raises(Conflict):
            mend(head, quarantine()[0].id, {"证件类型": "", "证件号码": ""}, in_background=False)
    assert {(row.state, row.closed_by) for row in quarantine()} == {(RowState.DISMISSED, factory.HEAD)}
    assert apply(delivery.id).state == DeliveryState.WITHDRAWN
    with scope.bulk():
        assert Customer.objects.count() == 0


def test_contact_of_an_unknown_customer_is_quarantined_with_its_values(zhang: Viewer) -> None:
    loaded(kgc_file([customer(1)]))
    delivery = loaded(
        kgc_file([contact(), contact(客户编号="37010299999999")], "CONT"), f"KG_CONT_{day()}.txt"
    )
    assert counts(delivery) == {"received": 2, "accepted": 1, "quarantined": 1, "updated": 1}
    [row] = quarantine()
    assert codes(row) == [("客户编号", "unknown_customer")]
    assert raw_of(row)["手机"] == "13812345678"


def test_a_key_given_to_somebody_else_is_quarantined_and_the_customer_stays() -> None:
    loaded(kgc_file([customer(1)]))
    rows = [
        customer(1, 客户名称="陈大文", 证件号码=OTHER_ID),
        *(customer(number) for number in range(10, 50)),
    ]
    delivery = loaded(kgc_file(rows))
    assert counts(delivery) == {"received": 41, "accepted": 40, "quarantined": 1, "new": 40}
    [row] = quarantine()
    assert codes(row) == [("客户编号", "key_reissued")]
    with scope.bulk():
        assert Customer.objects.filter(name="王小明").exists()
        assert not Customer.objects.filter(name="陈大文").exists()


def test_rows_of_another_width_are_quarantined() -> None:
    content = kgc_file(
        [customer(1), customer(2, 地址="街|道"), *(customer(number) for number in range(10, 50))]
    )
    delivery = loaded(content)
    assert counts(delivery) == {"received": 42, "accepted": 41, "quarantined": 1, "new": 41}
    [row] = quarantine()
    assert row.reasons == [{"field": "", "code": "column_count", "params": {"expected": 25, "found": 26}}]


JIYOU = (
    "客户号,客户类别,名称,证件类型,证件号码,性别,出生日期,手机,固定电话,电子邮箱,省,市,区县,详细地址,邮编,登记网点代码,预订标志,"
    "年预订额,登记日期,更新时间"
)


def test_walk_ins_without_credential_are_left_out() -> None:
    """INT-020: only walk-ins that bear ID data are taken in."""
    end = "2020-01-01,2026-01-01 08:00:00"
    address = "山东省,济南市,历下区,泉城路1号,250000"
    rows = [
        f"JY3700000001,散户,王小明,居民身份证,{ID},男,1949/12/31,１３８１２３４５６７８,,,{address},{OUTLET},否,0.00,{end}",
        f"JY3700000002,散户,李四,,,男,,,,,,,,,,{OUTLET},否,0.00,{end}",
        f'JY3700000003,协议客户,"济南""鼎盛""食品有限公司",{"," * 10}"泉城路2号,3楼",250000,{OUTLET},是,500.00,{end}',
    ]
    content = "\ufeff" + "\r\n".join([JIYOU, *rows]) + "\r\n"
    delivery = loaded(content.encode(), f"JY_CUSTOMER_{day()}.csv", "jiyou")
    assert counts(delivery) == {"received": 3, "accepted": 2, "excluded": 1, "new": 2}
    (quality,) = quality_of(delivery)
    assert quality.excluded == 1
    assert [(share.rows, share.total) for share in quality.rules] == [(2, 2), (2, 2)]
    with scope.bulk():
        found = dict(Customer.objects.values_list("party_type", "name"))
        assert found == {"P": "王小明", "O": '济南"鼎盛"食品有限公司'}


def test_same_person_from_two_systems_is_one_customer() -> None:
    """Acceptance 3."""
    loaded(kgc_file([customer(1)]))
    row = f"JY3700000001,散户,王小明,居民身份证,{ID.lower()},男,,,,,,,,泉城路1号,,{OUTLET},否,0.00,,2026-01-01 08:00:00"
    delivery = loaded(f"{JIYOU}\n{row}\n".encode(), f"JY_CUSTOMER_{day()}.csv", "jiyou")
    assert counts(delivery) == {"received": 1, "accepted": 1, "joined": 1}


def test_records_from_the_api() -> None:
    delivery = loaded(records(customer(1), {"没有": "这一列"}), "x.json", channel=Channel.API)
    assert (delivery.state, counts(delivery)) == (DeliveryState.CHECKED, {"received": 2, "quarantined": 1})
    assert loaded(b"[]", "y.json", channel=Channel.API).refusal["code"] == "json"
    assert received(records(customer(1), {"没有": "这一列"}), "z.json", channel=Channel.API).id == delivery.id
