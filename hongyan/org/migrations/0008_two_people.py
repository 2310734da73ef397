"""What takes two people: accounts that guard others, guarded parameters; and who let whom in lately."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("pending", "审批中"),
    ("approved", "通过"),
    ("rejected", "驳回"),
    ("recalled", "撤回"),
    ("expired", "超时"),
]
LINES = [("01", "邮务"), ("02", "速递"), ("03", "邮储"), ("04", "保险"), ("05", "证券")]


def _id() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _to(model: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, to=model, **{"related_name": "+", **options}
    )


def _state() -> models.CharField:
    return models.CharField(choices=STATES, default="pending", max_length=8)


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0007_approvals"),
    ]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="let_in_by",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="staff",
            name="let_in_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="approval",
            name="about",
            field=_to(settings.AUTH_USER_MODEL, null=True),
        ),
        migrations.RemoveField(model_name="activation", name="issued_by"),
        migrations.AddField(
            model_name="activation",
            name="issuer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="AccountRequest",
            fields=[
                ("id", _id()),
                (
                    "act",
                    models.CharField(
                        choices=[("activate", "发放激活码"), ("end_post", "结束岗位")], max_length=8
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("requested_at", models.DateTimeField()),
                ("state", _state()),
                ("ended_at", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("maker", _to(settings.AUTH_USER_MODEL)),
                ("maker_post", _to("org.post")),
                ("post", _to("org.post", null=True)),
                ("staff", _to(settings.AUTH_USER_MODEL, related_name="account_requests")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state="pending"),
                        fields=["staff", "act", "post"],
                        name="account_request_once_pending",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ParameterChange",
            fields=[
                ("id", _id()),
                ("key", models.CharField(max_length=80)),
                ("line", models.CharField(blank=True, choices=LINES, max_length=2)),
                ("before", models.JSONField()),
                ("value", models.JSONField()),
                ("effective_from", models.DateField()),
                ("takes_back", models.BigIntegerField(null=True)),
                ("reason", models.CharField(max_length=200)),
                ("requested_at", models.DateTimeField()),
                ("state", _state()),
                ("maker", _to(settings.AUTH_USER_MODEL)),
                ("maker_post", _to("org.post")),
                ("unit", _to("org.unit", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state="pending"),
                        fields=["key", "unit", "line"],
                        name="parameter_change_once_pending",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
