"""The second wall of the ledger: a unit sees what it booked, and everything of the customers owned in its scope.

Shells and walk-ins belong to no customer and are seen where they were booked. Pages of a customer come through the
party, pages of a unit through the unit; both halves are one index look-up. OFFSET 0 keeps the second one a look-up: else
the database may gather all parties of the scope first, a province's million for a page of fifty rows.
"""

from django.db import migrations

RANGE = """BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                AND nullif(current_setting('hongyan.hi', true), '')::bigint"""
BOOKED_HERE = f"unit_id IN (SELECT place.unit_id FROM org_place place WHERE place.lo {RANGE})"
OWNED_HERE = f"""EXISTS (
    SELECT 1 FROM customer_sourceparty party JOIN customer_customerscope scope USING (customer_id)
    WHERE party.id = {{table}}.party_id AND scope.org_no {RANGE}
    OFFSET 0
)"""

CONDITIONS = {
    **{
        table: f"{BOOKED_HERE} OR {OWNED_HERE.format(table=table)}"
        for table in ("ledger_transaction", "ledger_mailitem", "ledger_monthlyfact", "ledger_holding")
    },
    "ledger_balance": f"""EXISTS (SELECT 1 FROM ledger_holding holding WHERE holding.id = holding_id)
        OR {OWNED_HERE.format(table="ledger_balance")}""",
    "ledger_unitmonth": BOOKED_HERE,
    "ledger_bankintake": f"""EXISTS (
        SELECT 1 FROM customer_customerscope scope
        WHERE scope.customer_id = ledger_bankintake.customer_id AND scope.org_no {RANGE}
    )""",
    # These hang on a row that is walled itself. An item number is used again after a year: an event belongs to the
    # item of its system that was posted before it, by sixty days at most, or after it, by thirty.
    "ledger_holdingversion": "EXISTS (SELECT 1 FROM ledger_holding holding WHERE holding.id = holding_id)",
    "ledger_mailevent": """EXISTS (
        SELECT 1 FROM ledger_mailitem item
        WHERE item.number = ledger_mailevent.number AND item.system = ledger_mailevent.system
          AND item.business_date BETWEEN ledger_mailevent.business_date - 60 AND ledger_mailevent.business_date + 30
    )""",
}


def protect(table: str, condition: str) -> str:
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY in_scope ON {table} TO hongyan_app USING ({condition});
    CREATE POLICY everything ON {table} TO hongyan_group USING (true);
    """


def expose(table: str) -> str:
    return f"""
    DROP POLICY in_scope ON {table};
    DROP POLICY everything ON {table};
    ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
    """


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_facts")]
    operations = [
        migrations.RunSQL(protect(table, condition), expose(table)) for table, condition in CONDITIONS.items()
    ]
