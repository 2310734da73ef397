"""Companies, branches, shops and public bodies, and what each system's clerk wrote of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from stdnum.iso7064 import mod_11_10

from bench.identity import names
from bench.identity.chance import Chance, listed
from bench.identity.habits import ORGANISATION_SYSTEMS, System
from bench.identity.persons import OneOfAKind
from bench.identity.places import MUNICIPALITIES, County, Home, counties, draw_home, moved, written
from bench.identity.records import Row, World
from hongyan.identity.normalise.credentials import credit_code_check, organisation_check
from hongyan.identity.normalise.divisions import short_name

_FIRST = "鼎恒泰华盛金鑫宏瑞德信诚海天润嘉万永兴隆福通博创远康达鲁齐新中东南正大百联佳美优智云星光明晟锦凯瀚"
_SECOND = "盛源泰达丰和通顺祥诚隆信邦科博益康美联星海宇辰润林众捷安腾龙峰来发茂利鑫源旺洋翔瑞创业成功"
_BRANDS = listed(
    """
    蓝天 阳光 东方 长城 新世纪 太平洋 金太阳 红星 春风 小蜜蜂 爱家 乐购 未来 领航 先锋 百合 四季 ABC KD 三六
    老张家
    """
)
_INDUSTRIES = listed(
    """
    科技 贸易 食品 建筑工程 电子商务 信息技术 机械 商贸 实业 物流 文化传媒 餐饮管理 装饰工程 医疗器械 汽车销售
    环保科技 网络科技 电子 化工 纺织 服饰 家具 建材 农业科技 教育咨询 企业管理 人力资源 物业管理 国际贸易 进出口
    供应链管理 新能源 包装 印刷 五金制品 塑料制品 精密机械 自动化设备 生物科技 医药 房地产开发 投资管理 广告
    旅游 酒店管理 园林绿化
    """
)
_FORMS = ("有限公司",) * 14 + ("有限责任公司",) * 3 + ("股份有限公司", "集团有限公司")
_SHOPS = listed(
    """
    水饺店 超市 便利店 理发店 服装店 五金店 文具店 花店 烟酒店 药店 小吃店 面馆 图文店 母婴用品店 茶庄 手机店
    水果店 火锅店 汽修厂 家具厂 经营部 商行 工作室
    """
)
_CHAINS = listed(
    """
    兰州拉面 沙县小吃 黄焖鸡米饭 华莱士 老百姓大药房 罗森便利店 正新鸡排 蜜雪冰城
    """
)
_BODIES = listed(
    """
    教育局 税务局 公安局 财政局 民政局 人民法院 卫生健康局 交通运输局 市场监督管理局 水利局 统计局 司法局
    """
)
_INSTITUTIONS = listed(
    """
    人民医院 中医院 第一中学 第二中学 实验小学 实验幼儿园 图书馆 文化馆 妇幼保健院 职业技术学院
    """
)
_NUMBERED = {"第一中学": "一中", "第二中学": "二中"}
_MAILBOXES, _MAIL = ("info", "office", "sales", "hr"), ("163.com", "example.cn", "qq.com")
_BRANCHES = ("分公司", "分公司", "分公司", "门店", "专卖店", "办事处", "营业部")
_PARTS = ("工会委员会", "工会", "职工食堂", "食堂")
_NOTES = ("(收)", "（张三）", " 李经理", "(个体工商户)", "-前台", "(盖章)")


@dataclass(slots=True)
class Organisation:
    """One organisation with its name in parts; ``heads_code`` the code of the company it belongs to."""

    entity: str
    group: str
    county: County
    region: str
    stem: str
    industry: str
    form: str
    part: str
    code: str
    registration: str
    home: Home
    phones: list[str]
    email: str
    boss: str
    boss_male: bool
    heads_code: str = ""
    former_stem: str = ""
    former_boss: str = ""
    whole: str = field(default="")

    @property
    def name(self) -> str:
        return self.whole or f"{self.region}{self.stem}{self.industry}{self.form}{self.part}"


def draw_organisations(chance: Chance, count: int) -> list[Organisation]:
    """About ``count`` organisations, group by group."""
    found: list[Organisation] = []
    numbers = OneOfAKind(chance)
    bodies: set[str] = set()
    while len(found) < count:
        draw = chance.random()
        start = len(found)
        if draw < 0.66:
            found += _company(chance, numbers, start)
        elif draw < 0.9:
            found += _shop(chance, numbers, start)
        else:
            found += [body for body in _body(chance, numbers, start) if body.name not in bodies]
            bodies.update(body.name for body in found[start:])
    return found


def organisations(seed: int, count: int, *, dirt: float = 1.0) -> World:
    """About ``count`` records of organisations, the same for the same seed, in an order that tells nothing."""
    chance = Chance(f"organisations {seed}")
    found = draw_organisations(chance, max(4, int(count / 2.2)))
    return World.of(chance, _described(chance, found, dirt))


def _described(chance: Chance, found: list[Organisation], dirt: float) -> Iterator[Row]:
    agents = [f"1{chance.one('3578')}{chance.digits(9)}" for _ in range(max(1, len(found) // 500))]
    registered = [draw_home(chance, one.county, business=True) for one in found[:: max(1, len(found) // 50)]]
    for organisation in found:
        for _ in range(chance.weighed({1: 0.4, 2: 0.26, 3: 0.17, 4: 0.1, 5: 0.07})):
            system = ORGANISATION_SYSTEMS[
                chance.weighed({name: s.share for name, s in ORGANISATION_SYSTEMS.items()})
            ]
            yield _Clerk(chance, organisation, system, dirt, agents, registered).row()


def _company(chance: Chance, numbers: OneOfAKind, start: int) -> list[Organisation]:
    county = chance.common(counties(), 0.4)
    region = _region(chance, county)
    stem = chance.one(_BRANDS) if chance.happens(0.12) else chance.one(_FIRST) + chance.one(_SECOND)
    if chance.happens(0.1):
        stem += chance.one(_SECOND)
    industry = chance.common(_INDUSTRIES, 0.4) if chance.happens(0.95) else ""
    head = _organisation(
        chance, numbers, start, county, region, stem, industry, chance.one(_FORMS), authority="91"
    )
    if chance.happens(0.05):
        head.former_stem = chance.one(_FIRST) + chance.one(_SECOND)
    members = [head]
    draw = chance.random()
    if draw < 0.14:
        for _ in range(chance.between(1, 3)):
            branch = _branch(chance, numbers, head, start + len(members))
            if all(branch.part != member.part for member in members):
                members.append(branch)
    elif draw < 0.18:  # a sister company: the same people, phone and door in another trade
        other = chance.one([name for name in _INDUSTRIES if name != industry])
        sister = _organisation(
            *(chance, numbers, start + len(members), county, region, stem, other, "有限公司"), authority="91"
        )
        sister.boss, sister.boss_male, sister.home = head.boss, head.boss_male, head.home
        sister.phones[0] = head.phones[0]
        members.append(sister)
    elif draw < 0.22:  # the same name in another city
        elsewhere = chance.one(counties())
        members.append(
            _organisation(
                *(
                    chance,
                    numbers,
                    start + len(members),
                    elsewhere,
                    _region(chance, elsewhere),
                    stem,
                    industry,
                    head.form,
                ),
                authority="91",
            )
        )
    if chance.happens(0.04):
        members.append(_part(chance, numbers, head, start + len(members)))
    for member in members:
        member.group = f"G{start}"
    return members


def _branch(chance: Chance, numbers: OneOfAKind, head: Organisation, number: int) -> Organisation:
    """A place of business elsewhere: its own phone and door, its own code or none."""
    county = chance.one(counties()) if chance.happens(0.6) else head.county
    word = chance.one(_BRANCHES)
    where = (
        short_name(county.city)
        if word in ("分公司", "办事处")
        else chance.one(("观前街", "人民路", "万达", "城东", "南门"))
    )
    branch = replace(
        head,
        entity=f"O{number}",
        county=county,
        part=where + word,
        home=draw_home(chance, county, business=True),
        phones=[_landline(chance, county), _mobile(chance)],
        heads_code=head.code,
        code=_credit_code(numbers, "91", county) if word in ("分公司", "专卖店") else "",
        registration="",
        former_stem="",
    )
    branch.boss, branch.boss_male = _boss(chance)
    return branch


def _part(chance: Chance, numbers: OneOfAKind, head: Organisation, number: int) -> Organisation:
    """Union or canteen: the same door, its own phone, a code of its own only for a union."""
    word = chance.one(_PARTS)
    code = _credit_code(numbers, "81", head.county) if "工会" in word else ""
    part = replace(
        head, entity=f"O{number}", part=word, phones=[_landline(chance, head.county), _mobile(chance)]
    )
    part.code, part.registration, part.heads_code, part.former_stem = code, "", head.code, ""
    part.boss, part.boss_male = _boss(chance)
    return part


def _shop(chance: Chance, numbers: OneOfAKind, start: int) -> list[Organisation]:
    """A sole trader; many bear the name of a dish or a chain."""
    county = chance.common(counties(), 0.4)
    draw = chance.random()
    region = county.name if draw < 0.3 else ""
    if chance.happens(0.2):
        stem, form = chance.one(_CHAINS), ""
    else:
        stem = chance.one(
            (
                names.draw_surname(chance) + chance.one("记家氏"),
                chance.one(_BRANDS),
                chance.one(_FIRST) + chance.one(_SECOND),
            )
        )
        form = chance.one(_SHOPS)
    shop = _organisation(chance, numbers, start, county, region, stem, "", form, authority="92")
    if chance.happens(0.3):
        shop.code = ""
    if chance.happens(0.5):
        shop.phones = [_mobile(chance), _mobile(chance)]
    shop.group = f"G{start}"
    return [shop]


def _body(chance: Chance, numbers: OneOfAKind, start: int) -> list[Organisation]:
    county = chance.one(counties())
    region = chance.weighed({county.name: 0.7, county.city: 0.3})
    name = chance.one(_BODIES + _INSTITUTIONS)
    body = _organisation(
        chance, numbers, start, county, region, "", "", name, authority="11" if name in _BODIES else "12"
    )
    body.group = f"G{start}"
    return [body]


def _organisation(
    chance: Chance, numbers: OneOfAKind, number: int, county: County, region: str, stem: str, industry: str,
    form: str, *, authority: str,
) -> Organisation:  # fmt: skip
    boss, male = _boss(chance)
    phones = [_landline(chance, county) if chance.happens(0.65) else _mobile(chance), _mobile(chance)]
    registration = county.code + chance.digits(8)
    return Organisation(
        *(
            f"O{number}",
            "",
            county,
            region,
            stem,
            industry,
            form,
            "",
            _credit_code(numbers, authority, county),
        ),
        registration=registration + mod_11_10.calc_check_digit(registration),
        home=draw_home(chance, county, business=True),
        phones=phones,
        email=f"{chance.one(_MAILBOXES)}{chance.digits(3)}@{chance.one(_MAIL)}",
        boss=boss,
        boss_male=male,
        former_boss=_boss(chance)[0],
    )


def _region(chance: Chance, county: County) -> str:
    return chance.weighed(
        {
            county.city: 0.3,
            short_name(county.city): 0.45,
            short_name(county.province): 0.12,
            county.name: 0.13,
        }
    )


def _credit_code(numbers: OneOfAKind, authority: str, county: County) -> str:
    def make() -> str:
        head = f"MA{''.join(numbers.chance.one('0123456789ABCDEFGHJKLMNPQRTUWXY') for _ in range(6))}"
        if numbers.chance.happens(0.4):
            head = numbers.chance.digits(8)
        code = f"{authority}{county.code}{head}{organisation_check(head)}"
        return code + credit_code_check(code)

    return numbers.once(make)


def _landline(chance: Chance, county: County) -> str:
    return f"{county.area_code}-{chance.between(2, 8)}{chance.digits(7)}"


def _mobile(chance: Chance) -> str:
    return f"1{chance.one('35789')}{chance.digits(9)}"


def _boss(chance: Chance) -> tuple[str, bool]:
    male = chance.happens(0.7)
    return names.draw_surname(chance) + names.draw_given(chance, male=male), male


class _Clerk:
    """Writes one record of an organisation in one system."""

    def __init__(
        self,
        chance: Chance,
        one: Organisation,
        system: System,
        dirt: float,
        agents: list[str],
        registered: list[Home],
    ) -> None:
        self.chance, self.one, self.system, self.dirt = chance, one, system, dirt
        self.agents, self.registered = agents, registered
        self.errors: list[str] = []

    def row(self) -> Row:
        one, system, chance = self.one, self.system, self.chance
        if one.part:
            self.errors.append("part")
        type_, number = self._credential() if chance.happens(system.has["credential"]) else ("", "")
        if not number:
            self.errors.append("no_id")
        return Row(
            source=system.name,
            name=self._name(),
            credential_type=type_,
            credential_no=number,
            gender="",
            birth_date="",
            phone=self._phone() if chance.happens(system.has["phone"]) else "",
            email=one.email if chance.happens(system.has["email"]) else "",
            address=self._address() if chance.happens(system.has["address"]) else "",
            legal_person=self._boss() if chance.happens(system.has["legal_person"]) else "",
            entity=one.entity,
            group=one.group,
            errors=tuple(self.errors),
        )

    def _errs(self, error: str) -> bool:
        happens = self.chance.happens(self.system.rates[error] * self.dirt)
        if happens:
            self.errors.append(error)
        return happens

    def _name(self) -> str:
        one = self.one
        stem, former = one.stem, ""
        if one.former_stem and self._errs("former_name"):
            stem = one.former_stem
        elif one.former_stem and self._errs("former_in_brackets"):
            former = f"(原{one.region}{one.former_stem}{one.industry}{one.form})"
        if not one.form.endswith("公司"):
            if one.form in _NUMBERED and self._errs("short_name"):
                return f"{short_name(one.region)}{_NUMBERED[one.form]}"
            return self._dressed(f"{one.region}{self._misheard(stem)}{one.industry}{one.form}{one.part}")
        return self._dressed(self._company_name(self._misheard(stem)) + former)

    def _misheard(self, stem: str) -> str:
        if len(stem) > 1 and self._errs("stem_homophone"):
            return names.homophone(self.chance, stem)
        if len(stem) > 1 and self._errs("stem_typo"):
            return stem[0] + self.chance.one(_SECOND)
        return stem

    def _company_name(self, stem: str) -> str:
        chance, one = self.chance, self.one
        region, industry, form = one.region, one.industry, one.form
        short = short_name(region)
        if not one.part and self._errs("short_name"):
            return chance.one((f"{stem}{industry}", f"{short}{stem}{industry}", f"{short}{stem}"))
        if self._errs("other_legal_form"):
            form = {"有限公司": "有限责任公司", "有限责任公司": "有限公司"}.get(form, form)
        elif not one.part and self._errs("no_legal_form"):
            form = chance.one(("公司", ""))
        if self._errs("no_region"):
            region = ""
        elif self._errs("region_in_brackets"):
            region, industry = "", f"{industry}({short})"
        elif (
            one.county.code[:2] not in MUNICIPALITIES
            and region == one.county.city
            and self._errs("province_too")
        ):
            region = one.county.province + region
        elif region.endswith("市") and chance.happens(0.25):
            region = short
        return f"{region}{stem}{industry}{form}{one.part}"

    def _dressed(self, name: str) -> str:
        chance = self.chance
        if self._errs("traditional"):
            name = names.traditional(name)
        if self._errs("spaces"):
            place = chance.between(1, max(1, len(name) - 1))
            name = f"{name[:place]} {name[place:]}"
        if self._errs("note"):
            name += chance.one(_NOTES)
        if len(name) > 12 and not self.one.part and self._errs("cut_off"):
            name = name[: chance.between(len(name) - 2, len(name) - 1)]
        return name.replace("(", chance.one("(（")).replace(")", chance.one(")）"))

    def _credential(self) -> tuple[str, str]:
        chance, one = self.chance, self.one
        code = one.code
        if one.heads_code and (not code or self._errs("heads_code")):
            if not code and not self._errs("heads_code"):
                return "", ""
            code = one.heads_code
        if not code:
            return "", ""
        declared = chance.one(("统一社会信用代码", "20", "20", "营业执照", ""))
        if code == one.code and self._errs("organisation_code"):
            return chance.one(("组织机构代码", "22", "")), chance.one(
                (code[8:17], f"{code[8:16]}-{code[16]}")
            )
        if code == one.code and one.registration and self._errs("old_registration"):
            return chance.one(("营业执照注册号", "21", "")), one.registration
        if self._errs("code_typo"):
            place = chance.between(2, 17)
            code = code[:place] + chance.one("0123456789ABCDEFG") + code[place + 1 :]
        return declared, code.lower() if chance.happens(0.02) else code

    def _phone(self) -> str:
        chance, one = self.chance, self.one
        number = one.phones[0]
        if self._errs("agents_phone"):
            return chance.one(self.agents)
        if self._errs("other_phone"):
            number = one.phones[1]
        if "-" not in number:
            return f"+86 {number}" if self._errs("phone_written") else number
        if self._errs("no_area_code"):
            return number.split("-")[1]
        if self._errs("phone_written"):
            number = chance.one(
                (
                    number.replace("-", ""),
                    f"({number[:4]}){number[5:]}",
                    number.replace("-", " "),
                    f"86-{number[1:]}",
                )
            )
        elif self._errs("extension"):
            number += chance.one(("-", "转", " ext ")) + str(chance.between(800, 899))
        if self._errs("two_phones"):
            number += "/" + one.phones[1]
        return number

    def _boss(self) -> str:
        if self._errs("former_boss"):
            return self.one.former_boss
        return names.homophone(self.chance, self.one.boss) if self._errs("boss_homophone") else self.one.boss

    def _address(self) -> str:
        home = self.one.home
        if self._errs("registered_address"):
            home = self.chance.one(self.registered)
        elif self._errs("moved"):
            home = moved(self.chance, home)
        return written(self.chance, home, care=self.system.care)
