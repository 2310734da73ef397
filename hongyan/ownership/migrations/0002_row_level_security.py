"""The second wall: an act belongs to the unit in whose name it was done, its items to the act."""

from django.db import migrations

CONDITIONS = {
    "ownership_transfer": """org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
        AND nullif(current_setting('hongyan.hi', true), '')::bigint""",
    "ownership_transferitem": "EXISTS (SELECT 1 FROM ownership_transfer transfer WHERE transfer.id = transfer_id)",
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
    dependencies = [("ownership", "0001_initial")]
    operations = [
        migrations.RunSQL(protect(table, condition), expose(table)) for table, condition in CONDITIONS.items()
    ]
