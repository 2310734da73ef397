"""The SQL macros of staging agree with their Python counterparts in `identity.normalise`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hongyan.core.clock import BUSINESS_ZONE
from hongyan.core.masking import mask_credential
from hongyan.identity.normalise.credentials import citizen_check, credential, credit_code_check
from hongyan.identity.normalise.dates import calendar_date
from hongyan.identity.normalise.phones import phone
from hongyan.integration import staging

Sql = Callable[..., Any]
compiled = settings(deadline=None, max_examples=60)  # every example compiles a statement


@pytest.fixture(scope="module")
def sql() -> Sql:
    """Evaluate an expression over one text `x`."""
    engine = staging._engine().cursor()

    def evaluate(expression: str, x: str) -> Any:
        return engine.execute(f"SELECT {expression} FROM (SELECT ?::VARCHAR AS x)", [x]).fetchone()[0]

    return evaluate


DATE = "norm_date(plain(x), day(plain(x)))"
MOMENT = "norm_moment(plain(x), day(plain(x)))"

FIRST, LAST = datetime.fromisoformat("1950-01-01"), datetime.fromisoformat("2090-01-01")
dates = st.dates(date(1800, 1, 1), date(2150, 12, 31))
forms = st.sampled_from(
    ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d 10:20:30", "%Y%m%d102030"]
)


@compiled
@given(day=dates, form=forms, short=st.booleans(), wide=st.booleans())
def test_dates_as_in_python(sql: Sql, day: date, form: str, short: bool, wide: bool) -> None:
    text = day.strftime(form)
    if short and "%Y%m" not in form:
        text = (
            text.replace("-0", "-")
            .replace("/0", "/")
            .replace("年0", "年")
            .replace("月0", "月")
            .replace(".0", ".")
        )
    if wide:
        text = text.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    expected = calendar_date(text)
    assert sql(DATE, text) == (expected.isoformat() if expected else None)


@compiled
@given(st.text("0123456789-/.年月日 ", max_size=12))
def test_no_dates_as_in_python(sql: Sql, text: str) -> None:
    expected = calendar_date(text)
    assert sql(DATE, text) == (expected.isoformat() if expected else None)


@compiled
@given(st.datetimes(FIRST, LAST))
def test_moments(sql: Sql, instant: datetime) -> None:
    instant = instant.replace(microsecond=0)
    assert sql(MOMENT, instant.strftime("%Y%m%d%H%M%S")) == instant.isoformat()
    assert sql(MOMENT, instant.isoformat(" ")) == instant.isoformat()


@pytest.mark.parametrize("text", ["20261121246000", "2026-11-21 25:00:00", "20260231101010", "x"])
def test_no_moments(sql: Sql, text: str) -> None:
    assert sql(MOMENT, text) is None


@compiled
@given(st.decimals(-(10**12), 10**12, places=2))
def test_money(sql: Sql, amount: Decimal) -> None:
    assert Decimal(sql("norm_money(plain(x))", f"￥{amount:,}元")) == amount


@pytest.mark.parametrize("text", ["1.234", "12,3x", "--1", "1e5", ""])
def test_no_money(sql: Sql, text: str) -> None:
    assert sql("norm_money(plain(x))", text) is None


@compiled
@given(st.integers(-(10**17) + 1, 10**17 - 1), st.sampled_from(["before", "behind", "padded"]))
def test_fen(sql: Sql, fen: int, sign: str) -> None:
    text = {
        "before": str(fen),
        "behind": f"{abs(fen)}{'-' if fen < 0 else '+'}",
        "padded": f"{abs(fen):017}{'-' if fen < 0 else ''}",
    }[sign]
    assert Decimal(sql("norm_fen(plain(x))", text)) == Decimal(fen) / 100
    assert Decimal(sql("norm_quantity(plain(x))", text)) == fen


@pytest.mark.parametrize("text", ["1.5", "", "-", "1-2", "--1", "100000000000000000"])
def test_no_fen(sql: Sql, text: str) -> None:
    assert sql("norm_fen(plain(x))", text) is None


@pytest.mark.parametrize(
    ("text", "yuan"), [("12.5-", "-12.50"), ("+3", "3.00"), ("-0.01", "-0.01"), ("1.234", None)]
)
def test_signed_amounts(sql: Sql, text: str, yuan: str | None) -> None:
    assert sql("norm_signed(plain(x))", text) == yuan


@compiled
@given(st.text("0123456789ABCDEF", min_size=1, max_size=40))
def test_accounts_are_masked_as_in_python(sql: Sql, number: str) -> None:
    assert sql("mask_number(x)", number) == mask_credential(number)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [("6217 0000-1234", "621700001234"), ("ab12", "AB12"), ("12", None), ("账号1234", None)],
)
def test_accounts(sql: Sql, typed: str, normal: str | None) -> None:
    assert sql("norm_account(plain(x))", typed) == normal


@compiled
@given(st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2037-12-31")))
def test_seconds_of_an_instant_in_chinese_time(sql: Sql, instant: datetime) -> None:
    instant = instant.replace(microsecond=0)
    assert int(sql("seconds_of(x)", instant.isoformat())) == instant.replace(tzinfo=BUSINESS_ZONE).timestamp()


CITIZEN = "citizen_check(citizen_body(x))"


@compiled
@given(st.from_regex(r"[1-9][0-9]{16}", fullmatch=True))
def test_citizens_check_digit(sql: Sql, body: str) -> None:
    assert sql(CITIZEN, body + "0") == citizen_check(body)


@compiled
@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_credit_codes_check_character(sql: Sql, body: str) -> None:
    assert sql("credit_check(x)", body + "0") == credit_code_check(body)


FAULT = "fault_credential(norm_citizen(text, body, digit), '01', true, body, digit)"
LAYERS = f"""(SELECT {FAULT} FROM
    (SELECT *, citizen_check(body) AS digit FROM
    (SELECT *, citizen_body(text) AS body FROM (SELECT credential_text(plain(x)) AS text))))"""
NORMAL = "norm_citizen(text, body, digit)"
citizens = st.builds(
    lambda area, born, order: area + born.strftime("%Y%m%d") + f"{order:03}",
    st.sampled_from(["110105", "370102", "999999", "005001", "831234"]),
    st.dates(date(1890, 1, 1), date(2030, 1, 1)),
    st.integers(0, 999),
)


@compiled
@given(citizens, st.sampled_from("0123456789X"))
def test_citizens_numbers_judged_as_in_python(sql: Sql, body: str, last: str) -> None:
    judged = credential("person", "01", body + last)
    assert judged is not None
    assert (sql(LAYERS, body + last) is None) == judged.valid


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("110105491231002", "11010519491231002X"),
        ("１１０１０５ 19491231-002x", "11010519491231002X"),
    ],
)
def test_citizens_numbers_in_normal_form(sql: Sql, typed: str, normal: str) -> None:
    assert sql(LAYERS.replace(FAULT, NORMAL), typed) == normal


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13812345678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("86-13812345678", "13812345678"),
        ("013812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("+852 9123 4567", "+85291234567"),
        ("138****5678", ""),
        ("0531-82345678", ""),
    ],
)
def test_mobiles(sql: Sql, typed: str, normal: str) -> None:
    assert sql("norm_mobile(plain(x))", typed) == normal
    if normal.startswith("1"):
        assert phone(typed).number == f"+86{normal}"


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("0531-82345678", "0531-82345678"),
        ("(0531)8234 5678", "0531-82345678"),
        ("053182345678转802", "0531-82345678-802"),
        ("0531-82345678-802", "0531-82345678-802"),
        ("+86-531-82345678", "0531-82345678"),
        ("010-12345678", "010-12345678"),
        ("4008123456", "4008123456"),
        ("82345678", ""),
    ],
)
def test_landlines(sql: Sql, typed: str, normal: str) -> None:
    assert sql("norm_landline(plain(x))", typed) == normal


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  张　三\u200b ", "张 三"),
        ("ＡＢ１２公司（济南）", "AB12公司（济南）"),
        ("张\t\n三", "张 三"),
        ("𫘧", "𫘧"),
    ],
)
def test_texts_for_people(sql: Sql, typed: str, shown: str) -> None:
    assert sql("tidy(x)", typed) == shown


@pytest.mark.parametrize(
    ("name", "fault"),
    [("张*三", "masked_name"), ("12345", "not_a_name"), (f"3701{'0' * 14}", "not_a_name"), ("张三", None)],
)
def test_names(sql: Sql, name: str, fault: str | None) -> None:
    assert sql("fault_name(x)", name) == fault
