from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integration", "0003_waiting_rows_and_home_units")]

    operations = [
        migrations.AddField("delivery", "stale", models.IntegerField(default=0)),
        migrations.AddField("delivery", "sums", models.JSONField(default=dict)),
    ]
