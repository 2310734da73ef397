"""The second wall of classification: classes and moves are walled like their customer, counts by the unit's number."""

from django.db import migrations

RANGE = """BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                AND nullif(current_setting('hongyan.hi', true), '')::bigint"""
OWNED = f"""EXISTS (
    SELECT 1 FROM customer_customerscope scope WHERE scope.customer_id = {{table}}.customer_id AND scope.org_no {RANGE}
)"""
CONDITIONS = {
    "classes_customerclass": OWNED.format(table="classes_customerclass"),
    "classes_classmove": OWNED.format(table="classes_classmove"),
    "classes_classcount": f"org_no {RANGE}",
}


def protect(table: str, condition: str) -> str:
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY in_scope ON {table} TO hongyan_app USING ({condition});
    CREATE POLICY everything ON {table} TO hongyan_group USING (true);
    """


def expose(table: str) -> str:
    return f"""
    DROP POLICY in_scope ON {table};
    DROP POLICY everything ON {table};
    ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
    """


APPEND_ONLY = (
    "REVOKE UPDATE, DELETE, TRUNCATE ON classes_classmove FROM hongyan_app, hongyan_group, hongyan_bulk"
)


class Migration(migrations.Migration):
    dependencies = [("classes", "0001_initial")]
    operations = [
        *(
            migrations.RunSQL(protect(table, condition), expose(table))
            for table, condition in CONDITIONS.items()
        ),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
