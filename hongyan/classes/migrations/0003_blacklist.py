"""The blacklist, walled like its customers; the keys of those on it are read past every scope alone."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WALL = """
ALTER TABLE classes_blacklistentry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON classes_blacklistentry TO hongyan_app USING (EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = classes_blacklistentry.customer_id
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
));
CREATE POLICY everything ON classes_blacklistentry TO hongyan_group USING (true);
ALTER TABLE classes_blacklistkey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
REVOKE ALL ON classes_blacklistkey FROM hongyan_app, hongyan_group;
"""
OPEN = """
DROP POLICY in_scope ON classes_blacklistentry;
DROP POLICY everything ON classes_blacklistentry;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("classes", "0002_row_level_security"),
        ("customer", "0014_marks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BlacklistEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("fraud", "欺诈"),
                            ("arrears", "恶意欠费"),
                            ("forbidden", "寄递禁限寄物品"),
                            ("abuse", "骚扰或恶意投诉"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("lines", models.CharField(blank=True, max_length=15)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("holds", "有效"), ("lifted", "已解除")], default="holds", max_length=10
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by", models.CharField(blank=True, max_length=20)),
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
                    "maker",
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
            name="BlacklistKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "hash", "entry_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("hash", models.BinaryField(max_length=16)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keys",
                        to="classes.blacklistentry",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="blacklistentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="block_ends_later",
            ),
        ),
        migrations.RunSQL(WALL, OPEN),
    ]
