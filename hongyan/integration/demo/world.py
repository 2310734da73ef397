"""The true world behind the files: families and organisations, each customer once.

What the source systems know of them, and how they get it wrong, is `clerk`'s affair; here nothing is
wrong. Families share addresses and phones, twins share all but their given names, a company has
branches, shops, a union and a canteen that are customers of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from hongyan.integration.demo import words
from hongyan.integration.demo.divisions import County
from hongyan.integration.demo.draw import Draw, spread, zipf
from hongyan.integration.demo.network import Outlet, outlet_table
from hongyan.integration.demo.numbers import Numbers
from hongyan.integration.demo.people import Name, draw_name, draw_surname

KGC, JIYOU = "kgc", "jiyou"

PERSON_SHARE = 0.70
# Adults only: with the children, who collect stamps but sign no agreement, about 35 % of all persons.
ADULT_IN_BOTH_RATE = 0.375
ADULT_IN_KGC_ONLY_RATE = 0.28
ORGANISATION_IN_BOTH_RATE = 0.20
ORGANISATION_IN_KGC_ONLY_RATE = 0.65

SINGLE_RATE, COUPLE_RATE = 0.45, 0.22  # of households; the others have children
GRANDPARENT_RATE = 0.15  # of households with children
TWINS_RATE = 0.02
SHARED_PHONE_RATE = 0.30
MOTHERS_SURNAME_RATE = 0.05
EMAIL_RATE = 0.25
LANDLINE_RATE = 0.12
MIGRANT_RATE = 0.12  # whose resident ID was issued in another city
MALE_RATE = 0.52
VILLAGE_RATE = 0.25  # of homes
YOUNGEST, ADULT, OLDEST = 7, 18, 88

PUBLIC_BODY_RATE, SHOP_RATE = 0.16, 0.28  # of organisations; the others are companies
BRANCHES_RATE = 0.12  # of companies
PART_RATE = 0.06  # union or canteen, of companies and institutions


@dataclass(frozen=True, slots=True)
class Place:
    """An address and the outlet that serves it. `detail` is what follows the county's name."""

    outlet: Outlet
    detail: str

    @property
    def county(self) -> County:
        return self.outlet.county


@dataclass(slots=True)
class Person:
    """traits: what the truth file says of her family, e.g. ("twin",); tidy: her records have no errors."""

    entity: str
    name: Name
    male: bool
    birth: date
    resident_id: str
    mobile: str
    landline: str
    email: str
    place: Place
    systems: tuple[str, ...]
    traits: tuple[str, ...] = ()
    tidy: bool = False


@dataclass(slots=True)
class Organisation:
    """head_uscc: that of the company it is a branch or part of, "" for one that stands alone.

    uscc is "" for a part without registration; industry and scale are the old system's codes.
    """

    entity: str
    name: str
    short_name: str
    form: str
    uscc: str
    head_uscc: str
    old_licence: str
    industry: str
    scale: str
    legal_person: str
    mobile: str
    landline: str
    email: str
    place: Place
    systems: tuple[str, ...]


Customer = Person | Organisation


class World:
    """Makes customers one family or one group of companies at a time, for ever.

    delivery: 0 for the first load; a later one makes newcomers whose identifiers are new too.
    """

    def __init__(
        self, outlets: list[Outlet], *, draw: Draw, numbers: Numbers, as_of: date, delivery: int = 0
    ) -> None:
        self.draw = draw
        self.numbers = numbers
        self.as_of = as_of
        self._outlets = outlet_table(outlets)
        self._first_outlet = outlets[0]
        self._first_load = delivery == 0
        self._public_bodies: Counter[str] = Counter()
        self._prefix = f"{delivery}-" if delivery else ""
        self._persons = 0
        self._organisations = 0

    def groups(self) -> Iterator[list[Customer]]:
        """Families and organisations in turn, so that persons keep their share."""
        if self._first_load:
            for family in self._showcases():
                for person in family:
                    person.systems, person.tidy = (KGC, JIYOU), True
                yield list(family)
        while True:
            if self._persons <= PERSON_SHARE * (self._persons + self._organisations):
                yield list(self._household())
            else:
                yield list(self._organisation_group())

    # -- persons ---------------------------------------------------------------------------------

    def _showcases(self) -> Iterator[list[Person]]:
        """Three families at the demo outlet that a visitor is shown (see `Summary.examples`)."""
        place = self._place(self._first_outlet)
        woman = self._person(Name("欧阳", "晓丽"), male=False, birth=date(1984, 5, 17), place=place)
        woman.traits = ("two_spellings",)
        yield [woman]
        place = self._place(self._first_outlet)
        father = self._person(Name("孙", "建国"), male=True, birth=date(1961, 10, 1), place=place)
        son = self._person(Name("孙", "伟"), male=True, birth=date(1987, 3, 9), place=place)
        son.mobile = father.mobile
        father.traits, son.traits = ("father",), ("son_with_fathers_phone",)
        yield [father, son]
        place = self._place(self._first_outlet)
        twins = [
            self._person(Name("林", given), male=False, birth=date(1995, 8, 8), place=place)
            for given in ("雨婷", "雨欣")
        ]
        twins[1].mobile = twins[0].mobile
        for twin in twins:
            twin.traits = ("twin",)
        yield twins

    def _household(self) -> Iterator[Customer]:
        draw = self.draw
        place = self._place(draw.pick(self._outlets))
        kind = draw.random()
        surname = draw_surname(draw)
        year = self.as_of.year - draw.pick(_AGES)
        first = self._adult(surname, male=draw.chance(MALE_RATE), year=year, place=place)
        yield first
        if kind < SINGLE_RATE:
            return
        other_year = min(year + draw.between(-4, 4), self.as_of.year - ADULT)
        spouse = self._adult("", male=not first.male, year=other_year, place=place)
        if draw.chance(SHARED_PHONE_RATE / 2):
            spouse.mobile = first.mobile
        yield spouse
        if kind < SINGLE_RATE + COUPLE_RATE:
            return
        yield from self._children(first, spouse)
        if draw.chance(GRANDPARENT_RATE) and self.as_of.year - year < OLDEST - 28:
            yield self._adult(surname, male=draw.chance(0.5), year=year - draw.between(22, 28), place=place)

    def _children(self, first: Person, spouse: Person) -> Iterator[Person]:
        draw = self.draw
        father, mother = (first, spouse) if first.male else (spouse, first)
        year = max(father.birth.year, mother.birth.year) + draw.between(22, 30)
        if year > self.as_of.year - YOUNGEST:
            return
        surname = (mother if draw.chance(MOTHERS_SURNAME_RATE) else father).name.surname
        twins = draw.chance(TWINS_RATE)
        birth = self._birthday(year)
        for number in range(2 if twins else draw.pick(_CHILDREN)):
            if number and not twins:
                birth = self._birthday(birth.year + draw.between(2, 5))
                if birth.year > self.as_of.year - YOUNGEST:
                    return
            yield self._child(father, mother, surname=surname, birth=birth, twin=twins)

    def _child(self, father: Person, mother: Person, *, surname: str, birth: date, twin: bool) -> Person:
        draw = self.draw
        male = draw.chance(MALE_RATE)
        name = draw_name(draw, male=male, birth_year=birth.year, surname=surname)
        child = self._person(name, male=male, birth=birth, place=father.place)
        minor = self.as_of.year - birth.year <= ADULT
        traits = ["twin"] if twin else []
        if draw.chance(1.0 if minor else SHARED_PHONE_RATE):
            parent = father if draw.chance(0.5) else mother
            child.mobile = parent.mobile
            if male and parent is father:
                traits.append("son_with_fathers_phone")
        if minor:
            child.systems = (JIYOU,)
        child.traits = tuple(traits)
        return child

    def _adult(self, surname: str, *, male: bool, year: int, place: Place) -> Person:
        name = draw_name(self.draw, male=male, birth_year=year, surname=surname)
        return self._person(name, male=male, birth=self._birthday(year), place=place)

    def _person(self, name: Name, *, male: bool, birth: date, place: Place) -> Person:
        draw, numbers = self.draw, self.numbers
        self._persons += 1
        home = draw.pick(self._outlets).county.city if draw.chance(MIGRANT_RATE) else place.county.city
        return Person(
            entity=f"P{self._prefix}{self._persons:07}",
            name=name,
            male=male,
            birth=birth,
            resident_id=numbers.resident_id(home, birth=birth, male=male),
            mobile=numbers.mobile(),
            landline=numbers.landline(place.county.city) if draw.chance(LANDLINE_RATE) else "",
            email=numbers.email() if draw.chance(EMAIL_RATE) else "",
            place=place,
            systems=self._systems(ADULT_IN_BOTH_RATE, ADULT_IN_KGC_ONLY_RATE),
        )

    def _birthday(self, year: int) -> date:
        return date(year, 1, 1) + timedelta(days=int(self.draw.random() * 365))

    def _systems(self, both: float, kgc_only: float) -> tuple[str, ...]:
        chance = self.draw.random()
        if chance < both:
            return (KGC, JIYOU)
        return (KGC,) if chance < both + kgc_only else (JIYOU,)

    # -- organisations ---------------------------------------------------------------------------

    def _organisation_group(self) -> Iterator[Customer]:
        draw = self.draw
        place = self._place(draw.pick(self._outlets), business=True)
        kind = draw.random()
        if kind < PUBLIC_BODY_RATE and self._first_load:
            yield from self._with_part(self._public_body(place))
        elif kind < PUBLIC_BODY_RATE + SHOP_RATE:
            yield self._shop(place)
        else:
            yield from self._company(place)

    def _company(self, place: Place) -> Iterator[Organisation]:
        draw = self.draw
        city = place.county.city
        region = draw.pick((city.name, city.name, city.name.removesuffix("市"), "山东", "山东省"))
        industry_code = draw.pick(_INDUSTRY_CODES)
        industry = draw.pick(words.INDUSTRIES[industry_code])
        stem = draw.pick(words.STEMS_FIRST) + draw.pick(words.STEMS_SECOND)
        name = f"{region}{stem}{industry}{draw.pick(words.LEGAL_FORMS)}"
        head = self._organisation(
            name,
            short_name=stem + industry[:2],
            form="company",
            authority="91",
            industry=industry_code,
            place=place,
        )
        yield from self._with_part(head)
        if draw.chance(BRANCHES_RATE):
            for _ in range(draw.between(1, 3)):
                yield self._branch(head)

    def _branch(self, head: Organisation) -> Organisation:
        draw = self.draw
        place = self._place(draw.pick(self._outlets), business=True)
        county = place.county.name
        mark = draw.pick(
            (county, county.removesuffix("市").removesuffix("区"), draw.pick(words.OUTLET_PLACES))
        )
        return self._organisation(
            f"{head.name}{mark}{draw.pick(words.BRANCH_FORMS)}",
            short_name=f"{head.short_name}{mark}"[:12],
            form="branch",
            authority="91",
            industry=head.industry,
            place=place,
            head=head,
        )

    def _with_part(self, head: Organisation) -> Iterator[Organisation]:
        yield head
        if not self.draw.chance(PART_RATE):
            return
        part = self.draw.pick(words.PARTS)
        union = part == words.UNION
        yield self._organisation(
            f"{head.name}{part}",
            short_name=f"{head.short_name}{part[:2]}",
            form="union" if union else "canteen",
            authority="81" if union else "",
            industry=head.industry,
            place=head.place,
            head=head,
        )

    def _shop(self, place: Place) -> Organisation:
        draw = self.draw
        county = place.county
        owner = draw_name(draw, male=draw.chance(0.6), birth_year=draw.between(1965, 1998))
        stem = draw.pick(
            (f"老{owner.surname}", owner.given, draw.pick(words.STEMS_FIRST) + draw.pick(words.STEMS_SECOND))
        )
        shop = draw.pick(words.SHOPS)
        return self._organisation(
            f"{county.city.name}{county.name}{stem}{shop}", short_name=f"{stem}{shop}", form="shop",
            authority="92", industry="13", place=place, legal_person=owner.full,
        )  # fmt: skip

    def _public_body(self, place: Place) -> Organisation:
        """The next of the county's bureaus, schools, town offices and villages: each exists once."""
        county = place.county
        number = self._public_bodies[county.code]
        self._public_bodies[county.code] += 1
        bodies = public_bodies()
        authority, name = bodies[number % len(bodies)]
        again = number // len(bodies)
        return self._organisation(
            f"{county.name}{name}{f'第{again + 1}分部' if again else ''}",
            short_name=name[:6],
            form="public",
            authority=authority,
            industry="11",
            place=place,
        )

    def _organisation(
        self, name: str, *, short_name: str, form: str, authority: str, industry: str, place: Place,
        head: Organisation | None = None, legal_person: str = "",
    ) -> Organisation:  # fmt: skip
        draw, numbers = self.draw, self.numbers
        city = place.county.city
        self._organisations += 1
        birth_year = draw.between(1960, 1992)
        return Organisation(
            entity=f"O{self._prefix}{self._organisations:07}",
            name=name,
            short_name=short_name,
            form=form,
            uscc=numbers.uscc(city, authority=authority) if authority else "",
            head_uscc=head.uscc if head else "",
            old_licence=numbers.old_licence(city) if authority in ("91", "92") else "",
            industry=industry,
            scale=draw.pick("12334") if form != "shop" else "4",
            legal_person=legal_person or draw_name(draw, male=draw.chance(0.75), birth_year=birth_year).full,
            mobile=numbers.mobile(),
            landline=numbers.landline(city) if draw.chance(0.5) else "",
            email=numbers.email() if draw.chance(0.5) else "",
            place=place,
            systems=self._systems(ORGANISATION_IN_BOTH_RATE, ORGANISATION_IN_KGC_ONLY_RATE),
        )

    # -- places ----------------------------------------------------------------------------------

    def _place(self, outlet: Outlet, *, business: bool = False) -> Place:
        draw = self.draw
        road = f"{draw.pick(words.ROADS)}{draw.pick(words.ROAD_FORMS)}{draw.between(1, 399)}号"
        if business:
            return Place(
                outlet, f"{road}{draw.pick(words.BUILDINGS)}{draw.pick('ABC')}座{draw.pick(_FLOORS)}"
            )
        town = draw.pick(words.TOWNS) + draw.pick(words.TOWN_FORMS)
        if draw.chance(VILLAGE_RATE):
            return Place(outlet, f"{town}{draw.pick(words.VILLAGES)}村{draw.between(1, 299)}号")
        room = (
            f"{draw.between(1, 32)}号楼{draw.between(1, 4)}单元{draw.between(1, 17)}0{draw.between(1, 4)}室"
        )
        return Place(outlet, f"{town if draw.chance(0.4) else ''}{road}{draw.pick(words.ESTATES)}{room}")


@cache
def public_bodies() -> tuple[tuple[str, str], ...]:
    """(authority of the USCC, name) of all public bodies of a county, the important ones first."""
    towns = [f"{town}{form}" for form in sorted(set(words.TOWN_FORMS)) for town in words.TOWNS]
    return (
        *(("11", bureau) for bureau in words.BUREAUS),
        *(("12", institution) for institution in words.INSTITUTIONS),
        *(("12", f"{town}{body}") for town in towns for body in words.TOWN_BODIES),
        *(("54", f"{town}{village}村村民委员会") for town in towns for village in words.VILLAGES),
    )


_AGES = spread({age: 1.0 if 28 <= age <= 58 else 0.45 for age in range(ADULT, OLDEST - 8)})
_CHILDREN = spread({1: 0.6, 2: 0.34, 3: 0.06}, slots=100)
_INDUSTRY_CODES = spread({"13": 0.62, "14": 0.18, "12": 0.14, "15": 0.06}, slots=100)
# A literal "|" would break the old system's lines; its clerks write the full-width one.
_FLOORS = spread(zipf(("301室", "1204室", "2层", "906-908室", "3层｜东侧"), exponent=1), slots=100)
