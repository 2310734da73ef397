"""Jobs may empty the reference of a word, when whoever said it is made nameless."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consent", "0002_requests")]
    operations = [
        migrations.RunSQL(
            "GRANT UPDATE (reference) ON consent_consent TO hongyan_bulk",
            "REVOKE UPDATE (reference) ON consent_consent FROM hongyan_bulk",
        )
    ]
