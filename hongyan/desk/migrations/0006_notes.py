"""Notes and calls with their former words, and who follows what. The room of each kind of records adds its policy."""

import django.db.models.deletion
from django.db import migrations, models

TABLES = ("desk_note", "desk_noteversion", "desk_follow")
WALL = "".join(
    f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY everything ON {table} TO hongyan_group USING (true);
    """
    for table in TABLES
)
VERSIONS = """
CREATE POLICY in_scope ON desk_noteversion TO hongyan_app
    USING (EXISTS (SELECT 1 FROM desk_note note WHERE note.id = desk_noteversion.note_id));
REVOKE DELETE, TRUNCATE ON desk_note, desk_noteversion FROM hongyan_app, hongyan_group, hongyan_bulk;
"""
SORTS = [("note", "备注"), ("call", "通话")]
DIRECTIONS = [("in", "呼入"), ("out", "呼出")]
RESULTS = [
    ("reached", "已通话"),
    ("no_answer", "无人接听"),
    ("busy", "占线"),
    ("wrong", "号码不对"),
    ("refused", "拒绝通话"),
]


class Migration(migrations.Migration):
    dependencies = [("desk", "0005_zip")]

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("record_id", models.BigIntegerField()),
                ("sort", models.CharField(choices=SORTS, max_length=4)),
                ("text", models.CharField(blank=True, max_length=2000)),
                ("staff_id", models.BigIntegerField()),
                ("staff_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("mended_at", models.DateTimeField(null=True)),
                ("called_at", models.DateTimeField(null=True)),
                ("direction", models.CharField(blank=True, choices=DIRECTIONS, max_length=3)),
                ("result", models.CharField(blank=True, choices=RESULTS, max_length=9)),
                ("minutes", models.SmallIntegerField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["kind", "record_id", "-id"], name="note_record")]},
        ),
        migrations.CreateModel(
            name="NoteVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.CharField(blank=True, max_length=2000)),
                ("until", models.DateTimeField()),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="desk.note",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("record_id", models.BigIntegerField()),
                ("staff_id", models.BigIntegerField()),
                ("staff_no", models.CharField(max_length=40)),
                ("since", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["kind", "record_id", "staff_id"], name="follow_once")
                ],
                "indexes": [models.Index(fields=["staff_id", "kind"], name="follow_staff")],
            },
        ),
        migrations.RunSQL(WALL + VERSIONS, migrations.RunSQL.noop),
    ]
