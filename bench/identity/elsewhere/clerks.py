"""How six kinds of houses write down a person: hotline, teller, village clerk, web shop, visitors' desk, old ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from pypinyin import lazy_pinyin

from bench.identity import names
from bench.identity.chance import Chance
from bench.identity.elsewhere.doors import Door, as_told, by_landmark, draw_door, in_wide_characters, on_paper
from bench.identity.elsewhere.people import Citizen, townsfolk
from bench.identity.records import Row, World
from hongyan.identity.normalise.credentials import citizen_check

SHARES = {"hotline": 0.22, "teller": 0.26, "village": 0.12, "webshop": 0.24, "ledger": 0.16}
_HOW_MANY = {1: 0.35, 2: 0.3, 3: 0.2, 4: 0.1, 6: 0.05}
_DOTS = ("·", "•", ".", " ", "", "．")


def town(seed: int, count: int, *, shares: dict[str, float] | None = None) -> World:
    """About ``count`` records of a county seat, the same for the same seed; ``shares`` of the houses."""
    chance = Chance(f"elsewhere {seed}")
    people = townsfolk(chance, max(4, int(count / 2.3)))
    return World.of(chance, _described(chance, people, shares or SHARES))


def callers(seed: int, count: int) -> World:
    """What hotlines and shops know: fragments of names, phones, told addresses."""
    return town(seed, count, shares={"hotline": 0.6, "webshop": 0.4})


def ledgers(seed: int, count: int) -> World:
    """What tellers, clerks and old books know: cards, birthdays, registered homes; few phones."""
    return town(seed, count, shares={"teller": 0.4, "village": 0.3, "ledger": 0.3})


def _described(chance: Chance, people: list[Citizen], shares: dict[str, float]) -> Iterator[Row]:
    houses: dict[str, Callable[[_Pen], Row]] = {
        "hotline": _Pen.hotline,
        "teller": _Pen.teller,
        "village": _Pen.village,
        "webshop": _Pen.webshop,
        "ledger": _Pen.ledger,
    }
    for one in people:
        for _ in range(chance.weighed(_HOW_MANY)):
            pen = _Pen(chance, one)
            house = chance.weighed(shares)
            if one.latin[0] and house in ("village", "ledger"):
                continue
            yield houses[house](pen)


class _Pen:
    """One record being written."""

    def __init__(self, chance: Chance, one: Citizen) -> None:
        self.chance, self.one = chance, one
        self.errors: list[str] = []

    def hotline(self) -> Row:
        """An agent types what the caller says."""
        name = self._called() if self.slips("fragment", 0.55) else self._heard(0.05)
        told = self.chance.random()
        address = as_told(self.chance, self.one.home) if told < 0.6 else ""
        if told > 0.75:
            address = self.noted("landmark", by_landmark(self.chance, self.one.home))
        return self._row(
            "hotline", name, phone=self._number(old=0.07, kin=0.06), gender=self._sex(0.3), address=address
        )

    def teller(self) -> Row:
        """The card is read by machine or copied by hand; the address is the one on the card."""
        name = self._formal()
        type_, number = self._card(typo=0.01, masked=0.0, fifteen=0.04)
        phone = self._number(old=0.08, kin=0.02) if self.chance.happens(0.93) else ""
        if self.slips("swapped_fields", 0.008):
            number, phone = phone, number
        if self.slips("only_id", 0.01):
            return self._row("teller", "" if self.chance.happens(0.5) else name, type_, number)
        address = (
            on_paper(self.one.registered) if self.chance.happens(0.6) else as_told(self.chance, self.one.home)
        )
        birth = self._born(("%Y%m%d", "%Y-%m-%d")) if self.chance.happens(0.8) else ""
        mail = self.one.mail if self.chance.happens(0.08) else ""
        return self._row("teller", name, type_, number, self._sex(0.9), birth, phone, mail, address)

    def village(self) -> Row:
        """A clerk's list: name, sex, birthday as people say it, the farm; sometimes the card."""
        type_, number = (
            self._card(typo=0.02, masked=0.05, fifteen=0.05) if self.chance.happens(0.5) else ("", "")
        )
        birth = (
            self._born(("%Y年%m月%d日", "%Y.%m.%d", "%y.%m.%d", "%Y年%m月", "%Y/%m/%d"))
            if self.chance.happens(0.9)
            else ""
        )
        phone = self._number(old=0.15, kin=0.12) if self.chance.happens(0.5) else ""
        door = self.one.registered if self.chance.happens(0.7) else self.one.home
        return self._row(
            "village",
            self._heard(0.06),
            type_,
            number,
            self._sex(1.0),
            birth,
            phone,
            "",
            as_told(self.chance, door),
        )

    def webshop(self) -> Row:
        """What a buyer types herself, and what the shop hides again."""
        name = self._typed_name()
        mail = self.one.mail if self.chance.happens(0.35) else ""
        if mail and self.slips("name_in_email", 0.02):
            name, mail = mail, ""
        phone = self._number(old=0.05, kin=0.05)
        if self.slips("masked_phone", 0.02):
            phone = f"{self.one.mobiles[0][:3]}****{self.one.mobiles[0][-4:]}"
        address = as_told(self.chance, self._delivery())
        return self._row("webshop", name, phone=phone, email=mail, address=address)

    def ledger(self) -> Row:
        """Books of the nineties, typed in by a service company: old cards, traditional characters, city telephones."""
        name = self.one.name
        if self.slips("traditional", 0.25):
            name = names.traditional(name)
        if self.slips("wrong_character", 0.03):
            name = names.lookalike(self.chance, name)
        type_, number = (
            self._card(typo=0.02, masked=0.0, fifteen=0.6) if self.chance.happens(0.7) else ("", "")
        )
        if number and self.slips("wide_digits", 0.1):
            number = in_wide_characters(number)
        birth = self._born(("%Y%m%d", "%y%m%d", "%Y-%m-%d")) if self.chance.happens(0.5) else ""
        phone = self.one.fixed or self._number(old=0.4, kin=0.05)
        door = self.one.registered
        if self.slips("moved", 0.25):
            door = draw_door(self.chance, self.one.home.county)
        return self._row(
            "ledger", name, type_, number, self._sex(0.6), birth, phone, "", as_told(self.chance, door)
        )

    def slips(self, error: str, probability: float) -> bool:
        """Whether it happens; it is noted if so."""
        happens = self.chance.happens(probability)
        if happens:
            self.errors.append(error)
        return happens

    def noted(self, error: str, text: str) -> str:
        self.errors.append(error)
        return text

    def _row(
        self, source: str, name: str, type_: str = "", number: str = "", gender: str = "", birth: str = "",
        phone: str = "", email: str = "", address: str = "",
    ) -> Row:  # fmt: skip
        if not number:
            self.errors.append("no_id")
        return Row(
            *(source, name, type_, number, gender, birth, phone, email, address, ""),
            entity=self.one.entity,
            group=self.one.family,
            errors=tuple(self.errors),
        )

    def _called(self) -> str:
        """王女士, 老王, 小李, 王哥, or the given name alone."""
        one, chance = self.one, self.chance
        if one.latin[0]:
            return one.latin[0]
        if not one.surname:
            return one.given.split("·")[0]
        polite = ("先生", "先生", "总", "哥", "师傅") if one.male else ("女士", "女士", "小姐", "姐", "太太")
        draw = chance.random()
        if draw < 0.7:
            return one.surname + chance.one(polite)
        return chance.one(("老", "小")) + one.surname if draw < 0.9 else one.given

    def _heard(self, rate: float) -> str:
        """The name as it sounds."""
        one = self.one
        if one.latin[0]:
            return self._foreign()
        if not one.surname:
            return self._dotted()
        if self.slips("homophone", rate):
            return names.homophone(self.chance, one.name)
        if self.slips("near_sound", rate / 3):
            return names.homophone(self.chance, one.name, near=True)
        return one.name

    def _formal(self) -> str:
        one = self.one
        if one.latin[0]:
            return self._foreign()
        if not one.surname:
            return self._dotted()
        if one.husband and self.slips("married_name", 0.01):
            return one.husband + one.name
        if self.slips("traditional", 0.05):
            return names.traditional(one.name)
        if self.slips("spaced", 0.04):
            return "　".join(one.name) if len(one.name) == 2 else one.name[0] + " " + one.name[1:]
        if self.slips("rare_to_pinyin", 0.003):  # a terminal without the character
            return one.name[:-1] + lazy_pinyin(one.name[-1])[0].upper()
        return one.name

    def _typed_name(self) -> str:
        one = self.one
        if one.latin[0]:
            return self._foreign()
        if not one.surname:
            return self._dotted()
        draw = self.chance.random()
        if draw < 0.05:
            return self.noted("masked_name", one.surname + "*" * (len(one.given)))
        if draw < 0.08:
            return self.noted("pinyin", names.latin(self.chance, one.surname, one.given))
        if draw < 0.12:
            return self.noted("fragment", self._called())
        if draw < 0.14:
            return self.noted(
                "pet_name",
                self.chance.one(("小可爱", "快乐每一天", "阿" + one.given[-1], "A批发" + one.name)),
            )
        if draw < 0.16:
            return self.noted("with_phone", one.name + one.mobiles[0])
        if draw < 0.18:
            return self.noted(
                "transposed", one.name[0] + one.name[:0:-1] if len(one.name) > 2 else one.name[::-1]
            )
        return one.name

    def _dotted(self) -> str:
        father = self.one.given.replace("·", self.chance.one(_DOTS))
        return father if self.chance.happens(0.85) else self.noted("cut_name", self.one.given.split("·")[0])

    def _foreign(self) -> str:
        first, middle, last = self.one.latin
        middle = middle if self.chance.happens(0.5) else ""
        given = " ".join(filter(None, (first, middle)))
        forms = (
            f"{given} {last}",
            f"{last.upper()} {given.upper()}",
            f"{last}, {given}",
            f"{given} {last}".upper(),
        )
        return self.chance.one(forms)

    def _card(self, *, typo: float, masked: float, fifteen: float) -> tuple[str, str]:
        one, chance = self.one, self.chance
        if one.latin[0]:
            renewed = self.slips("renewed_passport", 0.2)
            return chance.one(("护照", "外国护照", "passport", "09")), one.passports[int(renewed)]
        type_ = chance.one(("身份证", "二代身份证", "01", "", "居民身份证", "ID Card", "1"))
        if one.parents[0] and self.slips("parents_card", 0.02):
            return type_, one.parents[0]
        number = one.card
        if one.birth.year < 1985 and self.slips("fifteen_digits", fifteen):
            return type_, number[:6] + number[8:17]
        if self.slips("card_typo", typo):
            place = chance.between(0, 16)
            draw = chance.random()
            if draw < 0.6:
                number = number[:place] + chance.one("0123456789") + number[place + 1 :]
            elif draw < 0.8:
                number = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            else:
                number = number[:place] + number[place + 1 :]
        elif self.slips("masked_card", masked):
            number = chance.one(
                (
                    number[:3] + "*" * 11 + number[-4:],
                    number[:6] + "*" * 8 + number[-4:],
                    "*" * 14 + number[-4:],
                )
            )
        elif self.slips("wrong_sequence", 0.0005):
            head = number[:14] + chance.digits(3)
            number = head + citizen_check(head)
        return type_, number

    def _sex(self, known: float) -> str:
        if not self.chance.happens(known):
            return self.chance.one(("", "", "未知", "0", "-"))
        male = self.one.male ^ self.slips("wrong_sex", 0.004)
        return self.chance.one(("男", "男性", "男士", "M", "1") if male else ("女", "女性", "女士", "F", "2"))

    def _born(self, forms: tuple[str, ...]) -> str:
        day = self.one.birth
        if self.slips("lunar_birthday", 0.04):
            day += timedelta(days=self.chance.between(18, 50))
        elif self.slips("year_only", 0.02):
            day = date(day.year, 1, 1)
        elif self.slips("age_rounded", 0.01):
            day = replace_year(day, self.chance.one((-1, 1, 2)))
        return day.strftime(self.chance.one(forms))

    def _number(self, *, old: float, kin: float) -> str:
        one, chance = self.one, self.chance
        number = one.mobiles[0]
        if self.slips("old_number", old):
            number = chance.one(one.mobiles[1:])
        elif one.kin and self.slips("relatives_number", kin):
            number = chance.one(one.kin)
        elif one.fixed and self.slips("fixed_line", 0.1):
            return chance.one(
                (one.fixed, one.fixed.split("-")[1], f"({one.fixed.split('-')[0]}){one.fixed.split('-')[1]}")
            )
        return self._typed_number(number)

    def _typed_number(self, number: str) -> str:
        one, chance = self.one, self.chance
        if self.slips("digit_wrong", 0.01):
            place = chance.between(3, 10)
            number = number[:place] + chance.one("0123456789") + number[place + 1 :]
        draw = chance.random()
        if draw < 0.06:
            number = f"{number[:3]}-{number[3:7]}-{number[7:]}"
        elif draw < 0.1:
            number = chance.one(("+86 ", "0086", "86", "(+86)")) + number
        elif draw < 0.13:
            number = in_wide_characters(number)
        elif draw < 0.16:
            number = chance.one(("电话", "手机:", "TEL:")) + number
        elif draw < 0.21:
            number += chance.one(("/", "；", "、", ",", " ", "或")) + (one.fixed or one.mobiles[1])
        elif draw < 0.22:
            return self.noted(
                "filler", chance.one(("13800138000", "12345678901", "18888888888", "无", "99999999999"))
            )
        return number

    def _delivery(self) -> Door:
        if self.slips("office", 0.15):
            return replace(draw_door(self.chance, self.one.home.county), group="")
        return self.one.home


def replace_year(day: date, years: int) -> date:
    """The same day of another year; 29 February yields."""
    return day.replace(year=day.year + years, day=min(day.day, 28))
