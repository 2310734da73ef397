"""The second wall of data quality: scores and notes are walled like their customer, counts by the unit's number."""

from django.db import migrations

RANGE = """BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                AND nullif(current_setting('hongyan.hi', true), '')::bigint"""
OWNED = f"""EXISTS (
    SELECT 1 FROM customer_customerscope scope WHERE scope.customer_id = {{table}}.customer_id AND scope.org_no {RANGE}
)"""
CONDITIONS = {
    "quality_customerquality": OWNED.format(table="quality_customerquality"),
    "quality_diligence": OWNED.format(table="quality_diligence"),
    "quality_qualitycount": f"org_no {RANGE}",
}
FOR_NO_POST = """
ALTER TABLE quality_qualitydue ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
REVOKE ALL ON quality_qualitydue FROM hongyan_app, hongyan_group;
"""
APPEND_ONLY = (
    "REVOKE UPDATE, DELETE, TRUNCATE ON quality_diligence FROM hongyan_app, hongyan_group, hongyan_bulk"
)


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


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial")]
    operations = [
        *(
            migrations.RunSQL(protect(table, condition), expose(table))
            for table, condition in CONDITIONS.items()
        ),
        migrations.RunSQL(FOR_NO_POST, migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
