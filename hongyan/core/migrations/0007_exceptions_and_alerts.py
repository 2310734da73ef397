"""What went wrong, and who read conspicuously much: an alert is read where its person's acts are."""

import django.contrib.postgres.fields
from django.db import migrations, models

GUARD = """
REVOKE UPDATE, DELETE, TRUNCATE ON core_auditalert FROM hongyan_app, hongyan_group, hongyan_bulk;
REVOKE DELETE, TRUNCATE ON core_exceptionevent FROM hongyan_app, hongyan_group, hongyan_bulk;
ALTER TABLE core_auditalert ENABLE ROW LEVEL SECURITY;
ALTER TABLE core_auditalert FORCE ROW LEVEL SECURITY;
CREATE POLICY read_in_scope ON core_auditalert FOR SELECT TO hongyan_app USING (
    org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint
);
CREATE POLICY everything ON core_auditalert TO hongyan_group USING (true) WITH CHECK (true);
"""
UNGUARD = """
DROP POLICY read_in_scope ON core_auditalert;
DROP POLICY everything ON core_auditalert;
"""
KINDS = [("error", "Error"), ("job", "Job"), ("refused", "Refused"), ("denied", "Denied")]
STATES = [("open", "Open"), ("handled", "Handled")]


class Migration(migrations.Migration):
    dependencies = [("core", "0006_audit_by_month")]
    operations = [
        migrations.CreateModel(
            name="AuditAlert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                ("actor", models.CharField(max_length=40)),
                ("actor_name", models.CharField(blank=True, max_length=80)),
                ("org_no", models.BigIntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("count", models.IntegerField()),
            ],
            options={"indexes": [models.Index(fields=["-raised_at", "-id"], name="audit_alert_raised")]},
        ),
        migrations.CreateModel(
            name="ExceptionEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=16, unique=True)),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("name", models.CharField(max_length=120)),
                ("place", models.CharField(max_length=200)),
                ("first_seen", models.DateTimeField()),
                ("last_seen", models.DateTimeField()),
                ("count", models.BigIntegerField(default=1)),
                (
                    "references",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), default=list, size=None
                    ),
                ),
                ("state", models.CharField(choices=STATES, default="open", max_length=8)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("handled_by", models.CharField(blank=True, max_length=40)),
                ("handled_at", models.DateTimeField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["-last_seen", "-id"], name="exception_last_seen")]},
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
