"""Files of customers are walled like the customer."""

from django.db import migrations

WALL = """
CREATE POLICY of_customers ON desk_recordfile TO hongyan_app USING (kind = 'customer' AND EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = desk_recordfile.record_id
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
));
"""


class Migration(migrations.Migration):
    dependencies = [("customer", "0024_notes"), ("desk", "0007_files")]

    operations = [migrations.RunSQL(WALL, "DROP POLICY of_customers ON desk_recordfile")]
