"""Customers frozen by a person; walled like the customer, rows stay for ever."""

import django.db.models.deletion
from django.db import migrations, models

WALL = """
ALTER TABLE customer_freeze ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON customer_freeze TO hongyan_app USING (EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = customer_freeze.customer_id
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
));
CREATE POLICY everything ON customer_freeze TO hongyan_group USING (true);
REVOKE DELETE, TRUNCATE ON customer_freeze FROM hongyan_app, hongyan_group, hongyan_bulk;
"""


class Migration(migrations.Migration):
    dependencies = [("customer", "0012_permissions")]

    operations = [
        migrations.CreateModel(
            name="Freeze",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("reason", models.CharField(max_length=300)),
                ("by", models.CharField(max_length=40)),
                ("end_reason", models.CharField(blank=True, max_length=300)),
                ("ended_by", models.CharField(blank=True, max_length=40)),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customer.customer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=["customer"], name="freeze_one_current"
                    )
                ]
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
