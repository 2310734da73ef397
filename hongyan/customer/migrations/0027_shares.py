"""Customers shown to a colleague for a time; that person's own number joins the customer's scope."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WALL = """
ALTER TABLE customer_share ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON customer_share TO hongyan_app USING (EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = customer_share.customer_id
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
));
CREATE POLICY everything ON customer_share TO hongyan_group USING (true);
REVOKE DELETE, TRUNCATE ON customer_share FROM hongyan_app, hongyan_group, hongyan_bulk;
"""


def to(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model
    )


class Migration(migrations.Migration):
    dependencies = [("customer", "0026_tasks")]

    operations = [
        migrations.CreateModel(
            name="Share",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("is_present", models.BooleanField(default=True)),
                ("reason", models.CharField(max_length=200)),
                ("by", models.CharField(max_length=20)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=20)),
                ("customer", to("customer.customer")),
                ("staff", to(settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer"], name="share_customer"),
                    models.Index(
                        fields=["until"], condition=models.Q(("is_present", True)), name="share_until"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["customer", "staff"],
                        condition=models.Q(("is_present", True)),
                        name="share_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
