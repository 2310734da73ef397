"""The transactions that a customer's timeline may tell one by one, newest first: so few that the index stays small."""

from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0009_look_units_up")]

    operations = [
        migrations.AddIndex(
            model_name="transaction",
            index=models.Index(
                fields=["party", "-event_time"],
                condition=models.Q(entry=1, amount__gte=Decimal(1000)),
                name="transaction_notable",
            ),
        ),
    ]
