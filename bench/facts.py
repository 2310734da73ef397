"""P5F, facts: rows a second from a counter system's file into the ledger, the bytes they take there, and their pages.

An empty ledger, twelve months in the order of their days, a fifth as many customers as facts, none of them known yet;
one sale in six is to nobody. What 50 million would take is reckoned from what was measured.
"""

from __future__ import annotations

import time
from pathlib import Path

import psycopg

from bench import fact_pages
from bench.counter import SYSTEM, write_file, yuan
from bench.fill import Loaded, load
from bench.place import empty_database
from bench.processes import children_of, cpu_seconds, spent
from bench.rows import Row, at_least, at_most, figure
from hongyan.config.home import Home
from hongyan.core import audit, scope
from hongyan.core.postgres import Server
from hongyan.ledger.queries.digests import wrong_sums
from hongyan.org.actions.take_in import take_in_units
from hongyan.org.codes import Level, Management, Tree, UnitRow

STAGED_BAR = 100_000
MANY, MINUTES_BAR, GIGABYTES_BAR = 50_000_000, 60, 45
ROWS_A_FILE = 2_000_000
UNITS, COUNTIES = 200, 20

_SALES = """
SELECT concat_ws('|',
    strftime(day, '%Y%m%d') || lpad(n::VARCHAR, 10, '0'),
    CASE WHEN n % 6 = 0 THEN '' ELSE 'YY' || lpad(party::VARCHAR, 8, '0') END,
    strftime(day, '%Y-%m-%d'), strftime(day + to_seconds(n * 7919 % 86400), '%Y-%m-%d %H:%M:%S'),
    printf('37010200%04d', unit), printf('11%02d', n * 31 % 30), '挂号信函',
    '1', '1', '1', amount::VARCHAR, '', '1', '0', ''
) || chr(10) AS line, (amount * 100)::INT
FROM (
    SELECT n, DATE '2025-11-01' + (n * 365 // {size})::INT AS day, floor(pow(random(), 2) * {parties})::INT AS party,
           (random() * {units} - 0.5)::INT AS unit, round(random() * 200 + 0.5, 2)::DECIMAL(18, 2) AS amount
    FROM range({first}, {last}) t(n)
)
"""


def run(size: int, place: Home) -> list[Row]:
    """Load `size` facts, file by file, and weigh the tables."""
    files = _written(size, place)
    empty_database(place)
    _make_units()
    server = int((Server(place).data / "postmaster.pid").read_text().split()[0])
    before, own = cpu_seconds(children_of(server)), time.process_time()
    loads = [load(file, SYSTEM) for file in files]
    backend = spent(before, cpu_seconds(children_of(server))) / size
    own = (time.process_time() - own) / size
    rows = sum(one.applied for one in loads)
    checking, booking = sum(one.check_seconds for one in loads), sum(one.apply_seconds for one in loads)
    weights = _weights(Server(place).dsn, rows)
    with scope.bulk():
        wrong = wrong_sums()
    with psycopg.connect(Server(place).dsn, autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")  # what autovacuum does within minutes
    seconds = (checking + booking) / rows
    return [
        at_least("P5F", "facts unsealed, judged and staged", rows / checking, "rows/s", STAGED_BAR),
        figure("P5F", "facts booked with their months", rows / booking, "rows/s"),
        figure("P5F", "processor time a fact: reading, judging, handing over", own * 1e6, "µs"),
        figure("P5F", "processor time a fact: PostgreSQL", backend * 1e6, "µs"),
        *(figure("P5F", f"{name} a fact", weight, "bytes") for name, weight in weights.items()),
        at_most("P5F", "monthly sums that differ from their facts", wrong, "sums", 0),
        at_most("P5F", "50 million facts, at this pace", seconds * MANY / 60, "minutes", MINUTES_BAR),
        at_most(
            "P5F",
            "50 million facts, at this weight",
            (sum(weights.values()) + _sealed(loads, files)) * MANY / 1e9,
            "GB",
            GIGABYTES_BAR,
        ),
        *fact_pages.measured(place),
    ]


def _written(size: int, place: Home) -> list[Path]:
    """The files of sales, made once for a size."""
    folder = place.root / "facts"
    folder.mkdir(exist_ok=True)
    files = []
    for number, first in enumerate(range(0, size, ROWS_A_FILE)):
        lines = _SALES.format(
            size=size,
            parties=max(size // 5, 1),
            units=UNITS,
            first=first,
            last=min(first + ROWS_A_FILE, size),
        )
        file = folder / f"YY_SALE_2026{number // 28 + 1:02}{number % 28 + 1:02}.txt"
        files.append(write_file(file, kind="SALE", lines=lines, total=yuan, seed=first))
    return files


def _make_units() -> None:
    """A province with its counties and their outlets."""
    names = [("1000", "集团", Level.GROUP, ""), ("3700", "山东", Level.PROVINCE, "1000")]
    names += [(f"3701{county:02}", f"第{county}县", Level.COUNTY, "3700") for county in range(COUNTIES)]
    names += [
        (f"37010200{n:04}", f"第{n}支局", Level.OUTLET, f"3701{n % COUNTIES:02}") for n in range(UNITS + 1)
    ]
    with scope.bulk():
        take_in_units(
            [
                UnitRow(
                    row=row,
                    code=code,
                    name=name,
                    short_name=name,
                    level=level,
                    parent_code=parent,
                    tree=Tree.POSTAL,
                    management=Management.SELF_RUN,
                    is_operating=level == Level.OUTLET,
                    division="370102",
                    postcode="250000",
                    valid_from=None,
                    valid_to=None,
                )
                for row, (code, name, level, parent) in enumerate(names, 2)
            ],
            actor=audit.Actor("system:bench"),
        )


_WEIGHTS = """
SELECT coalesce(sum(pg_relation_size(relid)), 0), coalesce(sum(pg_indexes_size(relid)), 0)
FROM pg_partition_tree(%s) WHERE isleaf
"""


def _weights(dsn: str, rows: int) -> dict[str, float]:
    """Bytes a fact, of the facts and of their monthly sums, each without and with what finds them."""
    weights = {}
    with psycopg.connect(dsn) as owner:
        for name, table in (("row", "ledger_transaction"), ("monthly sums", "ledger_monthlyfact")):
            heap, indexes = owner.execute(_WEIGHTS, [table]).fetchone() or (0, 0)
            weights |= {name: float(heap) / rows, f"indexes of {name}": float(indexes) / rows}
    return weights


def _sealed(loads: list[Loaded], files: list[Path]) -> float:
    """Bytes a fact that the delivered files themselves take, kept sealed."""
    return sum(file.stat().st_size for file in files) / sum(one.received for one in loads)
