"""Reading the text of business licences (CUS-002): the forms that people paste and tools give."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core import scope
from hongyan.customer.models import Customer
from hongyan.customer.rules.licences import LONGEST_TEXT, Licence, read_licence
from hongyan.customer.tests.factory import USCC, ZHANG, log_in, make_town

WHOLE = Licence(
    name="济南泉城望岳茶业有限公司",
    credit_code=USCC,
    is_proven=True,
    sort="有限责任公司(自然人投资或控股)",
    legal_person="孙丽",
    address="山东省济南市历下区泉城路77号",
    capital="伍佰万元整",
    founded=date(2019, 8, 16),
    since=date(2019, 8, 16),
    until=date(2039, 8, 15),
)
PRINTED = [
    ("统一社会信用代码", USCC),
    ("名称", WHOLE.name),
    ("类型", WHOLE.sort),
    ("法定代表人", WHOLE.legal_person),
    ("注册资本", WHOLE.capital),
    ("成立日期", "2019年08月16日"),
    ("营业期限", "2019年08月16日至2039年08月15日"),
    ("住所", WHOLE.address),
]
TWO_COLUMNS = f"""营 业 执 照
(副 本) 1-1
统一社会信用代码
{USCC}
名　称　济南泉城望岳茶业有限公司　　注册资本　伍佰万元整
类　型　有限责任公司（自然人投资或控股）  成立日期 2019年08月16日
法定代表人　孙丽　　营业期限 2019年08月16日至2039年08月15日
经营范围　茶叶销售；住所清洁服务；名称设计。
住　所　山东省济南市历下区泉城路77号
登记机关 济南市历下区市场监督管理局 2020 年 3 月 1 日"""


def test_two_columns_run_together() -> None:
    assert read_licence(TWO_COLUMNS) == WHOLE


def test_a_shop_of_one_person() -> None:
    found = read_licence(
        f"名 称 : 历下区 老王小吃店\n组成形式:个人经营\n经 营 者：王 小明\n经 营 场 所 ：济南市历下区\n泉城路12号\n"
        f"注册日期：2020 年 1 月 2 日\n统一社会信用代码:{USCC.replace('0', 'O')}"
    )
    assert (found.name, found.legal_person, found.address) == (
        "历下区老王小吃店",
        "王小明",
        "济南市历下区泉城路12号",
    )
    assert (found.founded, found.credit_code, found.is_proven) == (date(2020, 1, 2), USCC, True)


@pytest.mark.parametrize("term", ["长期", "2019-08-16至长期", "2019.08.16 至 无固定期限"])
def test_what_never_ends_says_so(term: str) -> None:
    found = read_licence(f"营业期限：{term}\n登记机关：济南市")
    assert (found.until, found.is_endless) == (None, True)


def test_a_code_that_cannot_be_is_shown_and_not_believed() -> None:
    found = read_licence(f"统一社会信用代码：{USCC[:-1]}M")
    assert (found.credit_code, found.is_proven) == (f"{USCC[:-1]}M", False)


@given(
    st.permutations(PRINTED),
    st.sampled_from(["：", ":", " : ", "　"]),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
    st.integers(0, 3),
)
def test_blanks_colons_and_the_order_of_lines_change_nothing(
    lines: list[tuple[str, str]], colon: str, end: str, blanks: int
) -> None:
    """With any colon the lines may stand anyhow; blanks between all characters are those of a reader of photos."""
    text = end.join(f"{label}{colon}{value}" for label, value in lines)
    spaced = "".join(char + " " * blanks if char.strip() else char for char in text)
    assert read_licence(spaced) == WHOLE


@given(st.permutations(PRINTED))
def test_line_breaks_may_be_missing(lines: list[tuple[str, str]]) -> None:
    assert read_licence("".join(f"{label}:{value}" for label, value in lines)) == WHOLE


@given(st.text(max_size=200))
def test_whatever_it_is_nothing_is_invented(text: str) -> None:
    found = read_licence(text)
    assert isinstance(found, Licence)
    assert not found.is_proven or found.credit_code


def test_long_texts_cost_little() -> None:
    assert read_licence("名称" * 100_000 + "\n" * LONGEST_TEXT).credit_code == ""


# --- the box on the page


TYPED = {"party_type": "P", "line": "01", "name": "", "mobile": "13500006666", "key": "0" * 32}


@pytest.fixture
def zhang(db: None) -> Client:
    make_town()
    return log_in(Client(), ZHANG)


def test_what_was_read_is_seen_before_it_is_taken(zhang: Client) -> None:
    read = zhang.post("/customers/new/", {**TYPED, "act": "read", "licence": TWO_COLUMNS})
    assert (read.status_code, WHOLE.capital in read.content.decode()) == (200, True)
    assert read.context["form"].initial.get("uscc") is None
    took = zhang.post("/customers/new/", {**TYPED, "act": "take", "licence": TWO_COLUMNS})
    said = took.context["form"].initial
    assert (said["party_type"], said["uscc"], said["name"], said["legal_person"], said["mobile"]) == (
        "O", USCC, WHOLE.name, "孙丽", "13500006666",
    )  # fmt: skip
    with scope.bulk():
        assert not Customer.objects.filter(name=WHOLE.name).exists(), "nothing is saved"


def test_a_code_that_cannot_be_is_not_taken(zhang: Client) -> None:
    wrong = TWO_COLUMNS.replace(USCC, f"{USCC[:-1]}M")
    took = zhang.post("/customers/new/", {**TYPED, "act": "take", "licence": wrong})
    assert "校验位不符" in took.content.decode()
    assert took.context["form"].initial.get("uscc") is None
    nothing = zhang.post("/customers/new/", {**TYPED, "act": "read", "licence": "您好"})
    assert "没有认出营业执照的内容" in nothing.content.decode()


def test_markup_in_a_licence_is_text(zhang: Client) -> None:
    page = zhang.post("/customers/new/", {**TYPED, "act": "read", "licence": "名称:<script>x</script>公司"})
    assert "<script>x</script>" not in page.content.decode()
