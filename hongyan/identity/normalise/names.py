"""Names of persons (姓名): Chinese, with dots (买买提·艾力), in pinyin, foreign, masked, or only 王女士."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from hongyan.identity.normalise.pinyin import other_readings, segment, syllables_of
from hongyan.identity.normalise.surnames import (
    COMPOUND,
    SINGLE,
    SPECIAL,
    surname_of,
    surname_pinyins,
    surname_syllables,
)
from hongyan.identity.normalise.text import HAN, LONGEST, clean, is_han, simplify, words

# Titles by the gender they tell (L04), "0" when none. The longest that ends the name is taken off.
_TITLES = {
    **dict.fromkeys(["先生", "大爷", "大叔", "大伯", "大哥"], "1"),
    **dict.fromkeys(["女士", "小姐", "太太", "夫人", "阿姨", "大姐", "大妈", "大娘", "护士"], "2"),
    **dict.fromkeys(
        [
            "副董事长",
            "副总经理",
            "董事长",
            "总经理",
            "副经理",
            "副主任",
            "副校长",
            "副局长",
            "同学",
            "同志",
            "警官",
            "师傅",
            "老师",
            "老板",
            "经理",
            "副总",
            "主任",
            "书记",
            "院长",
            "校长",
            "局长",
            "处长",
            "科长",
            "部长",
            "站长",
            "店长",
            "厂长",
            "会长",
            "会计",
            "医生",
            "大夫",
            "律师",
            "教授",
            "博士",
            "主管",
            "助理",
        ],
        "0",
    ),
}
_TITLE_ENDINGS = tuple(_TITLES)
# One-character titles count only after a bare surname: 王总 is a title, 王建总 a name.
_SHORT_TITLES = dict.fromkeys("总工", "0") | dict.fromkeys("哥叔爷", "1") | dict.fromkeys("姐姨嫂婶", "2")
_TITLE_ENDS = frozenset(title[-1] for title in (*_TITLES, *_SHORT_TITLES))
_FAMILIAR = "小老"
_NICKNAME = "小阿"
# Words that fill the field and name nobody.
_NOBODY = words(
    """
    无 无名 无名氏 匿名 佚名 不详 未知 暂无 空 保密 客户 顾客 用户 散户 收件人 寄件人 收货人 本人 个人 先生 女士 小姐
    某人 测试 测试用户 匿名用户 微信用户 null none unknown test anonymous na n/a nan
    """
)
# 小明妈妈 is not 小明.
_KIN = re.compile(r"(?<=.{2})(?:妈妈|爸爸|奶奶|爷爷|外婆|外公|姥姥|姥爷|家长|家属|老婆|老公|爱人|妈|爸)$")
_RECEIVES = re.compile(r"(?:代收|亲收|亲启|签收|代转|\s收)$")
_EMPLOYER = re.compile(rf"^.*?(?:公司|集团|银行|学校|医院|大学)[\s:：\-—/]*(?=[{HAN}]{{2,4}}$)")
_WORKPLACE = re.compile(r"公司|集团|银行|学校|医院|大学|商店|超市|门店|分局|支行")
_SEVERAL = re.compile(r"[/、;；|]|,(?=[\u4e00-\u9fff])")
_LATIN_TITLES = {
    **dict.fromkeys(("mr", "sir"), "1"),
    **dict.fromkeys(("mrs", "ms", "miss", "madam"), "2"),
    **dict.fromkeys(("dr", "prof"), "0"),
}

_BRACKETED = re.compile(r"[(\[{<【〔《].*?[)\]}>】〕》]")
_DOTS = re.compile(r"[·•‧∙⋅・.]")
# An x hides a character only in a run of its own beside Chinese ones: 王xx, but not 张伟Xu.
_MASKS = re.compile(rf"(?<=[{HAN}*])[xX_]+(?![A-Za-z])|(?<![A-Za-z])[xX_]+(?=[{HAN}*])|[某?×✱■□●○◯]")
_HAN_CHAR = re.compile(f"[{HAN}]")
_HAN_DOT_MASK = re.compile(f"[{HAN}*·•‧∙⋅・.]")


Form = Literal["", "han", "pinyin", "latin", "masked", "partial"]
"""How a name is written: Chinese and whole (also 买买提·艾力), pinyin, other Latin, with hidden characters (王*明), or
not a whole name (王女士)."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in comparable form.

    Fields: ``display`` the cleaned name as written; ``key`` equal for equal names (simplified, without
    dots, titles and order of Latin words); ``readings`` every plausible full pinyin, best first;
    ``initials`` one letter a syllable; ``form`` how it is written; ``is_complete`` whether surname and given
    name are both there, without which nobody is joined; ``gender_hint`` what a title tells (L04 code);
    ``words`` of a Latin name in the order written, the surname first where it is known to be one.
    """

    display: str
    key: str
    surname: str = ""
    given: str = ""
    surname_pinyin: str = ""
    pinyin: str = ""
    readings: tuple[str, ...] = ()
    syllables: tuple[str, ...] = ()
    initials: str = ""
    form: Form = ""
    is_complete: bool = False
    gender_hint: str = "0"
    words: tuple[str, ...] = ()

    @property
    def masked(self) -> bool:
        """Whether characters are hidden."""
        return self.form == "masked"


def person_name(text: str) -> PersonName:
    """Read a person's name.

    >>> person_name("張曉麗 女士").key, person_name("單雄信").pinyin, person_name("欧阳娜娜").initials
    ('张晓丽', 'shanxiongxin', 'oynn')
    >>> person_name("ZHANG Xiao-Ming").key == person_name("Xiaoming Zhang").key == "zhang xiaoming"
    True
    >>> person_name("买买提・艾力").key, person_name("SMITH, John").key
    ('买买提艾力', 'john smith')
    >>> name = person_name("王*明"); name.key, name.masked, name.is_complete
    ('王*明', True, False)
    >>> name = person_name("王女士"); name.key, name.gender_hint, name.is_complete
    ('王', '2', False)
    """
    written = clean(text[:LONGEST])
    if is_han(written) and len(written) <= 3 and "某" not in written:
        return _chinese(written)
    if written.casefold() in _NOBODY:
        return PersonName(display=written, key="")
    without_notes = _BRACKETED.sub("", written).strip() or written
    masked = _MASKS.sub(_stars, _RECEIVES.sub("", _person_alone(without_notes)).replace(" ", ""))
    if _HAN_CHAR.search(masked):
        return _chinese(_DOTS.sub("·", _chinese_part(masked)).strip("·"))
    return _latin(written, simplify(without_notes))


def _person_alone(text: str) -> str:
    """The first person named, without the place where he works.

    >>> _person_alone("鼎盛公司 张三"), _person_alone("张三 鼎盛公司"), _person_alone("张三/李四")
    ('张三', '张三', '张三')
    """
    for part in _SEVERAL.split(text):
        if _HAN_CHAR.search(part):
            text = part.strip()
            break
    if not _WORKPLACE.search(text):
        return text
    head, _, tail = text.partition(" ")
    if tail and _WORKPLACE.search(tail) and not _WORKPLACE.search(head):
        return head
    return _EMPLOYER.sub("", text)


def _stars(found: re.Match[str]) -> str:
    return "*" * len(found[0])


def _chinese_part(name: str) -> str:
    """The Chinese characters with masks and dots; Latin too where one character stands alone."""
    part = "".join(_HAN_DOT_MASK.findall(name))
    return part if len(part) > 1 or part in SINGLE else re.sub(r"[\d\s]", "", name).casefold()


def _chinese(written: str) -> PersonName:
    name, gender = simplify(written), "0"
    if name[-1:] in _TITLE_ENDS or name[:1] in _FAMILIAR:
        name, gender = _without_title(name)
    if not name or name in _NOBODY:
        return PersonName(display=written, key="", gender_hint=gender)
    key = name.replace("·", "")
    masked = "*" in key
    nickname = len(key) == 2 and key[0] in _NICKNAME
    surname = _surname(name, key) if not nickname else ""
    given = key[len(surname) :]
    surname_reading = surname_syllables(surname) if surname else ()
    syllables = surname_reading + syllables_of(given)
    pinyin = "".join(syllables)
    # Other systems read the characters one by one (单 as dan): such a spelling is the same name.
    plain = "".join(syllables_of(key)) if surname in SPECIAL else pinyin
    others = other_readings(key, syllables) if len(syllables) == len(key) else ()
    is_complete = not masked and bool(given) and len(key) > 1 and not nickname and not _KIN.search(key)
    return PersonName(
        # Simplifying keeps the length, so the title can be cut off the name as it was written.
        display=written[: len(name)] if is_complete else written,
        key=key,
        surname=surname,
        given=given,
        surname_pinyin="".join(surname_reading),
        pinyin=pinyin,
        readings=(pinyin,)
        if plain == pinyin and not others
        else tuple(dict.fromkeys((pinyin, plain, *others))),
        syllables=syllables,
        initials="".join([syllable[0] for syllable in syllables]),
        form="masked" if masked else "han" if is_complete else "partial" if key else "",
        is_complete=is_complete,
        gender_hint=gender,
    )


def _surname(name: str, key: str) -> str:
    if "·" in name:
        return ""
    return _masked_surname(key) if "*" in key else surname_of(key)


def _without_title(name: str) -> tuple[str, str]:
    """(the name without its title or familiar prefix, the gender the title tells)."""
    if name in _TITLES:
        return "", _TITLES[name]
    for title in _TITLE_ENDINGS if name.endswith(_TITLE_ENDINGS) else ():
        if name.endswith(title) and len(name) > len(title):
            return name[: -len(title)], _TITLES[title]
    if name[-1:] in _SHORT_TITLES and (name[:-1] in SINGLE or name[:-1] in COMPOUND):
        return name[:-1], _SHORT_TITLES[name[-1]]
    if len(name) == 2 and name[0] in _FAMILIAR and name[1] in SINGLE:
        return name[1], "0"
    return name, "0"


def _masked_surname(key: str) -> str:
    visible = key.split("*")[0]
    return visible if visible in COMPOUND else visible[:1]


def _latin(display: str, name: str) -> PersonName:
    words, before_comma, gender = _latin_words(name)
    if not words:
        return PersonName(display=display, key="")
    spelled = [segment(word) for word in words]
    if all(spelled) and 2 <= sum(map(len, spelled)) <= 5:
        return _pinyin(display, words, spelled, before_comma, gender)
    whole = sum(len(word) > 1 for word in words) > 1
    return PersonName(
        display=display,
        key=" ".join(sorted(words)),
        surname=words[0] if before_comma else words[-1],
        given=" ".join(words[1:] if before_comma else words[:-1]),
        surname_pinyin=words[0] if before_comma else words[-1],
        pinyin="".join(words),
        readings=("".join(sorted(words)),),
        syllables=tuple(words),
        initials="".join(word[0] for word in words),
        form="latin" if whole else "partial",
        is_complete=whole,
        gender_hint=gender,
        words=tuple(words),
    )


def _latin_words(name: str) -> tuple[list[str], bool, str]:
    """(words in lower case, surname first when known to stand first, gender told by a title).

    The surname is known to stand before a comma, or alone in capitals; capitals at the end bring it to the
    front.
    """
    decomposed = unicodedata.normalize("NFD", name).replace("u\u0308", "v").replace("U\u0308", "V")
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    plain = plain.replace("’", "'").replace("-", "")
    surname, comma, given = plain.partition(",")
    words = re.findall(r"[A-Za-z']+", plain)
    genders = [_LATIN_TITLES[word.casefold()] for word in words if word.casefold() in _LATIN_TITLES]
    words = [word for word in words if word.casefold() not in _LATIN_TITLES]
    known = bool(comma and surname.strip() and given.strip())
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if not known and len(capitals) == 1 and len(words) > 1:
        words.sort(key=lambda word: word is not capitals[0])
        known = True
    return [word.casefold() for word in words], known, genders[0] if genders else "0"


def _pinyin(
    display: str, words: list[str], spelled: list[tuple[str, ...]], surname_first: bool, gender: str
) -> PersonName:
    orders = _pinyin_orders(words, spelled, surname_first)
    readings = tuple(dict.fromkeys("".join(surname + given) for surname, given in orders))
    surname, given = orders[0]
    syllables = surname + given
    return PersonName(
        display=display,
        key=f"{''.join(surname)} {''.join(given)}".strip(),
        surname="".join(surname),
        given="".join(given),
        surname_pinyin="".join(surname),
        pinyin=readings[0],
        readings=readings,
        syllables=syllables,
        initials="".join(syllable[0] for syllable in syllables),
        form="pinyin" if surname and given else "partial",
        is_complete=bool(surname and given),
        gender_hint=gender,
        words=tuple(words),
    )


def _pinyin_orders(
    words: list[str], spelled: list[tuple[str, ...]], surname_first: bool
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The plausible (surname, given name) of a name in pinyin, best first."""
    if len(words) == 1:
        whole = spelled[0]
        length = 2 if len(whole) > 2 and "".join(whole[:2]) in surname_pinyins() else 1
        return [(whole[:length], whole[length:])]
    first = (spelled[0], _joined(spelled[1:]))
    last = (spelled[-1], _joined(spelled[:-1]))
    first_fits, last_fits = ("".join(surname) in surname_pinyins() for surname, _ in (first, last))
    if surname_first:  # what people take for the surname: XIUYING,LI
        return [last, first] if last_fits and not first_fits else [first]
    if first_fits != last_fits:
        return [first] if first_fits else [last]
    # Both could be the surname. A given name has more often two syllables, and then it is the other word.
    if len(spelled[0]) > len(spelled[-1]):
        return [last, first]
    return [first] if len(spelled[-1]) > len(spelled[0]) else [first, last]


def _joined(parts: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(syllable for part in parts for syllable in part)


def fits(pattern: str, name: str) -> bool:
    """Whether an incomplete name can stand for a full one; a star hides one character, n stars one to n.

    >>> fits("王*明", "王小明"), fits("王**", "王明"), fits("王", "王小明"), fits("王*明", "王小红")
    (True, True, True, False)
    """
    if "*" not in pattern:
        return name.startswith(pattern)
    parts = (
        ("." if len(run) == 1 else f".{{1,{len(run)}}}") if star else re.escape("".join(run))
        for star, group in groupby(pattern, key="*".__eq__)
        for run in [list(group)]
    )
    return re.fullmatch("".join(parts), name) is not None
