"""Rows that wait for a customer name it by its key; a system delivers for a unit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("integration", "0002_row_level_security"),
    ]

    operations = [
        migrations.AddField(
            model_name="quarantinedrow",
            name="awaits",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="systemstate",
            name="unit_code",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AlterField(
            model_name="quarantinedrow",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "待处理"),
                    ("resent", "已重发"),
                    ("taken", "已采用"),
                    ("dismissed", "已放弃"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="quarantinedrow",
            index=models.Index(
                condition=models.Q(("state", "open"), models.Q(("awaits", ""), _negated=True)),
                fields=["awaits"],
                name="quarantined_row_awaits",
            ),
        ),
    ]
