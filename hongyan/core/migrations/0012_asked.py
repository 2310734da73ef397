"""Whoever is asked first what they need something for was neither let in nor refused."""

from django.db import migrations, models

RESULTS = [("done", "Done"), ("denied", "Denied"), ("asked", "Asked")]


class Migration(migrations.Migration):
    dependencies = [("core", "0011_opened_audit")]
    operations = [
        migrations.AlterField(table, "result", models.CharField(choices=RESULTS, max_length=10))
        for table in ("auditevent", "openedauditevent")
    ]
