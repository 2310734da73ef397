"""Deliveries of the days after the first load: changed, repeated and new rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hongyan.integration.demo import jiyou as philately
from hongyan.integration.demo import truth
from hongyan.integration.demo.clerk import Clerk
from hongyan.integration.demo.draw import Draw
from hongyan.integration.demo.facts.books import Books
from hongyan.integration.demo.facts.source import Season
from hongyan.integration.demo.generate import (
    TRUTH_CSV,
    TRUTH_JSON,
    Summary,
    close_books,
    deliver,
    summarise,
)
from hongyan.integration.demo.jiyou import Jiyou
from hongyan.integration.demo.kgc import ENCODING, RECORD_KINDS, Kgc
from hongyan.integration.demo.network import build_network
from hongyan.integration.demo.numbers import Numbers
from hongyan.integration.demo.truth import TruthFile
from hongyan.integration.demo.world import JIYOU, KGC, World

CHANGED_RATE = 0.010  # of the rows of the first load
REPEATED_RATE = 0.005
NEWCOMER_RATE = 0.003  # of the customers of the first load
LAST_DAY = 450
CHANGED, REPEATED = "changed", "repeated"

_STATE, _CONTACT_MOBILE, _ADDRESS = 22, 4, 4


def generate_increment(out: Path, seed: int, day: int) -> Summary:
    """Write the delivery of the day-th day after the first load that `generate` left in `out`.

    The files stand beside those of the first load, dated by their day, with `truth_YYYYMMDD.csv` and
    `.json`. Rows of customers are changed or repeated as against the first load, not the day before; the
    ERP sends nothing. Facts are those of the day, with the corrections, repeats and stragglers due on it.
    The same seed and day give the same bytes.
    Errors: ValueError when day is not 1 to 450; FileNotFoundError when `out` has no first load.
    """
    if not 1 <= day <= LAST_DAY:
        raise ValueError(f"day must be 1 to {LAST_DAY}")
    first = json.loads((out / TRUTH_JSON).read_text(encoding="utf-8"))
    first_day = date.fromisoformat(first["as_of"])
    as_of = first_day + timedelta(days=day)
    stem = f"truth_{as_of:%Y%m%d}"
    draw, numbers = Draw(f"increment {seed} {day}"), Numbers(delivery=day)
    network = build_network(
        first["customers"], draw=Draw(f"network {first['seed']}"), numbers=Numbers(), as_of=first_day
    )
    world = World(network.outlets, draw=draw, numbers=numbers, as_of=as_of, delivery=day)
    newcomers = max(1, round(NEWCOMER_RATE * first["customers"]))
    with TruthFile(out / f"{stem}.csv") as truth_file:
        clerk = Clerk(draw=draw, numbers=numbers)
        kgc = Kgc(out, as_of=as_of, draw=draw, clerk=clerk, truth_file=truth_file, delivery=day)
        jiyou = Jiyou(out, as_of=as_of, draw=draw, truth_file=truth_file, delivery=day)
        for kind in RECORD_KINDS:
            _send_kgc_again(out, first_day, kind, kgc=kgc, numbers=numbers)
        _send_jiyou_again(out, first_day, jiyou=jiyou, numbers=numbers)
        books = _books(out, first, today=as_of, day=day, truth_file=truth_file)
        tally = deliver(world, newcomers, draw=draw, clerk=clerk, kgc=kgc, jiyou=jiyou, books=books)
        kgc.close()
        jiyou.close()
        facts = close_books(books, network)
    files = (*(file.path for file in kgc.files.values()), jiyou.path, *facts)
    summary = summarise(tally, truth_file, books=books, files=files)
    summary.write(out / f"{stem}.json", seed=seed, as_of=as_of)
    return summary


def _books(out: Path, first: dict[str, Any], *, today: date, day: int, truth_file: TruthFile) -> Books | None:
    """The books of the day with the business of those who are known already; none where the first load had none."""
    if not first["months_of_facts"]:
        return None
    season = Season(
        first["seed"], date.fromisoformat(first["as_of"]), first["months_of_facts"], today, delivery=day
    )
    books = Books(out, season=season, truth_file=truth_file)
    books.go_on()
    if day == 1:
        books.catch_up()
    return books


def _send_kgc_again(out: Path, first_day: date, kind: str, *, kgc: Kgc, numbers: Numbers) -> None:
    record_kind = RECORD_KINDS[kind]
    owners = _owners(out, KGC, record_kind)
    for fields, (key, entity) in zip(_kgc_rows(out, first_day, kind), owners, strict=True):
        note = _note(kgc.draw)
        if not note:
            continue
        if note == CHANGED:
            _change_kgc(fields, kind, draw=kgc.draw, numbers=numbers)
            fields[-1] = kgc.stamp()
        control = int(fields[20].replace(".", "")) if kind == "CUST" else int(fields[0][-6:])
        kgc.files[kind].add(fields, control=control)
        kgc.truth.add(KGC, record_kind, key, entity, [note])


def _change_kgc(fields: list[str], kind: str, *, draw: Draw, numbers: Numbers) -> None:
    """A customer frozen or revived, a new phone, a new house number."""
    if kind == "CUST":
        fields[_STATE] = "2" if fields[_STATE] == "1" else "1"
    elif kind == "CONT":
        fields[_CONTACT_MOBILE] = numbers.mobile()
    else:
        fields[_ADDRESS] = _moved(fields[_ADDRESS], draw=draw)


def _send_jiyou_again(out: Path, first_day: date, *, jiyou: Jiyou, numbers: Numbers) -> None:
    path = out / f"JY_CUSTOMER_{first_day:%Y%m%d}.csv"
    mobile, address = (philately.COLUMNS.index(column) for column in ("手机", "详细地址"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for row, (key, entity) in zip(rows, _owners(out, JIYOU, truth.CUSTOMER), strict=True):
            note = _note(jiyou.draw)
            if not note:
                continue
            if note == CHANGED:
                row[mobile] = numbers.mobile()
                row[address] = _moved(row[address], draw=jiyou.draw)
                row[-1] = jiyou.stamp()
            jiyou.send(row, key=key, entity=entity, notes=[note])


def _note(draw: Draw) -> str:
    chance = draw.random()
    if chance < CHANGED_RATE:
        return CHANGED
    return REPEATED if chance < CHANGED_RATE + REPEATED_RATE else ""


def _moved(address: str, *, draw: Draw) -> str:
    """The same street, another number."""
    road, mark, rest = address.partition("号")
    return f"{road.rstrip('0123456789')}{draw.between(400, 999)}{mark}{rest}"


def _kgc_rows(out: Path, first_day: date, kind: str) -> Iterator[list[str]]:
    path = out / f"KG_{kind}_{first_day:%Y%m%d}.txt"
    with path.open(encoding=ENCODING, newline="\n") as file:
        for line in file:
            if line[0].isdigit():
                yield line.rstrip("\n").split("|")


def _owners(out: Path, source: str, record_kind: str) -> Iterator[tuple[str, str]]:
    """(source key, entity) of the rows of one file of the first load, in their order."""
    with (out / TRUTH_CSV).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["source"] == source and row["record_kind"] == record_kind:
                yield row["source_key"], row["entity"]
