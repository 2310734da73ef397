"""Where people live and firms sit, and the ways to tell it: by landmark, village group, lane, or an old name."""

from __future__ import annotations

from dataclasses import dataclass

from bench.identity.chance import Chance, listed
from bench.identity.places import County
from hongyan.identity.normalise.divisions import short_name

_STREETS = listed(
    """
    延安西路 复兴中路 体育馆路 火车站前街 府前街 东大街 西门街 劳动路 交通路 师专路 纬三路 经七路 二环南路
    机场高速辅路 丹霞路 白塔岭路 桐江路 石牌坊巷 打铁巷 豆腐巷 三里亭路 水塔路 果园路 糖厂路 棉纺路 油田一路
    矿工路 兵团大道 五四路
    """
)
_COMPOUNDS = listed(
    """
    棉纺厂家属院 县委大院 卫校家属区 福星城 江南里 云锦台 融创壹号院 龙湖天街 城南安置房 铁建小区 二轻局宿舍
    书院壹号 公园道1号 钢花新村 碧水云天 凯旋门 水木清华 华润橡树湾 职工之家 移民新村
    """
)
_VILLAGES = listed(
    """
    大王庄 小赵沟 下寨 上坪 沙窝 榆树屯 三道河子 柏树湾 梅子坳 洋桥 旺角 田心 石塘 古城 石佛寺 龙王庙
    """
)
_TOWNS = listed(
    """
    城关镇 马头镇 沙河乡 七里店街道 新桥镇 白云街道 太平乡 红旗镇 汤泉街道 杨柳青镇
    """
)
_LANDMARKS = listed(
    """
    人民医院对面 老供销社旁边 加油站往东100米 中心小学后门 邮局隔壁 农业银行楼上 派出所斜对面 菜市场里面
    高铁站出口 新华书店二楼
    """
)
_DELIVERY = listed(
    """
    放门卫 打电话下来拿 不要放快递柜 放菜鸟驿站 下午送 周末在家 到了打电话 送到前台
    """
)
_NUMERALS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))


@dataclass(frozen=True, slots=True)
class Door:
    """One door; ``lane`` the number of a Shanghai lane, ``group`` of a village; what there is not is empty."""

    county: County
    town: str
    street: str
    number: str
    compound: str = ""
    block: str = ""
    entrance: str = ""
    flat: str = ""
    lane: str = ""
    group: str = ""
    landmark: str = ""


def draw_door(chance: Chance, county: County) -> Door:
    """A flat, a lane house, a house on a street or a farm."""
    town, landmark = chance.one(_TOWNS), chance.one(_LANDMARKS)
    kind = chance.random()
    if kind < 0.2:
        group = str(chance.between(1, 12))
        return Door(
            county,
            town,
            chance.one(_VILLAGES) + "村",
            str(chance.between(1, 160)),
            group=group,
            landmark=landmark,
        )
    street, number = chance.one(_STREETS), str(chance.between(1, 1200))
    if kind < 0.3:
        return Door(county, town, street, number, landmark=landmark)
    flat = f"{chance.between(1, 30)}{chance.between(1, 6):02}"
    if kind < 0.38:
        return Door(
            county, town, street, str(chance.between(1, 99)), lane=number, flat=flat, landmark=landmark
        )
    return Door(
        *(county, town, street, number, chance.one(_COMPOUNDS), str(chance.between(1, 60))),
        *(str(chance.between(1, 5)), flat, "", "", landmark),
    )


def on_paper(door: Door) -> str:
    """The whole address, as a registry prints it."""
    return "".join(_divisions(door.county)) + door.town + _spot(door, "号", "号楼", "单元", "室")


def as_told(chance: Chance, door: Door) -> str:
    """The address as somebody tells it to a stranger: parts left out, landmarks put in."""
    divisions = _divisions(door.county)
    style = chance.random()
    if style < 0.3:
        divisions = divisions[1:] or divisions
    elif style < 0.45:
        divisions = divisions[-1:]
    elif style < 0.6:
        divisions = [short_name(name) for name in divisions]
    elif style < 0.68:
        divisions = []
    if door.county.former and divisions and chance.happens(0.3):
        divisions = [*divisions[:-1], door.county.former]
    town = door.town if chance.happens(0.5) else ""
    forms = chance.one(
        (
            ("号", "号楼", "单元", "室"),
            ("号", "栋", "单元", ""),
            ("号", "幢", "", "室"),
            ("号", "-", "-", ""),
            ("", "#", "门", ""),
            ("号", "座", "单元", "号"),
        )
    )
    text = "".join(divisions) + town + _spot(door, *forms, loose=chance.random())
    draw = chance.random()
    if draw < 0.1:
        text += f"({door.landmark})"
    elif draw < 0.16:
        text += door.landmark
    elif draw < 0.22:
        text += chance.one(("，", " ", "（")) + chance.one(_DELIVERY)
    elif draw < 0.27:
        text = " ".join([*divisions, town + _spot(door, *forms)])
    return text


def by_landmark(chance: Chance, door: Door) -> str:
    """What a caller says who does not know the number."""
    place = door.compound or door.street
    return chance.one((door.county.name, short_name(door.county.name), "")) + place + door.landmark


def in_wide_characters(text: str) -> str:
    """Digits and Latin letters as the input method leaves them."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def in_numerals(number: str) -> str:
    """Digit by digit in Chinese, as on old paper."""
    return "".join(_NUMERALS.get(char, char) for char in number)


def _divisions(county: County) -> list[str]:
    names = [county.province, county.city, county.name]
    return names if county.province != county.city else names[1:]


def _spot(door: Door, number: str, block: str, entrance: str, flat: str, *, loose: float = 1.0) -> str:
    if door.group:
        return f"{door.street}{'' if loose < 0.3 else door.group + '组'}{door.number}{number or '号'}"
    if door.lane:
        return f"{door.street}{door.lane}弄{door.number}{number or '号'}{door.flat}{flat}"
    head = f"{door.street}{door.number}{number}"
    if not door.compound:
        return head
    if loose < 0.35:
        head = ""
    elif not number:
        head += "号"
    if 0.35 <= loose < 0.42:
        return head + door.compound
    inside = f"{door.block}{block}{door.entrance}{entrance}" if entrance else f"{door.block}{block}"
    return f"{head}{door.compound}{inside}{door.flat}{flat}"
