import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0004_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="post",
            name="source",
            field=models.CharField(
                choices=[("file", "人事接口"), ("grant", "审批授予")], default="file", max_length=5
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RemoveConstraint(model_name="post", name="post_once"),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=Q(source="file"), fields=["staff", "place", "role"], name="post_once"
            ),
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("reason", models.CharField(max_length=200)),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to="org.post",
                    ),
                ),
                (
                    "to_staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["to_staff", "valid_to"], name="delegation_to")],
                "constraints": [
                    models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="delegation_days")
                ],
            },
        ),
    ]
