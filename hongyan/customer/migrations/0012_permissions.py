"""Who may be addressed for what, for lists; walled like the customer."""

import django.db.models.deletion
from django.db import migrations, models

WALL = """
ALTER TABLE customer_contactpermission ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON customer_contactpermission TO hongyan_app USING (EXISTS (
    SELECT 1 FROM customer_customerscope scope
    WHERE scope.customer_id = customer_contactpermission.customer_id
      AND scope.org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                           AND nullif(current_setting('hongyan.hi', true), '')::bigint
));
CREATE POLICY everything ON customer_contactpermission TO hongyan_group USING (true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customer", "0011_corrections"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactPermission",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "purpose",
                        "line",
                        "channel",
                        "customer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "服务通知"),
                            ("marketing", "本板块营销"),
                            ("cross_marketing", "其他板块营销"),
                            ("sharing", "跨板块共享"),
                            ("profiling", "画像与推荐"),
                        ],
                        max_length=16,
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
                ("channel", models.CharField(blank=True, max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[("given", "已同意"), ("withdrawn", "已撤回"), ("silent", "免打扰")],
                        max_length=9,
                    ),
                ),
                ("until", models.DateTimeField(null=True)),
                ("silent_until", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customer.customer",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
