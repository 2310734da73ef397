"""Dated facts and their monthly sums, one partition a month, and the function that makes partitions.

`hongyan_app` owns nothing and may not make tables, so a function of the owner does. A partition is made beside its
parent and attached: that waits for no reader. Default privileges have granted it to the working roles; a query of the
partition itself would pass by the parent's policies, so these grants go, and row-level security without a policy
stands behind.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from hongyan.core.partitioned import CreatePartitionedModel

MAKE_PARTITIONS = """
CREATE FUNCTION ledger_make_partitions(first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent text;
    part text;
    month date;
    made integer := 0;
BEGIN
    IF first_day < date '1990-01-01' OR last_day >= date '2100-01-01' THEN
        RAISE EXCEPTION 'no partitions before 1990 or after 2099';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ledger.partitions'));
    FOREACH parent IN ARRAY ARRAY['ledger_transaction', 'ledger_mailitem', 'ledger_mailevent', 'ledger_balance',
                                  'ledger_monthlyfact'] LOOP
        FOR month IN SELECT generate_series(date_trunc('month', first_day), last_day, interval '1 month')::date LOOP
            part := parent || to_char(month, '_YYYYMM');
            CONTINUE WHEN to_regclass(part) IS NOT NULL;
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)%s', part, parent,
                           CASE parent WHEN 'ledger_monthlyfact' THEN ' WITH (fillfactor = 80)' ELSE '' END);
            EXECUTE format('REVOKE ALL ON %I FROM hongyan_app, hongyan_group, hongyan_bulk', part);
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                           parent, part, month, month + interval '1 month');
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION ledger_make_partitions(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_make_partitions(date, date) TO hongyan_bulk;
"""

# Until the job's first night.
FIRST_PARTITIONS = """
SELECT ledger_make_partitions((current_date - interval '1 month')::date, (current_date + interval '3 months')::date)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_initial"),
    ]

    operations = [
        CreatePartitionedModel(
            name="Transaction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_date",
                        "number",
                        "version",
                        "entry",
                        "system",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customer.sourceparty",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.holding",
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
                ("delivery_id", models.BigIntegerField()),
                ("known_at", models.DateTimeField()),
                ("event_time", models.DateTimeField()),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.sourceproduct",
                    ),
                ),
                ("business_date", models.DateField()),
                ("row", models.IntegerField()),
                ("version", models.IntegerField()),
                ("quantity", models.IntegerField()),
                ("entry", models.SmallIntegerField()),
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
                    "nature",
                    models.CharField(
                        choices=[
                            ("01", "销售"),
                            ("02", "手续费"),
                            ("03", "保费"),
                            ("04", "退款"),
                            ("11", "存入或买入"),
                            ("12", "支取或卖出"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("1", "柜面"), ("2", "网银"), ("3", "手机"), ("4", "自助"), ("9", "其他")],
                        max_length=1,
                    ),
                ),
                ("system", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=40)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("note", models.CharField(max_length=60)),
            ],
            by="business_date",
            options={
                "indexes": [
                    models.Index(fields=["number"], name="transaction_number"),
                    models.Index(fields=["party"], name="transaction_party"),
                    models.Index(fields=["unit", "business_date"], name="transaction_unit"),
                    models.Index(fields=["product", "business_date"], name="transaction_product"),
                    models.Index(fields=["delivery_id", "row"], name="transaction_delivery"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("entry__in", (1, 0, -1))), name="transaction_entry"
                    )
                ],
            },
        ),
        CreatePartitionedModel(
            name="MailItem",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "business_date",
                        "number",
                        "version",
                        "entry",
                        "system",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customer.sourceparty",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.holding",
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
                ("delivery_id", models.BigIntegerField()),
                ("known_at", models.DateTimeField()),
                ("event_time", models.DateTimeField()),
                ("promised_at", models.DateTimeField(null=True)),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.sourceproduct",
                    ),
                ),
                ("business_date", models.DateField()),
                ("row", models.IntegerField()),
                ("version", models.IntegerField()),
                ("weight_g", models.IntegerField()),
                ("charged_weight_g", models.IntegerField()),
                ("entry", models.SmallIntegerField()),
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
                    "settlement",
                    models.CharField(
                        blank=True, choices=[("1", "现结"), ("2", "记欠月结"), ("3", "预付")], max_length=1
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
                (
                    "pickup_mode",
                    models.CharField(blank=True, choices=[("0", "客户送"), ("1", "上门")], max_length=1),
                ),
                (
                    "delivery_mode",
                    models.CharField(
                        blank=True,
                        choices=[("1", "自提"), ("2", "上门"), ("3", "柜"), ("4", "网点")],
                        max_length=1,
                    ),
                ),
                ("division", models.CharField(blank=True, max_length=6)),
                ("system", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=40)),
                ("postage", models.DecimalField(decimal_places=2, max_digits=18)),
                ("insured", models.DecimalField(decimal_places=2, max_digits=18)),
                ("cod", models.DecimalField(decimal_places=2, max_digits=18)),
            ],
            by="business_date",
            options={
                "indexes": [
                    models.Index(fields=["number"], name="mail_item_number"),
                    models.Index(fields=["party"], name="mail_item_party"),
                    models.Index(fields=["unit", "business_date"], name="mail_item_unit"),
                    models.Index(fields=["product", "business_date"], name="mail_item_product"),
                    models.Index(fields=["delivery_id", "row"], name="mail_item_delivery"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("entry__in", (1, 0, -1))), name="mailitem_entry"
                    )
                ],
            },
        ),
        CreatePartitionedModel(
            name="MailEvent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "number",
                        "event_time",
                        "code",
                        "version",
                        "entry",
                        "system",
                        "business_date",
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
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="org.unit",
                    ),
                ),
                ("delivery_id", models.BigIntegerField()),
                ("known_at", models.DateTimeField()),
                ("event_time", models.DateTimeField()),
                ("business_date", models.DateField()),
                ("row", models.IntegerField()),
                ("version", models.IntegerField()),
                ("entry", models.SmallIntegerField()),
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
                    "code",
                    models.CharField(
                        choices=[
                            ("01", "收寄"),
                            ("02", "封发"),
                            ("03", "到达"),
                            ("04", "投递"),
                            ("05", "妥投"),
                            ("06", "未妥投"),
                            ("07", "退回"),
                        ],
                        max_length=2,
                    ),
                ),
                ("division", models.CharField(blank=True, max_length=6)),
                ("system", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=40)),
            ],
            by="business_date",
            options={
                "indexes": [
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["delivery_id"], name="mail_event_delivery"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("entry__in", (1, 0, -1))), name="mailevent_entry"
                    )
                ],
            },
        ),
        CreatePartitionedModel(
            name="Balance",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "holding",
                        "kind",
                        "version",
                        "entry",
                        "business_date",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customer.sourceparty",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.holding",
                    ),
                ),
                ("delivery_id", models.BigIntegerField()),
                ("known_at", models.DateTimeField()),
                ("business_date", models.DateField()),
                ("row", models.IntegerField()),
                ("version", models.IntegerField()),
                ("entry", models.SmallIntegerField()),
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
                ("kind", models.CharField(choices=[("A", "资产"), ("L", "负债")], max_length=1)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
            ],
            by="business_date",
            options={
                "indexes": [
                    models.Index(fields=["party"], name="balance_party"),
                    django.contrib.postgres.indexes.BrinIndex(
                        fields=["delivery_id"], name="balance_delivery"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("entry__in", (1, 0, -1))), name="balance_entry"
                    )
                ],
            },
        ),
        CreatePartitionedModel(
            name="MonthlyFact",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "party",
                        "month",
                        "product",
                        "unit",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customer.sourceparty",
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
                ("items", models.BigIntegerField()),
                ("quantity", models.BigIntegerField()),
                ("weight_g", models.BigIntegerField()),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.sourceproduct",
                    ),
                ),
                ("month", models.DateField()),
                ("revenue", models.DecimalField(decimal_places=2, max_digits=18)),
                ("inflow", models.DecimalField(decimal_places=2, max_digits=18)),
                ("outflow", models.DecimalField(decimal_places=2, max_digits=18)),
            ],
            by="month",
        ),
        migrations.RunSQL(MAKE_PARTITIONS, "DROP FUNCTION ledger_make_partitions(date, date)"),
        migrations.RunSQL(FIRST_PARTITIONS, migrations.RunSQL.noop),
    ]
