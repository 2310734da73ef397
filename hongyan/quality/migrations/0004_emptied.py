"""Jobs may empty what was noted of somebody, when they are made nameless."""

from django.db import migrations

COLUMNS = "nationality, occupation, credential_until, is_lifelong"


class Migration(migrations.Migration):
    dependencies = [("quality", "0003_campaigns")]
    operations = [
        migrations.RunSQL(
            f"GRANT UPDATE ({COLUMNS}) ON quality_diligence TO hongyan_bulk",
            f"REVOKE UPDATE ({COLUMNS}) ON quality_diligence FROM hongyan_bulk",
        )
    ]
