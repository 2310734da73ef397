"""What the text of a business licence says (营业执照文字): as people copy it, or as a tool read it off a photo. Pure.

Such text has blanks inside words, colons of any width or none, two columns run together, and line breaks anywhere or
nowhere. So all blanks go, and the words that every licence prints (名称, 类型, 住所…) divide what is left.
Source: 国家市场监督管理总局 2019 年版营业执照照面内容规范.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from hongyan.identity.normalise.credentials import CREDIT_CODE, credential
from hongyan.identity.normalise.dates import calendar_date
from hongyan.identity.normalise.text import LONGEST, clean

LONGEST_TEXT = 4000
"""What is read of a text at most, in characters: a licence has some hundred."""

_LABELS = {
    "name": "企业名称 公司名称 字号名称 名称",
    "credit_code": "统一社会信用代码/注册号 统一社会信用代码 社会信用代码 信用代码",
    "sort": "公司类型 主体类型 组成形式 类型",
    "legal_person": "法定代表人 执行事务合伙人 经营者姓名 经营者 投资人 负责人",
    "address": "主要经营场所 经营场所 营业场所 住所",
    "capital": "注册资本 注册资金 出资额 成员出资总额",
    "founded": "成立日期 注册日期",
    "term": "营业期限 经营期限 合伙期限",
    "": "经营范围 登记机关 发证机关 核准日期 发照日期 营业执照 副本编号 证照编号 国家企业信用信息公示系统 "
    "国家市场监督管理总局 市场主体应当 扫描二维码",
}
_FIELD = {label: field for field, labels in _LABELS.items() for label in labels.split()}
# “…有限公司类型…” is a company and its 类型, run together.
_LABEL = re.compile(
    "|".join(sorted(_FIELD, key=len, reverse=True)).replace("公司类型", "(?<![限分团总份])公司类型")
)
_ASIDE = re.compile(r"\([^()]{1,8}\)(?=:)")
_COLON = re.compile(r"[:;]")
_CODE = re.compile(r"(?=([0-9A-Z]{18}))")
_DAY = re.compile(r"\d{4}(?:年|[-/.])\d{1,2}(?:月|[-/.])\d{1,2}日?")
_ENDLESS = re.compile(r"长期|永久|无固定期限|不约定期限")
_EDGES = " :;,.、。,;·-—_|"
_LOOSE, _AT_START, _WITH_COLON = range(3)


@dataclass(frozen=True, slots=True)
class Licence:
    """What a licence says, empty where the text does not.

    Fields: ``sort`` is its 类型, ``capital`` as written, with its unit; ``until`` None for one that ends never, or
    where nothing is said: `is_endless` tells which. `is_proven` is whether the check character of the credit code fits.
    """

    name: str = ""
    credit_code: str = ""
    is_proven: bool = False
    sort: str = ""
    legal_person: str = ""
    address: str = ""
    capital: str = ""
    founded: date | None = None
    since: date | None = None
    until: date | None = None
    is_endless: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was read."""
        return self == Licence()


def read_licence(text: str) -> Licence:
    """Read the text of a licence; whatever it is, there is an answer, and no value that the text does not hold.

    >>> found = read_licence("统一社会信用代码 9111 0000 6000 3734 1L\\n名 称：北京 鼎盛食品有限公司\\n类型 国有企业")
    >>> found.name, found.credit_code, found.is_proven, found.sort
    ('北京鼎盛食品有限公司', '91110000600037341L', True, '国有企业')
    >>> run_on = read_licence("名称鼎盛食品有限公司类型国有企业经营者孙丽住所泉城路77号营业期限2019年8月16日至长期")
    >>> run_on.name, run_on.legal_person, run_on.address, run_on.since, run_on.is_endless
    ('鼎盛食品有限公司', '孙丽', '泉城路77号', datetime.date(2019, 8, 16), True)
    >>> read_licence("您好").is_empty
    True
    """
    squeezed, starts = _squeezed(text[:LONGEST_TEXT])
    said = dict(_values(squeezed, starts))
    code, is_proven = _code(said.get("credit_code", ""), squeezed)
    days = [day for written in _DAY.findall(said.get("term", "")) if (day := calendar_date(written))]
    return Licence(
        name=said.get("name", ""),
        credit_code=code,
        is_proven=is_proven,
        sort=said.get("sort", ""),
        legal_person=said.get("legal_person", ""),
        address=said.get("address", ""),
        capital=said.get("capital", ""),
        founded=_first_day(said.get("founded", "")),
        since=days[0] if days else None,
        until=days[1] if len(days) > 1 else None,
        is_endless=len(days) < 2 and bool(_ENDLESS.search(said.get("term", ""))),
    )


def _squeezed(text: str) -> tuple[str, set[int]]:
    """The text without any blanks, and where its lines began."""
    lines = [clean(line).replace(" ", "") for line in text.splitlines()]
    starts, at = set(), 0
    for line in lines:
        starts.add(at)
        at += len(line)
    return "".join(lines), starts


def _values(text: str, starts: set[int]) -> Iterator[tuple[str, str]]:
    """Field → what stands between its label and the next one."""
    labels = _labels(text, starts)
    for (field, _, begins), (_, ends, _) in pairwise([*labels, ("", len(text), 0)]):
        value = text[begins:ends].strip(_EDGES)[:LONGEST]
        if field and value:
            yield field, value


def _labels(text: str, starts: set[int]) -> list[tuple[str, int, int]]:
    """(field, where its label begins, where its value does), in the order of the text, each field once.

    Of several places the surest counts: before a colon, then at the beginning of a line, then the first. After
    经营范围, whose prose may hold any word, a label in the middle of a line is none.
    """
    best: dict[str, tuple[int, int, int, int]] = {}
    scope_begun = False
    for found in _LABEL.finditer(text):
        label, field = found[0], _FIELD[found[0]]
        ends = aside.end() if (aside := _ASIDE.match(text, found.end())) else found.end()
        colon = _COLON.match(text, ends)
        sureness = _WITH_COLON if colon else _AT_START if found.start() in starts else _LOOSE
        if scope_begun and sureness == _LOOSE:
            continue
        scope_begun = scope_begun or label == "经营范围"
        key = field or label
        place = (-sureness, found.start(), colon.end() if colon else ends, sureness)
        if key not in best or place < best[key]:
            best[key] = place
    placed = [(key if key in _LABELS else "", at, after) for key, (_, at, after, _) in best.items()]
    return sorted(placed, key=lambda one: one[1])


def _code(said: str, text: str) -> tuple[str, bool]:
    """The credit code, and whether its check character fits: after its label, else anywhere where it fits."""
    for candidate in [*_CODE.findall(said.upper()), *_CODE.findall(text.upper())]:
        number = credential("organisation", CREDIT_CODE, candidate)
        if number and number.valid and number.type == CREDIT_CODE:
            return number.number, True
    found = re.match(r"[0-9A-Z]{1,20}", said.upper())
    return (found[0], False) if found else ("", False)


def _first_day(text: str) -> date | None:
    found = _DAY.search(text)
    return calendar_date(found[0]) if found else None
