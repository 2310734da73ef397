"""Before a customer is closed, other lines and systems that know it are asked (外围校验)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

RANGE = """BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint"""
HEARD = f"org_no {RANGE} OR heard_org_no {RANGE}"
ASKED = f"""EXISTS (
    SELECT FROM lifecycle_inquiry inquiry
    WHERE inquiry.application_id = lifecycle_application.id AND inquiry.org_no {RANGE})"""
WALL = f"""
ALTER TABLE lifecycle_inquiry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON lifecycle_inquiry TO hongyan_app USING (org_no {RANGE});
CREATE POLICY everything ON lifecycle_inquiry TO hongyan_group USING (true);
REVOKE DELETE, TRUNCATE ON lifecycle_inquiry FROM hongyan_app, hongyan_group, hongyan_bulk;
ALTER POLICY in_scope ON lifecycle_application USING ({HEARD} OR {ASKED});
"""
OPEN = f"""
ALTER POLICY in_scope ON lifecycle_application USING ({HEARD});
DROP POLICY in_scope ON lifecycle_inquiry;
DROP POLICY everything ON lifecycle_inquiry;
ALTER TABLE lifecycle_inquiry NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
"""
STATES = [
    ("draft", "草稿"),
    ("checking", "外围校验中"),
    ("submitted", "待审批"),
    ("agreed", "已同意，待生效"),
    ("approved", "已通过"),
    ("refused", "已退回"),
    ("withdrawn", "已撤回"),
    ("undone", "已恢复"),
]
LINES = [("01", "邮务"), ("02", "速递"), ("03", "邮储"), ("04", "保险"), ("05", "证券")]


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0002_heard"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            "application", "state", models.CharField(choices=STATES, default="draft", max_length=9)
        ),
        migrations.RemoveConstraint("application", "application_once_waiting"),
        migrations.AddConstraint(
            "application",
            models.UniqueConstraint(
                condition=Q(("state__in", ["checking", "submitted"]), Q(("kind", "create"), _negated=True)),
                fields=("customer", "kind", "line"),
                name="application_once_waiting",
            ),
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("line", models.CharField(blank=True, choices=LINES, max_length=2)),
                ("system", models.CharField(blank=True, max_length=20)),
                ("org_no", models.BigIntegerField()),
                ("until", models.DateTimeField()),
                ("objection", models.CharField(blank=True, max_length=300)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answerer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inquiries",
                        to="lifecycle.application",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["org_no", "application"], name="inquiry_org"),
                    models.Index(
                        fields=["system", "id"], condition=Q(answered_at=None), name="inquiry_system"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "line", "system"), name="inquiry_once"),
                    models.CheckConstraint(
                        condition=Q(line="", system__gt="") | Q(line__gt="", system=""),
                        name="inquiry_of_whom",
                    ),
                ],
            },
        ),
        migrations.RunSQL(WALL, OPEN),
    ]
