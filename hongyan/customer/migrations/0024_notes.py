"""Notes on customers, and who follows them, are walled like the customer."""

from django.db import migrations


def wall(table: str) -> str:
    return f"""
    CREATE POLICY of_customers ON {table} TO hongyan_app USING (kind = 'customer' AND EXISTS (
        SELECT 1 FROM customer_customerscope scope
        WHERE scope.customer_id = {table}.record_id
          AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                               AND nullif(current_setting('hongyan.hi', true), '')::bigint
    ));
    """


TABLES = ("desk_note", "desk_follow")


class Migration(migrations.Migration):
    dependencies = [("customer", "0023_layouts"), ("desk", "0006_notes")]

    operations = [migrations.RunSQL(wall(table), f"DROP POLICY of_customers ON {table}") for table in TABLES]
