"""Archived months of the audit can be laid open again for some days; only jobs write them, nobody changes them."""

from django.db import migrations, models

GUARD = """
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON core_openedauditevent FROM hongyan_app, hongyan_group;
REVOKE UPDATE ON core_openedauditevent FROM hongyan_bulk;
ALTER TABLE core_openedauditevent ENABLE ROW LEVEL SECURITY;
ALTER TABLE core_openedauditevent FORCE ROW LEVEL SECURITY;
CREATE POLICY read_in_scope ON core_openedauditevent FOR SELECT TO hongyan_app USING (
    org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint
);
CREATE POLICY read_group ON core_openedauditevent FOR SELECT TO hongyan_group USING (true);
"""
UNGUARD = """
DROP POLICY read_in_scope ON core_openedauditevent;
DROP POLICY read_group ON core_openedauditevent;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0010_audit_guard")]
    operations = [
        migrations.CreateModel(
            name="OpenedAuditEvent",
            fields=[
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=40)),
                ("actor_name", models.CharField(blank=True, max_length=80)),
                ("post_id", models.BigIntegerField(null=True)),
                ("org_no", models.BigIntegerField(default=0)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("act", models.CharField(max_length=60)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=80)),
                ("purpose", models.CharField(blank=True, max_length=200)),
                (
                    "result",
                    models.CharField(choices=[("done", "Done"), ("denied", "Denied")], max_length=10),
                ),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("count", models.IntegerField(default=1)),
                ("mac", models.BinaryField(max_length=32)),
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("until", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["month", "-at", "-id"], name="opened_audit_month")],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
