"""The organisation of the demo: units of the postal and the bank tree, staff and their posts.

One province deep: the group, all provinces by name, and beneath the demo province its cities, counties,
outlets and delivery segments; the bank tree mirrors it (REQUIREMENTS PSB-003…006), and an agency outlet
stands in both trees. Every county has its unit and its head; outlets stand where customers live.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hongyan.integration.demo import words
from hongyan.integration.demo.divisions import PROVINCE_NAME, City, County, counties, provinces
from hongyan.integration.demo.draw import Draw, spread
from hongyan.integration.demo.numbers import Numbers
from hongyan.integration.demo.people import draw_name

POSTAL, BANK = "邮政", "银行"
SELF_RUN, AGENCY = "自营", "代理"
MANAGING, OPERATING = "管理机构", "营业机构"
GROUP, PROVINCE, CITY, COUNTY, OUTLET, SEGMENT = "123456"

CUSTOMERS_PER_OUTLET = 125
MIN_OUTLETS_PER_COUNTY = 3
MAX_OUTLETS = 8_000
AGENCY_OUTLET_RATE = 0.6
SEGMENTS_PER_OUTLET = 2
# PSB-006: a managing organisation may be registered separately as agency; these many counties are.
COUNTIES_REGISTERED_TWICE = 2
SEVERAL_POSTS_RATE = 0.04
DEPARTED_RATE = 0.015
BUSY_OUTLET_WEIGHT = 4.0  # of the demo outlet, where an ordinary outlet has 0.2 to 1

POSTAL_LINES, BANK_LINES, ALL_LINES = "01,02", "03", "01,02,03,04,05"
DEMO_STAFF_NUMBERS = 100_000
OTHER_STAFF_NUMBERS = 200_000


@dataclass(frozen=True, slots=True)
class Unit:
    code: str
    name: str
    short_name: str
    level: str
    parent: str
    tree: str
    ownership: str
    nature: str
    division: str
    postcode: str
    valid_from: str
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One row of the staff sheet: a person at a unit in a role."""

    staff_no: str
    name: str
    sex: str
    mobile: str
    unit: Unit
    role: str
    lines: str
    main: bool
    joined: str
    left: str = ""


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where customers belong: a postal outlet with the numbers of its customer managers."""

    unit: Unit
    county: County
    weight: float
    managers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """Somebody to log in as. `posts` are (role, unit code, unit name)."""

    staff_no: str
    name: str
    what: str
    posts: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class Network:
    units: list[Unit] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    outlets: list[Outlet] = field(default_factory=list)
    demo_staff: list[DemoStaff] = field(default_factory=list)


def used_counties(customers: int) -> tuple[County, ...]:
    """Counties that have outlets: at first two neighbours of the capital, then round the cities."""
    neighbours = counties()[:2]
    rank = {county: sum(other.city is county.city for other in counties()[:place])
            for place, county in enumerate(counties())}  # fmt: skip
    others = sorted(counties()[2:], key=lambda county: (rank[county], -county.weight))
    number = max(2, min(len(counties()), outlet_count(customers) // MIN_OUTLETS_PER_COUNTY))
    return (*neighbours, *others)[:number]


def outlet_count(customers: int) -> int:
    """Postal outlets for so many customers."""
    return max(2 * MIN_OUTLETS_PER_COUNTY, min(MAX_OUTLETS, customers // CUSTOMERS_PER_OUTLET))


def outlets_per_county(customers: int) -> dict[County, int]:
    """Outlets of each used county: the minimum, and the rest by population."""
    used = used_counties(customers)
    rest = outlet_count(customers) - MIN_OUTLETS_PER_COUNTY * len(used)
    population = sum(county.weight for county in used)
    return {county: MIN_OUTLETS_PER_COUNTY + int(rest * county.weight / population) for county in used}


def province_unit() -> str:
    """Code of the demo province's postal unit: the one the demo's systems deliver for."""
    return next(f"{code}000" for code, name in provinces().items() if name.startswith(PROVINCE_NAME))


def build_network(customers: int, *, draw: Draw, numbers: Numbers, as_of: date) -> Network:
    """The whole organisation for a world of so many customers."""
    return _Builder(draw=draw, numbers=numbers, as_of=as_of).build(customers)


class _Builder:
    def __init__(self, *, draw: Draw, numbers: Numbers, as_of: date) -> None:
        self.draw = draw
        self.numbers = numbers
        self.as_of = as_of
        self.network = Network()
        self.staff = 0
        self.demo = 0

    def build(self, customers: int) -> Network:
        headquarters, province, bank_province = self._top()
        shares = outlets_per_county(customers)
        cities = {county.city: None for county in counties()}
        heads = {city: self._city(city, province, bank_province) for city in cities}
        for county in counties():
            self._county(county, *heads[county.city], outlets=shares.get(county, 0))
        self._demo_people(headquarters, province)
        return self.network

    def _top(self) -> tuple[Unit, Unit, Unit]:
        headquarters = self._unit("000000000", "邮政集团总部", "集团总部", GROUP, division="100000")
        for code, name in provinces().items():
            short = name[:3] if name.startswith(("内蒙", "黑龙")) else name[:2]
            self._unit(
                f"{code}000", f"{name}邮政分公司", f"{short}邮政", PROVINCE, headquarters, division=code
            )
        province = next(unit for unit in self.network.units if unit.code == province_unit())
        bank = self._unit("B000000000", "邮政储蓄银行总行", "总行", GROUP, division="100000", tree=BANK)
        bank_province = self._bank_unit(province, f"{PROVINCE_NAME}分行", PROVINCE, bank)
        self._hire(bank, "总部管理员", BANK_LINES)
        self._hire(bank_province, "省管理员", BANK_LINES)
        for role, number in PROVINCE_ROLES.items():
            for _ in range(number):
                self._hire(province, role, POSTAL_LINES)
        self._hire(headquarters, "只读领导", ALL_LINES)
        return headquarters, province, bank_province

    def _city(self, city: City, province: Unit, bank_province: Unit) -> tuple[Unit, Unit]:
        short = city.name.removesuffix("市")
        postal = self._unit(f"{city.code}000", f"{city.name}邮政分公司", f"{short}邮政", CITY, province)
        bank = self._bank_unit(postal, f"{city.name}分行", CITY, bank_province)
        for role in ("市管理员", "大客户经理", "财务"):
            self._hire(postal, role, POSTAL_LINES)
        self._hire(bank, "市管理员", BANK_LINES)
        return postal, bank

    def _county(self, county: County, city: Unit, bank_city: Unit, *, outlets: int) -> None:
        place = f"{county.city.name}{county.name}"
        postal = self._unit(
            f"{county.code}000",
            f"{place}邮政分公司",
            f"{county.name}邮政",
            COUNTY,
            city,
            postcode=county.postcode,
        )
        bank = self._bank_unit(postal, f"{place}支行", COUNTY, bank_city)
        self._hire(postal, "县负责人", POSTAL_LINES)
        if not outlets:
            return
        self._hire(bank, "县负责人", BANK_LINES)
        agency = bank
        if county in counties()[:COUNTIES_REGISTERED_TWICE]:
            agency = self._register_as_agency(bank)
        self._bank_outlet(county, bank)
        places = self._outlet_names(outlets)
        for number, name in enumerate(places, start=1):
            self._outlet(county, postal, agency, number=number, name=name)

    def _bank_unit(self, postal: Unit, name: str, level: str, parent: Unit) -> Unit:
        """The bank's organisation beside a postal one."""
        return self._unit(
            f"B{postal.code}", f"邮政储蓄银行{name}", name, level, parent,
            division=postal.division, postcode=postal.postcode,
        )  # fmt: skip

    def _register_as_agency(self, bank: Unit) -> Unit:
        """The same sub-branch once more, as head of the agency outlets."""
        agency = replace(
            bank,
            code=f"{bank.code[:-3]}900",
            name=f"{bank.name}(代理)",
            short_name=f"{bank.short_name}(代理)",
            ownership=AGENCY,
        )
        self.network.units.append(agency)
        return agency

    def _outlet_names(self, outlets: int) -> list[str]:
        places = list(words.OUTLET_PLACES)
        self.draw.shuffle(places)
        round_ = 1
        names: list[str] = []
        while len(names) < outlets:
            names += [place if round_ == 1 else f"{place}第{round_}" for place in places]
            round_ += 1
        return names[:outlets]

    def _bank_outlet(self, county: County, parent: Unit) -> None:
        name = f"邮政储蓄银行{county.city.name}{county.name}支行营业部"
        outlet = self._unit(
            f"B{county.code}001", name, f"{county.name}营业部", OUTLET, parent, postcode=county.postcode
        )
        self._hire(outlet, "网点负责人", BANK_LINES)
        self._hire(outlet, "理财经理", BANK_LINES)

    def _outlet(self, county: County, parent: Unit, bank_parent: Unit, *, number: int, name: str) -> None:
        agency = self.draw.chance(AGENCY_OUTLET_RATE)
        demo = number == 1 and county in counties()[:2]
        unit = self._unit(
            f"{county.code}{number:03}", f"{county.city.name}{county.name}{name}邮政支局", f"{name}支局",
            OUTLET, parent, postcode=county.postcode, ownership=AGENCY if agency else SELF_RUN,
        )  # fmt: skip
        if agency:
            self._mirror(unit, bank_parent)
        else:
            for segment in range(1, SEGMENTS_PER_OUTLET + 1):
                self._unit(
                    f"{unit.code}{segment:02}",
                    f"{unit.name}投递{segment}段",
                    f"投递{segment}段",
                    SEGMENT,
                    unit,
                )
        if not demo:
            self._hire(unit, "网点负责人", POSTAL_LINES)
        managers = tuple(
            self._hire(unit, "客户经理", POSTAL_LINES, dual=agency) for _ in range(self.draw.pick(MANAGERS))
        )
        weight = BUSY_OUTLET_WEIGHT if demo else 0.2 + 0.8 * self.draw.random()
        self.network.outlets.append(Outlet(unit, county, weight * county.weight, managers))

    def _mirror(self, unit: Unit, parent: Unit) -> None:
        self.network.units.append(replace(unit, tree=BANK, parent=parent.code))

    def _unit(
        self, code: str, name: str, short_name: str, level: str, parent: Unit | None = None, *,
        division: str = "", postcode: str = "", tree: str = "", ownership: str = SELF_RUN,
    ) -> Unit:  # fmt: skip
        unit = Unit(
            code=code,
            name=name,
            short_name=short_name,
            level=level,
            parent=parent.code if parent else "",
            tree=tree or (parent.tree if parent else POSTAL),
            ownership=ownership,
            nature=OPERATING if level in (OUTLET, SEGMENT) else MANAGING,
            division=division or code.removeprefix("B")[:6],
            postcode=postcode or (parent.postcode if parent and level == SEGMENT else ""),
            valid_from="2007-01-01" if level < OUTLET else "2010-01-01",
        )
        self.network.units.append(unit)
        return unit

    def _hire(self, unit: Unit, role: str, lines: str, *, dual: bool = False) -> str:
        """Somebody new at the unit; returns the staff number."""
        self.staff += 1
        staff_no = str(OTHER_STAFF_NUMBERS + self.staff)
        male = self.draw.chance(0.5)
        year = self.draw.between(1968, 2001)
        name = draw_name(self.draw, male=male, birth_year=year).full
        joined = date(max(year + 22, 1995), self.draw.between(1, 12), self.draw.between(1, 28)).isoformat()
        post = Post(
            staff_no, name, "男" if male else "女", self.numbers.mobile(), unit, role, lines, True, joined
        )
        self.network.posts.append(post)
        if dual and self.draw.chance(SEVERAL_POSTS_RATE):
            self.network.posts.append(self._second_post(post))
        if self.draw.chance(DEPARTED_RATE):
            self._departed(post)
        return staff_no

    def _second_post(self, post: Post) -> Post:
        """The same person sells savings at the same agency outlet (兼岗)."""
        bank_side = self.network.units[-1]
        return replace(post, unit=bank_side, role="理财经理", lines=BANK_LINES, main=False)

    def _departed(self, successor: Post) -> None:
        """The one who held the post before and has left."""
        self.staff += 1
        male = self.draw.chance(0.5)
        left = self.as_of - timedelta(days=self.draw.between(30, 900))
        former = replace(
            successor,
            staff_no=str(OTHER_STAFF_NUMBERS + self.staff),
            name=draw_name(self.draw, male=male, birth_year=1970).full,
            sex="男" if male else "女",
            mobile=self.numbers.mobile(),
            joined="1998-07-01",
            left=left.isoformat(),
        )
        self.network.posts.append(former)

    def _demo_people(self, headquarters: Unit, province: Unit) -> None:
        unit = {(unit.code, unit.tree): unit for unit in self.network.units}
        here, there = counties()[:2]
        busy = unit[f"{here.code}001", POSTAL]
        neighbour = unit[f"{there.code}001", POSTAL]
        county, city = unit[f"{here.code}000", POSTAL], unit[f"{here.city.code}000", POSTAL]
        self._appoint("outlet manager of a busy outlet", "张建华", "男", [("网点负责人", busy)])
        self._appoint("outlet manager in the neighbouring county", "李敏", "女", [("网点负责人", neighbour)])
        self._appoint("head of the county", "王志刚", "男", [("县负责人", county)])
        self._appoint("head of the city", "刘海燕", "女", [("市管理员", city)])
        self._appoint("data steward of the province", "陈静", "女", [("数据管家", province)])
        self._appoint("head of the group", "赵国强", "男", [("总部管理员", headquarters)], ALL_LINES)
        self._appoint("auditor", "孙丽华", "女", [("审计", headquarters)], ALL_LINES)
        self._appoint("system administrator", "周磊", "男", [("系统管理员", headquarters)], ALL_LINES)
        self._appoint(
            "two posts in two counties", "吴晓东", "男", [("客户经理", busy), ("网点负责人", neighbour)]
        )
        self._appoint("security administrator", "郑卫国", "男", [("安全管理员", headquarters)], ALL_LINES)
        self._appoint("deputy head of the group", "何淑芬", "女", [("总部管理员", headquarters)], ALL_LINES)

    def _appoint(
        self, what: str, name: str, sex: str, posts: list[tuple[str, Unit]], lines: str = POSTAL_LINES
    ) -> None:
        self.demo += 1
        staff_no, mobile = str(DEMO_STAFF_NUMBERS + self.demo), self.numbers.mobile()
        for index, (role, unit) in enumerate(posts):
            self.network.posts.append(
                Post(staff_no, name, sex, mobile, unit, role, lines, index == 0, "2008-07-01")
            )
        named = tuple((role, unit.code, unit.name) for role, unit in posts)
        self.network.demo_staff.append(DemoStaff(staff_no, name, what, named))


PROVINCE_ROLES = {
    "省管理员": 1, "数据管家": 1, "审计": 1, "系统管理员": 1, "营销策划": 1, "分析师": 2, "审批人": 2,
    "财务": 1, "坐席": 6, "班长": 1, "质检": 1, "调度": 1,
}  # fmt: skip
MANAGERS = spread({1: 6, 2: 3, 3: 1}, slots=10)


def outlet_table(outlets: list[Outlet]) -> tuple[Outlet, ...]:
    """The outlets, each as often as customers live around it (see `spread`)."""
    return spread(dict(zip(outlets, (outlet.weight for outlet in outlets), strict=True)), slots=1 << 16)


def rows_of_units(network: Network) -> Iterator[tuple[str, ...]]:
    """Rows of the sheet 机构."""
    for unit in network.units:
        yield (
            unit.code, unit.name, unit.short_name, unit.level, unit.parent, unit.tree, unit.ownership,
            unit.nature, unit.division, unit.postcode, unit.valid_from, unit.valid_to,
        )  # fmt: skip


def rows_of_posts(network: Network) -> Iterator[tuple[str, ...]]:
    """Rows of the sheet 人员, one per post."""
    for post in network.posts:
        yield (
            post.staff_no, post.name, post.sex, post.mobile, f"{post.staff_no}@example.com", post.unit.code,
            post.unit.tree, post.role, post.lines, "是" if post.main else "否", post.joined, post.left,
        )  # fmt: skip
