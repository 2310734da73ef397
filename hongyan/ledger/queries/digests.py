"""One fingerprint of the whole ledger (台账指纹): equal worlds have equal ones, however they came about.

Ids, the instants at which something became known, deliveries and rows are left out: they tell the way, not the end.
For tests that kill, repeat, shuffle and correct, and for comparing a restored database with its source.
"""

# ruff: noqa: S608 - tables and columns are the constants below

from __future__ import annotations

from django.db import connection

from hongyan.ledger.queries.facts import LISTED

_PARTY = "(SELECT system || '/' || key FROM customer_sourceparty WHERE id = fact.party_id)"
_UNIT = "(SELECT code FROM org_unit WHERE id = fact.unit_id)"
_PRODUCT = "(SELECT system || '/' || code FROM ledger_sourceproduct WHERE id = fact.product_id)"
_HOLDING = "(SELECT system || '/' || encode(key_hash, 'hex') FROM ledger_holding WHERE id = fact.holding_id)"
_ENTRY = "fact.number, fact.version, fact.entry, fact.system, fact.business_date, fact.line"
_BY_WHOM = f"{_PARTY}, {_HOLDING}, {_UNIT}, {_PRODUCT}, fact.event_time"
_MEASURES = "fact.items, fact.quantity, fact.weight_g, fact.revenue, fact.inflow, fact.outflow"

TABLES: dict[str, str] = {
    "ledger_transaction": f"{_ENTRY}, {_BY_WHOM}, fact.nature, fact.channel, fact.amount, fact.quantity, fact.note",
    "ledger_mailitem": f"{_ENTRY}, {_BY_WHOM}, fact.promised_at, fact.weight_g, fact.charged_weight_g, "
    "fact.postage, fact.insured, fact.cod, fact.settlement, fact.contents, fact.pickup_mode, fact.delivery_mode, "
    "fact.division",
    "ledger_mailevent": "fact.number, fact.event_time, fact.code, fact.version, fact.entry, fact.system, "
    f"fact.business_date, fact.line, {_UNIT}, fact.division",
    "ledger_factmove": "fact.number, fact.system, fact.kind, fact.business_date, fact.other_date",
    "ledger_balance": f"{_HOLDING}, fact.kind, fact.version, fact.entry, fact.business_date, fact.line, {_PARTY}, "
    "fact.amount",
    "ledger_monthlyfact": f"{_PARTY}, fact.month, {_PRODUCT}, {_UNIT}, {_MEASURES}",
    "ledger_unitmonth": f"{_UNIT}, fact.month, {_PRODUCT}, fact.kind, {_MEASURES}",
    "ledger_holding": f"fact.system, encode(fact.key_hash, 'hex'), fact.number_masked, {_PARTY}, fact.line, fact.kind, "
    f"{_UNIT}, (SELECT code FROM ledger_sourceproduct WHERE id = fact.source_product_id), fact.opened_on, "
    "fact.closed_on, fact.matures_on, fact.amount, fact.currency, fact.status, fact.version",
    "ledger_holdingversion": f"{_HOLDING}, fact.version, fact.fields::text",
    # by the customer's parties at the bank: which others are the same customer is not the ledger's to say
    "ledger_bankintake": "(SELECT string_agg(party.system || '/' || party.key, ',' ORDER BY party.system, party.key)"
    " FROM customer_relationship relation JOIN customer_sourceparty party ON party.id = relation.party_id"
    " WHERE relation.customer_id = fact.customer_id AND relation.line = '03'),"
    " fact.first_reached_on, fact.assets, fact.liabilities",
}
"""What of each table counts, as expressions over `fact`."""


def digest() -> dict[str, tuple[int, str]]:
    """Table → rows and the MD5 over their contents in order. Reads everything: call it inside `scope.bulk()`."""
    with connection.cursor() as cursor:
        found = {}
        for table, columns in TABLES.items():
            cursor.execute(
                "SELECT count(*), coalesce(md5(string_agg(line, chr(10) ORDER BY line)), '') "
                f"FROM (SELECT ROW({columns})::text AS line FROM {table} fact) lines"
            )
            found[table] = cursor.fetchone()
        return found


_RECALCULATE = """
CREATE TEMPORARY TABLE recalculated AS
SELECT kind, party_id, date_trunc('month', business_date)::date AS month, product_id, unit_id,
       sum(items) AS items, sum(quantity) AS quantity, sum(weight_g) AS weight_g,
       sum(revenue) AS revenue, sum(inflow) AS inflow, sum(outflow) AS outflow
FROM (
    SELECT 'transaction' AS kind, coalesce(party_id, 0) AS party_id, business_date, product_id, unit_id,
           entry AS items, entry * quantity AS quantity, 0 AS weight_g,
           entry * amount * (nature < '10')::int AS revenue,
           entry * amount * (nature = '11')::int AS inflow,
           entry * amount * (nature = '12')::int AS outflow
    FROM ledger_transaction
    UNION ALL
    SELECT 'mail_item', coalesce(party_id, 0), business_date, product_id, unit_id,
           entry, entry, entry::bigint * weight_g, entry * postage, 0, 0
    FROM ledger_mailitem
) entries
WHERE items <> 0
GROUP BY 1, 2, 3, 4, 5
"""
_SUMS = "items, quantity, weight_g, revenue, inflow, outflow"
_SUMMED = ", ".join(f"sum({name})" for name in _SUMS.split(", "))
_KEPT: dict[str, str] = {
    "ledger_monthlyfact": "party_id, month, product_id, unit_id",
    "ledger_unitmonth": "unit_id, month, product_id, kind",
}
"""The tables of monthly sums and what they are kept by."""


def wrong_sums() -> int:
    """How many monthly sums differ from the entries they are made of, 0 in a sound ledger (`hongyan ledger check`).

    Reads everything: call it inside `scope.bulk()`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECALCULATE)
        total = 0
        for table, key in _KEPT.items():
            made = f"SELECT {key}, {_SUMMED} FROM recalculated GROUP BY {key}"
            kept = f"SELECT {key}, {_SUMS} FROM {table}"
            for left, right in ((made, kept), (kept, made)):
                cursor.execute(f"SELECT count(*) FROM (({left}) EXCEPT ({right})) differing")
                total += cursor.fetchone()[0]
        cursor.execute("DROP TABLE recalculated")
        return total


_DAYS_OF_MOVED = """
WITH RECURSIVE reached AS (
    SELECT number, system, business_date AS from_day, business_date FROM ledger_factmove WHERE kind = '{kind}'
    UNION
    SELECT reached.number, reached.system, reached.from_day, move.other_date
    FROM reached
    JOIN ledger_factmove move USING (number, system, business_date)
    WHERE move.kind = '{kind}'
),
day AS (
    SELECT DISTINCT number, system, business_date,
           min(business_date) OVER (PARTITION BY number, system, from_day) AS first_day
    FROM reached
)
"""
_STAND_TWICE = """
SELECT count(*) FROM (
    SELECT FROM {table} GROUP BY number, system, business_date HAVING sum(entry) > 1
) twice
"""
_STAND_ON_TWO_DAYS = (
    _DAYS_OF_MOVED
    + """
SELECT count(*) FROM (
    SELECT FROM day
    CROSS JOIN LATERAL (
        SELECT sum(entry) AS entries FROM {table} entry
        WHERE entry.number = day.number AND entry.system = day.system AND entry.business_date = day.business_date
    ) entry
    GROUP BY number, system, first_day HAVING sum(entries) > 1
) twice
"""
)
_DAYS_WITHOUT_FACT = """
SELECT count(DISTINCT (number, system, business_date)) FROM ledger_factmove day
WHERE kind = '{kind}' AND NOT EXISTS (
    SELECT FROM {table} entry
    WHERE entry.number = day.number AND entry.system = day.system AND entry.business_date = day.business_date
      AND entry.entry = 1
)
"""


def facts_that_stand_twice() -> int:
    """How many facts count more than once: in two versions, or under two of the days between which they moved.

    0 in a sound ledger (`hongyan ledger check`). Reads everything: call it inside `scope.bulk()`.
    """
    return _total(_STAND_TWICE) + _total(_STAND_ON_TWO_DAYS)


def days_without_fact() -> int:
    """How many days moves name under which their fact never stood: its first row is still to come, or the source named
    a wrong day and the fact stands twice, which nothing in the ledger can tell from two facts. For people to look into.
    """
    return _total(_DAYS_WITHOUT_FACT)


def _total(statement: str) -> int:
    """A count over the two kinds of facts that have numbers of their own and may move."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_partitionwise_aggregate = on")
        total = 0
        for kind in LISTED:
            cursor.execute(statement.format(kind=kind.value, table=LISTED[kind]._meta.db_table))
            total += cursor.fetchone()[0]
        return total
