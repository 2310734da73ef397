"""Parameters: the nearest unit's value in force on the day, else the default."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from hongyan.core.errors import Invalid
from hongyan.core.models import ParameterValue
from hongyan.core.parameters import Parameter, all_parameters, define, value_of

LIMIT = Parameter("test.limit", 500, "int", "上限", minimum=Decimal(1), maximum=Decimal(900))


def put(value: Any, since: date, *, unit: int | None = None, line: str = "") -> None:
    ParameterValue.objects.create(
        key=LIMIT.key, unit_id=unit, line=line, value=value, effective_from=since,
        set_at=datetime(2026, 1, 1, tzinfo=UTC), set_by="100008",
    )  # fmt: skip


@pytest.mark.django_db
def test_the_default_stands_until_something_is_set() -> None:
    assert value_of(LIMIT, units=[3, 2, 1], on=date(2026, 5, 1)) == 500


@pytest.mark.django_db
def test_the_nearest_unit_wins_then_the_line_then_the_latest_day() -> None:
    put(400, date(2026, 1, 1))
    put(300, date(2026, 1, 1), unit=1)
    put(200, date(2026, 1, 1), unit=2)
    put(210, date(2026, 3, 1), unit=2)
    put(250, date(2026, 2, 1), unit=2, line="03")
    on = date(2026, 5, 1)
    assert value_of(LIMIT, units=[9], on=on) == 400
    assert value_of(LIMIT, units=[3, 2, 1], on=on) == 210
    assert value_of(LIMIT, units=[3, 2, 1], line="03", on=on) == 250
    assert value_of(LIMIT, units=[3, 2, 1], on=date(2026, 2, 15)) == 200


@pytest.mark.django_db
def test_a_future_value_waits_for_its_day() -> None:
    put(100, date(2026, 6, 1))
    assert value_of(LIMIT, on=date(2026, 5, 31)) == 500
    assert value_of(LIMIT, on=date(2026, 6, 1)) == 100


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", " 7 ", 7),
        ("decimal", "1.50", "1.50"),
        ("bool", "true", True),
        ("list", "kgc， jiyou", ["kgc", "jiyou"]),
    ],
)
def test_a_text_becomes_a_typed_value(kind: str, text: str, value: Any) -> None:
    assert Parameter("k", None, kind, "x").parse(text) == value


def test_a_text_with_choices_takes_one_of_them() -> None:
    chosen = Parameter("k", "a", "text", "x", choices=("a", "b"))
    assert chosen.parse(" b ") == "b"
    with pytest.raises(Invalid):
        chosen.parse("c")


@pytest.mark.parametrize("text", ["x", "1.5", "0", "901", ""])
def test_a_wrong_text_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        LIMIT.parse(text)
    assert "value" in refusal.value.fields


def test_a_key_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        define(all_parameters()[0])
