"""P1, duplicates: is a new record a known customer? Normalise, find candidates, weigh, as every door does it.

Stored persons are written down once more, as a clerk would who has heard of no other system: half of what is stored is
asked for, some of it misheard, mistyped or out of date. A form with neither a number nor an address is told apart, for
no door takes it: a name alone says of nobody who it is (`rules.entering`). The checks come in an open loop of 50 a
second and count from the instant each was due. The first seconds warm the connection up and do not count.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

import orjson
from django.db import connection

from bench.fill import filled
from bench.identity import names
from bench.identity.chance import Chance
from bench.load import percentile
from bench.rows import Row, at_least, at_most, figure
from hongyan.config.home import Home
from hongyan.core import scope
from hongyan.core.sealed import open_sealed
from hongyan.customer.actions.check import check
from hongyan.customer.actions.count_values import count_values
from hongyan.customer.actions.place_fresh import placements
from hongyan.customer.actions.prepare import look_up_keys
from hongyan.customer.codes import PartyType
from hongyan.customer.models import Customer, SourceParty, SourceRecord
from hongyan.customer.rules.entering import Entered
from hongyan.identity.normalise import normalise
from hongyan.identity.online.party import party_of
from hongyan.identity.record import Record
from hongyan.org.queries.viewers import find_viewer

SEED = 20_261_123
RATE = 50.0  # checks a second
SECONDS = 30.0
WARM_UP_SECONDS = 4.0
PERSONS = 3000
HEAD = "100006"
"""Staff number of the demo's head of the group."""

ASKED = {"credential_no": 0.6, "phone": 0.9, "birth_date": 0.5, "gender": 0.6, "email": 0.2, "address": 0.7}
"""How often a form holds what is stored."""


@dataclass(frozen=True, slots=True)
class Form:
    """A record as somebody writes it down anew, and the customer whom it describes."""

    record: Record
    customer: int

    @property
    def is_findable(self) -> bool:
        """Whether a door would take it."""
        said = self.record
        return Entered(
            PartyType.PERSON,
            credential_no=said.credential_no or "",
            mobile="".join(said.phones),
            email=said.email or "",
            address=said.address or "",
        ).is_findable


def run(size: int, home: Home) -> list[Row]:
    """Measure at the size of a filled database; its customers stay as they are."""
    filled(size, home)
    with scope.bulk():
        customers, parties = Customer.objects.count(), SourceParty.objects.count()
    count_values()
    written = _forms()
    forms = [form for form in written if form.is_findable]
    found, latencies, times, candidates = _looped(forms)
    whole = _whole(forms[: len(forms) // 4])
    return [
        figure("P1", "customers in the database", customers, "customers"),
        figure("P1", "source parties in the database", parties, "parties"),
        at_most("P1", "check of one new record: p50", percentile(latencies, 0.5), "ms", 2),
        at_most("P1", "check of one new record: p99", percentile(latencies, 0.99), "ms", 10),
        figure("P1", "processor time of a check, without PostgreSQL", mean(times), "ms"),
        figure("P1", "customers compared with", mean(candidates), "customers"),
        at_least("P1", "stored persons found again", 100 * mean(found), "%", 98),
        figure(
            "P1", "forms that no door takes, with a name alone", 100 * (1 - len(forms) / len(written)), "%"
        ),
        figure("P1", "the same at the door, audit included: p50", percentile(whole, 0.5), "ms"),
        figure("P1", "the same at the door, audit included: p99", percentile(whole, 0.99), "ms"),
    ]


def _looped(forms: Sequence[Form]) -> tuple[list[bool], list[float], list[float], list[int]]:
    """(whether each was found, ms from the instant due, ms of our own processor time, customers compared)."""
    found, latencies, times, compared = [], [], [], []
    cold = int(RATE * WARM_UP_SECONDS)
    began = time.perf_counter() + 0.1
    for number in range(int(RATE * SECONDS) + cold):
        form = forms[number % len(forms)]
        due = began + number / RATE
        time.sleep(max(0.0, due - time.perf_counter()))
        spent = time.process_time()
        with scope.bulk():
            party = party_of(form.record.kind, normalise(form.record).row())
            (placed,) = placements([party], [look_up_keys(party)])
        if number < cold:
            continue
        latencies.append((time.perf_counter() - due) * 1000)
        times.append((time.process_time() - spent) * 1000)
        met = {placed.customer, *(review.customer for review in placed.reviews)} - {None}
        found.append(form.customer in met)
        compared.append(len(met))
    return found, latencies, times, compared


def _whole(forms: Sequence[Form]) -> list[float]:
    """Milliseconds of the action behind the page, the API and the command, one after the other."""
    viewer, took = find_viewer(HEAD), []
    for form in forms:
        began = time.perf_counter()
        with scope.acting(viewer.scope):
            check(viewer, form.record)
        took.append((time.perf_counter() - began) * 1000)
    return took


def _forms() -> list[Form]:
    chance = Chance(SEED)
    return [Form(_written_down(chance, said), customer) for customer, said in _stored_persons()]


def _stored_persons() -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(customer, what is stored) of persons spread over the whole database."""
    with scope.bulk():
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(id) FROM customer_sourceparty")
            last = cursor.fetchone()[0]
        wanted = range(1, last + 1, max(last // (2 * PERSONS), 1))
        records = SourceRecord.objects.filter(
            party__in=wanted, party__party_type="P", part="", is_current=True
        ).select_related("party")
        for record in records.order_by("party_id")[:PERSONS]:
            assert record.party.customer_id is not None, "a record's party has a customer"
            secrets = orjson.loads(open_sealed(record, "sealed")) if record.sealed else {}
            yield record.party.customer_id, {**record.fields, **secrets, "phone": secrets.get("mobile", "")}


def _written_down(chance: Chance, said: Mapping[str, Any]) -> Record:
    known = {
        name: str(said[name]) for name, share in ASKED.items() if said.get(name) and chance.happens(share)
    }
    return Record(
        source="form",
        source_key="1",
        kind="person",
        name=_name(chance, said["name"]),
        credential_no=_number(chance, known.get("credential_no", "")),
        gender=known.get("gender", ""),
        birth_date=_day(chance, known.get("birth_date", "")) or None,
        phones=(_phone(chance, known.get("phone", "")),),
        email=known.get("email", ""),
        address=_address(chance, known.get("address", "")),
    )


def _name(chance: Chance, name: str) -> str:
    draw = chance.random()
    if draw < 0.03:
        return names.homophone(chance, name)
    if draw < 0.05:
        return names.traditional(name)
    if draw < 0.07:
        return f"{name[0]} {name[1:]}"
    if draw < 0.09:
        return name + chance.one(("先生", "女士", "(本人)"))
    return name


def _number(chance: Chance, number: str) -> str:
    draw = chance.random()
    if len(number) != 18 or draw > 0.06:
        return number
    if draw < 0.02:
        place = chance.between(6, 16)
        return f"{number[:place]}{(int(number[place]) + 1) % 10}{number[place + 1 :]}"
    return f"{number[:6]} {number[6:14]} {number[14:]}".lower()


def _day(chance: Chance, day: str) -> str:
    if not day or chance.happens(0.9):
        return day
    year, month, of_month = day.split("-")
    return chance.one(
        (f"{year}年{int(month)}月{int(of_month)}日", f"{year}{month}{of_month}", f"{year}-01-01")
    )


def _phone(chance: Chance, phone: str) -> str:
    draw = chance.random()
    if not phone or draw > 0.2:
        return phone
    if draw < 0.06:
        return f"13{chance.digits(9)}"  # a new one
    if draw < 0.09:
        return phone[:-1] + chance.digits(1)
    return chance.one((f"+86 {phone}", f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"0{phone}"))


def _address(chance: Chance, address: str) -> str:
    draw = chance.random()
    if not address or draw > 0.4:
        return address
    if draw < 0.1:
        return ""  # moved, and the new one is not known yet
    if draw < 0.25:
        return address.partition("省")[2] or address
    return address.partition("市")[2] or address
