"""When an owner without a manager rose from the pool of its unit to the one of the county."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customer", "0018_taken_back")]
    operations = [
        migrations.AddField(
            model_name="ownership",
            name="risen_at",
            field=models.DateTimeField(null=True),
        ),
    ]
