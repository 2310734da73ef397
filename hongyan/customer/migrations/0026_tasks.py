"""To-dos about customers are read by whoever sees the customer; whose they are may change them."""

from django.db import migrations

POLICY = """
CREATE POLICY of_customers ON desk_task FOR SELECT TO hongyan_app USING (kind = 'customer' AND EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = desk_task.record_id
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
));
"""


class Migration(migrations.Migration):
    dependencies = [("customer", "0025_files"), ("desk", "0008_tasks")]

    operations = [migrations.RunSQL(POLICY, "DROP POLICY of_customers ON desk_task")]
