"""Relations that people declare, beside those that rules derive: from when to when, who ended them and why.

The unique keys cover one sort each, so the first party gets an index of its own.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customer", "0015_acts_on_owners")]

    operations = [
        migrations.AddIndex(
            model_name="relation",
            index=models.Index(condition=models.Q(("until", None)), fields=["party"], name="relation_party"),
        ),
        *(
            migrations.AddIndex(
                model_name="relation",
                index=models.Index(
                    condition=models.Q(("source", "declared"), ("until__isnull", False)),
                    fields=[field],
                    name=name,
                ),
            )
            for field, name in (("party", "relation_over"), ("other_party", "relation_over_other"))
        ),
        migrations.RemoveConstraint(model_name="relation", name="relation_once"),
        migrations.AddField("relation", "starts_on", models.DateField(null=True)),
        migrations.AddField("relation", "ends_on", models.DateField(null=True)),
        migrations.AddField("relation", "ended_by", models.CharField(blank=True, default="", max_length=40)),
        migrations.AddField(
            "relation", "end_reason", models.CharField(blank=True, default="", max_length=300)
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", "derived"), ("until", None)),
                fields=("party", "other_party", "type"),
                name="relation_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", "declared"), ("until", None)),
                fields=("party", "other_party", "type", "role", "upper"),
                name="relation_declared_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on", None),
                    ("ends_on", None),
                    ("starts_on__lte", models.F("ends_on")),
                    _connector="OR",
                ),
                name="relation_days",
            ),
        ),
    ]
