"""Relations and their reasons in words, (Chinese, English)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hongyan.identity.explain import Language
from hongyan.identity.relations.grounds import Ground
from hongyan.identity.words import Words

GROUNDS: Mapping[str, Words] = {
    "room": ("住址相同(到房间)", "same address down to the room"),
    "house": ("同一门牌", "same house"),
    "landline": ("固定电话相同", "same landline"),
    "mobile": ("手机号相同", "same mobile number"),
    "phone": ("电话相同", "same phone"),
    "surname": ("同姓{said}", "same surname {said}"),
    "ages": ("相差 {said} 岁", "{said} years apart"),
    "same_age": ("同龄", "of one age"),
    "county": ("住在同一区县", "live in one county"),
    "code": ("统一社会信用代码或组织机构代码相同", "same registration code"),
    "full_name": (
        "名称是该单位登记全称加“{said}”",
        "its name is the company's registered name with “{said}”",
    ),
    "name": ("名称是该单位名称加“{said}”", "its name is the company's name with “{said}”"),
    "former_name": ("名称是该单位曾用名加“{said}”", "its name is the company's former name with “{said}”"),
    "core_name": ("字号、行业相同,另有“{said}”", "same trade name and industry, with “{said}”"),
    "stem": ("字号相同({said})", "same trade name ({said})"),
    "legal_person": ("法定代表人同名", "legal representatives of one name"),
    "email": ("邮箱相同", "same e-mail"),
    "city": ("在同一城市", "in one city"),
    "id": ("单位登记的身份证号是其本人的", "the company is registered under this person's ID card"),
    "legal_name": ("与单位登记的法定代表人同名", "named as the company's legal representative"),
}


def reasons(grounds: Iterable[Ground], language: Language) -> tuple[str, ...]:
    """Each ground in words.

    >>> reasons([Ground("mobile"), Ground("surname", "孙"), Ground("ages", "26")], "zh")
    ('手机号相同', '同姓孙', '相差 26 岁')
    """
    at = 0 if language == "zh" else 1
    return tuple(GROUNDS[ground.code][at].format(said=ground.said) for ground in grounds)
