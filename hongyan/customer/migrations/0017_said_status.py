"""What a source says of a status that people hold otherwise."""

from django.db import migrations, models

STATUSES = [("active", "正常"), ("frozen", "冻结"), ("merged", "已归并"), ("deregistered", "已注销")]


class Migration(migrations.Migration):
    dependencies = [("customer", "0016_declared_relations")]
    operations = [
        migrations.AddField(
            model_name="relationship",
            name="said_status",
            field=models.CharField(blank=True, choices=STATUSES, db_default="", max_length=12),
        ),
    ]
