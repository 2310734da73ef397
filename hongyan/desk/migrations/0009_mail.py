"""How people want to hear of things, and the outbox of mails. No customers: who may read a row is its person."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0008_tasks"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(editable=False, unique=True)),
                ("staff_no", models.CharField(max_length=40, unique=True)),
                ("ways", models.JSONField(default=dict)),
                ("wants_digest", models.BooleanField(default=False)),
                ("quiet_from", models.SmallIntegerField()),
                ("quiet_to", models.SmallIntegerField()),
                ("quiet_days", models.BooleanField(default=True)),
                ("digested_at", models.DateTimeField()),
                ("address_sealed", models.BinaryField(default=b"")),
                ("address_masked", models.CharField(blank=True, max_length=254)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("code_digest", models.BinaryField(default=b"")),
                ("code_until", models.DateTimeField(null=True)),
                ("code_failures", models.SmallIntegerField(default=0)),
                ("codes_on", models.DateField(null=True)),
                ("codes_asked", models.SmallIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("wants_digest", True)),
                        fields=["digested_at"],
                        name="notice_settings_digest",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quiet_from__range", (0, 23)), ("quiet_to__range", (0, 23))),
                        name="notice_settings_quiet",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("staff_no", models.CharField(max_length=40)),
                (
                    "sort",
                    models.CharField(
                        choices=[("notice", "通知"), ("digest", "每日汇总"), ("code", "邮箱验证码")],
                        max_length=6,
                    ),
                ),
                ("since", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待发送"),
                            ("sent", "已发送"),
                            ("dead", "发送失败"),
                            ("dropped", "不再需要"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("tries", models.SmallIntegerField(default=0)),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("address", "邮件服务器不接受这个地址"),
                            ("log_in", "邮件服务器拒绝了系统的账号"),
                            ("refused", "邮件服务器拒绝了这封邮件"),
                            ("server", "连接不上邮件服务器，或它正忙"),
                        ],
                        max_length=7,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "notification",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="desk.notification",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["next_at"], name="mail_due"
                    ),
                    models.Index(fields=["staff_no", "-made_at"], name="mail_staff"),
                ],
            },
        ),
    ]
