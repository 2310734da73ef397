"""The other mailing line hears of an application and may answer: who sees it there, until when, and what was said."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

RANGE = """BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
               AND nullif(current_setting('hongyan.hi', true), '')::bigint"""
STATES = [
    ("draft", "草稿"),
    ("submitted", "待审批"),
    ("agreed", "已同意，待生效"),
    ("approved", "已通过"),
    ("refused", "已退回"),
    ("withdrawn", "已撤回"),
    ("undone", "已恢复"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            "application", "state", models.CharField(choices=STATES, default="draft", max_length=9)
        ),
        migrations.AddField("application", "heard_org_no", models.BigIntegerField(null=True)),
        migrations.AddField("application", "heard_until", models.DateTimeField(null=True)),
        migrations.AddField(
            "application", "objection", models.CharField(blank=True, db_default="", max_length=300)
        ),
        migrations.AddField("application", "answered_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "application",
            "answerer",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            "application",
            models.Index(
                condition=Q(heard_org_no__isnull=False), fields=["heard_org_no"], name="application_heard"
            ),
        ),
        migrations.AddIndex(
            "application",
            models.Index(condition=Q(state="agreed"), fields=["heard_until"], name="application_agreed"),
        ),
        migrations.RunSQL(
            f"""ALTER POLICY in_scope ON lifecycle_application
                USING (org_no {RANGE} OR heard_org_no {RANGE})""",
            f"ALTER POLICY in_scope ON lifecycle_application USING (org_no {RANGE})",
        ),
    ]
