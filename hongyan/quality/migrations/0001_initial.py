import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customer", "0017_said_status"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QualityCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "org_no", "month", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org_no", models.BigIntegerField()),
                ("month", models.DateField()),
                ("customers", models.BigIntegerField()),
                ("points", models.BigIntegerField()),
                ("sound", models.BigIntegerField()),
                ("missing", models.BigIntegerField()),
                ("invalid", models.BigIntegerField()),
                ("expired", models.BigIntegerField()),
                ("expiring", models.BigIntegerField()),
                ("stale", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="QualityRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("as_of", models.DateField()),
                ("rules", models.JSONField()),
                ("is_whole", models.BooleanField(default=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("working", "未完成"), ("done", "已完成"), ("left", "已作废")],
                        default="working",
                        max_length=8,
                    ),
                ),
                ("after", models.BigIntegerField(default=0)),
                ("customers", models.BigIntegerField(default=0)),
                ("started_by", models.CharField(max_length=40)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CustomerQuality",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="customer.customer",
                    ),
                ),
                ("score", models.SmallIntegerField()),
                (
                    "gaps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None
                    ),
                ),
                (
                    "flaws",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8), size=None
                    ),
                ),
                ("as_of", models.DateField()),
                ("note_id", models.BigIntegerField(null=True)),
                ("noted_at", models.DateTimeField(null=True)),
                (
                    "nationality",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("CHN", "中国"),
                            ("HKG", "中国香港"),
                            ("MAC", "中国澳门"),
                            ("TWN", "中国台湾"),
                            ("OTH", "其他国家或地区"),
                        ],
                        max_length=3,
                    ),
                ),
                (
                    "occupation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "党政机关、企事业单位负责人"),
                            ("2", "专业技术人员"),
                            ("3", "办事人员"),
                            ("4", "社会生产和生活服务人员"),
                            ("5", "农林牧渔业生产人员"),
                            ("6", "生产制造人员"),
                            ("7", "军人"),
                            ("8", "其他从业人员"),
                            ("9", "学生、退休或未就业"),
                        ],
                        max_length=1,
                    ),
                ),
                ("credential_until", models.DateField(null=True)),
                ("is_lifelong", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["score", "customer"], name="customer_quality_score"),
                    models.Index(fields=["as_of", "customer"], name="customer_quality_as_of"),
                    models.Index(
                        condition=models.Q(("credential_until__isnull", False)),
                        fields=["credential_until", "customer"],
                        name="customer_quality_until",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QualityDue",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customer.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Diligence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "nationality",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("CHN", "中国"),
                            ("HKG", "中国香港"),
                            ("MAC", "中国澳门"),
                            ("TWN", "中国台湾"),
                            ("OTH", "其他国家或地区"),
                        ],
                        max_length=3,
                    ),
                ),
                (
                    "occupation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "党政机关、企事业单位负责人"),
                            ("2", "专业技术人员"),
                            ("3", "办事人员"),
                            ("4", "社会生产和生活服务人员"),
                            ("5", "农林牧渔业生产人员"),
                            ("6", "生产制造人员"),
                            ("7", "军人"),
                            ("8", "其他从业人员"),
                            ("9", "学生、退休或未就业"),
                        ],
                        max_length=1,
                    ),
                ),
                ("credential_until", models.DateField(null=True)),
                ("is_lifelong", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customer.customer"
                    ),
                ),
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credential_until", None), ("is_lifelong", False), _connector="OR"
                        ),
                        name="diligence_one_validity",
                    )
                ],
            },
        ),
    ]
