"""Merges, splits and changes of owners in any order: never two owners of one line, none lost (issue 6; X-02, SM11)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hongyan.core import scope
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.split import split
from hongyan.customer.models import Customer
from hongyan.customer.queries.merges import preview_merge
from hongyan.customer.rules.merging import Choices
from hongyan.customer.tests.factory import HEAD, LI, ZHANG, viewer
from hongyan.customer.tests.merging import XU, make_crowd
from hongyan.ownership.actions.single import Wanted, acts_for, change_owner
from hongyan.ownership.codes import Act
from hongyan.ownership.queries.owners import find_owned

pytestmark = pytest.mark.django_db

WRONG = {
    "two owners of one line": """
        SELECT coalesce(customer.survivor_id, customer.id), owner.line FROM customer_ownership owner
        JOIN customer_customer customer ON customer.id = owner.customer_id
        WHERE owner.until IS NULL AND NOT owner.gives_way GROUP BY 1, 2 HAVING count(*) > 1""",
    "nobody owns a line with business": """
        SELECT relationship.customer_id, relationship.line FROM customer_relationship relationship
        WHERE NOT EXISTS (
            SELECT FROM customer_ownership owner JOIN customer_customer customer ON customer.id = owner.customer_id
            WHERE coalesce(customer.survivor_id, customer.id) = relationship.customer_id
              AND owner.line = relationship.line AND owner.until IS NULL AND NOT owner.gives_way)""",
    "the scope is not the owner's": """
        SELECT scope.customer_id, scope.line FROM customer_customerscope scope
        JOIN org_place place ON place.lo = scope.org_no
        JOIN customer_customer seen ON seen.id = scope.customer_id
        WHERE NOT EXISTS (
            SELECT FROM customer_ownership owner JOIN customer_customer customer ON customer.id = owner.customer_id
            WHERE coalesce(customer.survivor_id, customer.id) = coalesce(seen.survivor_id, seen.id)
              AND owner.line = scope.line AND owner.until IS NULL AND NOT owner.gives_way
              AND owner.unit_id = place.unit_id)""",
    "found where nobody owns": """
        SELECT token.customer_id, token.org_no FROM customer_searchtoken token
        WHERE NOT EXISTS (SELECT FROM customer_customerscope scope
            WHERE scope.customer_id = token.customer_id AND scope.org_no = token.org_no)""",
    "the list names another manager": """
        SELECT list.customer_id, list.org_no FROM customer_listrow list
        WHERE list.manager_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM customer_ownership owner JOIN customer_customer customer ON customer.id = owner.customer_id
            WHERE coalesce(customer.survivor_id, customer.id) = list.customer_id AND owner.until IS NULL
              AND NOT owner.gives_way AND owner.manager_id = list.manager_id)""",
}


class Life(RuleBasedStateMachine):
    """What stewards and heads may do with seven customers of two outlets, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.codes = make_crowd()
        self.steward, self.head = viewer(XU), viewer(HEAD)
        self.merges: dict[int, str] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def roots(self) -> list[str]:
        return [code for code in self.codes if code not in self.merges.values()]

    @precondition(lambda self: len(self.roots()) > 1)
    @rule(data=st.data())
    def join(self, data: st.DataObject) -> None:
        survivor, absorbed = data.draw(st.permutations(self.roots()))[:2]
        with scope.acting(self.steward.scope):
            seeing = preview_merge(self.steward, survivor, absorbed)
            side = data.draw(st.sampled_from(["survivor", "absorbed", None]))
            owners: dict[str, Any] = {
                one.line: side for one in seeing.owners if side and one.survivor and one.absorbed
            }
            row = merge(self.steward, survivor, absorbed, reason="同一人", choices=Choices(owners))
        self.merges[row.pk] = absorbed

    @precondition(lambda self: self.merges)
    @rule(data=st.data())
    def part(self, data: st.DataObject) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.merges)))
        with scope.acting(self.steward.scope):
            split(self.steward, chosen, reason="不是一人")
        del self.merges[chosen]

    @rule(data=st.data(), to=st.sampled_from([ZHANG, LI, "370102002", ""]))
    def change(self, data: st.DataObject, to: str) -> None:
        """Give a customer to a manager of either county, to another outlet's pool, or to its own."""
        code = data.draw(st.sampled_from(self.roots()))
        with scope.acting(self.head.scope):
            here = Customer.objects.get(code=code)
            if not here.scopes.filter(line="01").exists():
                return
            owned = find_owned(self.head, code, "01")
            act = Act.DISSOLVE if not to else Act.ADJUST
            same = owned.owner.manager and owned.owner.manager.staff_no == to
            in_pool = owned.owner.manager_id is None and owned.owner.unit.code == to
            if act not in acts_for(self.head, owned) or same or in_pool:
                return
            wanted = Wanted(unit_code=to) if to.isdigit() else Wanted(staff_no=to)
            change_owner(self.head, code, "01", act, wanted=wanted, reason="调整")
            now = find_owned(self.head, code, "01").owner
            assert (now.manager.staff_no if now.manager else "") == (to if not to.isdigit() else "")

    @invariant()
    def nothing_is_wrong(self) -> None:
        with transaction.atomic(), scope.bulk(), connection.cursor() as cursor:
            for what, statement in WRONG.items():
                cursor.execute(statement)
                assert cursor.fetchall() == [], what


def test_no_path_leaves_two_owners_of_a_line_or_none() -> None:
    """Issue 6: a state machine of ownership and merge together."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=4, stateful_step_count=10, deadline=None, suppress_health_check=checks
        ),
    )
