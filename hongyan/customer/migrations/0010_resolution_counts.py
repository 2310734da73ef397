"""How customers came about, counted per unit; walled by the unit's number."""

from django.db import migrations, models

IN_RANGE = """org_no BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint"""

WALL = f"""
ALTER TABLE customer_resolutioncount ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON customer_resolutioncount TO hongyan_app USING ({IN_RANGE});
CREATE POLICY everything ON customer_resolutioncount TO hongyan_group USING (true);
"""
OPEN = """
DROP POLICY in_scope ON customer_resolutioncount;
DROP POLICY everything ON customer_resolutioncount;
ALTER TABLE customer_resolutioncount NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("customer", "0009_relations")]

    operations = [
        migrations.CreateModel(
            name="ResolutionCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "org_no",
                        "party_type",
                        "measure",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("org_no", models.BigIntegerField()),
                ("party_type", models.CharField(choices=[("P", "个人"), ("O", "单位")], max_length=1)),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("sources", "来源记录数"),
                            ("parties", "来源记录"),
                            ("join", "自动归并"),
                            ("system", "来源系统"),
                            ("shared", "与其他系统同一客户"),
                        ],
                        max_length=8,
                    ),
                ),
                ("key", models.CharField(max_length=24)),
                ("count", models.BigIntegerField()),
                ("counted_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(WALL, OPEN),
    ]
