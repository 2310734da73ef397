"""Normalisers: tables of what sources write, and what must hold for any text (CUS-003, L03)."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from hongyan.identity.normalise import divisions, normalise
from hongyan.identity.normalise.addresses import address
from hongyan.identity.normalise.credentials import credential, credit_code_check
from hongyan.identity.normalise.divisions import locate
from hongyan.identity.normalise.names import person_name
from hongyan.identity.normalise.organisations import organisation_name
from hongyan.identity.normalise.phones import phones
from hongyan.identity.normalise.text import clean, simplify
from hongyan.identity.online.keys import candidate_keys
from hongyan.identity.online.party import party_of
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
        ("鼎盛公司 张三", "张三", "zhangsan"),
        ("张三 鼎盛食品有限公司", "张三", "zhangsan"),
        ("张三/李四", "张三", "zhangsan"),
        ("张三代收", "张三", "zhangsan"),
        ("张三13800138000", "张三", "zhangsan"),
        ("李乾", "李乾", "liqian"),
        ("王晟", "王晟", "wangsheng"),
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
        ("Tony王", False, "王"),
        ("小丽", False, ""),
        ("王大姐", False, "王"),
        ("小明妈妈", False, ""),
        ("王？", True, "王"),
    ],
)
def test_incomplete_names(written: str, *, masked: bool, surname: str) -> None:
    name = person_name(written)
    assert (name.masked, name.surname, name.is_complete) == (masked, surname, False)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("John F. Smith", "latin"),
        ("joshu a hohn", "latin"),
        ("J. Smith", "partial"),
        ("hoffman", "partial"),
        ("Li Na", "pinyin"),
    ],
)
def test_latin_names_need_two_whole_words(written: str, form: str) -> None:
    assert person_name(written).form == form


@pytest.mark.parametrize("written", ["匿名", "收件人", "客户", "测试", "先生", "无", "NULL", "123"])
def test_fillers_name_nobody(written: str) -> None:
    name = person_name(written)
    assert (name.key, name.form, name.is_complete) == ("", "", False)


@pytest.mark.parametrize(
    ("han", "latin"), [("李茜", "Li Xi"), ("吕娜", "Lu Na"), ("吕娜", "LYU Na"), ("单小丽", "Dan Xiaoli")]
)
def test_other_readings_of_a_character_reach_the_name(han: str, latin: str) -> None:
    assert set(person_name(han).readings) & set(person_name(latin).readings)


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
        ("person", "99", "A1B2", "99", False, ("type_unchecked",)),
        ("person", "99", "无", "99", False, ("placeholder",)),
        ("organisation", "", credit_code(), "20", True, ()),
        ("organisation", "营业执照", credit_code(), "20", True, ("type_corrected",)),
        ("organisation", "22", credit_code()[8:17], "22", True, ()),
        ("organisation", "21", "320508000012345", "21", False, ("checksum",)),
        ("organisation", "税务登记证", f"320508{credit_code()[8:17]}", "22", True, ()),
        ("person", "", f"身份证号：{citizen()}", "01", True, ()),
        ("person", "", "1.10105E+17", "99", False, ("placeholder",)),
        ("person", "", "123456789012345678", "99", False, ("placeholder",)),
        ("person", "01", "111111111111111", "01", False, ("placeholder",)),
        ("person", "01", "320508********0012", "01", False, ("format",)),
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
        ("138OO13567O", "+8613800135670", "", True),
        ("13812345670-1234", "+8613812345670", "1234", True),
        ("+86(0)512 6512 3456", "+8651265123456", "", True),
        ("512-65123456", "+8651265123456", "", True),
        ("138xxxx5670", "138****5670", "", False),
        ("138****5670", "138****5670", "", False),
    ],
)
def test_phones(written: str, number: str, extension: str, *, valid: bool) -> None:
    (found,) = phones(written)
    assert (found.number, found.extension, found.valid) == (number, extension, valid)


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("0512-65123456/65123457", ["+8651265123456", "+8651265123457"]),
        ("13812345670 0512-65123456", ["+8613812345670", "+8651265123456"]),
        ("1381234567013912345671", ["+8613812345670", "+8613912345671"]),
        ("无", []),
    ],
)
def test_several_phones_in_a_field(written: str, numbers: list[str]) -> None:
    assert [phone.number for phone in phones(written)] == numbers


@pytest.mark.parametrize(
    "written",
    [
        "江苏省苏州市姑苏区观前街12号3幢2单元501室",
        "苏州市姑苏区觀前街十二号3栋2单元501",
        "江苏苏州姑苏区观前街１２号３－２－５０１",
        "江苏苏州姑苏观前街12号 3-2-501",
        "观前街12号3幢2单元501室，姑苏区，苏州市",
        "3幢2单元501, 观前街12号, 姑苏区, 苏州市",
        "215000江苏省苏州市姑苏区平江街道观前街12#3-2-501（放门口）",
    ],
)
def test_one_place_in_three_spellings(written: str) -> None:
    assert address(written, "320508").key == "320508|观前街|12|3-2-501"


@pytest.mark.parametrize(
    ("written", "division", "road", "number", "room", "estate"),
    [
        ("苏州工业园区星湖街328号创意产业园A座1203室", "320500", "星湖街", "328", "A-1203", "创意产业园"),
        ("北京朝阳建国路88号", "110105", "建国路", "88", "", ""),
        ("江苏省吴江市松陵镇中山南路1200号", "320509", "中山南路", "1200", "", ""),
        ("苏州市沧浪区人民路100号", "320502", "人民路", "100", "", ""),
        ("上海市浦东新区张江镇中山路100弄5号301室", "310115", "中山路", "100", "5-301", ""),
        ("南京路1号", "", "南京路", "1", "", ""),
        ("苏州吴中东路1号", "", "苏州吴中东路", "1", "", ""),
        ("阳光花园 3栋 501", "", "阳光花园", "", "3-501", "阳光花园"),
        ("unit 3 12 Main St", "", "MAIN ST", "12", "3", ""),
        ("不详", "", "", "", "", ""),
    ],
)
def test_parts_of_an_address(
    written: str, division: str, road: str, number: str, room: str, estate: str
) -> None:
    found = address(written)
    assert (found.division, found.road, found.number, found.room, found.estate) == (
        division,
        road,
        number,
        room,
        estate,
    )


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
        ("苏州一中", "第一", "中学", ""),
        ("苏州市第1中学", "第一", "中学", ""),
        ("苏州工业园区鼎盛食品有限公司", "鼎盛", "有限公司", ""),
        ("苏州鼎盛食品有限公", "鼎盛", "有限公司", ""),
        ("苏州鼎盛食品有限公司-前台", "鼎盛", "有限公司", ""),
        ("苏州鼎盛食品有限公司（张三）", "鼎盛", "有限公司", ""),
        ("鼎盛食品(苏州)有限公司", "鼎盛", "有限公司", ""),
        ("苏州鼎盛食品有限公司财务部", "鼎盛", "有限公司", "财务部"),
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
    assert (shop.row().get("id_key"), shop.birth_date) == (None, None)


def test_credit_code_meets_the_old_organisation_code() -> None:
    new = normalise(Record("T", "1", "organisation", "鼎盛", "20", credit_code()))
    old = normalise(Record("T", "2", "organisation", "鼎盛", "22", credit_code()[8:17]))
    assert new.row()["organisation_code"] == old.row()["organisation_code"] == credit_code()[8:17]


@pytest.mark.parametrize(
    "written",
    ["苏州鼎新食品有限公司(原苏州鼎盛食品有限公司)", "苏州鼎新食品有限公司原名苏州鼎盛食品有限公司"],
)
def test_a_former_name_is_told(written: str) -> None:
    name = organisation_name(written)
    assert (name.key, name.former_key) == ("苏州鼎新食品有限公司", "苏州鼎盛食品有限公司")


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
        keys = candidate_keys(kind, party_of(kind, found.row()).row)
        assert len(set(keys)) == len(keys)


@given(st.text(alphabet="赵钱孙李周吴郑王單仇區曾小明丽芳国建", min_size=2, max_size=4))
def test_a_complete_name_reads_itself(text: str) -> None:
    name = person_name(text)
    assert person_name(name.display).key == name.key
    assert person_name(name.key).key == name.key


@settings(deadline=None)
@given(st.one_of(_TEXT, st.text(alphabet="0123456789-+ ()转/*x、", max_size=24)))
def test_a_valid_phone_reads_itself(text: str) -> None:
    for found in phones(text):
        if found.valid:
            assert [(again.number, again.valid) for again in phones(found.number)] == [(found.number, True)]


@settings(deadline=None)
@given(st.text(alphabet="0123456789XHMGE*- 军字第号身份证无", max_size=20))
def test_a_valid_credential_reads_itself(text: str) -> None:
    for kind in ("person", "organisation"):
        found = credential(kind, "", text)
        if found and found.valid:
            again = credential(kind, found.type, found.number)
            assert (again.number, again.valid) == (found.number, True)


@settings(deadline=None)
@given(
    st.sampled_from(["江苏省苏州市姑苏区", "苏州市姑苏区", "姑苏区", "山东省济南市历下区", "北京市朝阳区"]),
    st.text(alphabet="人民解放中山路街巷东西12345号栋单元室-花园小区", max_size=16),
)
def test_what_is_remembered_of_divisions_changes_nothing(head: str, tail: str) -> None:
    """The divisions at the head are remembered as a whole; found step by step they are the same."""
    whole = locate(head + tail)
    assert (head + tail).endswith(whole.rest)
    assert locate("　" + head + tail).name == ""
    code, rest = "", head + tail
    while step := divisions._step(rest, code, bare=False):
        code, rest = step[0] or code, rest[len(step[1]) :]
    assert (whole.code, whole.rest) == (code, rest)


@pytest.mark.parametrize("piece", ["(", "A", "银行", "分行", "（原", "张", "0-", "1 ", "苏州市", "*"])
def test_endless_text_is_read_at_once(piece: str) -> None:
    """Patterns that try every split of a text would take minutes on a field somebody pasted a book into."""
    text = (piece * 100_000)[:100_000]
    began = time.process_time()
    normalise(Record("T", "1", "person", text, "", text, text, text, (text,), text, text))
    normalise(Record("T", "1", "organisation", text, "", text, text, text, (text,), text, text))
    assert time.process_time() - began < 2
