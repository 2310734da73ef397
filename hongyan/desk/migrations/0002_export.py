import uuid

from django.db import migrations, models

# An export belongs to the post it was asked for in, and names what was looked for: it is walled by that post's unit.
WALL = """
    ALTER TABLE desk_export ENABLE ROW LEVEL SECURITY;
    ALTER TABLE desk_export FORCE ROW LEVEL SECURITY;
    CREATE POLICY in_scope ON desk_export TO hongyan_app USING (
        org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                   AND nullif(current_setting('hongyan.hi', true), '')::bigint
    );
    CREATE POLICY everything ON desk_export TO hongyan_group USING (true);
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("owner", models.CharField(max_length=40)),
                ("staff_id", models.BigIntegerField()),
                ("post_id", models.BigIntegerField()),
                ("org_no", models.BigIntegerField()),
                ("list_key", models.CharField(max_length=60)),
                ("query", models.CharField(blank=True, max_length=2000)),
                ("language", models.CharField(max_length=10)),
                (
                    "format",
                    models.CharField(choices=[("xlsx", "Excel 工作簿"), ("csv", "CSV 文本")], max_length=4),
                ),
                ("purpose", models.CharField(max_length=20)),
                ("note", models.CharField(blank=True, max_length=100)),
                ("at", models.DateTimeField()),
                ("rows", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待审批"),
                            ("queued", "排队中"),
                            ("writing", "生成中"),
                            ("ready", "可下载"),
                            ("refused", "未批准"),
                            ("failed", "没有生成"),
                            ("cancelled", "已取消"),
                            ("gone", "文件已到期删除"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("post", "提出导出的岗位已经结束。"),
                            ("right", "这个岗位已经不能导出这个列表。"),
                            ("conditions", "列表的条件已经不能使用，请回到列表重新导出。"),
                            ("grew", "结果比申请时多了，超出了可以导出的行数，请重新导出。"),
                            ("lost", "生成中断了，请重新导出。"),
                        ],
                        max_length=10,
                    ),
                ),
                ("approval_id", models.BigIntegerField(null=True)),
                ("run_id", models.BigIntegerField(null=True)),
                ("columns", models.JSONField(default=list)),
                ("written", models.IntegerField(null=True)),
                ("size", models.BigIntegerField(null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("expires_at", models.DateTimeField(null=True)),
                ("downloads", models.IntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "-at"], name="export_owner"),
                    models.Index(fields=["state", "expires_at"], name="export_state"),
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
