"""Merges, decisions of people on pairs, pins of golden values; where parties, claims and owners are at home.

What a person decided is never changed: of two decisions on one pair the later holds.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

OWNED = """EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id IN ({columns})
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
)"""
WALLED = {
    "customer_merge": ("survivor_id", "absorbed_id"),
    "customer_pairdecision": ("customer_id", "candidate_id"),
    "customer_goldenpin": ("customer_id",),
}
FOR_EVER = """
REVOKE UPDATE, DELETE, TRUNCATE ON customer_pairdecision FROM hongyan_app, hongyan_group, hongyan_bulk;
REVOKE DELETE, TRUNCATE ON customer_merge FROM hongyan_app, hongyan_group, hongyan_bulk;
"""
NO_MORE = """
GRANT UPDATE, DELETE ON customer_pairdecision TO hongyan_app, hongyan_group, hongyan_bulk;
GRANT DELETE ON customer_merge TO hongyan_app, hongyan_group, hongyan_bulk;
"""


def protect(table: str, columns: tuple[str, ...]) -> str:
    condition = OWNED.format(columns=", ".join(f"{table}.{column}" for column in columns))
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
    dependencies = [
        ("customer", "0004_case_queue"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GoldenPin",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("field", models.CharField(max_length=30)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("by", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待审批"),
                            ("done", "已归并"),
                            ("refused", "未批准"),
                            ("split", "已拆分"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("score", models.SmallIntegerField(default=0)),
                ("evidence", models.JSONField(null=True)),
                ("choices", models.JSONField(default=dict)),
                ("snapshot", models.JSONField(default=dict)),
                ("is_override", models.BooleanField(default=False)),
                ("seen", models.CharField(blank=True, max_length=16)),
                ("maker_post_id", models.BigIntegerField()),
                ("asked_by", models.CharField(max_length=40)),
                ("asked_at", models.DateTimeField()),
                ("asked_key", models.CharField(max_length=130, null=True, unique=True)),
                ("second_by", models.CharField(blank=True, max_length=40)),
                ("done_at", models.DateTimeField(null=True)),
                ("split_by", models.CharField(blank=True, max_length=40)),
                ("split_at", models.DateTimeField(null=True)),
                ("split_reason", models.CharField(blank=True, max_length=300)),
                ("split_key", models.CharField(max_length=130, null=True, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="PairDecision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("same", "是同一客户"),
                            ("different", "不是同一客户"),
                            ("unsure", "不能确定"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("evidence", models.JSONField(null=True)),
                ("by", models.CharField(max_length=40)),
                ("second_by", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="customer",
            name="survivor",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="aliases",
                to="customer.customer",
            ),
        ),
        migrations.AddField(
            model_name="listrow",
            name="former_codes",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="ownership",
            name="gives_way",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="decided_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="decided_by",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="reason",
            field=models.CharField(blank=True, db_default="", max_length=300),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="second_by",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.AddField(
            model_name="sourceparty",
            name="home",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customer.customer",
            ),
        ),
        migrations.AddField(
            model_name="strongkey",
            name="home",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customer.customer",
            ),
        ),
        migrations.AlterField(
            model_name="caserow",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "候选"),
                    ("open", "待核"),
                    ("asked", "待审批"),
                    ("merged", "已合并"),
                    ("rejected", "非同一人"),
                    ("shelved", "搁置"),
                    ("split", "已拆分"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="reviewcase",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "候选"),
                    ("open", "待核"),
                    ("asked", "待审批"),
                    ("merged", "已合并"),
                    ("rejected", "非同一人"),
                    ("shelved", "搁置"),
                    ("split", "已拆分"),
                ],
                default="open",
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("survivor__isnull", False)), fields=["survivor"], name="customer_survivor"
            ),
        ),
        migrations.AddField(
            model_name="goldenpin",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pins", to="customer.customer"
            ),
        ),
        migrations.AddField(
            model_name="goldenpin",
            name="party",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customer.sourceparty",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="absorbed",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merges_away",
                to="customer.customer",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merges",
                to="customer.reviewcase",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="maker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="survivor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="customer.customer"
            ),
        ),
        migrations.AddField(
            model_name="goldenpin",
            name="merge",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pins",
                to="customer.merge",
            ),
        ),
        migrations.AddField(
            model_name="pairdecision",
            name="candidate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions_as_candidate",
                to="customer.customer",
            ),
        ),
        migrations.AddField(
            model_name="pairdecision",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="customer.reviewcase",
            ),
        ),
        migrations.AddField(
            model_name="pairdecision",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="customer.customer"
            ),
        ),
        migrations.AddField(
            model_name="pairdecision",
            name="merge",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="customer.merge",
            ),
        ),
        migrations.AddField(
            model_name="pairdecision",
            name="other_party",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customer.sourceparty",
            ),
        ),
        migrations.AddField(
            model_name="pairdecision",
            name="party",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customer.sourceparty",
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "done"])),
                fields=("absorbed",),
                name="merge_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("survivor", models.F("absorbed")), _negated=True), name="merge_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="pairdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("customer", models.F("candidate")), _negated=True),
                name="pair_decision_two",
            ),
        ),
        *(migrations.RunSQL(protect(table, columns), expose(table)) for table, columns in WALLED.items()),
        migrations.RunSQL(FOR_EVER, NO_MORE),
    ]
