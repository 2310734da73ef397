import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customer", "0002_row_level_security"),
        ("org", "0002_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductFamily",
            fields=[
                ("code", models.CharField(max_length=8, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("name_en", models.CharField(max_length=60)),
                (
                    "line",
                    models.CharField(
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
                ("sort", models.SmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True)),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="ledger.productfamily",
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("name_en", models.CharField(blank=True, max_length=100)),
                (
                    "base",
                    models.CharField(
                        blank=True,
                        choices=[("1", "标准快递"), ("2", "快递包裹"), ("3", "代收货款")],
                        max_length=1,
                    ),
                ),
                (
                    "contents",
                    models.CharField(
                        blank=True,
                        choices=[("1", "文件"), ("2", "信函"), ("3", "物品"), ("4", "包裹")],
                        max_length=1,
                    ),
                ),
                ("is_revenue", models.BooleanField(default=True)),
                ("credit_allowed", models.BooleanField(default=False)),
                (
                    "risk_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("R1", "低风险"),
                            ("R2", "中低风险"),
                            ("R3", "中风险"),
                            ("R4", "中高风险"),
                            ("R5", "高风险"),
                        ],
                        max_length=2,
                    ),
                ),
                ("on_sale_from", models.DateField(null=True)),
                ("on_sale_to", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SourceProduct",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("system", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=100)),
                (
                    "line",
                    models.CharField(
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
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="ledger.product",
                    ),
                ),
                ("first_seen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("system", "code"), name="source_product_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4)),
                ("system", models.CharField(max_length=20)),
                ("key_hash", models.BinaryField(max_length=16)),
                ("number_masked", models.CharField(max_length=40)),
                ("sealed", models.BinaryField(default=b"")),
                (
                    "party",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customer.sourceparty",
                    ),
                ),
                (
                    "line",
                    models.CharField(
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
                (
                    "source_product",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.sourceproduct",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agreement", "协议"),
                            ("account", "账户"),
                            ("deposit", "定期存款"),
                            ("loan", "贷款"),
                            ("policy", "保单"),
                            ("securities", "证券账户"),
                            ("subscription", "订阅"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
                ("opened_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("matures_on", models.DateField(null=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("currency", models.CharField(default="CNY", max_length=3)),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[("open", "正常"), ("frozen", "冻结"), ("closed", "已结清")],
                        max_length=6,
                    ),
                ),
                ("version", models.IntegerField(default=0)),
                ("as_of", models.DateField(null=True)),
                ("known_at", models.DateTimeField()),
                ("delivery_id", models.BigIntegerField(null=True)),
                ("row", models.IntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("matures_on__isnull", False), ("status", "open")),
                        fields=["matures_on"],
                        name="holding_matures",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("system", "key_hash"), name="holding_once")],
            },
        ),
        migrations.CreateModel(
            name="HoldingVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "holding",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="ledger.holding",
                    ),
                ),
                ("version", models.IntegerField()),
                ("fields", models.JSONField()),
                ("known_at", models.DateTimeField()),
                ("delivery_id", models.BigIntegerField(null=True)),
                ("row", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("holding", "version"), name="holding_version_once")
                ],
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["delivery_id"], name="holding_version_delivery"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BankIntake",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="customer.customer",
                    ),
                ),
                ("first_reached_on", models.DateField(db_index=True)),
                ("assets", models.DecimalField(decimal_places=2, max_digits=18)),
                ("liabilities", models.DecimalField(decimal_places=2, max_digits=18)),
                ("known_at", models.DateTimeField()),
                ("delivery_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="UnitMonth",
            fields=[
                ("items", models.BigIntegerField()),
                ("quantity", models.BigIntegerField()),
                ("weight_g", models.BigIntegerField()),
                ("revenue", models.DecimalField(decimal_places=2, max_digits=18)),
                ("inflow", models.DecimalField(decimal_places=2, max_digits=18)),
                ("outflow", models.DecimalField(decimal_places=2, max_digits=18)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "unit",
                        "month",
                        "product",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
                ("month", models.DateField()),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.sourceproduct",
                    ),
                ),
            ],
        ),
    ]
