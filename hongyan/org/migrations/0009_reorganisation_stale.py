"""A reorganisation that is no longer what was approved is not carried out, and says so."""

from django.db import migrations, models

STATES = [
    ("pending", "审批中"),
    ("waiting", "待执行"),
    ("done", "已完成"),
    ("refused", "未通过"),
    ("recalled", "已撤回"),
    ("failed", "未能执行"),
    ("stale", "情况已变，未执行"),
]


class Migration(migrations.Migration):
    dependencies = [("org", "0008_two_people")]
    operations = [
        migrations.AlterField(
            model_name="reorganisation",
            name="state",
            field=models.CharField(choices=STATES, default="pending", max_length=8),
        ),
    ]
