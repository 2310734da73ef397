"""Tags, who bears them, and acts on many; walled by the unit that defines or acts, and like the customer."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LO = "nullif(current_setting('hongyan.lo', true), '')::bigint"
HI = "nullif(current_setting('hongyan.hi', true), '')::bigint"
CONDITIONS = {
    "classes_tag": f"""org_no BETWEEN {LO} AND {HI} OR EXISTS (
        SELECT 1 FROM org_place place
        WHERE {LO} <= {HI} AND place.unit_id = classes_tag.unit_id AND place.lo <= {LO} AND place.hi >= {HI}
    )""",
    "classes_tagbatch": f"org_no BETWEEN {LO} AND {HI}",
    "classes_customertag": f"""EXISTS (
        SELECT 1 FROM customer_customerscope scope
        WHERE scope.customer_id = classes_customertag.customer_id AND scope.org_no BETWEEN {LO} AND {HI}
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


def link(to: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **more)


COLOURS = [("info", "蓝"), ("good", "绿"), ("warn", "黄"), ("bad", "红"), ("off", "灰")]
STATES = [
    ("draft", "待选标签"),
    ("running", "正在打标签"),
    ("done", "已完成"),
    ("undoing", "正在撤销"),
    ("undone", "已撤销"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("classes", "0004_due"),
        ("org", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=20)),
                ("colour", models.CharField(choices=COLOURS, max_length=4)),
                ("unit", link("org.unit")),
                ("org_no", models.BigIntegerField()),
                ("maker", link(settings.AUTH_USER_MODEL, db_index=False)),
                ("made_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)),
                        fields=("unit", "name"),
                        name="tag_once_a_unit",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TagBatch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("tag", link("classes.tag", null=True, db_index=False)),
                ("org_no", models.BigIntegerField()),
                ("state", models.CharField(choices=STATES, default="draft", max_length=8)),
                ("maker", link(settings.AUTH_USER_MODEL)),
                (
                    "customers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("size", models.IntegerField()),
                ("after", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("restored", models.IntegerField(default=0)),
                ("run_id", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CustomerTag",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "customer_id", "tag_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("customer", link("customer.customer", db_constraint=False, db_index=False)),
                ("tag", link("classes.tag", db_index=False)),
                ("batch", link("classes.tagbatch", null=True)),
                ("set_by", models.CharField(max_length=20)),
                ("set_at", models.DateTimeField()),
            ],
        ),
        *(
            migrations.RunSQL(protect(table, condition), expose(table))
            for table, condition in CONDITIONS.items()
        ),
    ]
