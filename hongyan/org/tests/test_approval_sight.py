"""Who sees a request, and that its history is only added to (SM13)."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.db import ProgrammingError, connection

from hongyan.core import scope
from hongyan.core.errors import NotFound
from hongyan.org.actions.approvals import decide
from hongyan.org.models import Approval, ApprovalEvent, ApprovalStep
from hongyan.org.queries.approvals import decided_by, find_approval, made_by, to_decide, visible_approvals
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.approvals import YES, acts, as_, ask, organised, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(db: None) -> Iterator[None]:
    with organised():
        yield


def test_who_has_nothing_to_do_with_a_request_does_not_see_it() -> None:
    approval = ask()
    for stranger in ("li", "lin", "zhang", "sheng", "bao", "zhao"):
        with as_(stranger) as viewer:
            assert not visible_approvals(viewer).exists(), stranger
            with pytest.raises(NotFound):
                find_approval(viewer, approval.pk)
            with pytest.raises(NotFound):
                decide(viewer, approval.pk, YES)
    for reader in ("qian", "wu", "wang", "chen"):  # maker, checker, auditors of province and group
        with as_(reader) as viewer:
            assert find_approval(viewer, approval.pk) == approval
    assert acts(approval) == [("submit", "qian")]


def test_boxes() -> None:
    mine, theirs = ask("wu", "W"), ask("qian", "Q")
    say("wu", theirs)
    with as_("wu") as viewer:
        assert (list(made_by(viewer)), list(decided_by(viewer))) == ([mine], [theirs])
        assert to_decide(viewer).count() == 0


def test_the_database_shows_no_request_of_another_county_and_none_without_a_scope() -> None:
    ask()
    with as_("li"):
        assert [model.objects.count() for model in (Approval, ApprovalStep, ApprovalEvent)] == [0, 0, 0]
    with as_("wu"):
        assert [model.objects.count() for model in (Approval, ApprovalStep, ApprovalEvent)] == [1, 1, 1]
    with scope.acting(scope.NOTHING):
        assert [model.objects.count() for model in (Approval, ApprovalStep, ApprovalEvent)] == [0, 0, 0]


@pytest.mark.parametrize(
    "statement", ["UPDATE org_approvalevent SET act = 'reject'", "DELETE FROM org_approvalevent"]
)
def test_what_happened_is_only_added_to(statement: str) -> None:
    approval = ask()
    for acting_scope in (find_viewer("wu").scope, scope.EVERYTHING):
        with (
            pytest.raises(ProgrammingError) as refusal,
            scope.acting(acting_scope),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert acts(approval) == [("submit", "qian")]
