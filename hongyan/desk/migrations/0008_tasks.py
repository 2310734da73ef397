"""To-dos and what was done with them. The room of each kind of records adds a policy for reading."""

import django.db.models.deletion
from django.db import migrations, models

# A to-do belongs to the post of whoever is to do it, and is walled by that post's unit.
WALL = """
ALTER TABLE desk_task ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON desk_task TO hongyan_app USING (
    org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint
);
CREATE POLICY everything ON desk_task TO hongyan_group USING (true);
ALTER TABLE desk_taskstep ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON desk_taskstep TO hongyan_app
    USING (EXISTS (SELECT 1 FROM desk_task task WHERE task.id = desk_taskstep.task_id));
CREATE POLICY everything ON desk_taskstep TO hongyan_group USING (true);
REVOKE DELETE, TRUNCATE ON desk_task, desk_taskstep FROM hongyan_app, hongyan_group, hongyan_bulk;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0007_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=100)),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("record_id", models.BigIntegerField(null=True)),
                ("due_at", models.DateTimeField()),
                ("is_all_day", models.BooleanField(default=False)),
                (
                    "priority",
                    models.SmallIntegerField(choices=[(1, "高"), (2, "普通"), (3, "低")], default=2),
                ),
                (
                    "repeat",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("daily", "每天"),
                            ("weekly", "每周"),
                            ("monthly", "每月"),
                            ("yearly", "每年"),
                        ],
                        max_length=7,
                    ),
                ),
                ("first_due_at", models.DateTimeField()),
                ("remind_minutes", models.SmallIntegerField(null=True)),
                ("remind_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "未完成"), ("done", "已完成"), ("dropped", "已放弃")],
                        default="open",
                        max_length=7,
                    ),
                ),
                ("staff_id", models.BigIntegerField()),
                ("staff_no", models.CharField(max_length=40)),
                ("staff_name", models.CharField(max_length=60)),
                ("org_no", models.BigIntegerField()),
                ("maker_id", models.BigIntegerField()),
                ("maker_no", models.CharField(max_length=40)),
                ("maker_name", models.CharField(max_length=60)),
                ("made_at", models.DateTimeField()),
                ("postponed", models.SmallIntegerField(default=0)),
                ("result", models.CharField(blank=True, max_length=500)),
                ("closed_at", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["staff_id", "state", "due_at"], name="task_staff"),
                    models.Index(fields=["maker_id", "state", "due_at"], name="task_maker"),
                    models.Index(fields=["org_no", "state", "due_at"], name="task_org"),
                    models.Index(
                        condition=models.Q(("kind", ""), _negated=True),
                        fields=["kind", "record_id", "due_at"],
                        name="task_record_due",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("remind_at__isnull", False), ("reminded_at", None), ("state", "open")
                        ),
                        fields=["remind_at"],
                        name="task_remind",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", ""), ("record_id", None)),
                            models.Q(models.Q(("kind", ""), _negated=True), ("record_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="task_record",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("made", "新建"),
                            ("mended", "修改"),
                            ("postponed", "推迟"),
                            ("delegated", "转交"),
                            ("done", "完成"),
                            ("dropped", "放弃"),
                        ],
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("staff_name", models.CharField(max_length=60)),
                ("to_name", models.CharField(blank=True, max_length=60)),
                ("due_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="desk.task"
                    ),
                ),
            ],
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
