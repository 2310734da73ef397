"""What was checked of a file as a whole is stored as it came out, and the console shows that and nothing else."""

from __future__ import annotations

import pytest

from hongyan.core import clock
from hongyan.integration.models import Delivery
from hongyan.integration.panels import check_lines
from hongyan.integration.tests.factory import customer, day, kgc_file, loaded, records
from hongyan.integration.tests.test_quarantine import JIYOU

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("organisation")]


def good() -> bytes:
    """A sound file of today, whenever the test runs: a suite may run across midnight."""
    return kgc_file([customer(1), customer(2)])


def outcomes(delivery: Delivery) -> dict[str, str]:
    """Check → outcome as stored."""
    return {one["check"]: one["outcome"] for one in delivery.warnings["checks"]}


def made(delivery: Delivery, check: str) -> tuple[str, str]:
    """What was expected and what was found."""
    return next(
        (one["expected"], one["found"]) for one in delivery.warnings["checks"] if one["check"] == check
    )


def shown(delivery: Delivery) -> dict[str, str]:
    return {str(line.label): line.verdict for line in check_lines(delivery)}


def test_a_sound_file_says_what_was_compared() -> None:
    delivery = loaded(good())
    assert set(outcomes(delivery).values()) == {"passed"}
    assert made(delivery, "name") == ("", clock.business_date().isoformat())
    assert made(delivery, "header") == ("H|KHGL|CUST", "H|KHGL|CUST")
    assert made(delivery, "content") == ("", "2")
    assert made(delivery, "encoding") == ("GB18030", "")
    assert made(delivery, "trailer") == ("2", "2")
    assert made(delivery, "control_sum") == ("0.00", "0.00")
    assert made(delivery, "crc")[0] == made(delivery, "crc")[1] != ""
    assert made(delivery, "timeliness") == ("3", "0")
    notes = {str(line.label): line.note for line in check_lines(delivery)}
    assert notes["文件尾行数"] == "写明 2 行，实际 2 行"


def test_what_passed_before_the_fault_stays_passed() -> None:
    """The header's day is compared last: everything else was looked at, whatever its place in the list."""
    delivery = loaded(good().replace(day().encode(), b"20260101"))
    assert delivery.refusal["code"] == "header_day"
    assert shown(delivery) == {
        "文件名与业务日期": "passed",
        "文件可以打开，有数据行": "passed",
        "文件头与表头": "failed",
        "字符编码": "passed",
        "文件尾行数": "passed",
        "控制合计": "passed",
        "校验码": "passed",
        "时效": "open",
    }
    assert made(delivery, "header") == ("2026-01-01", clock.business_date().isoformat())


def test_nothing_is_said_of_what_was_not_looked_at() -> None:
    delivery = loaded(good().replace(b"T|2|", b"T|3|"))
    assert outcomes(delivery) == {
        "name": "passed", "header": "passed", "encoding": "passed", "content": "passed", "trailer": "failed",
    }  # fmt: skip
    assert made(delivery, "trailer") == ("3", "2")
    assert [shown(delivery)[label] for label in ("控制合计", "校验码", "时效")] == ["open"] * 3


def test_an_unknown_name_opens_nothing() -> None:
    delivery = loaded(good(), "customers.txt")
    assert outcomes(delivery) == {"name": "failed"}
    again = loaded(good())
    assert (again.id, outcomes(again)["name"]) == (delivery.id, "passed")


def test_what_a_person_should_look_at() -> None:
    rows = f"{JIYOU}\nJY3700000001,协议客户,济南鼎盛食品有限公司{',' * 13}370102001,是,500.00,,2026-01-01 08:00:00"
    delivery = loaded(rows.encode(), "JY_CUSTOMER_20260101.csv", "jiyou")
    assert outcomes(delivery) | {"header": ""} == {
        "name": "passed", "header": "", "encoding": "passed", "structure": "warned", "content": "passed",
        "timeliness": "warned",
    }  # fmt: skip
    late = next(one for one in delivery.warnings["checks"] if one["check"] == "timeliness")
    assert (late["code"], late["expected"]) == ("late", "3")


def test_records_have_no_file_around_them() -> None:
    assert outcomes(loaded(records(customer(1)), "a.json")) == {"header": "passed", "content": "passed"}
    assert outcomes(loaded(b"[]", "b.json")) == {"content": "failed"}
