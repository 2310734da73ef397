"""One fingerprint of the whole ledger (台账指纹): equal worlds have equal ones, however they came about.

Ids, the instants at which something became known, deliveries and rows are left out: they tell the way, not the end.
For tests that kill, repeat, shuffle and correct, and for comparing a restored database with its source.
"""

# ruff: noqa: S608 - tables and columns are the constants below

from __future__ import annotations

from django.db import connection

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
    "ledger_balance": f"{_HOLDING}, fact.kind, fact.version, fact.entry, fact.business_date, fact.line, {_PARTY}, "
    "fact.amount",
    "ledger_monthlyfact": f"{_PARTY}, fact.month, {_PRODUCT}, {_UNIT}, {_MEASURES}",
    "ledger_unitmonth": f"{_UNIT}, fact.month, {_PRODUCT}, {_MEASURES}",
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


_RECALCULATED = """
SELECT party, month, product_id, unit_id,
       sum(items), sum(quantity), sum(weight_g), sum(revenue), sum(inflow), sum(outflow)
FROM (
    SELECT coalesce(party_id, 0) AS party, date_trunc('month', business_date)::date AS month, product_id, unit_id,
           entry AS items, entry * quantity AS quantity, 0 AS weight_g,
           entry * amount * (nature < '10')::int AS revenue,
           entry * amount * (nature = '11')::int AS inflow,
           entry * amount * (nature = '12')::int AS outflow
    FROM ledger_transaction
    UNION ALL
    SELECT coalesce(party_id, 0), date_trunc('month', business_date)::date, product_id, unit_id,
           entry, entry, entry::bigint * weight_g, entry * postage, 0, 0
    FROM ledger_mailitem
) entries
WHERE items <> 0
GROUP BY 1, 2, 3, 4
"""
_KEPT = """
SELECT party_id, month, product_id, unit_id, items, quantity, weight_g, revenue, inflow, outflow FROM ledger_monthlyfact
"""
_KEPT_OF_UNITS = """
SELECT unit_id, month, product_id, items, quantity, weight_g, revenue, inflow, outflow FROM ledger_unitmonth
"""
_OF_UNITS = f"""
SELECT unit_id, month, product_id, sum(items), sum(quantity), sum(weight_g), sum(revenue), sum(inflow), sum(outflow)
FROM ({_KEPT}) kept GROUP BY 1, 2, 3
"""


def wrong_sums() -> int:
    """How many monthly sums differ from the entries they are made of, 0 in a sound ledger (`hongyan ledger check`).

    Reads everything: call it inside `scope.bulk()`.
    """
    with connection.cursor() as cursor:
        total = 0
        for one, other in ((_RECALCULATED, _KEPT), (_OF_UNITS, _KEPT_OF_UNITS)):
            for left, right in ((one, other), (other, one)):
                cursor.execute(f"SELECT count(*) FROM (({left}) EXCEPT ({right})) differing")
                total += cursor.fetchone()[0]
        return total
