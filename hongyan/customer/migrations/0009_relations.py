"""Relations of customers, walled through their parties; where relatives are found, for jobs alone."""

import django.db.models.deletion
from django.db import migrations, models

# Whoever may see one of the two sees the relation; of the other the page shows no more than a masked name.
SEEN = """EXISTS (
    SELECT 1 FROM customer_sourceparty party
    WHERE party.id IN (customer_relation.party_id, customer_relation.other_party_id)
)"""
WALL = f"""
ALTER TABLE customer_relation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON customer_relation TO hongyan_app USING ({SEEN});
CREATE POLICY everything ON customer_relation TO hongyan_group USING (true);
REVOKE DELETE, TRUNCATE ON customer_relation FROM hongyan_app, hongyan_group, hongyan_bulk;
ALTER TABLE customer_relationkey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
REVOKE ALL ON customer_relationkey FROM hongyan_app, hongyan_group;
ALTER TABLE customer_touchedcustomer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
REVOKE ALL ON customer_touchedcustomer FROM hongyan_app, hongyan_group;
"""
PARTY = {"on_delete": django.db.models.deletion.PROTECT, "to": "customer.sourceparty", "db_index": False}
LOOSE = {"on_delete": django.db.models.deletion.CASCADE, "db_constraint": False, "db_index": False}


class Migration(migrations.Migration):
    dependencies = [("customer", "0008_entries")]

    operations = [
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("party", models.ForeignKey(related_name="relations", **PARTY)),
                ("other_party", models.ForeignKey(related_name="+", **PARTY)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("family", "家庭"),
                            ("employment", "雇佣"),
                            ("legal_person", "法定代表人"),
                            ("controller", "实控人"),
                            ("group", "集团母子"),
                            ("guarantee", "担保"),
                            ("referral", "推荐"),
                            ("correspondence", "收寄往来"),
                            ("supplier", "供应商"),
                            ("indirect", "间接客户"),
                        ],
                        max_length=14,
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=14)),
                (
                    "upper",
                    models.CharField(
                        blank=True,
                        choices=[("", "并列"), ("party", "前者在上"), ("other", "后者在上")],
                        max_length=5,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("derived", "系统推定"), ("declared", "人工登记")], max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "推定"), ("confirmed", "已确认"), ("refused", "已否定")],
                        max_length=9,
                    ),
                ),
                ("confidence", models.SmallIntegerField()),
                ("evidence", models.JSONField(default=list)),
                ("rule_version", models.SmallIntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=["party", "other_party", "type"],
                        name="relation_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("party__lt", models.F("other_party"))), name="relation_in_order"
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("until", None)), fields=["other_party"], name="relation_other"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RelationKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "party_id", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("party", models.ForeignKey(related_name="+", to="customer.sourceparty", **LOOSE)),
                ("key", models.BigIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["key", "party"], name="relation_key")]},
        ),
        migrations.CreateModel(
            name="TouchedCustomer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("customer", models.ForeignKey(related_name="+", to="customer.customer", **LOOSE)),
            ],
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
