"""Seals over the audit: added to, never changed, and read by whoever may read all of it."""

from django.db import migrations, models

GUARD = """
REVOKE UPDATE, DELETE, TRUNCATE ON core_auditseal FROM hongyan_app, hongyan_group, hongyan_bulk;
ALTER TABLE core_auditseal ENABLE ROW LEVEL SECURITY;
ALTER TABLE core_auditseal FORCE ROW LEVEL SECURITY;
CREATE POLICY group_only ON core_auditseal TO hongyan_group USING (true) WITH CHECK (true);
"""
UNGUARD = """
DROP POLICY group_only ON core_auditseal;
ALTER TABLE core_auditseal NO FORCE ROW LEVEL SECURITY;
ALTER TABLE core_auditseal DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_calendar")]
    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField()),
                ("leaves", models.BinaryField()),
                ("root", models.BinaryField(max_length=32)),
                ("mac", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
