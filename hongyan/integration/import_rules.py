"""Pure decisions about files that people bring: which column is what, how a text is divided, what cannot be right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": (
        "名称", "姓名", "客户名称", "客户姓名", "单位名称", "企业名称", "公司名称", "name", "fullname", "customer",
        "customername", "company", "companyname",
    ),
    "short_name": ("简称", "客户简称", "shortname"),
    "credential_type": ("证件类型", "证件种类", "idtype", "credentialtype"),
    "credential_no": (
        "证件号码", "证件号", "身份证号", "身份证号码", "身份证", "统一社会信用代码", "信用代码", "税号", "idno",
        "idnumber", "credentialno", "uscc", "taxid",
    ),
    "gender": ("性别", "gender", "sex"),
    "birth_date": ("出生日期", "生日", "出生年月日", "birthdate", "birthday", "dateofbirth"),
    "mobile": ("手机", "手机号", "手机号码", "移动电话", "联系电话", "电话", "mobile", "cell", "cellphone", "phone"),
    "landline": ("固定电话", "固话", "座机", "办公电话", "单位电话", "landline", "telephone", "tel"),
    "email": ("电子邮箱", "邮箱", "电子邮件", "email", "mail"),
    "division": ("行政区划", "行政区划代码", "区划", "区划代码", "division"),
    "address": ("地址", "详细地址", "联系地址", "通讯地址", "单位地址", "住址", "address"),
    "postcode": ("邮编", "邮政编码", "postcode", "zip", "zipcode", "postalcode"),
    "legal_person": ("法定代表人", "法人", "法人代表", "legalperson", "legalrepresentative"),
    "industry": ("行业", "所属行业", "industry"),
    "scale": ("规模", "企业规模", "scale", "size"),
    "unit_code": ("机构代码", "归属机构", "归属机构代码", "网点代码", "unit", "unitcode", "outlet"),
}  # fmt: skip
"""Our fields, in the order in which a form offers them, and what people call them at the head of a column."""

OF_PERSONS = frozenset({"gender", "birth_date"})
OF_ORGANISATIONS = frozenset({"short_name", "legal_person", "industry", "scale"})
NAMING = frozenset({"credential_no", "mobile", "landline", "email", "address"})
"""Beside the name, one of these says who is meant."""
DIGITS = frozenset({"credential_no", "mobile", "landline"})
"""Fields that spreadsheets spoil when they take them for numbers."""

_CALLED = {word: target for target, words in SYNONYMS.items() for word in words}
_NOISE = re.compile(r"[\s_\-*（）()：:【】\[\]/.]+")
_CONTENT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("credential_no", re.compile(r"\d{17}[\dXx]|[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")),
    ("mobile", re.compile(r"(\+?86)?[\s-]?1[3-9]\d{9}")),
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")),
    ("birth_date", re.compile(r"(19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?")),
)
SHARE = 0.8
"""Of a column's values so many have to look like a field for it to be taken for that."""
DELIMITERS = (",", "\t", ";", "|")


def fields_for(party_type: str) -> list[str]:
    """The fields that a file of persons (P) or organisations (O) may fill.

    >>> "gender" in fields_for("P"), "gender" in fields_for("O")
    (True, False)
    """
    others = OF_ORGANISATIONS if party_type == "P" else OF_PERSONS
    return [target for target in SYNONYMS if target not in others]


def guess(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    party_type: str,
    own: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """For each column the field it seems to be, empty where nobody can tell; no field is given twice.

    What a column is called counts first, then what stands in it. `own` says what fields are called that the house
    defined: word → field.

    >>> guess(["客户 姓名", "备注", "联系方式"], [["王小明", "x", "13812345678"]], "P")
    ['name', '', 'mobile']
    """
    offered = {*fields_for(party_type), *own.values()}
    found = [own.get(header.strip()) or _called(header) for header in headers]
    taken: set[str] = set()
    for place, target in enumerate(found):
        if target not in offered or target in taken:
            found[place] = ""
        taken.add(found[place])
    for place, target in enumerate(found):
        if not target:
            values = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
            looks = _looks_like(values)
            if looks in offered and looks not in taken:
                found[place] = looks
                taken.add(looks)
    return found


def _called(header: str) -> str:
    return _CALLED.get(_NOISE.sub("", header).casefold(), "")


def _looks_like(values: Sequence[str]) -> str:
    for target, pattern in _CONTENT:
        if values and sum(bool(pattern.fullmatch(value)) for value in values) >= SHARE * len(values):
            return target
    return ""


def delimiter_of(header: str) -> str:
    """What divides the columns of a header line: whatever stands in it most often outside quotes.

    >>> delimiter_of('name;"a,b,c,d";phone'), delimiter_of("name")
    (';', ',')
    """
    plain = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=lambda one: (plain.count(one), -DELIMITERS.index(one)))


def wanting(mapping: Sequence[str]) -> str:
    """What is wrong with a mapping: no `name`, no `naming` field to tell people apart by, or a field given `twice`.

    >>> wanting(["name", "", "mobile"]), wanting(["name"]), wanting(["mobile"]), wanting(["name", "mobile", "mobile"])
    ('', 'naming', 'name', 'twice')
    """
    given = [target for target in mapping if target]
    if len(set(given)) != len(given):
        return "twice"
    if "name" not in given:
        return "name"
    return "" if NAMING.intersection(given) else "naming"


def column_letters(place: int) -> str:
    """What a spreadsheet calls the column at a place, from 0.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
