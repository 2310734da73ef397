"""Firms, shops, schools, hospitals, offices, banks with their branches, and how houses abbreviate them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pypinyin import lazy_pinyin

from bench.identity import names
from bench.identity.chance import Chance, listed
from bench.identity.elsewhere.doors import Door, as_told, draw_door, on_paper
from bench.identity.persons import OneOfAKind
from bench.identity.places import County, counties
from bench.identity.records import Row, World
from hongyan.identity.normalise.credentials import credit_code_check, organisation_check
from hongyan.identity.normalise.divisions import short_name

_WORDS = listed(
    """
    宏图 天翼 卓越 科瑞 伟业 中联 华丰 金桥 绿源 三盛 百川 旭日 瑞通 同创 众合 凌云 鸿运 聚鑫 汇丰源 博雅 力天
    启明 康源 顺发 万顺 新纪元 大自然 好又多 家家乐 一品香 老地方 聚福楼 天天 阿里郎 小康 美怡 惠民 利民 便民
    兴旺 财源
    """
)
_TRADES = {
    "建材": "Building Materials",
    "物流": "Logistics",
    "食品": "Food",
    "电子科技": "Electronic Technology",
    "机电设备": "Machinery",
    "服装": "Garment",
    "化工": "Chemical",
    "农业开发": "Agriculture",
    "商贸": "Trading",
    "装饰工程": "Decoration",
    "网络科技": "Network Technology",
    "汽车维修": "Auto Repair",
    "房地产经纪": "Real Estate",
    "包装材料": "Packaging",
    "医疗器械": "Medical Equipment",
    "茶叶": "Tea",
}
_FORMS = ("有限公司",) * 6 + ("有限责任公司",) * 2 + ("股份有限公司", "(集团)有限公司", "厂", "合作社")
_SHOPS = listed(
    """
    超市 小吃店 理发店 五金店 服装店 药店 饭店 诊所 修理部 水果店 杂货店 面馆 烟酒商行 棋牌室 批发部 家电维修部
    """
)
_BANKS = {
    "中国工商银行股份有限公司": "工行",
    "中国农业银行股份有限公司": "农行",
    "中国建设银行股份有限公司": "建行",
    "中国银行股份有限公司": "中行",
    "中国邮政储蓄银行股份有限公司": "邮储银行",
    "交通银行股份有限公司": "交行",
}
_GIANTS = {
    "中国石油天然气股份有限公司": "中石油",
    "中国移动通信集团": "中国移动",
    "国家电网有限公司": "国家电网",
    "中国人寿保险股份有限公司": "中国人寿",
}
_SCHOOLS = listed(
    """
    第一中学 第三中学 第二小学 实验小学 中心幼儿园 职业技术学校 人民医院 中医医院 妇幼保健院 第二人民医院
    疾病预防控制中心
    """
)
_SHORT_SCHOOLS = {
    "第一中学": "一中",
    "第三中学": "三中",
    "第二小学": "二小",
    "妇幼保健院": "妇幼",
    "中医医院": "中医院",
    "第二人民医院": "二院",
}
_OFFICES = listed(
    """
    人力资源和社会保障局 自然资源局 公安局 人民政府 农业农村局 市场监督管理局 人民检察院 教育体育局
    住房和城乡建设局
    """
)
_SHORT_OFFICES = {
    "人力资源和社会保障局": "人社局",
    "市场监督管理局": "市监局",
    "人民政府": "政府",
    "农业农村局": "农业局",
    "人民检察院": "检察院",
    "教育体育局": "教体局",
    "住房和城乡建设局": "住建局",
}
_MAILBOXES, _MAIL = ("office", "hr", "admin", "zhaopin"), ("163.com", "qq.com", "foxmail.com")
_HOUSES = {"registry": 0.22, "contracts": 0.28, "waybills": 0.3, "invoices": 0.2}


@dataclass(slots=True)
class Firm:
    """One organisation: its registered name, what people call it, and what it is reached by."""

    entity: str
    group: str
    name: str
    short: str
    english: str
    code: str
    heads_code: str
    former: str
    boss: str
    phones: list[str]
    mail: str
    door: Door


def market(seed: int, count: int) -> World:
    """About ``count`` records of organisations, the same for the same seed."""
    chance = Chance(f"firms elsewhere {seed}")
    firms = _firms(chance, max(6, int(count / 2.4)))
    return World.of(chance, _described(chance, firms))


def _firms(chance: Chance, count: int) -> list[Firm]:
    numbers, found, taken = OneOfAKind(chance), list[Firm](), set[str]()
    places = [chance.one(counties()) for _ in range(30)]
    while len(found) < count:
        county, draw = chance.one(places), chance.random()
        start = len(found)
        if draw < 0.5:
            made = _company(chance, numbers, county, start)
        elif draw < 0.72:
            made = [_shop(chance, numbers, county, start)]
        elif draw < 0.84:
            made = [_public(chance, numbers, county, start)]
        else:
            made = _network(chance, numbers, county, start)
        fresh = [firm for firm in made if taken.isdisjoint((firm.name, _public_name(firm)))]
        taken.update(name for firm in fresh for name in (firm.name, _public_name(firm)))
        found += fresh
    return found


def _public_name(firm: Firm) -> str:
    """An office's name without province and city: there is one of it in a county."""
    return firm.name.removeprefix(firm.door.county.city) if firm.code[:1] == "1" else firm.name


def _company(chance: Chance, numbers: OneOfAKind, county: County, start: int) -> list[Firm]:
    region = chance.one(
        (
            county.city,
            short_name(county.city),
            county.name,
            short_name(county.province),
            short_name(county.name),
        )
    )
    word, trade, form = chance.one(_WORDS), chance.one(list(_TRADES)), chance.one(_FORMS)
    if chance.happens(0.5):
        word = chance.one("金银鑫宏泰华恒瑞") + chance.one("达源隆丰盛和泽辉")
    name = (
        f"{word}({short_name(region)}){trade}{form}"
        if chance.happens(0.06)
        else f"{region}{word}{trade}{form}"
    )
    english = "".join(lazy_pinyin(word)).title() + f" {_TRADES[trade]} Co., Ltd."
    head = _firm(
        chance,
        numbers,
        county,
        start,
        name,
        chance.one((word, word + trade, short_name(region) + word)),
        "91",
    )
    head.english = english
    if chance.happens(0.06):
        head.former = f"{region}{chance.one(_WORDS)}{trade}{form}"
    firms = [head]
    if chance.happens(0.15):
        for place in {chance.one(counties()) for _ in range(chance.between(1, 4))}:
            where = short_name(place.city)
            branch = _firm(
                chance,
                numbers,
                place,
                start + len(firms),
                f"{name}{where}分公司",
                f"{word}{where}分公司",
                "91",
            )
            firms.append(replace(branch, group=head.group, heads_code=head.code))
    if chance.happens(0.06):
        other = chance.one([one for one in _TRADES if one != trade])
        sister = _firm(
            chance, numbers, county, start + len(firms), f"{region}{word}{other}{form}", word + other, "91"
        )
        firms.append(
            replace(
                sister,
                group=head.group,
                boss=head.boss,
                door=head.door,
                phones=[head.phones[0], sister.phones[1]],
            )
        )
    return firms


def _shop(chance: Chance, numbers: OneOfAKind, county: County, start: int) -> Firm:
    """An individual business (个体工商户): named after its owner, or not named at all but after the dish."""
    owner, shop = (
        names.draw_surname(chance) + names.draw_given(chance, male=chance.happens(0.6)),
        chance.one(_SHOPS),
    )
    word = chance.one((owner, owner[0] + "记", "老" + owner[0], chance.one(_WORDS), chance.one(_WORDS)))
    name = f"{county.name}{chance.one(('', short_name(county.name) + '镇', '城关'))}{word}{shop}"
    firm = _firm(chance, numbers, county, start, name, word + shop, "92")
    return replace(
        firm,
        boss=owner,
        phones=[firm.phones[1], firm.phones[1]],
        code=firm.code if chance.happens(0.7) else "",
    )


def _public(chance: Chance, numbers: OneOfAKind, county: County, start: int) -> Firm:
    office = chance.happens(0.5)
    what = chance.one(_OFFICES if office else _SCHOOLS)
    head = county.city if county.city != county.province and chance.happens(0.2) else ""
    short = short_name(county.name) + (_SHORT_OFFICES if office else _SHORT_SCHOOLS).get(what, what)
    return _firm(
        chance, numbers, county, start, f"{head}{county.name}{what}", short, "11" if office else "12"
    )


def _network(chance: Chance, numbers: OneOfAKind, county: County, start: int) -> list[Firm]:
    """A bank or a giant with its branches in one city, each with a code of its own."""
    giant = chance.happens(0.3)
    whole, called = chance.one(list((_GIANTS if giant else _BANKS).items()))
    city = short_name(county.city)
    firms = []
    for place in {
        chance.one(("城东", "火车站", "人民路", "开发区", "新区", "江北", "府前街"))
        for _ in range(chance.between(1, 4))
    }:
        tail = f"{city}{place}营业部" if giant else f"{city}{place}支行"
        firm = _firm(
            chance,
            numbers,
            county,
            start + len(firms),
            whole + tail,
            called + (tail if chance.happens(0.5) else place + tail[len(city) + len(place) :]),
            "91",
        )
        firms.append(replace(firm, group=f"G{start}"))
    return firms


def _firm(
    chance: Chance, numbers: OneOfAKind, county: County, number: int, name: str, short: str, authority: str
) -> Firm:
    def code() -> str:
        head = (
            chance.digits(8)
            if chance.happens(0.5)
            else f"MA{''.join(chance.one('0123456789ABCDEFGHJKLMNPQRTUWXY') for _ in range(6))}"
        )
        found = f"{authority}{county.code}{head}{organisation_check(head)}"
        return found + credit_code_check(found)

    fixed = f"{county.area_code}-{chance.between(2, 8)}{chance.digits(7)}"
    return Firm(
        *(f"B{number}", f"G{number}", name, short, "", numbers.once(code), "", ""),
        boss=names.draw_surname(chance) + names.draw_given(chance, male=chance.happens(0.7)),
        phones=[fixed, numbers.mobile()],
        mail=f"{chance.one(_MAILBOXES)}{chance.digits(4)}@{chance.one(_MAIL)}",
        door=draw_door(chance, county),
    )


def _described(chance: Chance, firms: list[Firm]) -> Iterator[Row]:
    for firm in firms:
        for _ in range(chance.weighed({1: 0.35, 2: 0.27, 3: 0.2, 4: 0.12, 6: 0.06})):
            yield _Pen(chance, firm).row(chance.weighed(_HOUSES))


class _Pen:
    """One record of a firm being written."""

    def __init__(self, chance: Chance, firm: Firm) -> None:
        self.chance, self.firm = chance, firm
        self.errors: list[str] = []

    def row(self, house: str) -> Row:
        chance, firm = self.chance, self.firm
        careful = house in ("registry", "invoices")
        number = (
            self._code()
            if chance.happens(
                {"registry": 0.97, "invoices": 0.85, "contracts": 0.55, "waybills": 0.08}[house]
            )
            else ""
        )
        if not number:
            self.errors.append("no_id")
        address = on_paper(firm.door) if careful else as_told(chance, firm.door)
        if self.slips("other_address", 0.06 if careful else 0.15):
            address = as_told(chance, draw_door(chance, firm.door.county))
        return Row(
            *(
                house,
                self._name(careful=careful),
                chance.one(("统一社会信用代码", "税号", "", "20")) if number else "",
                number,
            ),
            *("", "", self._phone() if chance.happens(0.6 if careful else 0.97) else ""),
            firm.mail if chance.happens(0.15) else "",
            address if chance.happens(0.85) else "",
            self._boss() if chance.happens({"registry": 0.95, "contracts": 0.6}.get(house, 0.1)) else "",
            *(firm.entity, firm.group, tuple(self.errors)),
        )

    def slips(self, error: str, probability: float) -> bool:
        happens = self.chance.happens(probability)
        if happens:
            self.errors.append(error)
        return happens

    def _name(self, *, careful: bool) -> str:
        chance, firm = self.chance, self.firm
        if firm.former and self.slips("former_name", 0.3):
            return firm.former
        if firm.english and self.slips("english", 0.0 if careful else 0.02):
            return chance.one((firm.english, firm.english.upper()))
        if self.slips("abbreviated", 0.01 if careful else 0.22):
            return firm.short
        name = firm.name
        if self.slips("homophone", 0.004 if careful else 0.015):
            place = min(3, len(name) - 2)
            name = name[:place] + names.homophone(chance, name[place : place + 2]) + name[place + 2 :]
        return self._dressed(name, careful=careful)

    def _dressed(self, name: str, *, careful: bool) -> str:
        """The same name as another clerk writes it."""
        chance = self.chance
        draw = chance.random()
        if draw < 0.06:
            return name.replace("有限责任公司", "有限公司")
        if draw < 0.1 and name.endswith("有限公司"):
            return self.noted("no_form", name.removesuffix("有限公司"))
        if draw < 0.14:
            return name.replace("(", chance.one(("（", " ", "["))).replace(")", chance.one(("）", " ", "]")))
        if draw < 0.17 and not careful:
            return (
                name + chance.one(("财务科", "(张经理收)", "-采购部", " 前台"))
                if chance.happens(0.2)
                else name + " "
            )
        if draw < 0.2 and "市" in name[:6]:
            return self.noted("region_without_rank", name.replace("市", "", 1))
        if draw < 0.22:
            return self.noted("traditional", names.traditional(name))
        return name

    def noted(self, error: str, text: str) -> str:
        self.errors.append(error)
        return text

    def _code(self) -> str:
        chance, firm = self.chance, self.firm
        code = firm.code
        if firm.heads_code and self.slips("heads_code", 0.1):
            return firm.heads_code
        if not code:
            return ""
        if self.slips("code_typo", 0.012):
            place = chance.between(2, 17)
            return code[:place] + chance.one("0123456789ABCDEFGHOI") + code[place + 1 :]
        if self.slips("organisation_code", 0.04):
            return chance.one((code[8:17], f"{code[8:16]}-{code[16]}"))
        return code.lower() if chance.happens(0.03) else code

    def _phone(self) -> str:
        chance, firm = self.chance, self.firm
        number = firm.phones[0] if chance.happens(0.6) else self.noted("other_phone", firm.phones[1])
        if self.slips("clerks_phone", 0.08):
            number = f"1{chance.one('3578')}{chance.digits(9)}"
        if "-" in number:
            draw = chance.random()
            if draw < 0.15:
                return number.replace("-", "")
            if draw < 0.25:
                return f"{number}-{chance.between(0, 9)}{chance.digits(2)}"
            if draw < 0.32:
                return number.split("-")[1]
            if draw < 0.4:
                return f"{number}、{firm.phones[1]}"
        return number

    def _boss(self) -> str:
        chance, boss = self.chance, self.firm.boss
        if self.slips("former_boss", 0.05):
            return names.draw_surname(chance) + names.draw_given(chance, male=True)
        return chance.one((boss, boss, boss, names.traditional(boss), f"{boss[0]}*{boss[2:]}"))
