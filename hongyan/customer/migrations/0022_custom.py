from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customer", "0021_anonymised")]

    operations = [
        migrations.AddField(
            model_name="customer", name="custom", field=models.JSONField(db_default={}, default=dict)
        ),
    ]
