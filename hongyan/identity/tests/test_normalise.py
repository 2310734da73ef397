"""Normalisers: tables of what sources write, and what must hold for any text (CUS-003, L03)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from hongyan.identity.keys import strong_keys, weaker_keys
from hongyan.identity.normalise import normalise
from hongyan.identity.normalise.addresses import address
from hongyan.identity.normalise.credentials import credential, credit_code_check
from hongyan.identity.normalise.names import person_name
from hongyan.identity.normalise.organisations import organisation_name
from hongyan.identity.normalise.phones import phones
from hongyan.identity.normalise.text import clean, simplify
from hongyan.identity.record import Record
from hongyan.identity.tests.people import citizen, credit_code


@pytest.mark.parametrize(
    ("written", "key", "pinyin"),
    [
        ("单田芳", "单田芳", "shantianfang"),
        ("曾国", "曾国", "zengguo"),
        ("仇英", "仇英", "qiuying"),
        ("区小明", "区小明", "ouxiaoming"),
        ("解晓东", "解晓东", "xiexiaodong"),
        ("查良", "查良", "zhaliang"),
        ("任静", "任静", "renjing"),
        ("盖丽丽", "盖丽丽", "gelili"),
        ("尉迟恭", "尉迟恭", "yuchigong"),
        ("万俟明", "万俟明", "moqiming"),
        ("吕 娜", "吕娜", "lvna"),
        ("張曉麗", "张晓丽", "zhangxiaoli"),
        ("张伟 Xu Wei", "张伟", "zhangwei"),
        ("张小丽（收）", "张小丽", "zhangxiaoli"),
        ("李小明总经理", "李小明", "lixiaoming"),
        ("買買提·艾力", "买买提艾力", "maimaitiaili"),
    ],
)
def test_chinese_names(written: str, key: str, pinyin: str) -> None:
    name = person_name(written)
    assert (name.key, name.pinyin, name.is_complete) == (key, pinyin, True)


@pytest.mark.parametrize("dot", "·•・･．‧")
def test_every_dot_is_the_same(dot: str) -> None:
    assert person_name(f"阿卜杜拉{dot}买买提") == person_name("阿卜杜拉·买买提")


@pytest.mark.parametrize(
    "written",
    ["Zhang Xiaoming", "XIAOMING ZHANG", "ZHANG, Xiao-Ming", "zhangxiaoming", "Mr. Zhang Xiao Ming"],
)
def test_both_orders_of_pinyin_reach_the_chinese_name(written: str) -> None:
    assert set(person_name(written).readings) & set(person_name("张小明").readings)


def test_either_word_may_be_the_surname() -> None:
    assert set(person_name("Wang Li").readings) == set(person_name("Li Wang").readings)


@pytest.mark.parametrize(
    ("written", "masked", "surname"),
    [
        ("王*明", True, "王"),
        ("王某某", True, "王"),
        ("王××", True, "王"),
        ("王xx", True, "王"),
        ("王 x 明", True, "王"),
        ("欧阳*", True, "欧阳"),
        ("*小明", True, ""),
        ("王女士", False, "王"),
        ("王总", False, "王"),
        ("小王", False, "王"),
        ("王", False, "王"),
    ],
)
def test_incomplete_names(written: str, *, masked: bool, surname: str) -> None:
    name = person_name(written)
    assert (name.masked, name.surname, name.is_complete) == (masked, surname, False)


@pytest.mark.parametrize(
    ("kind", "type_given", "number", "type_found", "valid", "problems"),
    [
        ("person", "", citizen(), "01", True, ()),
        ("person", "户口簿", citizen(), "03", True, ()),
        ("person", "09", citizen(), "01", True, ("type_corrected",)),
        ("person", "01", citizen()[:17] + "*", "01", False, ("format",)),
        ("person", "01", citizen(birth="19800230"), "01", False, ("birth_date",)),
        ("person", "01", citizen(county="990101"), "10", True, ("type_corrected",)),
        ("person", "01", citizen(county="169999"), "01", False, ("province",)),
        ("person", "01", citizen(county="329999"), "01", True, ("county_unknown",)),
        ("person", "", citizen(county="810000"), "08", True, ()),
        ("person", "06", "H0234567801", "06", True, ()),
        ("person", "台胞证", "02345678", "07", True, ()),
        ("person", "护照", "G00000000", "09", False, ("placeholder",)),
        ("person", "军官证", "军字第1234568号", "04", True, ()),
        ("person", "99", "A1", "99", False, ("type_unchecked",)),
        ("organisation", "", credit_code(), "20", True, ()),
        ("organisation", "营业执照", credit_code(), "20", True, ("type_corrected",)),
        ("organisation", "22", credit_code()[8:17], "22", True, ()),
        ("organisation", "21", "320508000012345", "21", False, ("checksum",)),
    ],
)
def test_credentials(
    kind: str, type_given: str, number: str, type_found: str, *, valid: bool, problems: tuple[str, ...]
) -> None:
    found = credential(kind, type_given, number)
    assert found is not None
    assert (found.type, found.valid, found.problems) == (type_found, valid, problems)


def test_the_old_number_is_the_new_one() -> None:
    new = citizen()
    old = new[:6] + new[8:17]
    assert credential("person", "01", old).number == new


def test_a_renewed_permit_keeps_its_holders_number() -> None:
    assert (
        credential("person", "06", "H0234567801").number == credential("person", "06", "H0234567802").number
    )


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9))
def test_credit_code_check_agrees_with_stdnum(tail: str) -> None:
    head = "91320508" + tail
    assert credit_code_check(head) == uscc.calc_check_digit(head)


@pytest.mark.parametrize(
    ("written", "number", "extension", "valid"),
    [
        ("+86 138-1234-5670", "+8613812345670", "", True),
        ("１３８１２３４５６７０", "+8613812345670", "", True),
        ("013812345670", "+8613812345670", "", True),
        ("010-65123456", "+861065123456", "", True),
        ("+86 512 65123456", "+8651265123456", "", True),
        ("861065123456", "+861065123456", "", True),
        ("051265123456转802", "+8651265123456", "802", True),
        ("0512-65123456-802", "+8651265123456", "802", True),
        ("400-810-1234", "+864008101234", "", True),
        ("65123456", "65123456", "", False),
        ("13800000000", "+8613800000000", "", False),
        ("1.38E+10", "13810", "", False),
    ],
)
def test_phones(written: str, number: str, extension: str, *, valid: bool) -> None:
    (found,) = phones(written)
    assert (found.number, found.extension, found.valid) == (number, extension, valid)


@pytest.mark.parametrize(
    "written",
    [
        "江苏省苏州市姑苏区观前街12号3幢2单元501室",
        "苏州市姑苏区觀前街十二号3栋2单元501",
        "江苏苏州姑苏区观前街１２号３－２－５０１",
    ],
)
def test_one_place_in_three_spellings(written: str) -> None:
    assert address(written, "320508").key == "320508|观前街|12|3-2-501"


@pytest.mark.parametrize(
    ("written", "stem", "legal_form", "branch"),
    [
        ("苏州市鼎盛食品有限公司", "鼎盛", "有限公司", ""),
        ("苏州鼎盛食品有限责任公司", "鼎盛", "有限公司", ""),
        ("苏州市鼎盛食品有限公司观前街门店", "鼎盛", "有限公司", "观前街门店"),
        ("苏州市鼎盛食品有限公司(观前街店)", "鼎盛", "有限公司", "观前街店"),
        ("苏州市鼎盛食品有限公司无锡分公司", "鼎盛", "有限公司", "无锡分公司"),
        ("苏州市鼎盛食品有限公司工会", "鼎盛", "有限公司", "工会"),
        ("苏州市第一中学食堂", "第一", "中学", "食堂"),
    ],
)
def test_organisations(written: str, stem: str, legal_form: str, branch: str) -> None:
    name = organisation_name(written)
    assert (name.region, name.stem, name.legal_form, name.branch) == ("苏州", stem, legal_form, branch)


def test_id_overrules_what_was_typed() -> None:
    found = normalise(
        Record(
            "T",
            "1",
            "person",
            "张三",
            "01",
            citizen("19800102", 12),
            "男",
            "1981-01-02",
            ("x", "13812345670"),
        )
    )
    assert (found.birth_date, found.gender) == (date(1980, 1, 2), "2")
    assert found.warnings == (
        "birth_date.differs_from_credential",
        "gender.differs_from_credential",
    )


def test_an_owners_id_is_no_key_of_the_shop() -> None:
    shop = normalise(Record("T", "1", "organisation", "鼎盛商行", "01", citizen()))
    assert (strong_keys(shop), shop.birth_date) == ((), None)


def test_credit_code_meets_the_old_organisation_code() -> None:
    new = normalise(Record("T", "1", "organisation", "鼎盛", "20", credit_code()))
    old = normalise(Record("T", "2", "organisation", "鼎盛", "22", credit_code()[8:17]))
    assert set(strong_keys(new)) & set(strong_keys(old))


_TEXT = st.text(
    alphabet=st.sampled_from("张王單小明丽·*()（） ,.-Aa9０李女士ZHANG某x路号室公司苏州市"), max_size=20
)


@given(_TEXT)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert simplify(simplify(text)) == simplify(text)


@given(st.one_of(_TEXT, st.text(max_size=30)))
def test_every_record_normalises_alike_each_time(text: str) -> None:
    for kind in ("person", "organisation"):
        record = Record("T", "1", kind, text, text, text, text, text, (text,), text, text, text, text, text)
        found = normalise(record)
        assert found == normalise(record)
        keys = strong_keys(found) + weaker_keys(found)
        assert len(set(keys)) == len(keys)


@given(st.text(alphabet="赵钱孙李周吴郑王單仇區曾小明丽芳国建", min_size=2, max_size=4))
def test_a_complete_name_reads_itself(text: str) -> None:
    name = person_name(text)
    assert person_name(name.display).key == name.key
    assert person_name(name.key).key == name.key
