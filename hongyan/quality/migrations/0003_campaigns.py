"""Campaigns of completion and their tasks; a campaign is seen beneath its unit too."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LO = "nullif(current_setting('hongyan.lo', true), '')::bigint"
HI = "nullif(current_setting('hongyan.hi', true), '')::bigint"
CONDITIONS = {
    "quality_campaign": f"""org_no BETWEEN {LO} AND {HI} OR EXISTS (
        SELECT 1 FROM org_place place
        WHERE {LO} <= {HI} AND place.unit_id = quality_campaign.unit_id AND place.lo <= {LO} AND place.hi >= {HI}
    )""",
    "quality_campaigntask": f"org_no BETWEEN {LO} AND {HI}",
}


def protect(table: str, condition: str) -> str:
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY in_scope ON {table} TO hongyan_app USING ({condition});
    CREATE POLICY everything ON {table} TO hongyan_group USING (true);
    """


def expose(table: str) -> str:
    return f"""
    DROP POLICY in_scope ON {table};
    DROP POLICY everything ON {table};
    ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
    """


class Migration(migrations.Migration):
    dependencies = [
        ("customer", "0018_taken_back"),
        ("org", "0010_place_chain"),
        ("quality", "0002_row_level_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                (
                    "items",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                (
                    "party_type",
                    models.CharField(blank=True, choices=[("P", "个人"), ("O", "单位")], max_length=1),
                ),
                (
                    "line",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("01", "邮务"),
                            ("02", "速递"),
                            ("03", "邮储"),
                            ("04", "保险"),
                            ("05", "证券"),
                        ],
                        max_length=2,
                    ),
                ),
                ("org_no", models.BigIntegerField()),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "未开始"), ("running", "进行中"), ("closed", "已结束")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("members", models.IntegerField(default=0)),
                ("done", models.IntegerField(default=0)),
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
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CampaignTask",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_no", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待补录"), ("done", "已完成")], default="open", max_length=4
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="quality.campaign",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customer.customer",
                    ),
                ),
                (
                    "manager",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(fields=["state", "-id"], name="campaign_state"),
        ),
        migrations.AddIndex(
            model_name="campaigntask",
            index=models.Index(fields=["state", "org_no", "id"], name="campaign_task_org"),
        ),
        migrations.AddIndex(
            model_name="campaigntask",
            index=models.Index(fields=["manager", "state"], name="campaign_task_manager"),
        ),
        migrations.AddConstraint(
            model_name="campaigntask",
            constraint=models.UniqueConstraint(fields=("campaign", "customer"), name="campaign_task_once"),
        ),
        *(
            migrations.RunSQL(protect(table, condition), expose(table))
            for table, condition in CONDITIONS.items()
        ),
    ]
