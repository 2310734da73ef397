"""A county seat with its families, twins, namesakes, migrants and foreigners."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bench.identity.chance import Chance, listed
from bench.identity.elsewhere.doors import Door, draw_door
from bench.identity.persons import OneOfAKind
from bench.identity.places import County, counties

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿"
)
_MEN = listed(
    """
    伟 强 磊 军 勇 杰 涛 超 明 刚 平 辉 鹏 飞 波 斌 志强 建国 建军 国强 海涛 文博 浩然 子轩 俊杰 宇航 德华 志明
    永强 立新 小龙 金生 长江 爱民 卫东 春生 福来 玉柱 宝山 天佑 一鸣 家豪 梓豪 沐阳 景行 振东 少华 其昌 喜旺
    有才 铁柱 学文 新民 国栋
    """
)
_WOMEN = listed(
    """
    芳 娜 秀英 敏 静 丽 艳 娟 霞 秀兰 玉兰 桂英 桂兰 淑珍 淑华 红梅 小红 晓燕 海燕 丽娟 丽华 雪梅 春梅 冬梅
    婷婷 思雨 雨桐 欣怡 梓涵 诗涵 可欣 佳怡 若曦 一诺 美玲 慧敏 亚男 招娣 凤英 翠花 彩云 月娥 金凤 素芬 巧云
    爱华 玉珍 文静 晓敏 莹 琳 倩
    """
)
_FIRST, _LAST = (
    "子宇文志建国晓小雨佳思俊海永春玉秀明立新德家梦嘉天一",
    "涵轩杰豪怡萱宁琪妍阳华军英兰梅辉斌峰燕玲琳欣宇晨然洋",
)
_UYGHUR = {
    True: listed(
        """
    阿不都拉 艾尼瓦尔 吾买尔 玉山 尼加提 阿布都热合曼
    """
    ),
    False: listed(
        """
    古丽巴哈尔 迪丽努尔 阿米娜 热孜万古丽
    """
    ),
}
_UYGHUR_FATHERS = listed(
    """
    吾斯曼 艾买提 托合提 肉孜 阿不力孜 卡迪尔
    """
)
_FOREIGN = {
    True: listed(
        """
    James Michael Ivan Ahmed Minh Kenji Carlos Thomas
    """
    ),
    False: listed(
        """
    Maria Anna Olga Emily Linh Yuki Fatima Sophie
    """
    ),
}
_FOREIGN_MIDDLE = listed(
    """
    Lee Ann Peter Jose Ali Grace Paul Van
    """
)
_FOREIGN_LAST = listed(
    """
    Johnson Petrov Garcia Nguyen Tanaka Hassan Müller Brown O'Neill Kim Silva Dubois
    """
)
_MAIL = listed(
    """
    qq.com 163.com 126.com sina.cn aliyun.com 139.com hotmail.com
    """
)


@dataclass(slots=True)
class Citizen:
    """Somebody; ``kin`` the phones of the family, ``registered`` the door on the card, ``passports`` old and new."""

    entity: str
    family: str
    surname: str
    given: str
    male: bool
    birth: date
    card: str
    home: Door
    registered: Door
    mobiles: list[str]
    fixed: str
    mail: str
    kin: list[str] = field(default_factory=list)
    husband: str = ""
    latin: tuple[str, str, str] = ("", "", "")
    passports: tuple[str, ...] = ()
    parents: tuple[str, str] = ("", "")

    @property
    def name(self) -> str:
        return self.surname + self.given


def townsfolk(chance: Chance, count: int) -> list[Citizen]:
    """About ``count`` people of a dozen counties, among them one in which a name of the day is borne by dozens."""
    places = [chance.one(counties()) for _ in range(12)]
    numbers = OneOfAKind(chance)
    people: list[Citizen] = []
    while len(people) < count:
        kind = chance.random()
        if kind < 0.03:
            people.append(_foreigner(chance, numbers, chance.one(places), len(people)))
        elif kind < 0.06:
            people.append(_namesake(chance, numbers, places[0], len(people)))
        else:
            people += _family(chance, numbers, chance.one(places), len(people))
    return people


def _family(chance: Chance, numbers: OneOfAKind, county: County, start: int) -> list[Citizen]:
    door = draw_door(chance, county)
    shared = f"{county.area_code}-{chance.between(2, 8)}{chance.digits(7)}" if chance.happens(0.2) else ""
    born = date(1945, 1, 1) + timedelta(days=chance.between(0, 20_000))
    head = _citizen(chance, numbers, f"C{start}", f"F{start}", born, county, door, male=chance.happens(0.6))
    family = [head]
    if chance.happens(0.55):
        other = _citizen(
            *(
                chance,
                numbers,
                f"C{start + 1}",
                f"F{start}",
                born + timedelta(days=chance.between(-1500, 1500)),
            ),
            *(county, door),
            male=not head.male,
        )
        wife, man = (head, other) if other.male else (other, head)
        wife.husband = man.surname
        family.append(other)
        children = chance.weighed({0: 0.4, 1: 0.35, 2: 0.25})
        birth = min(born + timedelta(days=9_000 + chance.between(0, 3_000)), date(2018, 1, 1))
        twins = children == 2 and chance.happens(0.2)
        for number in range(children):
            child = _citizen(
                *(chance, numbers, f"C{start + len(family)}", f"F{start}"),
                *(birth if twins else birth + timedelta(days=number * 900), county, door),
                male=chance.happens(0.5),
                surname=man.surname,
            )
            if number and len(family[-1].given) == 2 and chance.happens(0.7):
                child.given = family[-1].given[0] + chance.one(
                    [char for char in _LAST if char != family[-1].given[1]]
                )
            child.parents = (head.card, head.name)
            family.append(child)
    names = {one.name: one for one in family}
    family = list(names.values())  # no two of one name in a family
    for member in family:
        member.fixed = shared
        member.kin = [one.mobiles[0] for one in family if one is not member]
    return family


def _citizen(
    chance: Chance, numbers: OneOfAKind, entity: str, family: str, birth: date, county: County, home: Door,
    *, male: bool, surname: str = "", given: str = "",
) -> Citizen:  # fmt: skip
    surname = surname or (chance.common(_SURNAMES, 0.75))
    given = given or (
        chance.common(_MEN if male else _WOMEN, 0.4)
        if chance.happens(0.45)
        else chance.one(_FIRST) + chance.one(_LAST)
    )
    if chance.happens(0.015):
        surname, given = "", f"{chance.one(_UYGHUR[male])}·{chance.one(_UYGHUR_FATHERS)}"
    migrant = chance.happens(0.3)
    origin = chance.one(counties()) if migrant else county
    mobiles = [numbers.mobile(), numbers.mobile(), numbers.mobile()]
    user = chance.one(
        (mobiles[0], chance.digits(10).lstrip("0"), f"{chance.one('abcdwxyz')}{chance.digits(6)}")
    )
    return Citizen(
        *(entity, family, surname, given, male, birth, numbers.citizen(origin.code, birth, male=male), home),
        registered=draw_door(chance, origin) if migrant else home,
        mobiles=mobiles,
        fixed="",
        mail=f"{user}@{chance.one(_MAIL)}",
        passports=tuple(
            numbers.once(lambda: f"E{chance.one('ABCDEFGHJ')}{chance.digits(7)}") for _ in range(2)
        ),
    )


def _namesake(chance: Chance, numbers: OneOfAKind, county: County, number: int) -> Citizen:
    """One of many 张伟 in one county: another door, phone and birthday, the age much the same."""
    surname, given, male = chance.one((("张", "伟", True), ("王", "芳", False), ("李", "秀英", False)))
    born = date(1978, 1, 1) + timedelta(days=chance.between(0, 4_000))
    home = draw_door(chance, county)
    return _citizen(
        *(chance, numbers, f"C{number}", f"F{number}", born, county, home),
        male=male,
        surname=surname,
        given=given,
    )


def _foreigner(chance: Chance, numbers: OneOfAKind, county: County, number: int) -> Citizen:
    male = chance.happens(0.6)
    born = date(1960, 1, 1) + timedelta(days=chance.between(0, 15_000))
    one = _citizen(
        chance, numbers, f"C{number}", f"F{number}", born, county, draw_door(chance, county), male=male
    )
    last, first, middle = chance.one(_FOREIGN_LAST), chance.one(_FOREIGN[male]), ""
    if chance.happens(0.4):
        middle = chance.one(_FOREIGN_MIDDLE)
    passports = tuple(numbers.once(lambda: f"{chance.one('CGKLX')}{chance.digits(8)}") for _ in range(2))
    return replace(
        one, surname=last, given=first, card="", latin=(first, middle, last), passports=passports,
        mail=f"{first}.{last}{born:%y}@gmail.com".lower().replace("'", "").replace("ü", "u"),
    )  # fmt: skip
