"""Applications about customers, walled by the number of the unit they were made in."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

IN_RANGE = """org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint"""

WALL = f"""
ALTER TABLE lifecycle_application ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON lifecycle_application TO hongyan_app USING ({IN_RANGE});
CREATE POLICY everything ON lifecycle_application TO hongyan_group USING (true);
REVOKE DELETE, TRUNCATE ON lifecycle_application FROM hongyan_app, hongyan_group, hongyan_bulk;
"""
OPEN = """
DROP POLICY in_scope ON lifecycle_application;
DROP POLICY everything ON lifecycle_application;
ALTER TABLE lifecycle_application NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customer", "0015_acts_on_owners"),
        ("org", "0010_place_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("create", "协议客户准入"),
                            ("close", "注销"),
                            ("freeze", "冻结"),
                            ("unfreeze", "解冻"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("submitted", "待审批"),
                            ("approved", "已通过"),
                            ("refused", "已退回"),
                            ("withdrawn", "已撤回"),
                            ("undone", "已恢复"),
                        ],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("version", models.IntegerField(default=1)),
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
                ("party_type", models.CharField(choices=[("P", "个人"), ("O", "单位")], max_length=1)),
                ("name", models.CharField(max_length=200)),
                ("sealed", models.BinaryField(default=b"")),
                (
                    "wish",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("A", "协议客户（单位）"),
                            ("B", "协议客户（个人）"),
                            ("C", "对公客户"),
                            ("F", "金融个人客户"),
                            ("R", "实名散户"),
                            ("P", "潜在客户"),
                        ],
                        max_length=1,
                    ),
                ),
                (
                    "families",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("1", "标准快递"), ("2", "快递包裹"), ("3", "代收货款")], max_length=1
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                (
                    "settlement",
                    models.CharField(
                        blank=True, choices=[("1", "现结"), ("2", "记欠月结"), ("3", "预付")], max_length=1
                    ),
                ),
                ("credential_until", models.DateField(null=True)),
                ("is_lifelong", models.BooleanField(default=False)),
                ("sighted", models.BooleanField(default=False)),
                ("step", models.CharField(blank=True, max_length=16)),
                ("mark", models.CharField(blank=True, max_length=16)),
                ("checks", models.JSONField(default=list)),
                (
                    "clashing",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("exception", models.CharField(blank=True, max_length=300)),
                ("snapshot", models.JSONField(default=dict)),
                ("maker_post_id", models.BigIntegerField()),
                ("org_no", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(blank=True, max_length=40)),
                ("asked_key", models.CharField(max_length=130, unique=True)),
                (
                    "approval",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.approval",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customer.sourceparty",
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
            options={
                "indexes": [
                    models.Index(fields=["org_no", "-changed_at"], name="application_org"),
                    models.Index(fields=["-changed_at", "-id"], name="application_changed"),
                    models.Index(fields=["maker", "state"], name="application_maker"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state", "submitted"), models.Q(("kind", "create"), _negated=True)
                        ),
                        fields=("customer", "kind", "line"),
                        name="application_once_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "create"), ("customer__isnull", False), _connector="OR"),
                        name="application_of_whom",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WALL, OPEN),
    ]
