"""What the check for duplicates reads. It alone does, past every scope: forced row-level security, no policy."""

import django.db.models.deletion
from django.db import migrations, models

TABLES = ("customer_candidatekey", "customer_valuecount")


def wall(table: str) -> str:
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    REVOKE ALL ON {table} FROM hongyan_app, hongyan_group;
    """


class Migration(migrations.Migration):
    dependencies = [("customer", "0005_merges")]
    operations = [
        migrations.AddField(
            model_name="sourcerecord", name="likeness", field=models.BinaryField(default=b"", db_default=b"")
        ),
        migrations.CreateModel(
            name="CandidateKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "party_id", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customer.sourceparty",
                    ),
                ),
                ("key", models.BigIntegerField()),
                ("mark", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["key", "party"], include=["mark"], name="candidate_key")]
            },
        ),
        migrations.CreateModel(
            name="ValueCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "party_type", "column", "value", blank=True, editable=False, primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "party_type",
                    models.CharField(choices=[("P", "个人"), ("O", "单位")], max_length=1),
                ),
                ("column", models.CharField(blank=True, max_length=20)),
                ("value", models.BigIntegerField()),
                ("count", models.IntegerField()),
            ],
        ),
        *(migrations.RunSQL(wall(table), migrations.RunSQL.noop) for table in TABLES),
    ]  # fmt: skip
