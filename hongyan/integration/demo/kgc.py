"""Drops of the old customer system's national centre (老客管, 全国中心): three GB18030 files.

Lines end with LF, fields are divided by "|". The first line is `H|KHGL|<kind>|<day>|1.0`; the last is
`T|<detail rows>|<control sum>|<CRC32>`: the control sum adds up the credit limits (CUST) or the last six
digits of the customer numbers (CONT, ADDR), the CRC is over all bytes of the detail lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

from hongyan.integration.demo import truth
from hongyan.integration.demo.clerk import (
    DUPLICATE_ROW_RATE,
    MILITARY,
    NO_CREDENTIAL,
    OLD_LICENCE,
    ORGANISATION_CODE,
    PASSPORT,
    PERMIT,
    RESIDENT_ID,
    USCC,
    Clerk,
    Form,
)
from hongyan.integration.demo.draw import Draw, spread
from hongyan.integration.demo.people import draw_name
from hongyan.integration.demo.world import KGC, Customer, Person

ENCODING = "gb18030"
RECORD_KINDS = {"CUST": truth.CUSTOMER, "CONT": truth.CONTACT, "ADDR": truth.ADDRESS}
CREDENTIAL_CODES = {
    RESIDENT_ID: "1", USCC: "2", OLD_LICENCE: "3", ORGANISATION_CODE: "4", PASSPORT: "5", MILITARY: "6",
    PERMIT: "9", NO_CREDENTIAL: "",
}  # fmt: skip
PERSON_INDUSTRY, SMALLEST_SCALE = "19", "4"
NORMAL = "1"
UNKNOWN_CODE = "8"  # in no code list of this system
IMPOSSIBLE_DAY = "19870231"
CREDIT_RATE = 0.35
TERM_YEARS = 3
OFFICE_HOURS = range(8, 18)
ORPHAN_CONTACT_RATE = 0.003
KNOWN_BIRTHDAY_RATE = 0.3
SECOND_ADDRESS_RATE = 0.3
# Customer numbers have eight running digits: the first load, each later day, customers who never come.
LATER_KEYS, KEYS_PER_DAY = 50_000_000, 100_000
ORPHAN_KEYS, ORPHANS_PER_DAY = 99_000_000, 1_000
ADDRESS_OF_FIRM, ADDRESS_OF_PERSON, OTHER_ADDRESSES = "1", "2", "34"

_LINES_AT_ONCE = 2_000
_STATES = spread({NORMAL: 0.94, "2": 0.03, "3": 0.03}, slots=100)
_SETTLEMENTS = spread({"1": 0.45, "2": 0.40, "3": 0.15}, slots=100)
_ROLES = "2134"  # the one who handles the mail first, then who decides, who pays, who opens the post
_CONTACTS = spread({1: 0.6, 2: 0.3, 3: 0.1}, slots=100)
_YEARS_BACK = 12


class ControlledFile:
    """One of the system's files, written as a stream, with its header and its trailer of controls."""

    def __init__(self, path: Path, *, kind: str, day: str) -> None:
        self.path = path
        self.rows = 0
        self._kind = kind
        self._sum = 0
        self._crc = 0
        self._lines: list[str] = []
        self._file = path.open("wb")
        self._file.write(f"H|KHGL|{kind}|{day}|1.0\n".encode(ENCODING))

    def add(self, fields: Sequence[str], *, control: int) -> None:
        """One detail line; control in fen for CUST, last six digits of the customer number otherwise."""
        self._lines.append("|".join(fields))
        self._sum += control
        self.rows += 1
        if len(self._lines) == _LINES_AT_ONCE:
            self._flush()

    def close(self) -> None:
        self._flush()
        control = money(self._sum) if self._kind == "CUST" else str(self._sum)
        self._file.write(f"T|{self.rows}|{control}|{self._crc:08X}\n".encode(ENCODING))
        self._file.close()

    def _flush(self) -> None:
        if self._lines:
            data = ("\n".join(self._lines) + "\n").encode(ENCODING)
            self._crc = crc32(data, self._crc)
            self._file.write(data)
            self._lines.clear()


def money(fen: int) -> str:
    """Yuan with two decimals.

    >>> money(5000005)
    '50000.05'
    """
    return f"{fen // 100}.{fen % 100:02}"


class Kgc:
    """The system: gives each customer a number and writes customer, contacts and addresses."""

    def __init__(
        self,
        out: Path,
        *,
        as_of: date,
        draw: Draw,
        clerk: Clerk,
        truth_file: truth.TruthFile,
        delivery: int = 0,
    ) -> None:
        self.draw = draw
        self.clerk = clerk
        self.truth = truth_file
        self._today = day = f"{as_of:%Y%m%d}"
        self.files = {
            kind: ControlledFile(out / f"KG_{kind}_{day}.txt", kind=kind, day=day) for kind in RECORD_KINDS
        }
        self._keys = LATER_KEYS + delivery * KEYS_PER_DAY if delivery else 0
        self._orphans = ORPHAN_KEYS + delivery * ORPHANS_PER_DAY
        first = as_of - timedelta(days=365 * _YEARS_BACK)
        self._days = tuple(f"{first + timedelta(days=day):%Y%m%d}" for day in range(365 * _YEARS_BACK))
        self._times = tuple(
            f"{hour:02}{minute:02}{minute * 7 % 60:02}" for hour in OFFICE_HOURS for minute in range(60)
        )

    def stamp(self) -> str:
        """A moment of the delivery's day."""
        return self._today + self.draw.pick(self._times)

    def close(self) -> None:
        for file in self.files.values():
            file.close()

    def write(self, customer: Customer, form: Form, notes: list[str]) -> str:
        """Write all rows of one customer; answers the customer number."""
        self._keys += 1
        place = customer.place
        key = f"{place.county.code}{self._keys:08}"
        created = int(self.draw.random() * len(self._days))
        # Most records were touched lately.
        updated = len(self._days) - 1 - int((len(self._days) - created) * self.draw.random() ** 3)
        stamp = self._days[updated] + self.draw.pick(self._times)
        self._customer(key, customer, form, notes, created=created, stamp=stamp)
        self._contacts(key, customer, form, stamp=stamp)
        self._addresses(key, customer, form, stamp=stamp)
        return key

    def _customer(
        self, key: str, customer: Customer, form: Form, notes: list[str], *, created: int, stamp: str
    ) -> None:
        draw, place = self.draw, customer.place
        days = self._days
        signed = days[created]
        state = draw.pick(_STATES)
        valid_from, valid_to = self._term(signed, current=state == NORMAL)
        credit = draw.chance(CREDIT_RATE)
        limit = draw.between(1, 200) * 100_000 if credit else 0
        name, number = (form.number, form.name) if form.swapped_columns else (form.name, form.number)
        if isinstance(customer, Person):
            short_name, industry, scale = "", PERSON_INDUSTRY, SMALLEST_SCALE
        else:
            short_name, industry, scale = customer.short_name, customer.industry, customer.scale
        fields = (
            key,
            name,
            short_name,
            "B" if form.person else "A",
            UNKNOWN_CODE if form.wrong_code else CREDENTIAL_CODES[form.credential],
            number,
            form.legal_person,
            industry,
            scale,
            form.county.code if form.county else "",
            form.address,
            form.postcode,
            place.outlet.unit.code,
            draw.pick(place.outlet.managers),
            f"XY{signed[:4]}{key[:6]}{key[-6:]}",
            IMPOSSIBLE_DAY if form.impossible_date else signed,
            valid_from,
            valid_to,
            draw.pick(_SETTLEMENTS) if not credit else "2",
            "Y" if credit else "N",
            money(limit),
            str(draw.pick((15, 30, 45, 60))) if credit else "0",
            state,
            signed + draw.pick(self._times),
            stamp,
        )
        self.files["CUST"].add(fields, control=limit)
        self.truth.add(KGC, truth.CUSTOMER, key, customer.entity, notes)
        if draw.chance(DUPLICATE_ROW_RATE):
            self.files["CUST"].add(fields, control=limit)
            self.truth.add(KGC, truth.CUSTOMER, key, customer.entity, [*notes, "duplicate_row"])

    def _term(self, signed: str, *, current: bool) -> tuple[str, str]:
        """First and last day of the agreement: three years, renewed until today for a current one."""
        start, end = signed, f"{int(signed[:4]) + TERM_YEARS}{signed[4:6]}01"
        while current and end <= self._today:
            start, end = end, f"{int(end[:4]) + TERM_YEARS}{end[4:]}"
        return start, end

    def _contacts(self, key: str, customer: Customer, form: Form, *, stamp: str) -> None:
        draw, entity = self.draw, customer.entity
        reached = (form.mobile, form.landline, form.email)
        if isinstance(customer, Person):
            birthday = f"{customer.birth:%Y%m%d}" if draw.chance(KNOWN_BIRTHDAY_RATE) else ""
            if any(reached):
                self._add("CONT", (key, "1", form.name, "2", *reached, birthday, "Y", stamp), entity)
        else:
            for number, role in enumerate(_ROLES[: draw.pick(_CONTACTS)], start=1):
                name = draw_name(draw, male=draw.chance(0.5), birth_year=draw.between(1965, 2000)).full
                main = "Y" if number == 1 else "N"
                self._add("CONT", (key, str(number), name, role, *reached, "", main, stamp), entity)
                reached = (self.clerk.numbers.mobile(), "", "")
        if draw.chance(ORPHAN_CONTACT_RATE):
            self._orphan(key, stamp=stamp)

    def _orphan(self, key: str, *, stamp: str) -> None:
        """A contact whose customer was never delivered."""
        self._orphans += 1
        name = draw_name(self.draw, male=True, birth_year=1980).full
        reached = (self.clerk.numbers.mobile(), "", "")
        orphan = f"{key[:6]}{self._orphans:08}"
        self._add("CONT", (orphan, "1", name, "2", *reached, "", "Y", stamp), "", ["orphan_contact"])

    def _addresses(self, key: str, customer: Customer, form: Form, *, stamp: str) -> None:
        county = form.county.code if form.county else ""
        kinds = [ADDRESS_OF_PERSON if form.person else ADDRESS_OF_FIRM]
        if self.draw.chance(SECOND_ADDRESS_RATE):
            kinds.append(self.draw.pick(OTHER_ADDRESSES))
        for number, kind in enumerate(kinds, start=1):
            fields = (key, str(number), kind, county, form.address, form.postcode, stamp)
            self._add("ADDR", fields, customer.entity)

    def _add(self, kind: str, fields: Sequence[str], entity: str, errors: Sequence[str] = ()) -> None:
        """One row of a contact or an address, which customer number and running number name."""
        key, number = fields[:2]
        self.files[kind].add(fields, control=int(key[-6:]))
        self.truth.add(KGC, RECORD_KINDS[kind], f"{key}/{number}", entity, errors)
