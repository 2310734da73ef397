"""What is refused every day is counted, and waits for nobody."""

from django.db import migrations, models

STATES = [("open", "Open"), ("handled", "Handled"), ("routine", "Routine")]


class Migration(migrations.Migration):
    dependencies = [("core", "0008_audit_floor")]
    operations = [
        migrations.AlterField(
            model_name="exceptionevent",
            name="state",
            field=models.CharField(choices=STATES, default="open", max_length=8),
        ),
    ]
