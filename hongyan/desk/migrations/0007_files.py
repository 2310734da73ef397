"""Files of records. The room of each kind of records adds its policy."""

import uuid

from django.db import migrations, models
from django.db.models import Q

WALL = """
ALTER TABLE desk_recordfile ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everything ON desk_recordfile TO hongyan_group USING (true);
REVOKE DELETE, TRUNCATE ON desk_recordfile FROM hongyan_app, hongyan_group, hongyan_bulk;
"""
SORTS = [
    ("licence", "营业执照"),
    ("contract", "合同"),
    ("authority", "授权书"),
    ("credential", "证件影印件"),
    ("other", "其他"),
]
MEDIA = [
    ("pdf", "PDF 文档"),
    ("png", "PNG 图片"),
    ("jpg", "JPEG 图片"),
    ("docx", "Word 文档"),
    ("xlsx", "Excel 工作簿"),
]
STATES = [
    ("checking", "正在检查"),
    ("unscanned", "未扫描"),
    ("clean", "未发现病毒"),
    ("infected", "有病毒，已隔离"),
    ("failed", "检查没有完成，将自动重试"),
    ("erased", "内容已清除"),
]


class Migration(migrations.Migration):
    dependencies = [("desk", "0006_notes")]

    operations = [
        migrations.CreateModel(
            name="RecordFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("series", models.UUIDField()),
                ("version", models.SmallIntegerField(default=1)),
                ("is_current", models.BooleanField(default=True)),
                ("kind", models.CharField(max_length=20)),
                ("record_id", models.BigIntegerField()),
                ("category", models.CharField(choices=SORTS, max_length=10)),
                ("name", models.CharField(blank=True, max_length=260)),
                ("remark", models.CharField(blank=True, max_length=100)),
                ("valid_until", models.DateField(null=True)),
                ("media", models.CharField(choices=MEDIA, max_length=4)),
                ("size", models.BigIntegerField()),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("state", models.CharField(choices=STATES, max_length=9)),
                ("finding", models.CharField(blank=True, max_length=200)),
                ("staff_id", models.BigIntegerField()),
                ("staff_name", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("removed_by", models.CharField(blank=True, max_length=60)),
                ("told_for", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["series", "version"], name="file_version"),
                    models.UniqueConstraint(
                        condition=Q(is_current=True), fields=["series"], name="file_one_current"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["kind", "record_id", "-id"], name="file_record"),
                    models.Index(
                        condition=Q(is_current=True, removed_at=None, valid_until__isnull=False),
                        fields=["kind", "valid_until", "id"],
                        name="file_until",
                    ),
                    models.Index(
                        condition=Q(state__in=["checking", "failed"]), fields=["id"], name="file_unchecked"
                    ),
                ],
            },
        ),
        migrations.RunSQL(WALL, migrations.RunSQL.noop),
    ]
