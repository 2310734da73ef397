"""Potential customers are applied for too, and have no customer before they are approved."""

from django.db import migrations, models
from django.db.models import Q

KINDS = [
    ("create", "协议客户准入"),
    ("prospect", "潜在客户登记"),
    ("close", "注销"),
    ("freeze", "冻结"),
    ("unfreeze", "解冻"),
]


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0003_inquiries")]
    operations = [
        migrations.AlterField("application", "kind", models.CharField(choices=KINDS, max_length=8)),
        migrations.RemoveConstraint("application", "application_of_whom"),
        migrations.AddConstraint(
            "application",
            models.CheckConstraint(
                condition=Q(
                    ("kind__in", ["create", "prospect"]), ("customer__isnull", False), _connector="OR"
                ),
                name="application_of_whom",
            ),
        ),
    ]
