from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customer", "0017_said_status"),
    ]

    operations = [
        migrations.AlterField(
            model_name="correction",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "待审批"),
                    ("done", "已生效"),
                    ("refused", "未批准"),
                    ("undone", "已撤回"),
                ],
                max_length=8,
            ),
        ),
    ]
