"""Approvals: requests, their steps and what happened to them; seen where the request was made and above."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SEEN = """EXISTS (
    SELECT 1 FROM org_place place WHERE place.id = org_approval.place_id
    AND place.lo BETWEEN nullif(current_setting('hongyan.lo', true), '')::bigint
                     AND nullif(current_setting('hongyan.hi', true), '')::bigint
)"""
# These hang on a request, which is walled itself.
OF_A_REQUEST = "EXISTS (SELECT 1 FROM org_approval approval WHERE approval.id = approval_id)"
CONDITIONS = {
    "org_approval": SEEN,
    "org_approvalstep": OF_A_REQUEST,
    "org_approvalevent": OF_A_REQUEST,
}

# What happened to a request is only ever added to.
GUARD = "REVOKE UPDATE, DELETE, TRUNCATE ON org_approvalevent FROM hongyan_app, hongyan_group, hongyan_bulk"
UNGUARD = "GRANT UPDATE, DELETE ON org_approvalevent TO hongyan_app, hongyan_group, hongyan_bulk"


def protect(table: str, condition: str) -> str:
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY in_scope ON {table} TO hongyan_app USING ({condition});
    CREATE POLICY everything ON {table} TO hongyan_group USING (true);
    """


def expose(table: str) -> str:
    return f"""
    DROP POLICY in_scope ON {table};
    DROP POLICY everything ON {table};
    ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
    """


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0006_post_requests"),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=80)),
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
                ("amount", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("risk", models.SmallIntegerField(choices=[(1, "低"), (2, "一般"), (3, "高")])),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "审批中"),
                            ("approved", "通过"),
                            ("rejected", "驳回"),
                            ("recalled", "撤回"),
                            ("expired", "超时"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("submitted_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "holder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "maker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.place"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ApprovalStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.SmallIntegerField()),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                (
                    "level",
                    models.SmallIntegerField(
                        choices=[(1, "集团"), (2, "省"), (3, "市"), (4, "县"), (5, "网点"), (6, "段道")],
                        null=True,
                    ),
                ),
                ("joins", models.CharField(choices=[("all", "全部通过"), ("any", "任一通过")], max_length=3)),
                ("hours", models.SmallIntegerField()),
                (
                    "on_timeout",
                    models.CharField(choices=[("escalate", "升级"), ("reject", "自动驳回")], max_length=8),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "未到"),
                            ("open", "待审批"),
                            ("approved", "通过"),
                            ("rejected", "驳回"),
                            ("expired", "超时"),
                            ("lapsed", "不再需要"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("opened_at", models.DateTimeField(null=True)),
                ("remind_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="org.approval"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.place",
                    ),
                ),
            ],
            options={
                "ordering": ("number", "id"),
            },
        ),
        migrations.CreateModel(
            name="ApprovalEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("submit", "提交"),
                            ("approve", "通过"),
                            ("reject", "驳回"),
                            ("recall", "撤回"),
                            ("escalate", "升级"),
                            ("expire", "超时"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("version", models.PositiveIntegerField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="org.approval"
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.place",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.post",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="org.approvalstep",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(fields=["-submitted_at", "-id"], name="approval_submitted"),
        ),
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(fields=["maker", "-submitted_at"], name="approval_maker"),
        ),
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(
                condition=models.Q(("state", "pending")), fields=["due_at"], name="approval_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")),
                fields=("kind", "subject"),
                name="approval_once_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="approvalstep",
            index=models.Index(fields=["place", "state"], name="approval_step_place"),
        ),
        migrations.AddIndex(
            model_name="approvalstep",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["due_at"], name="approval_step_due"
            ),
        ),
        *(
            migrations.RunSQL(protect(table, condition), expose(table))
            for table, condition in CONDITIONS.items()
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
