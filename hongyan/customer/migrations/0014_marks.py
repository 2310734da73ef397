"""Marks that rooms above give customers, for lists to filter by; walled like the customer."""

import django.db.models.deletion
from django.db import migrations, models

WALL = """
ALTER TABLE customer_customermark ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON customer_customermark TO hongyan_app USING (EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = customer_customermark.customer_id
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
));
CREATE POLICY everything ON customer_customermark TO hongyan_group USING (true);
"""
OPEN = """
DROP POLICY in_scope ON customer_customermark;
DROP POLICY everything ON customer_customermark;
ALTER TABLE customer_customermark NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customer", "0013_freezes"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerMark",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "mark", "customer_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("mark", models.CharField(max_length=40)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customer.customer",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(WALL, OPEN),
    ]
