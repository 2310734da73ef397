import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("pending", "审批中"),
    ("approved", "通过"),
    ("rejected", "驳回"),
    ("recalled", "撤回"),
    ("expired", "超时"),
]
LINES = [("01", "邮务"), ("02", "速递"), ("03", "邮储"), ("04", "保险"), ("05", "证券")]
ROLES = [
    ("group_admin", "总部管理员"),
    ("province_admin", "省管理员"),
    ("city_admin", "市管理员"),
    ("county_head", "县负责人"),
    ("outlet_head", "网点负责人"),
    ("manager", "客户经理"),
    ("chief_manager", "首席客户经理"),
    ("wealth_manager", "理财经理"),
    ("key_account_manager", "大客户经理"),
    ("agent", "坐席"),
    ("agent_lead", "班长"),
    ("quality", "质检"),
    ("dispatcher", "调度"),
    ("marketer", "营销策划"),
    ("analyst", "分析师"),
    ("approver", "审批人"),
    ("finance", "财务"),
    ("steward", "数据管家"),
    ("auditor", "审计"),
    ("system_admin", "系统管理员"),
    ("security_admin", "安全管理员"),
    ("reader", "只读领导"),
]


def _id() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _to(model: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=model, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0005_delegation"),
    ]

    operations = [
        migrations.AddField(
            model_name="place",
            name="moved_from",
            field=models.CharField(blank=True, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="PostRequest",
            fields=[
                ("id", _id()),
                ("role", models.CharField(choices=ROLES, max_length=20)),
                (
                    "line_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=LINES, max_length=2), default=list, size=None
                    ),
                ),
                ("valid_to", models.DateField()),
                ("reason", models.CharField(max_length=200)),
                ("requested_at", models.DateTimeField()),
                ("state", models.CharField(choices=STATES, default="pending", max_length=8)),
                ("maker", _to(settings.AUTH_USER_MODEL, related_name="+")),
                ("maker_post", _to("org.post", related_name="+")),
                ("place", _to("org.place", related_name="+")),
                (
                    "post",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="request",
                        to="org.post",
                    ),
                ),
                ("staff", _to(settings.AUTH_USER_MODEL, related_name="post_requests")),
            ],
            options={
                "indexes": [models.Index(fields=["-requested_at", "-id"], name="post_request_at")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state="pending"),
                        fields=["staff", "place", "role"],
                        name="post_request_once_pending",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reorganisation",
            fields=[
                ("id", _id()),
                ("tree", models.CharField(choices=[("postal", "邮政"), ("bank", "银行")], max_length=6)),
                (
                    "unit_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                ("effective_on", models.DateField()),
                ("reason", models.CharField(max_length=200)),
                ("requested_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "审批中"),
                            ("waiting", "待执行"),
                            ("done", "已完成"),
                            ("refused", "未通过"),
                            ("recalled", "已撤回"),
                            ("failed", "未能执行"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("preview", models.JSONField()),
                ("result", models.JSONField(null=True)),
                ("run_id", models.BigIntegerField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("maker", _to(settings.AUTH_USER_MODEL, related_name="+")),
                ("parent", _to("org.unit", related_name="+")),
            ],
            options={
                "indexes": [models.Index(fields=["-requested_at", "-id"], name="reorganisation_at")],
            },
        ),
    ]
