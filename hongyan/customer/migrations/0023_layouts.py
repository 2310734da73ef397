import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customer", "0022_custom"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Layout",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "place",
                    models.CharField(
                        choices=[("form", "新增和更正的表单"), ("side", "客户页的侧栏")], max_length=4
                    ),
                ),
                ("party_type", models.CharField(choices=[("P", "个人"), ("O", "单位")], max_length=1)),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
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
                        ],
                        max_length=20,
                    ),
                ),
                ("version", models.IntegerField()),
                ("parts", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                (
                    "maker",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "party_type", "role", "version"), name="layout_version"
                    )
                ],
            },
        ),
    ]
