"""How far a delivery reaches says who may sign it; one that came before reaches everything."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integration", "0004_facts")]

    operations = [migrations.AddField("delivery", "reach", models.CharField(blank=True, max_length=20))]
