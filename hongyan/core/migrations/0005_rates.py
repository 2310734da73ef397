"""How much of an allowance is used. Unlogged: a crash forgets it, which costs nobody more than a fresh allowance."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_audit_seals")]
    operations = [
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("key", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("full_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL("ALTER TABLE core_rate SET UNLOGGED", "ALTER TABLE core_rate SET LOGGED"),
        # every request rewrites a row: room on its page keeps that from touching the index
        migrations.RunSQL(
            "ALTER TABLE core_rate SET (fillfactor = 50)", "ALTER TABLE core_rate RESET (fillfactor)"
        ),
    ]
