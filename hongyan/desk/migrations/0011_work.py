"""What the rules of the house found to do, and what people said of it."""

from django.db import migrations, models

# An item belongs to the unit that looks after its record in a line, and is walled by that unit's number.
WALL = """
ALTER TABLE desk_workitem ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON desk_workitem TO hongyan_app USING (
    org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint
);
CREATE POLICY everything ON desk_workitem TO hongyan_group USING (true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0010_shortcut"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("rule", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=20)),
                ("record_id", models.BigIntegerField()),
                (
                    "line",
                    models.CharField(
                        blank=True,
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
                ("period", models.CharField(max_length=12)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("due_on", models.DateField()),
                ("facts", models.JSONField(default=dict)),
                ("rank", models.DecimalField(decimal_places=4, max_digits=20)),
                ("org_no", models.BigIntegerField()),
                ("staff_id", models.BigIntegerField(null=True)),
                ("is_current", models.BooleanField(default=True)),
                ("is_delegated", models.BooleanField(default=False)),
                ("found_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "未处理"), ("done", "已办"), ("refused", "不合适")],
                        default="open",
                        max_length=7,
                    ),
                ),
                ("shown_from", models.DateField()),
                ("postponed", models.SmallIntegerField(default=0)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("said_by", models.CharField(blank=True, max_length=60)),
                ("said_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_current", True), ("state", "open")),
                        fields=["staff_id", "-rank", "id"],
                        name="work_item_staff",
                    ),
                    models.Index(
                        condition=models.Q(("is_current", True), ("state", "open")),
                        fields=["org_no", "-rank", "id"],
                        name="work_item_org",
                    ),
                    models.Index(fields=["kind", "record_id"], name="work_item_record"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "kind", "record_id", "line", "period"), name="work_item_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
