"""Whose classes may have changed since the last run: read past every scope alone."""

import django.db.models.deletion
from django.db import migrations, models

WALL = """
ALTER TABLE classes_classdue ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
REVOKE ALL ON classes_classdue FROM hongyan_app, hongyan_group;
"""


class Migration(migrations.Migration):
    dependencies = [("classes", "0003_blacklist")]

    operations = [
        migrations.AddField("classrun", "is_whole", models.BooleanField(default=True)),
        migrations.CreateModel(
            name="ClassDue",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("delivery_id", models.BigIntegerField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customer.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer"],
                        name="class_due_customer",
                    )
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
