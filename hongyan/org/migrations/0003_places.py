"""Divisions and postcodes; of divisions what the package python-stdnum knows of GB/T 2260, with years (REF-i01)."""

import re
from collections import defaultdict
from importlib.resources import files

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.state import StateApps

LINE = re.compile(r'\s*(\d+) (?:province|county)="([^"]*)"')
NAMED = re.compile(r"(?:\[(\d*)-(\d*)\])?(.+)")


def standard() -> dict[str, list[tuple[str, str, str]]]:
    """Code → every name it ever had with its first and last year, "" where that is open."""
    found, province = defaultdict(list), ""
    for line in files("stdnum").joinpath("cn/loc.dat").read_text("utf-8").splitlines():
        if not (parts := LINE.match(line)):
            continue
        number, names = parts.groups()
        if len(number) == 2:
            province = number
            continue
        for entry in names.split(","):
            since, until, name = NAMED.fullmatch(entry).groups(default="")
            found[province + number].append((name, since, until))
    return found


def above(code: str, known: dict[str, object]) -> str | None:
    """The nearest division around one that is known."""
    return next(
        (outer for outer in (f"{code[:4]}00", f"{code[:2]}0000") if outer != code and outer in known), None
    )


def seed(apps: StateApps, _schema_editor: object) -> None:
    division, known = apps.get_model("org", "Division"), standard()
    rows = []
    for code, names in known.items():
        ordered = sorted(names, key=lambda one: (one[2] or "9999", one[1]))
        name, _, until = ordered[-1]
        since = min(one[1] for one in ordered)
        rows.append(
            division(
                code=code,
                level=1 if code.endswith("0000") else 2 if code.endswith("00") else 3,
                parent_id=above(code, known),
                name=name,
                former_names=" ".join(dict.fromkeys(one[0] for one in ordered[:-1] if one[0] != name)),
                is_standard=True,
                since=int(since) if since else None,
                until=int(until) if until else None,
            )
        )
    rows.sort(key=lambda row: (row.level, row.code))
    division.objects.bulk_create(rows, batch_size=2000)


class Migration(migrations.Migration):
    dependencies = [("org", "0002_apitoken")]
    operations = [
        migrations.CreateModel(
            name="Division",
            fields=[
                ("code", models.CharField(max_length=9, primary_key=True, serialize=False)),
                (
                    "level",
                    models.SmallIntegerField(choices=[(1, "省级"), (2, "地级"), (3, "县级"), (4, "乡级")]),
                ),
                ("name", models.CharField(max_length=60)),
                ("former_names", models.CharField(blank=True, max_length=200)),
                ("is_standard", models.BooleanField()),
                ("since", models.SmallIntegerField(null=True)),
                ("until", models.SmallIntegerField(null=True)),
                ("listed_as", models.CharField(blank=True, max_length=60)),
                ("listed_by", models.CharField(blank=True, max_length=20)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="org.division",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Postcode",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("postcode", models.CharField(max_length=6)),
                ("province", models.CharField(max_length=60)),
                ("city", models.CharField(max_length=60)),
                ("county", models.CharField(max_length=60)),
                (
                    "match",
                    models.CharField(
                        choices=[
                            ("current", "现行区划"),
                            ("former", "已撤销或更名"),
                            ("city", "只认得市"),
                            ("none", "认不得"),
                        ],
                        max_length=7,
                    ),
                ),
                ("listed_by", models.CharField(max_length=20)),
                (
                    "division",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postcodes",
                        to="org.division",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("postcode", "province", "city", "county"), name="postcode_place_once"
                    )
                ],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
