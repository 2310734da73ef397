"""Divisions with today's and former names, homes in them, and how people write an address."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache

from bench.identity.chance import Chance, listed
from hongyan.identity.normalise.divisions import every_division, short_name

_ROADS = listed(
    """
    人民 解放 建设 中山 文化 和平 新华 长江 黄河 滨河 迎宾 工业 学府 花园 朝阳 东风 胜利 光明 幸福 友谊 青年
    北京 南京 上海 泰山 富民 兴业 科技 创新 金山 银河 龙泉 凤凰 梧桐 桃源 观前 虎丘 平江 珠江 江南 湖滨 钟楼
    西湖 天府 春熙 芙蓉 五一 八一 环城 站前 机场 港口 海关 渔港
    """
)
_ROAD_FORMS = (
    "路",
    "路",
    "路",
    "街",
    "东路",
    "西路",
    "南路",
    "北路",
    "大道",
    "大街",
    "中路",
    "巷",
    "一路",
    "二路",
)
_ESTATES = listed(
    """
    阳光花园 锦绣苑 幸福里 翡翠城 和谐家园 金域蓝湾 丽景嘉园 书香名邸 绿地国际城 万科城 恒大名都 碧桂园 保利香槟
    中海国际 世纪花园 东湖新村 西苑小区 南苑小区 北苑新村 桃园小区 教师公寓 机关家属院 铁路小区 纺织新村
    电厂宿舍 百合苑 玫瑰园 香榭丽舍 御景湾 滨江花园 盛世华庭 学府雅苑 康桥半岛 天鹅湖 水岸人家
    """
)
_BUILDINGS = listed(
    """
    科技大厦 商务中心 国际大厦 创业园 软件园 金融中心 银座大厦 建材市场 五金城 农贸市场 物流园 万达广场
    电商产业园 时代广场 财富中心 工业坊 孵化基地
    """
)
_TOWNS = listed(
    """
    青龙 柳河 东关 西关 城关 龙泉 石桥 白杨 清河 双山 云亭 南苑 松陵 木渎 玉山 塘桥 沙头 大河 小店 马驹桥
    """
)
_TOWN_FORMS = ("街道", "街道", "镇", "镇", "乡")
_VILLAGES = listed(
    """
    前李村 后王村 东张村 西刘村 孙家庄 大陈村 马家村 高庄村 河西村 桃园村 周家坝 石门村 杏林村
    """
)
_CHINESE = dict(zip("123456789", "一二三四五六七八九", strict=True))
MUNICIPALITIES = ("11", "12", "31", "50")


@dataclass(frozen=True, slots=True)
class County:
    """``province`` and ``city`` with their ranks; ``former`` the county's earlier name, if it had one."""

    code: str
    name: str
    city: str
    province: str
    former: str = ""
    area_code: str = "0512"


@dataclass(frozen=True, slots=True)
class Home:
    """One door: in a town on a road or in a village; ``building`` … ``room`` empty where there is one house."""

    county: County
    town: str
    road: str
    number: str
    estate: str
    building: str
    unit: str
    room: str


@cache
def counties() -> tuple[County, ...]:
    """Counties of today with their cities and provinces."""
    rows = every_division()
    names = {code: name for code, name, in_force in rows if in_force}
    former: dict[str, list[str]] = defaultdict(list)
    for code, name, in_force in rows:
        if not in_force:
            former[code[:4] + short_name(name)].append(name)
    found = []
    for code, name in names.items():
        province, city = names.get(code[:2] + "0000", ""), names.get(code[:4] + "00", "")
        if code.endswith("00") or not province or len(name) < 3 or name in ("市辖区", "郊区"):
            continue
        if code[:2] in MUNICIPALITIES:
            city = province
        if not city or city.startswith(("省直辖", "自治区直辖")) or code[:2] in ("71", "81", "82"):
            continue
        earlier = [old for old in former[code[:4] + short_name(name)] if old != name]
        found.append(County(code, name, city, province, earlier[0] if earlier else "", _area_code(code)))
    return tuple(found)


def _area_code(code: str) -> str:
    own = {"11": "010", "12": "022", "31": "021", "50": "023", "3205": "0512", "3201": "025", "4401": "020"}
    return own.get(code[:2]) or own.get(code[:4]) or f"0{3 + int(code[:2]) % 7}{int(code[2:4]) % 90 + 10}"


def draw_home(chance: Chance, county: County, *, business: bool = False) -> Home:
    """A door in a county: an estate's flat, a house on a road, a village house or an office."""
    town = chance.one(_TOWNS) + chance.one(_TOWN_FORMS)
    road = chance.common(_ROADS) + chance.one(_ROAD_FORMS)
    number = str(chance.between(1, 999))
    if business:
        has_office = chance.happens(0.5)
        estate = chance.one(_BUILDINGS) if has_office else ""
        room = str(chance.between(1, 28)) + f"{chance.between(1, 20):02}" if has_office else ""
        return Home(county, town, road, number, estate, chance.one("ABC3") if has_office else "", "", room)
    if chance.happens(0.14):
        return Home(county, town, chance.one(_VILLAGES), str(chance.between(1, 300)), "", "", "", "")
    if chance.happens(0.12):
        return Home(county, town, road, number, "", "", "", "")
    floor, door = chance.between(1, 33), chance.between(1, 4)
    return Home(
        *(county, town, road, number, chance.one(_ESTATES), str(chance.between(1, 40))),
        *(str(chance.between(1, 4)), f"{floor}{door:02}"),
    )


def written(chance: Chance, home: Home, *, care: float) -> str:
    """The address as somebody writes it; the more ``care`` (0–1), the more complete and regular."""
    detail = _detail(chance, home, care)
    heads = _heads(chance, home, care)
    town = home.town if chance.happens(0.35) or not home.building else ""
    style = chance.random()
    if style > 0.985 and heads:
        return "，".join([detail, *reversed(heads)])
    glue = " " if chance.happens(0.06) else ""
    text = glue.join([*heads, town + detail] if town else [*heads, detail])
    if chance.happens(0.03 * (1 - care)):
        text += chance.one(("(放门口)", " 送货上门", "附近", "（丰巢柜）", "门卫代收"))
    if chance.happens(0.01):
        text = f"{chance.between(100, 830)}000{text}"
    return text


def _heads(chance: Chance, home: Home, care: float) -> list[str]:
    county = home.county
    own_city = county.city != county.province
    heads = [county.province, county.city, county.name] if own_city else [county.province, county.name]
    name = county.former if county.former and chance.happens(0.15) else county.name
    heads[-1] = name
    draw = chance.random() * (1.25 - 0.25 * care)
    if draw > 1.1:
        return []
    if draw > 1.0:
        return [name]
    if draw > 0.85 and own_city:
        return [short_name(county.province), county.city, name]
    if draw > 0.8:
        return [short_name(county.city), name]
    return heads[1:] if draw > 0.45 and own_city else heads


def _detail(chance: Chance, home: Home, care: float) -> str:
    number = home.number
    if chance.happens(0.01) and len(number) == 1:
        number = _CHINESE[number]
    mark = chance.weighed({"号": 0.93, "": 0.04, "#": 0.03})
    if not home.estate:
        return home.road + number + mark
    if chance.happens(0.2):
        shown = home.estate
    elif chance.happens(0.8):
        shown = home.road + number + mark + home.estate
    else:  # without the estate between them, two numbers need a mark
        shown = home.road + number + (mark or "号")
    if chance.happens(0.16 * (1.3 - care)):
        return shown
    return shown + _inside(chance, home)


def _inside(chance: Chance, home: Home) -> str:
    if home.building and not home.unit:
        return f"{home.building}座{home.room}" + chance.one(("室", ""))
    style = chance.random()
    if style < 0.22:
        return f"{home.building}-{home.unit}-{home.room}"
    block = chance.weighed({"栋": 0.4, "幢": 0.3, "号楼": 0.3})
    if style < 0.34:
        return f"{home.building}{block}{home.room}" + chance.one(("", "室"))
    return f"{home.building}{block}{home.unit}单元{home.room}" + chance.one(("", "室", "室"))


def moved(chance: Chance, home: Home) -> Home:
    """Another door: mostly in the same county."""
    county = home.county if chance.happens(0.7) else chance.one(counties())
    return replace(draw_home(chance, county, business=not home.unit and bool(home.estate)), county=county)
