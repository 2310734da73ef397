"""Ways back to records: kind and key alone, walled by the unit of the post they belong to, as exports are."""

from django.db import migrations, models

WALL = """
    ALTER TABLE desk_shortcut ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY in_scope ON desk_shortcut TO hongyan_app USING (
        org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                   AND nullif(current_setting('hongyan.hi', true), '')::bigint
    );
    CREATE POLICY everything ON desk_shortcut TO hongyan_group USING (true);
"""


class Migration(migrations.Migration):
    dependencies = [("desk", "0009_mail")]

    operations = [
        migrations.CreateModel(
            name="Shortcut",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("staff_id", models.BigIntegerField()),
                ("post_id", models.BigIntegerField()),
                ("org_no", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=40)),
                ("opened_at", models.DateTimeField(null=True)),
                ("pinned_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["staff_id", "post_id", "kind", "key"], name="shortcut_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
