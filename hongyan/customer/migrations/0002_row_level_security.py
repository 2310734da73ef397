"""The second wall: every table about customers is protected, and empty without a scope.

Three shapes: tables that carry an organisation number compare it with the transaction's range; tables that carry a
customer ask `customer_customerscope`; tables that hang on a party or record ask their parent's policy.
"""

from django.db import migrations

IN_RANGE = """org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint"""

# The same, in a form that the planner does not multiply with the list's own condition on the unit: it took one county of
# a million customers for 182 rows, and read and sorted all of them where the index gives the first page at once.
IN_RANGE_UNWEIGHED = f"CASE WHEN {IN_RANGE} THEN true END IS NOT NULL"

OWNED = "EXISTS (SELECT 1 FROM customer_customerscope scope WHERE scope.customer_id = {table}.{column} AND scope.{range})"

CONDITIONS = {
    "customer_customerscope": IN_RANGE,
    "customer_listrow": IN_RANGE_UNWEIGHED,
    "customer_searchtoken": IN_RANGE,
    **{
        table: OWNED.format(table=table, column=column, range=IN_RANGE)
        for table, column in {
            "customer_customer": "id",
            "customer_sourceparty": "customer_id",
            "customer_link": "customer_id",
            "customer_identifier": "customer_id",
            "customer_strongkey": "customer_id",
            "customer_relationship": "customer_id",
            "customer_ownership": "customer_id",
            "customer_goldenchange": "customer_id",
        }.items()
    },
    # A case belongs to both customers; the page shows the evidence only to those who may see the other one too.
    "customer_reviewcase": f"""EXISTS (
        SELECT 1 FROM customer_customerscope scope
        WHERE scope.customer_id IN (customer_reviewcase.customer_id, customer_reviewcase.candidate_id)
          AND scope.{IN_RANGE}
    )""",
    "customer_sourcerecord": "EXISTS (SELECT 1 FROM customer_sourceparty party WHERE party.id = party_id)",
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
    dependencies = [("customer", "0001_initial")]
    operations = [
        migrations.RunSQL(protect(table, condition), expose(table)) for table, condition in CONDITIONS.items()
    ]
