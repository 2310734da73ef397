"""Putting tags on many customers is an act on many of the desk; runs of before can be undone no more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("classes", "0005_tags"), ("desk", "0004_mass")]

    operations = [
        migrations.RemoveField(model_name="customertag", name="batch"),
        migrations.AddField(
            model_name="customertag",
            name="run",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="desk.massrun"
            ),
        ),
        migrations.DeleteModel(name="TagBatch"),
    ]
