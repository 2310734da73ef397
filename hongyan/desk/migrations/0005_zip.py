from django.db import migrations, models

FORMATS = [("xlsx", "Excel 工作簿"), ("csv", "CSV 文本"), ("zip", "ZIP 压缩包")]


class Migration(migrations.Migration):
    dependencies = [("desk", "0004_mass")]

    operations = [
        migrations.AlterField("export", "format", models.CharField(choices=FORMATS, max_length=4)),
        migrations.AlterField("schedule", "format", models.CharField(choices=FORMATS, max_length=4)),
    ]
