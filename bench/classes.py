"""P6C, the night's classification: everybody's tiers, classes and signals of loss from their monthly sums, and again.

A made-up house: each customer known to one system of mail, with revenue in some of the last 13 months. The baseline is
the least any solution must do in the same run: one plain statement that adds the same sums up, nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import psycopg

from bench.place import empty_database
from bench.rows import Row, at_most, figure
from hongyan.classes.actions.classify import classify
from hongyan.classes.models import ClassMove
from hongyan.config.home import Home
from hongyan.core import audit, clock, scope
from hongyan.core.postgres import Server
from hongyan.ledger.actions.partitions import make_partitions
from hongyan.org.actions.take_in import take_in_units
from hongyan.org.codes import Level, Management, Tree, UnitRow

MINUTES_BAR = 5
MANY = 1_000_000
UNITS, MONTHS = 200, 13
LAST = date(2026, 10, 1)
AS_OF = date(2026, 11, 22)

_FILL = """
INSERT INTO customer_customer (
    id, code, party_type, status, name, name_key, sort_key, short_name, gender, credential_type, credential_masked,
    mobile_masked, landline_masked, email_masked, division, address, postcode, legal_person, industry, scale, lineage,
    rule_version, version, created_at, updated_at
)
SELECT n, 'H' || lpad(n::text, 11, '0'), 'P', 'active', '客户' || n, n::text, n::text,
       '', '0', '', '', '', '', '', '', '', '', '', '', '', '{{}}', 1, 1,
       '2024-01-01', '2024-01-01'
FROM generate_series(1, {size}) n;
INSERT INTO customer_sourceparty (id, system, key, party_type, customer_id, first_seen_at, last_seen_at)
SELECT n, 'yy', n::text, 'P', n, '2024-01-01', '2024-01-01' FROM generate_series(1, {size}) n;
INSERT INTO customer_relationship (
    party_id, customer_id, line, kind, status, unit_id, sub_code, agreement_no, settlement
)
SELECT n, n, '01', 'R', 'active', place.unit_id, '', '', ''
FROM generate_series(1, {size}) n
JOIN (SELECT *, row_number() OVER () AS number FROM org_place WHERE level = {outlet}) place
  ON place.number = n %% {units} + 1;
INSERT INTO customer_customerscope (customer_id, line, org_no)
SELECT relation.customer_id, '01', place.lo FROM customer_relationship relation JOIN org_place place USING (unit_id);
INSERT INTO customer_listrow (
    customer_id, org_no, province_no, city_no, county_no, first_in_county, first_in_city, first_in_province,
    first_in_group, sort_key, code, name, party_type, kind, status, line_codes, system_codes, source_count,
    credential_masked, mobile_masked, division, unit_name, manager_name, has_review, created_at, updated_at
)
SELECT customer.id, place.lo, place.province_no, place.city_no, place.county_no, true, true, true, true,
       customer.sort_key, customer.code, customer.name, 'P', 'R', 'active', '01', 'yy', 1, '', '', '', '', '', false,
       customer.created_at, customer.updated_at
FROM customer_customer customer JOIN customer_relationship relation ON relation.customer_id = customer.id
JOIN org_place place USING (unit_id);
INSERT INTO ledger_sourceproduct (id, system, code, name, line, first_seen_at)
VALUES (1, 'yy', 'A', 'A', '01', '2024-01-01'), (2, 'yy', 'B', 'B', '01', '2024-01-01');
INSERT INTO ledger_monthlyfact (
    party_id, month, product_id, unit_id, items, quantity, weight_g, revenue, inflow, outflow
)
SELECT relation.party_id, ('{last}'::date - make_interval(months => back))::date, back %% 2 + 1,
       relation.unit_id, 1, 1, 0, round((10 / (0.001 + random()))::numeric, 2), 0, 0
FROM customer_relationship relation CROSS JOIN generate_series(0, {months} - 1) AS back
WHERE (relation.party_id + back) %% 4 < 3 AND (relation.party_id %% 5 > 0 OR back > 6);
"""
_BASELINE = """
SELECT count(*), sum(last), sum(everything) FROM (
SELECT party.customer_id, sum(fact.revenue) FILTER (WHERE fact.month = %s) AS last,
       sum(fact.revenue) AS everything
FROM customer_sourceparty party JOIN ledger_monthlyfact fact ON fact.party_id = party.id
GROUP BY 1
) sums
"""
_NEW_MONTH = """
INSERT INTO ledger_monthlyfact (
    party_id, month, product_id, unit_id, items, quantity, weight_g, revenue, inflow, outflow
)
SELECT party_id, '2026-11-01', product_id, unit_id, items, quantity, weight_g, revenue, 0, 0
FROM ledger_monthlyfact WHERE month = '2026-10-01' AND party_id %% 3 > 0
"""


def run(size: int, place: Home) -> list[Row]:
    """The first classification, the next night's, the first of a new month's; and the sums alone."""
    _fill(size, place)
    dsn = Server(place).dsn
    first = _seconds(lambda: classify(AS_OF, by="system:bench"))
    again = _seconds(lambda: classify(AS_OF, by="system:bench"))
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")
        plain = _seconds(lambda: _drain(owner))
        owner.execute(_NEW_MONTH.replace("%%", "%"))
    clock_day, clock.business_date = clock.business_date, lambda *_moment: date(2026, 12, 2)  # type: ignore[assignment]
    try:
        month = _seconds(lambda: classify(date(2026, 12, 2), by="system:bench"))
    finally:
        clock.business_date = clock_day
    with scope.bulk():
        moves = ClassMove.objects.count()
    bar = MINUTES_BAR * 60 * max(size, 1) / MANY
    return [
        at_most("P6C", f"first classification of {size:,} customers", first, "s", bar),
        at_most("P6C", "the night after, nothing new", again, "s", bar / 5),
        at_most("P6C", "the first night of a new month", month, "s", bar),
        figure("P6C", "customers who moved then", moves, "moves"),
        Row("P6C", "the plain statement that adds the sums up", round(plain, 1), "s"),
        Row(
            "P6C",
            "first classification against that statement",
            round(first / plain, 1),
            "×",
            baseline=round(plain, 2),
        ),
    ]


def _drain(owner: psycopg.Connection) -> None:
    owner.execute(_BASELINE, [LAST])


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _fill(size: int, place: Home) -> None:
    empty_database(place)
    names = [("1000", "集团", Level.GROUP, ""), ("3700", "山东", Level.PROVINCE, "1000")]
    names += [("3701", "济南", Level.CITY, "3700"), ("370102", "历下", Level.COUNTY, "3701")]
    names += [(f"37010200{n:04}", f"第{n}支局", Level.OUTLET, "370102") for n in range(UNITS)]
    rows = [
        UnitRow(
            row=row, code=code, name=name, short_name=name, level=level, parent_code=parent, tree=Tree.POSTAL,
            management=Management.SELF_RUN, is_operating=level == Level.OUTLET, division="370102",
            postcode="250000", valid_from=None, valid_to=None,
        )
        for row, (code, name, level, parent) in enumerate(names, 2)
    ]  # fmt: skip
    with scope.bulk():
        take_in_units(rows, actor=audit.Actor("system:bench"))
        make_partitions(date(2024, 10, 1), date(2026, 12, 1))
    filling = _FILL.format(
        size=size, units=UNITS, months=MONTHS, last=LAST, outlet=int(Level.OUTLET)
    ).replace("%%", "%")
    with psycopg.connect(Server(place).dsn, autocommit=True) as owner:
        owner.execute("SET ROLE hongyan_bulk")
        owner.execute(filling)
        owner.execute("RESET ROLE")
        owner.execute("VACUUM (ANALYZE)")
