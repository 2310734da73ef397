"""Corrections by hand, walled like the customer they are of; what was asked stays for ever."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WALL = """
ALTER TABLE customer_correction ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_correction FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON customer_correction TO hongyan_app USING (EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = customer_correction.customer_id
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
));
CREATE POLICY everything ON customer_correction TO hongyan_group USING (true);
REVOKE DELETE, TRUNCATE ON customer_correction FROM hongyan_app, hongyan_group, hongyan_bulk;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customer", "0010_resolution_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待审批"), ("done", "已生效"), ("refused", "未批准")],
                        max_length=8,
                    ),
                ),
                ("heads", models.JSONField()),
                ("fields", models.JSONField()),
                ("sealed", models.BinaryField(default=b"")),
                ("shown", models.JSONField()),
                ("seen", models.CharField(max_length=16)),
                ("reason", models.CharField(max_length=300)),
                ("maker_post_id", models.BigIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("asked_key", models.CharField(max_length=130, unique=True)),
                ("second_by", models.CharField(blank=True, max_length=40)),
                ("done_at", models.DateTimeField(null=True)),
                ("record_id", models.BigIntegerField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
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
            ],
            options={
                "indexes": [models.Index(fields=["customer", "-asked_at"], name="correction_customer")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("customer",),
                        name="correction_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
