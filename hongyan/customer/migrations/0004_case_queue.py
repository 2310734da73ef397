"""The stewards' queue of review cases, checks by sample and batches, each walled by the number of its unit."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

IN_RANGE = """org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint"""
WALLED = ("customer_caserow", "customer_secondlook", "customer_casebatch")


def protect(table: str) -> str:
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY in_scope ON {table} TO hongyan_app USING ({IN_RANGE});
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
        ("customer", "0003_rare_statuses"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseBatch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("owner", models.CharField(max_length=40)),
                ("post_id", models.BigIntegerField()),
                ("org_no", models.BigIntegerField()),
                ("query", models.CharField(blank=True, max_length=2000)),
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
                ("size", models.IntegerField()),
                (
                    "sample",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("until", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "抽样核对中"),
                            ("running", "处理中"),
                            ("done", "已完成"),
                        ],
                        default="checking",
                        max_length=8,
                    ),
                ),
                ("decided", models.IntegerField(default=0)),
                ("skipped", models.IntegerField(default=0)),
                ("run_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CaseRow",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="row",
                        serialize=False,
                        to="customer.reviewcase",
                    ),
                ),
                ("org_no", models.BigIntegerField()),
                ("unit_name", models.CharField(blank=True, max_length=60)),
                ("party_type", models.CharField(choices=[("P", "个人"), ("O", "单位")], max_length=1)),
                ("code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=200)),
                ("other_code", models.CharField(max_length=12)),
                ("other_name", models.CharField(max_length=200)),
                ("score", models.SmallIntegerField()),
                ("rule", models.CharField(max_length=40)),
                ("grounds", models.CharField(blank=True, max_length=200)),
                ("line_codes", models.CharField(max_length=15)),
                ("agreements", models.SmallIntegerField()),
                ("worth", models.SmallIntegerField(choices=[(2, "有协议"), (1, "多板块"), (0, "一般")])),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待核"), ("merged", "已合并"), ("rejected", "非同一人")],
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SecondLook",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_no", models.BigIntegerField()),
                ("score", models.SmallIntegerField()),
                (
                    "first",
                    models.CharField(
                        choices=[
                            ("same", "是同一客户"),
                            ("different", "不是同一客户"),
                            ("unsure", "不能确定"),
                        ],
                        max_length=9,
                    ),
                ),
                ("first_by", models.CharField(blank=True, max_length=40)),
                (
                    "second",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("same", "是同一客户"),
                            ("different", "不是同一客户"),
                            ("unsure", "不能确定"),
                        ],
                        max_length=9,
                    ),
                ),
                ("second_by", models.CharField(blank=True, max_length=40)),
                ("drawn_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="link",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["since"], name="link_since"),
        ),
        migrations.AddIndex(
            model_name="casebatch",
            index=models.Index(fields=["owner", "-id"], name="case_batch_owner"),
        ),
        migrations.AddIndex(
            model_name="caserow",
            index=models.Index(fields=["state", "worth", "score", "case"], name="case_row_order"),
        ),
        migrations.AddIndex(
            model_name="caserow",
            index=models.Index(fields=["org_no"], name="case_row_org"),
        ),
        migrations.AddField(
            model_name="secondlook",
            name="case",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="second_look",
                to="customer.reviewcase",
            ),
        ),
        migrations.AddField(
            model_name="secondlook",
            name="link",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="second_look",
                to="customer.link",
            ),
        ),
        migrations.AddIndex(
            model_name="secondlook",
            index=models.Index(fields=["org_no"], name="second_look_org"),
        ),
        migrations.AddIndex(
            model_name="secondlook",
            index=models.Index(fields=["score", "first", "second"], name="second_look_score"),
        ),
        migrations.AddConstraint(
            model_name="secondlook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("case", None), ("link__isnull", False)),
                    models.Q(("case__isnull", False), ("link", None)),
                    _connector="OR",
                ),
                name="second_look_of_one",
            ),
        ),
        *(migrations.RunSQL(protect(table), expose(table)) for table in WALLED),
    ]
