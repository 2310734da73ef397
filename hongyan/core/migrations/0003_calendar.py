"""The calendar of working days, with every year the package chinesecalendar knows (2004 to 2026)."""

from chinese_calendar import constants as official
from django.db import migrations, models
from django.db.migrations.state import StateApps

from hongyan.core import clock

BY = "system:calendar"


def seed(apps: StateApps, _schema_editor: object) -> None:
    day_model, year_model = (apps.get_model("core", name) for name in ("CalendarDay", "CalendarYear"))
    now = clock.now()
    stated = [(day, False, name) for day, name in official.holidays.items()]
    stated += [(day, True, name) for day, name in official.workdays.items()]
    day_model.objects.bulk_create(
        day_model(
            day=day,
            is_working=works,
            note=official.Holiday(name).chinese,
            source="package",
            updated_at=now,
            updated_by=BY,
        )
        for day, works, name in stated
    )
    years = sorted({day.year for day, _works, _name in stated})
    year_model.objects.bulk_create(
        year_model(year=year, state="seeded", updated_at=now, updated_by=BY) for year in years
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guard_audit")]
    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("is_working", models.BooleanField()),
                ("note", models.CharField(blank=True, max_length=40)),
                (
                    "source",
                    models.CharField(choices=[("package", "Package"), ("person", "Person")], max_length=10),
                ),
                ("updated_at", models.DateTimeField()),
                ("updated_by", models.CharField(max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                ("year", models.SmallIntegerField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("seeded", "Seeded"), ("confirmed", "Confirmed")], max_length=10
                    ),
                ),
                ("updated_at", models.DateTimeField()),
                ("updated_by", models.CharField(max_length=40)),
            ],
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
