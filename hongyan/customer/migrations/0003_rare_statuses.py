"""Customers of a rare status are few and scattered: without an index of their own a list reads everybody to find them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customer", "0002_row_level_security")]
    operations = [
        migrations.AddIndex(
            model_name="listrow",
            index=models.Index(
                fields=["status", "sort_key", "customer"],
                condition=models.Q(("status", "active"), _negated=True),
                name="list_rare",
            ),
        )
    ]
