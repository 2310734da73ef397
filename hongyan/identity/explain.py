"""A verdict in words (判断依据), for stewards and for customers' questions, in Chinese or English."""

from __future__ import annotations

from typing import Literal

from hongyan.identity.rules import Evidence, Verdict

Language = Literal["zh", "en"]

_CREDENTIALS: dict[Language, dict[str, str]] = {
    "zh": {
        "01": "身份证号",
        "04": "军人证号",
        "05": "武警证号",
        "06": "港澳居民来往内地通行证号",
        "07": "台湾居民来往大陆通行证号",
        "08": "港澳台居民居住证号",
        "09": "护照号",
        "10": "外国人永久居留证号",
        "20": "统一社会信用代码",
        "21": "营业执照注册号",
        "22": "组织机构代码",
        "23": "事业单位法人证号",
    },
    "en": {
        "01": "ID card number",
        "04": "military ID number",
        "05": "armed police ID number",
        "06": "Hong Kong/Macau permit number",
        "07": "Taiwan permit number",
        "08": "residence permit number",
        "09": "passport number",
        "10": "foreign permanent resident number",
        "20": "unified social credit code",
        "21": "business registration number",
        "22": "organisation code",
        "23": "institution certificate number",
    },
}

_PHRASES: dict[Language, dict[tuple[str, str], str]] = {
    "zh": {
        ("kind", "different"): "一个是个人,一个是单位",
        ("credential", "same"): "{credential}一致",
        ("credential", "different"): "{credential}均有效但不同",
        ("credential", "renewed"): "{credential}不同(可能换证)",
        ("credential", "overlapping"): "{credential}只有部分一致",
        ("name", "same"): "姓名相同({left})",
        ("name", "reordered"): "姓名字序不同({left}/{right})",
        ("name", "homophone"): "姓名同音({left}/{right})",
        ("name", "similar"): "姓名相近({left}/{right})",
        ("name", "fits"): "姓名不完整但相符({left}/{right})",
        ("name", "surname"): "只有姓氏相同({left}/{right})",
        ("name", "different"): "姓名不同({left}/{right})",
        ("organisation_name", "registered"): "登记全称相同({left})",
        ("organisation_name", "formal"): "单位名称相同({left})",
        ("organisation_name", "same"): "单位简称相同({left})",
        ("organisation_name", "stem"): "字号相同({left}/{right})",
        ("organisation_name", "similar"): "单位名称相近({left}/{right})",
        ("organisation_name", "different"): "单位名称不同({left}/{right})",
        ("branch", "different"): "总部与分支、或不同分支({left}/{right})",
        ("legal_person", "same"): "法定代表人相同",
        ("legal_person", "different"): "法定代表人不同",
        ("phone", "same"): "电话相同",
        ("phone", "hot"): "电话相同,但为多人共用",
        ("phone", "different"): "电话不同",
        ("email", "same"): "邮箱相同",
        ("email", "different"): "邮箱不同",
        ("birth_date", "same"): "出生日期相同",
        ("birth_date", "different"): "出生日期不同",
        ("gender", "same"): "性别相同",
        ("gender", "different"): "性别不同",
        ("address", "same"): "地址相同",
        ("address", "different"): "地址不同",
        ("division", "same"): "行政区划相同",
        ("division", "different"): "行政区划不同",
    },
    "en": {
        ("kind", "different"): "one is a person, the other an organisation",
        ("credential", "same"): "same {credential}",
        ("credential", "different"): "two different valid values of {credential}",
        ("credential", "renewed"): "different {credential} (perhaps renewed)",
        ("credential", "overlapping"): "{credential} agrees only in part",
        ("name", "same"): "same name ({left})",
        ("name", "reordered"): "same characters of the name in another order ({left}/{right})",
        ("name", "homophone"): "names sound the same ({left}/{right})",
        ("name", "similar"): "names are alike ({left}/{right})",
        ("name", "fits"): "incomplete name fits ({left}/{right})",
        ("name", "surname"): "only the surname agrees ({left}/{right})",
        ("name", "different"): "different names ({left}/{right})",
        ("organisation_name", "registered"): "same full registered name ({left})",
        ("organisation_name", "formal"): "same name ({left})",
        ("organisation_name", "same"): "same short name ({left})",
        ("organisation_name", "stem"): "same trade name ({left}/{right})",
        ("organisation_name", "similar"): "names are alike ({left}/{right})",
        ("organisation_name", "different"): "different names ({left}/{right})",
        ("branch", "different"): "head office and branch, or two branches ({left}/{right})",
        ("legal_person", "same"): "same legal representative",
        ("legal_person", "different"): "different legal representatives",
        ("phone", "same"): "same phone",
        ("phone", "hot"): "same phone, but many people share it",
        ("phone", "different"): "different phones",
        ("email", "same"): "same e-mail",
        ("email", "different"): "different e-mails",
        ("birth_date", "same"): "same birth date",
        ("birth_date", "different"): "different birth dates",
        ("gender", "same"): "same gender",
        ("gender", "different"): "different genders",
        ("address", "same"): "same address",
        ("address", "different"): "different addresses",
        ("division", "same"): "same administrative division",
        ("division", "different"): "different administrative divisions",
    },
}

_RULES: dict[Language, dict[str, str]] = {
    "zh": {
        "different_kind": "不是同一客户",
        "different_id": "证件不同,不是同一客户",
        "same_id_alike_name": "同一客户",
        "same_id_but_conflict": "证件一致但资料矛盾,需人工核实",
        "same_id_other_name": "证件一致但名称不符,需人工核实",
        "same_name_same_contact": "同名同联系方式",
        "same_name_birth_address": "同名、同生日、同住址",
        "same_name_but_conflict": "同名但资料矛盾,需人工核实",
        "same_name_hot_phone": "同名,但电话为多人共用,需人工核实",
        "same_name_same_place": "同名且地点相符,需人工核实",
        "same_name_only": "仅姓名相同,不足以认定",
        "alike_name_same_phone": "姓名写法不同而电话相同,需人工核实",
        "other_name_without_id": "名称不同且无证件佐证,不是同一客户",
        "branch_under_same_code": "同一代码下的总部与分支,需人工核实",
        "branch_is_not_company": "分支机构不等于总部",
        "same_full_name_supported": "全称相同且有佐证,同一单位",
        "same_full_name_alone": "名称相同但佐证不足,需人工核实",
        "alike_name_supported": "名称相近且有佐证,需人工核实",
    },
    "en": {
        "different_kind": "not the same customer",
        "different_id": "different IDs: not the same customer",
        "same_id_alike_name": "the same customer",
        "same_id_but_conflict": "same ID but contradictory details: to be reviewed",
        "same_id_other_name": "same ID but another name: to be reviewed",
        "same_name_same_contact": "same name and contact",
        "same_name_birth_address": "same name, birth date and address",
        "same_name_but_conflict": "same name but contradictory details: to be reviewed",
        "same_name_hot_phone": "same name, but a phone that many share: to be reviewed",
        "same_name_same_place": "same name in the same place: to be reviewed",
        "same_name_only": "the same name alone proves nothing",
        "alike_name_same_phone": "another spelling with the same phone: to be reviewed",
        "other_name_without_id": "other names and no ID in common: not the same customer",
        "branch_under_same_code": "head office and branch under one code: to be reviewed",
        "branch_is_not_company": "a branch is not its company",
        "same_full_name_supported": "same full name with support: the same organisation",
        "same_full_name_alone": "same name with too little support: to be reviewed",
        "alike_name_supported": "names alike with support: to be reviewed",
    },
}
_HEAD_OFFICE: dict[Language, str] = {"zh": "本部", "en": "head office"}


def explain(verdict: Verdict, language: Language) -> tuple[str, ...]:
    """What speaks for and against, strongest first, and the conclusion last.

    >>> from hongyan.identity.rules import Evidence
    >>> same_id = Evidence("credential", "same", 25, params=(("type", "01"),))
    >>> name = Evidence("name", "homophone", 8, params=(("left", "张小丽"), ("right", "张晓丽")))
    >>> explain(Verdict("join", 100, "same_id_alike_name", (same_id, name)), "zh")
    ('身份证号一致', '姓名同音(张小丽/张晓丽)', '同一客户')
    """
    return (*(phrase(item, language) for item in verdict.evidence), _RULES[language][verdict.rule])


def sentence(verdict: Verdict, language: Language) -> str:
    """The explanation on one line.

    >>> sentence(Verdict("new", 10, "same_name_only"), "en")
    'the same name alone proves nothing'
    """
    *found, conclusion = explain(verdict, language)
    separator = "," if language == "zh" else ", "
    return f"{separator.join(found)} → {conclusion}" if found else conclusion


def phrase(item: Evidence, language: Language) -> str:
    """One piece of evidence in words.

    >>> phrase(Evidence("phone", "hot", 2), "zh")
    '电话相同,但为多人共用'
    """
    params = {name: value or _HEAD_OFFICE[language] for name, value in item.params}
    credential = _CREDENTIALS[language].get(params.get("type", ""), "")
    return _PHRASES[language][item.code, item.outcome].format(credential=credential, **params)
