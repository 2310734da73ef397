"""Runs, classes, moves and counts of classification."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customer", "0014_marks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClassCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "org_no", "mark", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org_no", models.BigIntegerField()),
                ("mark", models.CharField(max_length=40)),
                ("count", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ClassRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("as_of", models.DateField()),
                ("rules", models.JSONField()),
                ("are_rules_new", models.BooleanField()),
                ("started_by", models.CharField(max_length=40)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("working", "未完成"), ("done", "已完成"), ("left", "已作废")],
                        default="working",
                        max_length=10,
                    ),
                ),
                ("job", models.BigIntegerField(null=True)),
                ("after", models.BigIntegerField(default=0)),
                ("customers", models.BigIntegerField(default=0)),
                ("moves", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="CustomerClass",
            fields=[
                ("month", models.DecimalField(decimal_places=2, max_digits=18)),
                ("month_year_ago", models.DecimalField(decimal_places=2, max_digits=18)),
                ("year", models.DecimalField(decimal_places=2, max_digits=18)),
                ("year_before", models.DecimalField(decimal_places=2, max_digits=18)),
                ("lately", models.DecimalField(decimal_places=2, max_digits=18)),
                ("running", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="customer.customer",
                    ),
                ),
                ("since", models.DateField()),
                ("registered_on", models.DateField()),
                (
                    "marks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClassMove",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("as_of", models.DateField()),
                ("dimension", models.CharField(max_length=16)),
                ("was", models.CharField(blank=True, max_length=16)),
                ("becomes", models.CharField(blank=True, max_length=16)),
                (
                    "why",
                    models.CharField(
                        choices=[("business", "业务变化"), ("time", "时间推移"), ("rules", "规则调整")],
                        max_length=8,
                    ),
                ),
                ("month", models.DecimalField(decimal_places=2, max_digits=18)),
                ("year", models.DecimalField(decimal_places=2, max_digits=18)),
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
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="classes.classrun",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["dimension", "-id"], name="class_move_dimension")],
            },
        ),
    ]
