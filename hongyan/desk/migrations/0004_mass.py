import django.db.models.deletion
from django.db import migrations, models

# An act on many rows belongs to the post it was last worked on in, and is walled by that post's unit, with its rows.
LO = "nullif(current_setting('hongyan.lo', true), '')::bigint"
HI = "nullif(current_setting('hongyan.hi', true), '')::bigint"
CONDITIONS = {
    "desk_massrun": f"org_no BETWEEN {LO} AND {HI}",
    "desk_massitem": f"""EXISTS (
        SELECT 1 FROM desk_massrun run WHERE run.id = desk_massitem.run_id AND run.org_no BETWEEN {LO} AND {HI}
    )""",
}


def protect(table: str, condition: str) -> str:
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY in_scope ON {table} TO hongyan_app USING ({condition});
    CREATE POLICY everything ON {table} TO hongyan_group USING (true);
    """


def expose(table: str) -> str:
    return f"DROP POLICY in_scope ON {table}; DROP POLICY everything ON {table};"


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0003_schedule"),
    ]

    operations = [
        migrations.CreateModel(
            name="MassRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("list_key", models.CharField(max_length=60)),
                ("act", models.CharField(blank=True, max_length=20)),
                ("given", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "待填写"),
                            ("checking", "正在预览"),
                            ("ready", "待确认"),
                            ("running", "正在修改"),
                            ("done", "已完成"),
                            ("undoing", "正在撤销"),
                            ("undone", "已撤销"),
                        ],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("owner", models.CharField(max_length=40)),
                ("staff_id", models.BigIntegerField()),
                ("post_id", models.BigIntegerField()),
                ("org_no", models.BigIntegerField()),
                ("size", models.IntegerField()),
                ("after", models.BigIntegerField(default=0)),
                ("run_id", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["owner", "-made_at"], name="mass_run_owner")],
            },
        ),
        migrations.CreateModel(
            name="MassItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.BigIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("chosen", "待预览"),
                            ("ready", "将修改"),
                            ("same", "原已如此"),
                            ("refused", "不能修改"),
                            ("changed", "已修改"),
                            ("restored", "已恢复"),
                            ("kept", "未恢复"),
                        ],
                        default="chosen",
                        max_length=8,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=20)),
                ("was", models.CharField(blank=True, max_length=300)),
                ("becomes", models.CharField(blank=True, max_length=300)),
                ("memo", models.JSONField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="desk.massrun",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["run", "outcome", "id"], name="mass_item_outcome")],
                "constraints": [models.UniqueConstraint(fields=("run", "key"), name="mass_item_once")],
            },
        ),
        *(
            migrations.RunSQL(protect(table, condition), expose(table))
            for table, condition in CONDITIONS.items()
        ),
    ]
