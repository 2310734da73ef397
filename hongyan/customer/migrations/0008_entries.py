"""Customers that people typed in, walled like the customer they were given to; what was entered stays for ever."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WALL = """
ALTER TABLE customer_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON customer_entry TO hongyan_app USING (EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = customer_entry.customer_id
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
));
CREATE POLICY everything ON customer_entry TO hongyan_group USING (true);
REVOKE UPDATE, DELETE, TRUNCATE ON customer_entry FROM hongyan_app, hongyan_group, hongyan_bulk;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customer", "0007_models"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("new", "新建客户"),
                            ("joined", "自动归并"),
                            ("review", "待核"),
                            ("manual", "人工归并"),
                            ("split", "拆分"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("maker_post_id", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("asked_key", models.CharField(max_length=130, unique=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="customer.customer",
                    ),
                ),
                (
                    "maker",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "party",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entry",
                        to="customer.sourceparty",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
