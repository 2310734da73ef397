"""Who changed an owner and why, in people's own words; owners by unit and by manager."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("customer", "0014_marks")]
    operations = [
        migrations.AddField(
            model_name="ownership",
            name="note",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddField(
            model_name="ownership",
            name="by",
            field=models.CharField(blank=True, db_default="", max_length=20),
        ),
        migrations.AddIndex(
            model_name="ownership",
            index=models.Index(
                condition=Q(until=None), fields=["unit", "manager", "line"], name="ownership_unit"
            ),
        ),
        migrations.AddIndex(
            model_name="ownership",
            index=models.Index(
                condition=Q(until=None, manager__isnull=False), fields=["manager"], name="ownership_manager"
            ),
        ),
    ]
