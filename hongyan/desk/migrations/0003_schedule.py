from django.db import migrations, models

# A scheduled report belongs to the post it was asked for in, as its exports do, and is walled by that post's unit.
WALL = """
    ALTER TABLE desk_schedule ENABLE ROW LEVEL SECURITY;
    ALTER TABLE desk_schedule FORCE ROW LEVEL SECURITY;
    CREATE POLICY in_scope ON desk_schedule TO hongyan_app USING (
        org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                   AND nullif(current_setting('hongyan.hi', true), '')::bigint
    );
    CREATE POLICY everything ON desk_schedule TO hongyan_group USING (true);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0002_export"),
    ]

    operations = [
        migrations.CreateModel(
            name="Schedule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner", models.CharField(max_length=40)),
                ("staff_id", models.BigIntegerField()),
                ("post_id", models.BigIntegerField()),
                ("org_no", models.BigIntegerField()),
                ("name", models.CharField(max_length=40)),
                ("list_key", models.CharField(max_length=60)),
                ("query", models.CharField(blank=True, max_length=2000)),
                ("language", models.CharField(max_length=10)),
                (
                    "format",
                    models.CharField(choices=[("xlsx", "Excel 工作簿"), ("csv", "CSV 文本")], max_length=4),
                ),
                ("purpose", models.CharField(max_length=20)),
                ("note", models.CharField(max_length=100)),
                (
                    "every",
                    models.CharField(
                        choices=[("day", "每天"), ("week", "每周"), ("month", "每月")], max_length=5
                    ),
                ),
                ("hour", models.SmallIntegerField()),
                ("weekday", models.SmallIntegerField()),
                ("day", models.SmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "进行中"), ("paused", "已暂停"), ("ended", "已删除")],
                        default="active",
                        max_length=6,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("last_at", models.DateTimeField(null=True)),
                ("export_id", models.BigIntegerField(null=True)),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("post", "岗位已经结束，已暂停。"),
                            ("right", "这个岗位已经不能导出这个列表，已暂停。"),
                            ("refused", "没有可以导出的行，或者条件、行数、当天的额度不允许。"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "-created_at"], name="schedule_owner"),
                    models.Index(
                        condition=models.Q(("state", "active")), fields=["next_at"], name="schedule_due"
                    ),
                    models.Index(fields=["export_id"], name="schedule_export"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("day__range", (1, 28)), ("hour__range", (0, 23)), ("weekday__range", (1, 7))
                        ),
                        name="schedule_when",
                    )
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
