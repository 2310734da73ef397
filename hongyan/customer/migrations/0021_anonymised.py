"""Customers of whom nobody can be found any more; jobs may empty words that are otherwise written once."""

from django.db import migrations, models

MAY_EMPTY = """
GRANT UPDATE (reason, evidence) ON customer_pairdecision TO hongyan_bulk;
GRANT UPDATE (reason) ON customer_entry TO hongyan_bulk;
"""
MAY_NOT = """
REVOKE UPDATE (reason, evidence) ON customer_pairdecision FROM hongyan_bulk;
REVOKE UPDATE (reason) ON customer_entry FROM hongyan_bulk;
"""


class Migration(migrations.Migration):
    dependencies = [("customer", "0020_assistants")]
    operations = [
        migrations.AddField("customer", "anonymised_at", models.DateTimeField(null=True)),
        migrations.RunSQL(MAY_EMPTY, MAY_NOT),
    ]
