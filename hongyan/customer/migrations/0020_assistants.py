"""Those who assist the main manager; their units see the customer, in rows of the scope beside the owner's."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

WALL = """
ALTER TABLE customer_assistant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON customer_assistant TO hongyan_app USING (EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = customer_assistant.customer_id
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
));
CREATE POLICY everything ON customer_assistant TO hongyan_group USING (true);
REVOKE DELETE, TRUNCATE ON customer_assistant FROM hongyan_app, hongyan_group, hongyan_bulk;
"""
KEY = """
ALTER TABLE customer_customerscope DROP CONSTRAINT customer_customerscope_pkey,
    ADD CONSTRAINT customer_customerscope_pkey PRIMARY KEY ({columns});
"""
LINES = [("01", "邮务"), ("02", "速递"), ("03", "邮储"), ("04", "保险"), ("05", "证券")]


def to(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model
    )


class Migration(migrations.Migration):
    dependencies = [("customer", "0019_county_pool"), ("org", "0010_place_chain")]

    operations = [
        migrations.AddField(
            model_name="customerscope",
            name="is_assisting",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    KEY.format(columns="customer_id, line, org_no"), KEY.format(columns="customer_id, line")
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="customerscope",
                    name="pk",
                    field=models.CompositePrimaryKey(
                        "customer_id",
                        "line",
                        "org_no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                )
            ],
        ),
        migrations.AddField(
            model_name="listrow",
            name="is_assisting",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="Assistant",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", models.CharField(choices=LINES, max_length=2)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("is_present", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=200)),
                ("by", models.CharField(max_length=20)),
                ("end_reason", models.CharField(blank=True, max_length=200)),
                ("ended_by", models.CharField(blank=True, max_length=20)),
                ("customer", to("customer.customer")),
                ("staff", to(settings.AUTH_USER_MODEL)),
                ("unit", to("org.unit")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer"], name="assistant_customer"),
                    models.Index(fields=["staff"], condition=Q(is_present=True), name="assistant_staff"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["customer", "line", "staff"],
                        condition=Q(until=None),
                        name="assistant_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
