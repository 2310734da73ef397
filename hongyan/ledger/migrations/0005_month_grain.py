"""The grain of reports (V36-i03) as a view: whoever reads it is who the walls of the tables ask about."""

import django.db.models.deletion
from django.db import migrations, models

VIEW = """
CREATE VIEW ledger_monthgrain WITH (security_invoker = true) AS
SELECT fact.party_id, fact.month, (fact.month - interval '1 year')::date AS comparison_month, fact.product_id, fact.unit_id,
       coalesce(family.line, source.line) AS line, product.family_id AS family_code, product.code AS product_code,
       unit.division, place.province_no, place.city_no, place.county_no, place.lo AS org_no,
       customer.code AS customer_code, relation.sub_code, relation.kind, customer.industry, manager.staff_no AS manager_no,
       fact.items, fact.quantity, fact.weight_g, fact.revenue, fact.inflow, fact.outflow
FROM ledger_monthlyfact fact
JOIN ledger_sourceproduct source ON source.id = fact.product_id
LEFT JOIN ledger_product product ON product.id = source.product_id
LEFT JOIN ledger_productfamily family ON family.code = product.family_id
JOIN org_unit unit ON unit.id = fact.unit_id
CROSS JOIN LATERAL (
    SELECT * FROM org_place
    WHERE unit_id = fact.unit_id
    ORDER BY (tree = CASE source.line WHEN '03' THEN 'bank' ELSE 'postal' END) DESC
    LIMIT 1
) place
LEFT JOIN customer_sourceparty party ON party.id = fact.party_id
LEFT JOIN customer_customer customer ON customer.id = party.customer_id
LEFT JOIN customer_relationship relation ON relation.party_id = fact.party_id
LEFT JOIN org_staff manager ON manager.id = relation.manager_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_catalogue"),
    ]

    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW ledger_monthgrain"),
        migrations.CreateModel(
            name="MonthGrain",
            fields=[
                ("items", models.BigIntegerField()),
                ("quantity", models.BigIntegerField()),
                ("weight_g", models.BigIntegerField()),
                ("revenue", models.DecimalField(decimal_places=2, max_digits=18)),
                ("inflow", models.DecimalField(decimal_places=2, max_digits=18)),
                ("outflow", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "party",
                        "month",
                        "product",
                        "unit",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customer.sourceparty",
                    ),
                ),
                ("month", models.DateField()),
                ("comparison_month", models.DateField()),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.sourceproduct",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
                (
                    "line",
                    models.CharField(
                        choices=[
                            ("01", "邮务"),
                            ("02", "速递"),
                            ("03", "邮储"),
                            ("04", "保险"),
                            ("05", "证券"),
                        ],
                        max_length=2,
                    ),
                ),
                ("family_code", models.CharField(max_length=8, null=True)),
                ("product_code", models.CharField(max_length=12, null=True)),
                ("division", models.CharField(max_length=6)),
                ("province_no", models.BigIntegerField()),
                ("city_no", models.BigIntegerField()),
                ("county_no", models.BigIntegerField()),
                ("org_no", models.BigIntegerField()),
                ("customer_code", models.CharField(max_length=12, null=True)),
                ("sub_code", models.CharField(max_length=60, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("A", "协议客户（单位）"),
                            ("B", "协议客户（个人）"),
                            ("C", "对公客户"),
                            ("F", "金融个人客户"),
                            ("R", "实名散户"),
                            ("P", "潜在客户"),
                        ],
                        max_length=1,
                        null=True,
                    ),
                ),
                ("industry", models.CharField(max_length=4, null=True)),
                ("manager_no", models.CharField(max_length=20, null=True)),
            ],
            options={
                "db_table": "ledger_monthgrain",
                "managed": False,
            },
        ),
    ]
