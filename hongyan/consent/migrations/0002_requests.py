"""What persons ask about their own data, walled by whose customers they are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WALL = """
ALTER TABLE consent_personrequest ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON consent_personrequest TO hongyan_app USING (EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = consent_personrequest.customer_id
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
));
CREATE POLICY everything ON consent_personrequest TO hongyan_group USING (true);
REVOKE DELETE, TRUNCATE ON consent_personrequest FROM hongyan_app, hongyan_group, hongyan_bulk;
"""
OPEN = """
DROP POLICY in_scope ON consent_personrequest;
DROP POLICY everything ON consent_personrequest;
ALTER TABLE consent_personrequest NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0001_initial"),
        ("customer", "0015_acts_on_owners"),
        ("org", "0010_place_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonRequest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "查阅"),
                            ("copy", "复制"),
                            ("correct", "更正"),
                            ("erase", "删除"),
                            ("explain", "解释说明"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "待核身"),
                            ("verified", "已核身"),
                            ("working", "办理中"),
                            ("answered", "已答复"),
                            ("refused", "已拒绝"),
                        ],
                        default="received",
                        max_length=8,
                    ),
                ),
                ("version", models.IntegerField(default=1)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("counter", "营业厅"),
                            ("phone", "电话呼入"),
                            ("visit", "客户经理上门"),
                            ("app", "微信、小程序或 App"),
                            ("web", "网站"),
                            ("letter", "信函"),
                            ("system", "来源系统"),
                        ],
                        max_length=8,
                    ),
                ),
                ("asked", models.CharField(max_length=500)),
                ("received_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("is_closed", models.BooleanField(default=False)),
                ("post_id", models.BigIntegerField()),
                (
                    "identity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("original", "核对证件原件"),
                            ("agent", "代办人证件与授权委托书"),
                            ("callback", "回拨登记电话核对"),
                            ("logged_in", "本人登录后的实名验证"),
                        ],
                        max_length=10,
                    ),
                ),
                ("identity_note", models.CharField(blank=True, max_length=100)),
                ("verified_at", models.DateTimeField(null=True)),
                ("begun_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("is_frozen", models.BooleanField(default=False)),
                (
                    "begun_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customer.customer"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taker",
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
                (
                    "verified_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["is_closed", "due_on", "id"], name="request_due")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_closed", False)),
                        fields=("customer", "kind"),
                        name="request_once_open",
                    )
                ],
            },
        ),
        migrations.RunSQL(WALL, OPEN),
    ]
