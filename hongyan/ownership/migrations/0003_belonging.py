"""What the bank's belonging rule proposes, walled like its customers."""

import django.db.models.deletion
from django.db import migrations, models

PROTECT = """
ALTER TABLE ownership_belonging ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON ownership_belonging TO hongyan_app USING (EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = ownership_belonging.customer_id AND scope.line = '03'
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
));
CREATE POLICY everything ON ownership_belonging TO hongyan_group USING (true);
"""
EXPOSE = """
DROP POLICY in_scope ON ownership_belonging;
DROP POLICY everything ON ownership_belonging;
ALTER TABLE ownership_belonging DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customer", "0015_acts_on_owners"),
        ("org", "0010_place_chain"),
        ("ownership", "0002_row_level_security"),
    ]

    operations = [
        migrations.AlterField(
            model_name="transfer",
            name="act",
            field=models.CharField(
                choices=[
                    ("assign", "建立客户关系"),
                    ("adjust", "调整客户关系"),
                    ("dissolve", "解除客户关系"),
                    ("give_back", "退回待分配池"),
                    ("claim", "认领"),
                    ("hand_over", "离岗移交"),
                    ("reassign", "批量调整"),
                    ("belong", "按归属规则调整"),
                ],
                max_length=9,
            ),
        ),
        migrations.CreateModel(
            name="Belonging",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "step",
                    models.SmallIntegerField(
                        choices=[(0, "ONLY"), (1, "TOTAL"), (2, "ASSETS"), (3, "EARLIEST"), (4, "TIE")]
                    ),
                ),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("figures", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待确认"),
                            ("taken", "已采纳"),
                            ("declined", "不采纳"),
                            ("outdated", "已过时"),
                        ],
                        max_length=8,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("decided_by", models.CharField(blank=True, max_length=20)),
                ("found_at", models.DateTimeField()),
                (
                    "before",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customer.ownership",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customer.customer",
                    ),
                ),
                (
                    "to_unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ownership.transfer",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "-id"], name="belonging_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "to_unit", "last"), name="belonging_once")
                ],
            },
        ),
        migrations.RunSQL(PROTECT, EXPOSE),
    ]
