"""The words of explanations: (Chinese, English) of every outcome, every rule, every credential.

``{left}`` and ``{right}`` are names, ``{credential}`` and ``{phone}`` kinds of number, ``{of}`` what a worth is of.
Links and cases keep what was found when they were decided: words stay here also for outcomes that no model has any
more (``EARLIER``, ``EARLIER_RULES``).
"""

from __future__ import annotations

from collections.abc import Mapping

Words = tuple[str, str]

CREDENTIALS: Mapping[str, Words] = {
    "": ("证件号", "ID number"),
    "01": ("身份证号", "ID card number"),
    "04": ("军人证号", "military ID number"),
    "05": ("武警证号", "armed police ID number"),
    "06": ("港澳居民来往内地通行证号", "Hong Kong/Macau permit number"),
    "07": ("台湾居民来往大陆通行证号", "Taiwan permit number"),
    "08": ("港澳台居民居住证号", "residence permit number"),
    "09": ("护照号", "passport number"),
    "10": ("外国人永久居留证号", "foreign permanent resident number"),
    "20": ("统一社会信用代码", "unified social credit code"),
    "21": ("营业执照注册号", "business registration number"),
    "22": ("组织机构代码", "organisation code"),
    "23": ("事业单位法人证号", "institution certificate number"),
}
PHONES: Mapping[str, Words] = {
    "": ("电话", "phone"),
    "mobile": ("手机号", "mobile number"),
    "landline": ("固定电话", "landline"),
}
SUBJECTS: Mapping[str, Words] = {
    "name": ("姓名", "name"),
    "organisation_name": ("单位名称", "name"),
    "id": ("证件号", "ID number"),
    "birth": ("出生日期", "birth date"),
    "phone": ("电话", "phone"),
    "email": ("邮箱", "e-mail"),
    "address": ("地址", "address"),
    "origin": ("原籍", "place of origin"),
    "legal_person": ("法定代表人", "legal representative"),
}
HEAD_OFFICE: Words = ("本部", "head office")

OUTCOMES: Mapping[str, Mapping[str, Words]] = {
    "prior": {"start": ("起点:任意两条记录", "starting point: any two records")},
    "worth": {
        "common": ("{of}常见", "common {of}"),
        "shared": ("{of}为多人共用", "{of} shared by many"),
    },
    "name": {
        "same": ("姓名相同({left})", "same name ({left})"),
        "homophone": ("姓名同音({left}/{right})", "names sound the same ({left}/{right})"),
        "reordered": (
            "姓名字序不同({left}/{right})",
            "same characters of the name in another order ({left}/{right})",
        ),
        "masked": ("隐去部分后姓名相符({left}/{right})", "name with hidden parts fits ({left}/{right})"),
        "partial": ("姓名不完整但相符({left}/{right})", "incomplete name fits ({left}/{right})"),
        "nickname": ("称呼与姓名相符({left}/{right})", "form of address fits the name ({left}/{right})"),
        "typed": ("外文姓名拼写相近({left}/{right})", "names are spelt nearly alike ({left}/{right})"),
        "slip": ("姓名读音相近({left}/{right})", "names sound nearly the same ({left}/{right})"),
        "shortened": (
            "姓名少一部分({left}/{right})",
            "one name leaves out a part of the other ({left}/{right})",
        ),
        "close": ("姓名差一个字({left}/{right})", "names differ in one character ({left}/{right})"),
        "word": ("外文姓名只有一部分相同({left}/{right})", "one word of the names agrees ({left}/{right})"),
        "surname": ("只有姓氏相同({left}/{right})", "only the surname agrees ({left}/{right})"),
        "different": ("姓名不同({left}/{right})", "different names ({left}/{right})"),
    },
    "organisation_name": {
        "registered": ("登记全称相同({left})", "same full registered name ({left})"),
        "same": ("单位名称相同({left})", "same name ({left})"),
        "former": ("与曾用名一致({left}/{right})", "a former name agrees ({left}/{right})"),
        "variant": (
            "地区、字号、行业相同({left}/{right})",
            "same region, trade name and industry ({left}/{right})",
        ),
        "core": ("字号、行业相同({left}/{right})", "same trade name and industry ({left}/{right})"),
        "brief": ("地区、字号相同({left}/{right})", "same region and trade name ({left}/{right})"),
        "stem": ("字号相同({left}/{right})", "same trade name ({left}/{right})"),
        "homophone": ("字号同音({left}/{right})", "trade names sound the same ({left}/{right})"),
        "slip": ("单位名称差一两个字({left}/{right})", "names differ by a slip ({left}/{right})"),
        "within": ("一个名称包含另一个({left}/{right})", "one name contains the other ({left}/{right})"),
        "affiliate": (
            "字号相同,地区或行业不同({left}/{right})",
            "same trade name, other region or industry ({left}/{right})",
        ),
        "spelled": (
            "外文名是中文字号的拼音({left}/{right})",
            "one name spells the other's trade name ({left}/{right})",
        ),
        "reordered": (
            "单位名称字序不同({left}/{right})",
            "same characters of the name in another order ({left}/{right})",
        ),
        "abbreviated": (
            "一个名称是另一个的缩写({left}/{right})",
            "one name abbreviates the other ({left}/{right})",
        ),
        "different": ("单位名称不同({left}/{right})", "different names ({left}/{right})"),
    },
    "id": {
        "same": ("{credential}一致", "same {credential}"),
        "number": ("{credential}相同但无法校验", "same {credential}, which nobody can check"),
        "masked": ("隐去部分后{credential}相符", "{credential} with hidden parts fits"),
        "conflict": ("{credential}均有效但不同", "two different valid values of {credential}"),
        "slip": ("{credential}相差一两位", "{credential} differs by a slip"),
        "other_type": ("证件种类不同", "IDs of different types"),
        "different": ("{credential}不同", "different {credential}"),
    },
    "birth": {
        "same": ("出生日期相同", "same birth date"),
        "slip": ("出生日期只差一位或次序颠倒", "birth dates differ by a slip"),
        "different": ("出生日期不同", "different birth dates"),
    },
    "gender": {"same": ("性别相同", "same gender"), "different": ("性别不同", "different genders")},
    "phone": {
        "same": ("{phone}相同", "same {phone}"),
        "line": ("固定电话相同", "same landline"),
        "slip": ("电话只差一位", "phones differ by a slip"),
        "hidden": ("隐去部分后电话相符", "phone with hidden digits fits"),
        "local": ("电话不带区号时相同", "same phone without the area code"),
        "different": ("电话不同", "different phones"),
    },
    "email": {"same": ("邮箱相同", "same e-mail"), "different": ("邮箱不同", "different e-mails")},
    "address": {
        "same": ("地址相同", "same address"),
        "house": ("同一门牌", "same house"),
        "plate": ("路名、门牌号相同,城市未写全", "same road and number, the city left out"),
        "worded": ("地址用词相近", "addresses are worded alike"),
        "alike": ("地址中的号码相符", "numbers of the addresses agree"),
        "quarter": ("同区县的同一小区、村或道路", "same estate, village or road of one county"),
        "road": ("道路或小区名相同", "same road or estate"),
        "county": ("同一区县", "same county"),
        "city": ("同一城市", "same city"),
        "different": ("地址不同", "different addresses"),
    },
    "origin": {
        "same": ("证件签发地与住址同区县", "ID issued in the county of the other's address"),
        "different": ("证件签发地与住址不同", "ID issued elsewhere"),
    },
    "legal_person": {
        "same": ("法定代表人相同", "same legal representative"),
        "homophone": ("法定代表人同音", "legal representatives' names sound the same"),
        "masked": ("隐去部分后法定代表人相符", "legal representative with hidden parts fits"),
        "different": ("法定代表人不同", "different legal representatives"),
    },
    "part": {
        "whole": ("都不是分支机构", "neither is a branch"),
        "placed": ("同一地点的分支机构({left})", "branch in one place ({left})"),
        "same": ("同一分支机构({left})", "same branch ({left})"),
        "alike": ("分支机构名称相近({left}/{right})", "branches are named alike ({left}/{right})"),
        "different": (
            "总部与分支、或不同分支({left}/{right})",
            "head office and branch, or two branches ({left}/{right})",
        ),
    },
}

RULES: Mapping[str, Words] = {
    "same_person": ("同一人", "the same person"),
    "same_organisation": ("同一单位", "the same organisation"),
    "likely": ("可能同一,佐证不足,需人工核实", "perhaps the same, too little to be sure: to be reviewed"),
    "too_little": ("依据不足,不认定为同一客户", "too little in common: taken for two customers"),
    "two_ids": ("证件不同,不是同一客户", "different IDs: not the same customer"),
    "other_name": (
        "名称不同且无证件佐证,不是同一客户",
        "other names and no ID in common: not the same customer",
    ),
    "other_name_same_id": (
        "证件一致但名称不符,需人工核实",
        "same ID but another name: to be reviewed",
    ),
    "other_name_other_birth": (
        "证件一致但姓名、出生日期都不符,需人工核实",
        "same ID but another name and birth date: to be reviewed",
    ),
    "no_name": ("没有名称可比,需人工核实", "no name to compare: to be reviewed"),
    "shortened_name": (
        "姓名少一部分,可能是另一人,需人工核实",
        "a name that leaves out a part may be another's: to be reviewed",
    ),
    "twins": (
        "姓名差一个字而生日、住址相同,可能是双胞胎,需人工核实",
        "names, birthday and home as those of twins: to be reviewed",
    ),
    "sibling": (
        "姓名相近而电话不同,可能是兄弟姐妹,不是同一客户",
        "names and phones as those of brothers and sisters: not the same customer",
    ),
    "other_name_one_door": (
        "名称不同而地址、电话等相同,可能是同一老板的两家单位,需人工核实",
        "other names behind one door, perhaps one owner's two firms: to be reviewed",
    ),
    "close_name": (
        "姓名相近可能是一家人,需人工核实",
        "names as near as those of a family: to be reviewed",
    ),
    "one_word": ("外文姓名只有一部分相同,需人工核实", "only one word of the names agrees: to be reviewed"),
    "incomplete_name": (
        "姓名不完整,可能是家里另一人,需人工核实",
        "an incomplete name may be a relative's: to be reviewed",
    ),
    "incomplete_name_other_birth": (
        "姓名不完整且出生日期不同,需人工核实",
        "an incomplete name and another birth date: to be reviewed",
    ),
    "part": ("分支机构不等于总部", "a branch is not its company"),
    "part_same_id": (
        "同一代码下的总部与分支,需人工核实",
        "head office and branch under one code: to be reviewed",
    ),
    "torn": (
        "同时像几个已知客户,需人工核实",
        "fits several customers about equally well: to be reviewed",
    ),
    "contradiction": (
        "与该客户的其他资料矛盾,需人工核实",
        "contradicts what else is known of the customer: to be reviewed",
    ),
    "decided_same": ("已由人工认定为同一客户", "decided by a steward: the same customer"),
}

EARLIER: Mapping[str, Mapping[str, Words]] = {
    "kind": {"different": ("一个是个人,一个是单位", "one is a person, the other an organisation")},
    "credential": {
        "same": ("{credential}一致", "same {credential}"),
        "different": ("{credential}均有效但不同", "two different valid values of {credential}"),
        "renewed": ("{credential}不同(可能换证)", "different {credential} (perhaps renewed)"),
        "overlapping": ("{credential}只有部分一致", "{credential} agrees only in part"),
    },
    "name": {
        "similar": ("姓名相近({left}/{right})", "names are alike ({left}/{right})"),
        "fits": ("姓名不完整但相符({left}/{right})", "incomplete name fits ({left}/{right})"),
    },
    "organisation_name": {
        "formal": ("单位名称相同({left})", "same name ({left})"),
        "similar": ("单位名称相近({left}/{right})", "names are alike ({left}/{right})"),
    },
    "branch": {
        "different": (
            "总部与分支、或不同分支({left}/{right})",
            "head office and branch, or two branches ({left}/{right})",
        )
    },
    "phone": {"hot": ("电话相同,但为多人共用", "same phone, but many people share it")},
    "birth_date": {
        "same": ("出生日期相同", "same birth date"),
        "different": ("出生日期不同", "different birth dates"),
    },
    "division": {
        "same": ("行政区划相同", "same administrative division"),
        "different": ("行政区划不同", "different administrative divisions"),
    },
}

EARLIER_RULES: Mapping[str, Words] = {
    "different_kind": ("不是同一客户", "not the same customer"),
    "different_id": ("证件不同,不是同一客户", "different IDs: not the same customer"),
    "same_id_alike_name": ("同一客户", "the same customer"),
    "same_id_but_conflict": (
        "证件一致但资料矛盾,需人工核实",
        "same ID but contradictory details: to be reviewed",
    ),
    "same_id_other_name": (
        "证件一致但名称不符,需人工核实",
        "same ID but another name: to be reviewed",
    ),
    "same_name_same_contact": ("同名同联系方式", "same name and contact"),
    "same_name_birth_address": ("同名、同生日、同住址", "same name, birth date and address"),
    "same_name_but_conflict": (
        "同名但资料矛盾,需人工核实",
        "same name but contradictory details: to be reviewed",
    ),
    "same_name_hot_phone": (
        "同名,但电话为多人共用,需人工核实",
        "same name, but a phone that many share: to be reviewed",
    ),
    "same_name_same_place": ("同名且地点相符,需人工核实", "same name in the same place: to be reviewed"),
    "same_name_only": ("仅姓名相同,不足以认定", "the same name alone proves nothing"),
    "alike_name_same_phone": (
        "姓名写法不同而电话相同,需人工核实",
        "another spelling with the same phone: to be reviewed",
    ),
    "other_name_without_id": (
        "名称不同且无证件佐证,不是同一客户",
        "other names and no ID in common: not the same customer",
    ),
    "branch_under_same_code": (
        "同一代码下的总部与分支,需人工核实",
        "head office and branch under one code: to be reviewed",
    ),
    "branch_is_not_company": ("分支机构不等于总部", "a branch is not its company"),
    "same_full_name_supported": (
        "全称相同且有佐证,同一单位",
        "same full name with support: the same organisation",
    ),
    "same_full_name_alone": (
        "名称相同但佐证不足,需人工核实",
        "same name with too little support: to be reviewed",
    ),
    "alike_name_supported": (
        "名称相近且有佐证,需人工核实",
        "names alike with support: to be reviewed",
    ),
}
