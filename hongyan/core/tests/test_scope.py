"""Scopes: set for one transaction, gone with it, restored by those who widen them."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from hongyan.core import scope


def settings_now() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('hongyan.lo', true), ''),"
            " coalesce(current_setting('hongyan.hi', true), ''), current_user"
        )
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_a_scope_ends_with_its_transaction() -> None:
    with scope.acting(scope.Scope(3, 9)):
        assert settings_now() == ("3", "9", "hongyan_app")
    assert settings_now() == ("", "", "hongyan_app")
    with scope.acting(scope.EVERYTHING):
        assert settings_now()[2] == "hongyan_group"
    assert settings_now()[2] == "hongyan_app"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_scope_can_be_entered() -> None:
    with pytest.raises(RuntimeError):
        scope.enter(scope.EVERYTHING)


@pytest.mark.django_db
def test_bulk_restores_the_role_before_it() -> None:
    scope.enter(scope.EVERYTHING)
    with scope.bulk():
        assert settings_now()[2] == "hongyan_bulk"
        with scope.bulk():
            assert settings_now()[2] == "hongyan_bulk"
        assert settings_now()[2] == "hongyan_bulk"
    assert settings_now()[2] == "hongyan_group"


@pytest.mark.django_db
def test_bulk_restores_the_role_after_an_error_too() -> None:
    scope.enter(scope.Scope(1, 2))
    with pytest.raises(RuntimeError), scope.bulk():
        raise RuntimeError
    assert settings_now() == ("1", "2", "hongyan_app")


@pytest.mark.django_db(transaction=True)
def test_a_killed_transaction_leaves_no_scope_behind() -> None:
    with pytest.raises(RuntimeError), scope.acting(scope.EVERYTHING):
        raise RuntimeError
    assert settings_now() == ("", "", "hongyan_app")
    with transaction.atomic():
        assert settings_now()[2] == "hongyan_app"
