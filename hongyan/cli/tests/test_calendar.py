"""`hongyan calendar`: what a package knows enters the calendar."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from hongyan.cli.main import hongyan
from hongyan.core.models import CalendarDay, CalendarYear

pytestmark = pytest.mark.django_db


def test_seeding_a_known_year() -> None:
    CalendarDay.objects.filter(day__year=2026).delete()
    CalendarYear.objects.filter(year=2026).delete()
    done = CliRunner().invoke(hongyan, ["calendar", "seed", "2026", "--json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"year": 2026, "days": 39})
    assert CalendarDay.objects.filter(day__year=2026).count() == 39
    assert CalendarYear.objects.get(year=2026).state == "seeded"


def test_a_year_nobody_announced_is_refused() -> None:
    done = CliRunner().invoke(hongyan, ["calendar", "seed", "2027"])
    assert done.exit_code == 1
    assert "2027" in done.output
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_no_year_is_wrong_use() -> None:
    assert CliRunner().invoke(hongyan, ["calendar", "seed", "1066"]).exit_code == 2
