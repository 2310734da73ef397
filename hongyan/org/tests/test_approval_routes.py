"""The route of a kind is a parameter: set by two, from a day on, for a line, refused where it makes no sense."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from hongyan.core import clock, scope
from hongyan.core.errors import Invalid
from hongyan.org import approvals
from hongyan.org.actions.change_parameter import request_change
from hongyan.org.codes import Joins, Level, Line, OnTimeout, Risk
from hongyan.org.models import Post
from hongyan.org.rules.approvals import HEAD, Check
from hongyan.org.tests.approvals import SAMPLE, as_, ask, organised, say, waits_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> Iterator[None]:
    with organised():
        yield


def set_route(text: str, **changes: object) -> None:
    """A new route, asked for by one guardian and approved by another."""
    with as_("bao") as viewer:
        approval = request_change(
            viewer,
            "approval.sample",
            **{
                "value": text,
                "unit_code": "",
                "line": "",
                "effective_from": clock.business_date(),
                "reason": "新规定",
                **changes,
            },
        )
    say("zong", approval)


def test_a_route_changes_for_a_line_from_a_day_on() -> None:
    tomorrow = clock.now() + timedelta(days=1)
    set_route(
        "1|||||市管理员|市|8|reject|all",
        line=Line.EXPRESS,
        effective_from=clock.business_date(tomorrow),
    )
    assert waits_at(ask(subject="1", line=Line.MAIL)) == ["370102"]
    with clock.frozen(tomorrow):
        assert waits_at(ask(subject="2", line=Line.MAIL)) == ["370102"]
        with scope.bulk():
            Post.objects.filter(staff__staff_no="shi").update(line_codes=[Line.EXPRESS])
        assert waits_at(ask(subject="3", line=Line.EXPRESS)) == ["3701"]


@pytest.mark.parametrize(
    ("text", "told_"),
    [
        ("", "至少要有一行"),
        ("1|||||head", "第 1 行有 6 格，应有 10 格"),
        ("0|||||head|4|24|escalate|all", "第 1 行“第几步”：必须是 1 至 9 的整数"),
        ("1|many||||head|4|24|escalate|all", "第 1 行“金额超过”：不是数字"),
        ("1|-1||||head|4|24|escalate|all", "第 1 行“金额超过”：不能小于 0"),
        ("1|9|9|||head|4|24|escalate|all", "第 1 行“金额不超过”：必须大于“金额超过”"),
        ("1|||||县太爷|4|24|escalate|all", "第 1 行“审批角色”：没有“县太爷”这个角色"),
        ("1||||||4|24|escalate|all", "第 1 行“审批角色”：不能为空"),
        ("1|||||head|村|24|escalate|all", "第 1 行“从哪级起”：没有“村”这个选项"),
        ("1|||||head|4|0|escalate|all", "第 1 行“时限（工作小时）”：必须是 1 至 180 的整数"),
        ("1|||||head|4|24|later|all", "第 1 行“超时处理”：没有“later”这个选项"),
        ("1|||||head|4|24|escalate|all\n1|||||audit|4|24|escalate|any", "第 2 行“审批角色”"),
        (
            "1|||||head|4|24|escalate|all\n1|||||finance|4|24|escalate|any",
            "第 2 行“并行”：同一步的各行必须相同",
        ),
    ],
)
def test_a_route_that_makes_no_sense_is_refused_by_line_and_column(text: str, told_: str) -> None:
    with pytest.raises(Invalid) as refusal:
        set_route(text)
    assert told_ in refusal.value.fields["value"]


def test_a_route_is_written_as_it_is_read() -> None:
    kind = approvals.find("sample")
    assert kind is not None
    assert approvals.route_of(kind, units=(), line="") == list(SAMPLE.route)
    set_route(
        "1|1,000|5000.5|网点|高|负责人、审计|group_admin|48|升级|任一通过".replace("group_admin", "集团")
    )
    read = approvals.route_of(kind, units=(), line="")
    assert read == [
        Check(
            1,
            (HEAD, "auditor"),
            Level.GROUP,
            over=Decimal(1000),
            upto=Decimal("5000.5"),
            maker_level=Level.OUTLET,
            risk=Risk.HIGH,
            hours=48,
            on_timeout=OnTimeout.ESCALATE,
            joins=Joins.ANY,
        )
    ]


def test_a_request_the_route_has_no_line_for_is_refused() -> None:
    set_route("1|500||||head|4|24|escalate|all")
    with pytest.raises(Invalid, match="没有适用于这次申请的一行"):
        ask(amount=500)
    assert waits_at(ask(amount=501)) == ["370102"]
