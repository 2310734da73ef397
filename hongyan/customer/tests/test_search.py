"""Finding customers: every way in, exactly, and never beyond the viewer's scope (CUS-001)."""

from __future__ import annotations

import pytest

from hongyan.core import scope
from hongyan.customer.codes import Kind, PartyType
from hongyan.customer.queries.search import Matched, find_hits, only_hit
from hongyan.customer.queries.terms import read_terms
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import Given

pytestmark = pytest.mark.django_db

ID = "11010519491231002X"
PHONE = "13812345678"
USCC = "91110000600037341L"


@pytest.fixture
def town(db: None) -> None:
    """王小明 with everything, 单雄信 beside her, 鼎盛 the company, all of 历下; 王小丽 in the next county."""
    factory.make_organisation()
    factory.take(
        Given(
            "王小明",
            "K1",
            secrets={"mobile": PHONE, "credential_no": ID},
            fields={"agreement_no": "AG2026-001"},
        ),
        Given("单雄信", "K2"),
        Given(
            "济南市鼎盛食品有限公司",
            "K3",
            party_type=PartyType.ORGANISATION,
            kind=Kind.AGREEMENT_UNIT,
            secrets={"credential_no": USCC, "email": "office@dingsheng.cn"},
        ),
        Given(
            "王小丽", "K4", unit=factory.HUAIYIN_OUTLET, manager=factory.LI, secrets={"mobile": "13987654321"}
        ),
        Given(
            "", "K1", part="contact/1", fields={"contact_name": "周助理"}, secrets={"mobile": "13700001234"}
        ),
    )


def found(staff_no: str, text: str) -> list[tuple[str, str]]:
    viewer = factory.viewer(staff_no)
    with scope.acting(viewer.scope):
        return [(hit.matched.value, hit.row.name) for hit in find_hits(viewer, read_terms(text))]


@pytest.mark.parametrize(
    ("text", "matched", "name"),
    [
        ("王", "name", "王小明"),
        ("小明", "name", "王小明"),
        ("王小明", "name", "王小明"),
        ("王曉明", None, None),
        ("鼎盛", "name", "济南市鼎盛食品有限公司"),
        ("wangxiaoming", "pinyin", "王小明"),
        ("Wang Xiaoming", "pinyin", "王小明"),
        ("wxm", "pinyin", "王小明"),
        ("xiaoming", "pinyin", "王小明"),
        ("shanxiongxin", "pinyin", "单雄信"),
        ("sxx", "pinyin", "单雄信"),
        ("dingsheng", "pinyin", "济南市鼎盛食品有限公司"),
        ("138 1234 5678", "phone", "王小明"),
        ("+86 13812345678", "phone", "王小明"),
        ("13700001234", "phone", "王小明"),
        (ID, "credential", "王小明"),
        (ID.lower(), "credential", "王小明"),
        (USCC, "credential", "济南市鼎盛食品有限公司"),
        ("Office@dingsheng.cn", "email", "济南市鼎盛食品有限公司"),
        ("AG2026-001", "number", "王小明"),
        ("K2", None, None),
        ("13812345679", None, None),
        ("不在的人", None, None),
    ],
)
def test_every_way_in(town: None, text: str, matched: str | None, name: str | None) -> None:
    assert found(factory.ZHANG, text) == ([(matched, name)] if name else [])


def test_by_code_with_and_without_its_letter(town: None) -> None:
    code = factory.code_of("王小明")

    assert found(factory.ZHANG, code) == found(factory.ZHANG, code[1:]) == [("code", "王小明")]
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert found(factory.ZHANG, wrong) == []


@pytest.mark.parametrize("text", ["王小明", "wxm", "wangxiaoming", PHONE, ID, "AG2026-001", "13700001234"])
def test_the_next_county_finds_nothing(town: None, text: str) -> None:
    assert found(factory.LI, text) == []


def test_one_name_in_two_counties_is_found_twice_above_them(town: None) -> None:
    assert found(factory.SUN, "王小") == [("name", "王小丽"), ("name", "王小明")]
    assert found(factory.HEAD, "王小") == [("name", "王小丽"), ("name", "王小明")]
    assert found(factory.WANG, "王小") == [("name", "王小明")]


def test_only_an_exact_hit_leaves_no_doubt(town: None) -> None:
    viewer = factory.viewer(factory.ZHANG)
    with scope.acting(viewer.scope):
        whole, part = find_hits(viewer, read_terms("王小明")), find_hits(viewer, read_terms("小明"))

    assert only_hit(whole) is whole[0]
    assert whole[0].matched == Matched.NAME
    assert only_hit(part) is None


@pytest.mark.parametrize(
    "text", ["13812345678", "0531-82345678", ID, USCC, "a@b.cn", "broken@", "1381234567", "370102198001"]
)
def test_what_must_not_stand_in_an_address(text: str) -> None:
    assert read_terms(text).is_personal


@pytest.mark.parametrize("text", ["王小明", "wxm", "K12", "AG-26-01", "H00000000010", "鼎盛2000"])
def test_what_may_stand_in_an_address(text: str) -> None:
    assert not read_terms(text).is_personal
