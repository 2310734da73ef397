"""Months of units know the kind of the facts they are made of, so that every figure opens all its rows."""

import django.db.models.deletion
from django.db import migrations, models

# The sums that were kept without the kind are made anew from the entries.
BY_KIND = """
TRUNCATE ledger_unitmonth;
ALTER TABLE ledger_unitmonth DROP CONSTRAINT ledger_unitmonth_pkey, ADD COLUMN kind varchar(12) NOT NULL;
ALTER TABLE ledger_unitmonth ADD PRIMARY KEY (unit_id, month, product_id, kind);
INSERT INTO ledger_unitmonth (unit_id, month, product_id, kind, items, quantity, weight_g, revenue, inflow, outflow)
SELECT unit_id, date_trunc('month', business_date)::date, product_id, 'transaction', sum(entry), sum(entry * quantity), 0,
       coalesce(sum(entry * amount) FILTER (WHERE nature < '10'), 0),
       coalesce(sum(entry * amount) FILTER (WHERE nature = '11'), 0),
       coalesce(sum(entry * amount) FILTER (WHERE nature = '12'), 0)
FROM ledger_transaction WHERE entry <> 0 GROUP BY 1, 2, 3
UNION ALL
SELECT unit_id, date_trunc('month', business_date)::date, product_id, 'mail_item', sum(entry), sum(entry),
       sum(entry::bigint * weight_g), sum(entry * postage), 0, 0
FROM ledger_mailitem WHERE entry <> 0 GROUP BY 1, 2, 3;
"""
# A migration runs as the tables' owner, whom forced row-level security holds off as well.
OPEN = "ALTER TABLE {0} NO FORCE ROW LEVEL SECURITY;"
CLOSE = "ALTER TABLE {0} FORCE ROW LEVEL SECURITY;"
TABLES = ("ledger_unitmonth", "ledger_transaction", "ledger_mailitem")
FILL = "".join(OPEN.format(t) for t in TABLES) + BY_KIND + "".join(CLOSE.format(t) for t in TABLES)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_moves")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(FILL, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AddField(
                    model_name="unitmonth",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("transaction", "交易"),
                            ("mail_item", "邮件"),
                            ("mail_event", "邮件轨迹"),
                            ("balance", "余额"),
                        ],
                        max_length=12,
                    ),
                ),
                migrations.AlterField(
                    model_name="unitmonth",
                    name="pk",
                    field=models.CompositePrimaryKey(
                        "unit",
                        "month",
                        "product",
                        "kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="unitmonth",
            name="product",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="ledger.sourceproduct",
            ),
        ),
        migrations.AddIndex(model_name="unitmonth", index=models.Index(fields=["month"], name="unit_month")),
        migrations.AddIndex(
            model_name="unitmonth", index=models.Index(fields=["product", "month"], name="unit_month_product")
        ),
    ]
