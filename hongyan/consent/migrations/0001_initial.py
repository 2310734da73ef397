"""What customers agreed to, by which text, and when they are left alone; words stay for ever."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

OWNED = """EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = {table}.customer_id
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
)"""


def protect(table: str) -> str:
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY in_scope ON {table} TO hongyan_app USING ({OWNED.format(table=table)});
    CREATE POLICY everything ON {table} TO hongyan_group USING (true);
    """


APPEND_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON consent_consent, consent_consenttext FROM hongyan_app, hongyan_group, hongyan_bulk;
REVOKE DELETE, TRUNCATE ON consent_silence FROM hongyan_app, hongyan_group, hongyan_bulk;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customer", "0012_permissions"),
        ("org", "0010_place_chain"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "服务通知"),
                            ("marketing", "本板块营销"),
                            ("cross_marketing", "其他板块营销"),
                            ("sharing", "跨板块共享"),
                            ("profiling", "画像与推荐"),
                        ],
                        max_length=16,
                    ),
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
                ("version", models.SmallIntegerField()),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "同意"),
                            ("separate", "单独同意"),
                            ("contract", "履行合同"),
                            ("law", "法定职责或义务"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.CharField(max_length=4000)),
                ("text_en", models.CharField(max_length=8000)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("published_by", models.CharField(max_length=40)),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("purpose", "line", "version"), name="consent_text_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Silence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("channels", models.CharField(blank=True, max_length=60)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("opens", models.TimeField(null=True)),
                ("closes", models.TimeField(null=True)),
                ("with_service", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=200)),
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
                ("post_id", models.BigIntegerField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=40)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customer.customer"
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
            ],
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("is_given", models.BooleanField()),
                (
                    "purpose",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("service", "服务通知"),
                            ("marketing", "本板块营销"),
                            ("cross_marketing", "其他板块营销"),
                            ("sharing", "跨板块共享"),
                            ("profiling", "画像与推荐"),
                        ],
                        max_length=16,
                    ),
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
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "电话"),
                            ("sms", "短信"),
                            ("wechat", "微信"),
                            ("email", "邮件"),
                            ("letter", "信函"),
                            ("visit", "上门"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
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
                (
                    "proof",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("signed", "签字的授权书"),
                            ("recording", "录音"),
                            ("electronic", "电子确认记录"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=100)),
                ("post_id", models.BigIntegerField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customer.customer"
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
                    "text",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.consenttext",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_given", False),
                            models.Q(
                                models.Q(("purpose", ""), _negated=True),
                                models.Q(("line", ""), _negated=True),
                                ("text__isnull", False),
                                models.Q(("proof", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="consent_names_what_it_gives",
                    )
                ],
            },
        ),
        migrations.RunSQL(protect("consent_consent"), migrations.RunSQL.noop),
        migrations.RunSQL(protect("consent_silence"), migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
