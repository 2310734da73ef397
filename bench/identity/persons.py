"""People in their households, and what each system's clerk wrote of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bench.identity import names
from bench.identity.chance import Chance
from bench.identity.habits import PERSON_SYSTEMS, System
from bench.identity.places import County, Home, counties, draw_home, moved, written
from bench.identity.records import Row, World
from hongyan.identity.normalise.credentials import citizen_check

_FIRST_BIRTH, _LAST_BIRTH = date(1938, 1, 1), date(2006, 12, 31)
_RECORDS = {1: 0.45, 2: 0.25, 3: 0.15, 4: 0.08, 5: 0.05}
_MAIL = (
    "qq.com",
    "qq.com",
    "163.com",
    "126.com",
    "139.com",
    "sina.com",
    "gmail.com",
    "outlook.com",
    "foxmail.com",
)


@dataclass(slots=True)
class Person:
    """Somebody; ``relatives`` and ``lent_phones`` of the same household, which records may take over."""

    entity: str
    household: str
    surname: str
    given: str
    male: bool
    birth: date
    citizen_id: str
    passport: str
    home: Home
    old_home: Home
    mobiles: list[str]
    landline: str
    email: str
    lent_phones: list[str] = field(default_factory=list)
    parents_id: str = ""
    former_name: str = ""
    is_foreign: bool = False

    @property
    def name(self) -> str:
        return self.surname + self.given


def draw_people(chance: Chance, count: int, places: Sequence[County]) -> list[Person]:
    """About ``count`` people, household by household, the first places the most populous; some of them have a
    planted namesake besides those that chance brings."""
    people: list[Person] = []
    numbers = OneOfAKind(chance)
    while len(people) < count:
        county = chance.common(places, 0.4)
        people += _household(chance, numbers, county, f"H{len(people)}", start=len(people))
        if people and chance.happens(0.02):
            people.append(_namesake(chance, numbers, chance.one(people), len(people), places))
    return people


def describe(
    chance: Chance, people: list[Person], *, dirt: float, systems: Mapping[str, System]
) -> Iterator[Row]:
    """One to five records of each, each as one system has it; ``dirt`` scales all rates of error."""
    hot = [f"1{chance.one('3578')}{chance.digits(9)}" for _ in range(max(1, len(people) // 20_000))]
    shares = {name: system.share for name, system in systems.items()}
    for person in people:
        for _ in range(chance.weighed(_RECORDS)):
            yield _Clerk(chance, person, systems[chance.weighed(shares)], dirt, hot).row()


def persons(
    seed: int,
    count: int,
    *,
    dirt: float = 1.0,
    systems: Mapping[str, System] = PERSON_SYSTEMS,
    places: Sequence[County] | None = None,
) -> World:
    """About ``count`` records of people, the same for the same seed, in an order that tells nothing."""
    chance = Chance(f"persons {seed}")
    people = draw_people(chance, max(4, int(count / 2.03)), places or counties())
    return World.of(chance, describe(chance, people, dirt=dirt, systems=systems))


def city(code: str) -> tuple[County, ...]:
    """The counties of one city, by the first four digits of its code: a crowded world, full of namesakes."""
    return tuple(county for county in counties() if county.code.startswith(code))


class OneOfAKind:
    """Numbers given out once each."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance
        self.taken: set[str] = set()

    def citizen(self, county: str, birth: date, *, male: bool) -> str:
        """A citizen's number that passes its check."""

        def make() -> str:
            head = f"{county}{birth:%Y%m%d}{self.chance.between(0, 499) * 2 + male:03}"
            return head + citizen_check(head)

        return self.once(make)

    def mobile(self) -> str:
        return self.once(lambda: f"1{self.chance.one('3335557788889')}{self.chance.digits(9)}")

    def once(self, make: Callable[[], str]) -> str:
        while (number := make()) in self.taken:
            pass
        self.taken.add(number)
        return number


def _household(
    chance: Chance, numbers: OneOfAKind, county: County, household: str, *, start: int
) -> list[Person]:
    home = draw_home(chance, county)
    old_home = moved(chance, home)
    landline = f"{county.area_code}-{chance.between(2, 8)}{chance.digits(7)}" if chance.happens(0.25) else ""
    members: list[Person] = []

    def add(
        birth: date, *, male: bool, surname: str = "", given: str = "", kin: Person | None = None
    ) -> Person:
        person = _person(
            chance, numbers, f"P{start + len(members)}", household, birth, male, home, surname, given
        )
        person.old_home, person.landline = old_home, landline
        if kin:
            person.lent_phones = [kin.mobiles[0]]
        members.append(person)
        return person

    adult = _day(chance, _FIRST_BIRTH, date(2000, 12, 31))
    first = add(adult, male=chance.happens(0.5))
    if not chance.happens(0.66):
        return members
    second = add(_near(chance, adult, 6), male=not first.male, kin=first)
    first.lent_phones = [second.mobiles[0]]
    father = first if first.male else second
    if chance.happens(0.5) and adult.year < 1982:
        birth = _near(chance, adult.replace(year=adult.year + 25, day=1), 5)
        male = chance.happens(0.5)
        child = add(birth, male=male, surname=father.surname, kin=father)
        child.parents_id = father.citizen_id if chance.happens(0.03) else ""
        draw = chance.random()
        if draw < 0.12:  # twins: one birthday, one home, names alike
            sex = male if chance.happens(0.7) else not male
            given = names.sibling_given(chance, child.given, male=sex)
            add(birth, male=sex, surname=father.surname, given=given, kin=father)
        elif draw < 0.4:
            sex = chance.happens(0.5)
            given = names.sibling_given(chance, child.given, male=sex)
            add(_near(chance, birth, 5), male=sex, surname=father.surname, given=given, kin=father)
    if chance.happens(0.12) and adult.year > 1962:
        parent = add(
            _near(chance, adult.replace(year=adult.year - 26, day=1), 4), male=True, surname=father.surname
        )
        parent.lent_phones = [father.mobiles[0]]
    return members


def _person(
    chance: Chance, numbers: OneOfAKind, entity: str, household: str, birth: date, male: bool, home: Home,
    surname: str, given: str,
) -> Person:  # fmt: skip
    surname = surname or names.draw_surname(chance)
    given = given or names.draw_given(chance, male=male)
    if chance.happens(0.008):
        surname, given = "", f"{chance.one(names.ETHNIC[male])}·{chance.one(names.FATHERS)}"
    born_in = home.county.code if chance.happens(0.7) else chance.one(counties()).code
    mobile = numbers.mobile()
    return Person(
        *(entity, household, surname, given, male, birth, numbers.citizen(born_in, birth, male=male)),
        passport=numbers.once(lambda: f"E{chance.one('ABCDEFGHJ')}{chance.digits(7)}"),
        home=home,
        old_home=home,
        mobiles=[mobile, numbers.mobile(), numbers.mobile()],
        landline="",
        email=_email(chance, surname + given, birth, mobile),
        former_name=surname + names.draw_given(chance, male=male) if chance.happens(0.01) else "",
    )


def _namesake(
    chance: Chance, numbers: OneOfAKind, person: Person, number: int, places: Sequence[County]
) -> Person:
    """Somebody else of the same name: in the same county or born on the same day, sometimes both."""
    nearby = chance.happens(0.6)
    county = person.home.county if nearby else chance.one(places)
    birth = person.birth if not nearby or chance.happens(0.15) else _day(chance, _FIRST_BIRTH, _LAST_BIRTH)
    home = draw_home(chance, county)
    return _person(
        *(chance, numbers, f"P{number}", f"H{number}", birth, person.male, home),
        *(person.surname or names.draw_surname(chance), person.given.replace("·", "")),
    )


def _email(chance: Chance, name: str, birth: date, mobile: str) -> str:
    from pypinyin import lazy_pinyin

    spelled = "".join(part for part in lazy_pinyin(name) if part.isascii())
    kind = chance.random()
    user = mobile if kind < 0.3 else chance.digits(9) if kind < 0.55 else f"{spelled}{birth:%y%m}"
    return f"{user.lstrip('0')}@{chance.one(_MAIL)}"


def _day(chance: Chance, first: date, last: date) -> date:
    return first + timedelta(days=chance.between(0, (last - first).days))


def _near(chance: Chance, day: date, years: int) -> date:
    found = day + timedelta(days=chance.between(-365 * years, 365 * years))
    return min(max(found, _FIRST_BIRTH), _LAST_BIRTH)


class _Clerk:
    """Writes one record of a person in one system, with that system's habits and errors."""

    def __init__(self, chance: Chance, person: Person, system: System, dirt: float, hot: list[str]) -> None:
        self.chance, self.person, self.system, self.dirt, self.hot = chance, person, system, dirt, hot
        self.errors: list[str] = []

    def row(self) -> Row:
        person, system, chance = self.person, self.system, self.chance
        type_, number = self._credential() if chance.happens(system.has["credential"]) else ("", "")
        if not number:
            self.errors.append("no_id")
        return Row(
            source=system.name,
            name=self._name(named_by_id=bool(number)),
            credential_type=type_,
            credential_no=number,
            gender=self._gender() if chance.happens(system.has["gender"]) else "",
            birth_date=self._birth() if chance.happens(system.has["birth"]) else "",
            phone=self._phone() if chance.happens(system.has["phone"]) else "",
            email=self._email() if chance.happens(system.has["email"]) else "",
            address=self._address() if chance.happens(system.has["address"]) else "",
            legal_person="",
            entity=person.entity,
            group=person.household,
            errors=tuple(self.errors),
        )

    def _errs(self, error: str) -> bool:
        """Whether this error happens here; it is noted if so."""
        happens = self.chance.happens(self.system.rates[error] * self.dirt)
        if happens:
            self.errors.append(error)
        return happens

    def _name(self, *, named_by_id: bool) -> str:
        chance, person = self.chance, self.person
        name = person.name
        if person.former_name and named_by_id and chance.happens(0.3):
            self.errors.append("former_name")
            name = person.former_name
        slips = {
            "homophone": lambda: names.homophone(chance, name),
            "near_sound": lambda: names.homophone(chance, name, near=True),
            "lookalike": lambda: names.lookalike(chance, name),
            "variant_surname": lambda: names.variant_surname(name),
            "dropped_character": lambda: names.dropped(chance, name),
            "swapped_characters": lambda: name[0] + name[2] + name[1] if len(name) == 3 else name,
        }
        for error, slip in slips.items():
            if chance.happens(self.system.rates[error] * self.dirt) and (slipped := slip()) != name:
                self.errors.append(error)
                return self._dressed(slipped)
        return self._dressed(name)

    def _dressed(self, name: str) -> str:
        """The same name in other clothes: title, mask, pinyin, spaces."""
        chance, person = self.chance, self.person
        titles = names.TITLES[person.male]
        if person.surname and self._errs("pinyin"):
            return names.latin(chance, person.surname, name[len(person.surname) :] or person.given)
        if person.surname and self._errs("only_surname"):
            return person.surname + chance.one(titles)
        if self._errs("masked_name"):
            return chance.one((name[0] + "*" * (len(name) - 1), name[0] + "*" + name[2:], "*" + name[1:]))
        if person.surname and self._errs("nickname"):
            return chance.one(("小", "阿")) + person.given[-1]
        if self._errs("title"):
            name += chance.one([title for title in titles if len(title) > 1])
        if self._errs("traditional"):
            name = names.traditional(name)
        if self._errs("spaces"):
            name = chance.one((f"{name[0]} {name[1:]}", f"{name[0]}　{name[1:]}", f" {name} "))
        if self._errs("note"):
            name += chance.one(("(收)", "（代收）", "(本人)", "13912345678", "（妈妈的）"))
        return name.replace("·", chance.one(("·", "•", "．", ".", "")))

    def _credential(self) -> tuple[str, str]:
        chance, person = self.chance, self.person
        declared = chance.one(("身份证", "居民身份证", "01", "01", "", ""))
        number = person.citizen_id
        if person.parents_id and chance.happens(0.4):
            self.errors.append("parents_id")
            return declared, person.parents_id
        if self._errs("filler_id"):
            return declared, chance.one(("无", "000000000000000000", "111111111111111111", "123456"))
        if self._errs("passport"):
            return chance.one(("护照", "09")), person.passport
        if person.birth.year < 1990 and self._errs("fifteen_digits"):
            return declared, number[:6] + number[8:17]
        if self._errs("id_typo"):
            number = _other_digit(chance, number, chance.between(0, 17))
        elif self._errs("id_transposed"):
            place = chance.between(6, 15)
            number = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        elif self._errs("id_right_but_wrong"):
            head = number[:14] + f"{chance.between(0, 999):03}"
            number = head + citizen_check(head)
        elif self._errs("masked_id"):
            return declared, chance.one(
                (f"{number[:6]}********{number[-4:]}", f"{number[:10]}******{number[-2:]}")
            )
        if self._errs("id_written"):
            number = chance.one((number.lower(), f"{number[:6]} {number[6:14]} {number[14:]}", f" {number}"))
        return declared, number

    def _gender(self) -> str:
        male = self.person.male ^ self._errs("wrong_gender")
        return self.chance.one(("男", "男", "1", "M") if male else ("女", "女", "2", "F"))

    def _birth(self) -> str:
        day = self.person.birth
        if self._errs("wrong_birth"):
            draw = self.chance.random()
            if draw < 0.3:
                day = day.replace(month=1, day=1)
            elif draw < 0.5 and day.day <= 12:
                day = day.replace(month=day.day, day=day.month)
            elif draw < 0.75:
                day += timedelta(days=self.chance.between(18, 50))  # the lunar date taken for the solar one
            else:
                day = day.replace(year=day.year + self.chance.one((-10, -1, 1, 10)), day=min(day.day, 28))
        style = self.chance.one(("%Y-%m-%d", "%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y年%m月%d日"))
        return day.strftime(style)

    def _phone(self) -> str:
        chance, person = self.chance, self.person
        if self._errs("filler_phone"):
            return chance.one(("13800000000", "00000000000", "11111111111", "无", "1"))
        lent = "childs_phone" if person.birth.year > 2002 else "relatives_phone"
        number = person.mobiles[0]
        if self._errs("old_phone"):
            number = chance.one(person.mobiles[1:])
        elif person.lent_phones and self._errs(lent):
            number = chance.one(person.lent_phones)
        elif self._errs("hot_phone"):
            number = chance.one(self.hot)
        elif person.landline and self._errs("landline"):
            return person.landline if chance.happens(0.75) else person.landline.split("-")[1]
        return self._typed(number)

    def _typed(self, number: str) -> str:
        """A mobile number as it was typed."""
        chance = self.chance
        if self._errs("phone_typo"):
            number = _other_digit(chance, number, chance.between(2, 10))
        elif self._errs("phone_cut"):
            number = number[:-1]
        elif self._errs("masked_phone"):
            return f"{number[:3]}****{number[7:]}"
        if self._errs("phone_written"):
            grouped = f"{number[:3]} {number[3:7]} {number[7:]}"
            number = chance.one((f"+86{number}", f"86-{number}", grouped, f"0{number}", f"{number} "))
        if self._errs("two_phones"):
            number += chance.one(("/", " ", "、")) + (self.person.landline or self.person.mobiles[1])
        return number

    def _email(self) -> str:
        email = self.person.email
        if self._errs("email_typo"):
            place = self.chance.between(0, 3)
            email = email[:place] + email[place + 1 :]
        return email.upper() if self.chance.happens(0.03) else email

    def _address(self) -> str:
        person = self.person
        home = person.old_home if self._errs("moved") else person.home
        if self._errs("other_address"):  # the office, a neighbour's shop
            home = draw_home(self.chance, replace(home.county), business=True)
        return written(self.chance, home, care=self.system.care)


def _other_digit(chance: Chance, number: str, place: int) -> str:
    """The number with another digit in one place."""
    digit = int(number[place].replace("X", "7"))
    return f"{number[:place]}{(digit + chance.between(1, 9)) % 10}{number[place + 1 :]}"
