"""Models trained in the house and their use; the pairs they were compared by, walled; who holds a review case."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

IN_RANGE = """org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint"""
WALL = f"""
ALTER TABLE customer_modelpair ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_modelpair FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON customer_modelpair TO hongyan_app USING (EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id IN (customer_modelpair.customer_id, customer_modelpair.candidate_id) AND scope.{IN_RANGE}
));
CREATE POLICY everything ON customer_modelpair TO hongyan_group USING (true);
REVOKE DELETE, TRUNCATE ON customer_identitymodel, customer_modeluse FROM hongyan_app, hongyan_group, hongyan_bulk;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customer", "0006_candidates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="reviewcase",
            name="held_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reviewcase",
            name="held_by",
            field=models.CharField(blank=True, db_default="", max_length=40),
        ),
        migrations.CreateModel(
            name="IdentityModel",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("party_type", models.CharField(choices=[("P", "个人"), ("O", "单位")], max_length=1)),
                ("version", models.IntegerField()),
                ("content", models.JSONField(null=True)),
                ("started_from", models.IntegerField(default=0)),
                ("taught", models.JSONField(default=dict)),
                ("measures", models.JSONField(default=dict)),
                ("run_id", models.BigIntegerField(null=True)),
                ("made_by", models.CharField(max_length=40)),
                ("made_at", models.DateTimeField()),
                ("trained_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("party_type", "version"), name="identity_model_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelPair",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "label",
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
                ("is_held_out", models.BooleanField(default=False)),
                ("before", models.SmallIntegerField()),
                ("after", models.SmallIntegerField()),
                (
                    "band_before",
                    models.CharField(
                        choices=[("join", "自动归并"), ("review", "转人工"), ("new", "各自独立")],
                        max_length=6,
                    ),
                ),
                (
                    "band_after",
                    models.CharField(
                        choices=[("join", "自动归并"), ("review", "转人工"), ("new", "各自独立")],
                        max_length=6,
                    ),
                ),
                (
                    "candidate",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customer.customer",
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
                    "model",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pairs",
                        to="customer.identitymodel",
                    ),
                ),
                (
                    "other_party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customer.sourceparty",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customer.sourceparty",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["model", "label", "band_before", "band_after"], name="model_pair_moves"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("party", models.F("other_party")), _negated=True),
                        name="model_pair_two",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelUse",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("party_type", models.CharField(choices=[("P", "个人"), ("O", "单位")], max_length=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待批准"),
                            ("in_force", "启用中"),
                            ("ended", "曾启用"),
                            ("refused", "未批准"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("maker_post_id", models.BigIntegerField()),
                ("asked_by", models.CharField(max_length=40)),
                ("asked_at", models.DateTimeField()),
                ("second_by", models.CharField(blank=True, max_length=40)),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
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
                    "model",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="customer.identitymodel",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")),
                        fields=("party_type",),
                        name="model_use_one_in_force",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("party_type",),
                        name="model_use_one_waiting",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
