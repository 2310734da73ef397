"""The house stands as drawn: imports and foreign keys follow one arrow (DESIGN 2)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

CHECKOUT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def rooms_from_the_top() -> dict[str, int]:
    """Room → floor, 0 the highest, as the import contract names them."""
    layers = next(contract for contract in CONTRACTS if contract["id"] == "rooms")["layers"]
    return {room: floor for floor, layer in enumerate(layers) for room in re.findall(r"\((\w+)\)", layer)}


def own_models() -> list[type]:
    return [model for model in apps.get_models() if model.__module__.startswith("hongyan.")]


def test_import_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = lint_imports(config_filename=str(CHECKOUT / "pyproject.toml"), no_cache=True)
    assert outcome == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_room_has_a_floor() -> None:
    folders = {path.parent.name for path in (CHECKOUT / "hongyan").glob("*/__init__.py")}
    assert folders <= rooms_from_the_top().keys()


def test_foreign_keys_point_downward_and_leave_no_trace() -> None:
    """String keys escape the import linter; a key to another room must not add an attribute to its models."""
    floors = rooms_from_the_top()
    wrong = []
    for model in own_models():
        room = model._meta.app_label
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignKey) or not field.related_model.__module__.startswith("hongyan."):
                continue
            target = field.related_model._meta.app_label
            if target == room:
                continue
            if floors[target] <= floors[room] or field.remote_field.related_name != "+":
                wrong.append(f"{model.__name__}.{field.name} → {target}")
    assert wrong == []


@pytest.mark.django_db
def test_the_application_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == ("hongyan_app", 0)
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR rolinherit FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False,)
