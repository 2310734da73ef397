"""Which days belong to one fact that moved. Booking alone reads and writes it: forced row-level security, no policy."""

from django.db import migrations, models

WALL = """
ALTER TABLE ledger_factmove ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_factmove FROM hongyan_app, hongyan_group;
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_factmove FROM hongyan_bulk;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_append_only")]
    operations = [
        migrations.CreateModel(
            name="FactMove",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "number",
                        "system",
                        "kind",
                        "business_date",
                        "other_date",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("system", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transaction", "交易"),
                            ("mail_item", "邮件"),
                            ("mail_event", "邮件轨迹"),
                            ("balance", "余额"),
                        ],
                        max_length=12,
                    ),
                ),
                ("business_date", models.DateField()),
                ("other_date", models.DateField()),
            ],
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
