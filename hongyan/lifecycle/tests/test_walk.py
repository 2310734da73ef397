"""The whole life in any order: merges, splits, owners, freezing, closing, approvals, taking back (issue 6; SM1)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from hongyan.core import scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.customer.codes import Status
from hongyan.customer.models import Customer, ListRow
from hongyan.customer.tests.factory import LI, WANG, ZHANG, viewer
from hongyan.lifecycle.actions.closing import apply_for, can_undo, possible, undo
from hongyan.lifecycle.codes import ApplicationKind, ApplicationState
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.queries.held import held
from hongyan.lifecycle.tests.applying import let_time_pass
from hongyan.org.actions.approvals import decide
from hongyan.org.codes import ApprovalState, Verdict
from hongyan.org.models import Approval
from hongyan.ownership.tests import test_walk as ownership

pytestmark = pytest.mark.django_db

MANAGERS = (ZHANG, ZHANG, LI)


class Life(ownership.Life):
    """Beside what stewards and heads do with owners and codes: managers apply, the head of the county decides."""

    @rule(data=st.data(), who=st.sampled_from(MANAGERS), days_pass=st.booleans())
    def apply(self, data: st.DataObject, who: str, *, days_pass: bool) -> None:
        """Ask to freeze, unfreeze or close, whole or in one line; then the days of those who are asked may pass."""
        maker = viewer(who)
        with scope.acting(maker.scope):
            seen = Customer.objects.visible_to(maker).filter(code__in=self.roots())
            wishes = [
                (one.code, kind, line)
                for one in seen.order_by("pk")
                for kind, lines in possible(held(maker, one)).items()
                for line in lines
            ]
            if not wishes:
                return
            code, kind, line = data.draw(st.sampled_from(wishes))
            try:
                apply_for(maker, code, kind, line=line, reason="搬迁停业", key=uuid4().hex)
            except Invalid:
                assert kind == ApplicationKind.CLOSE, "only what is open blocks, and only an end"
            except Conflict:
                pass  # the same waits already
        if days_pass:
            let_time_pass()

    @precondition(lambda self: self._open())
    @rule(data=st.data(), verdict=st.sampled_from([Verdict.APPROVE, Verdict.APPROVE, Verdict.REJECT]))
    def answer(self, data: st.DataObject, verdict: Verdict) -> None:
        """Decide what waits; what meanwhile cannot be done any more is refused whole."""
        head = viewer(WANG)
        number = data.draw(st.sampled_from(self._open()))
        with scope.acting(head.scope):
            found = Approval.objects.filter(pk=number).first()
            if found is None:
                return
            before = self._states()
            try:
                with transaction.atomic():
                    decide(head, number, verdict, reason="核对过", step_version=found.version)
            except (Conflict, NotAllowed):
                assert self._states() == before

    @precondition(lambda self: self._settled())
    @rule(data=st.data(), verdict=st.sampled_from(Verdict))
    def answer_again(self, data: st.DataObject, verdict: Verdict) -> None:
        """What is settled nobody settles once more."""
        head, before = viewer(WANG), self._states()
        number = data.draw(st.sampled_from(self._settled()))
        with scope.acting(head.scope):
            found = Approval.objects.filter(pk=number).first()
            if found is None:
                return
            with pytest.raises((Conflict, NotAllowed)):
                decide(head, number, verdict, reason="再来一次", step_version=found.version)
        assert self._states() == before

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        """Undo a closing; twice it cannot be."""
        head = viewer(WANG)
        with scope.acting(head.scope):
            done = [row for row in Application.objects.order_by("pk") if can_undo(head, row)]
            if not done:
                return
            row = data.draw(st.sampled_from(done))
            if not Customer.objects.filter(pk=row.customer_id).exists():  # others look after them since
                with pytest.raises(NotFound):
                    undo(head, row.pk, reason="误注销", version=row.version)
                return
            undo(head, row.pk, reason="误注销", version=row.version)
            row.refresh_from_db()
            assert row.state == ApplicationState.UNDONE
            with pytest.raises(Conflict):
                undo(head, row.pk, reason="误注销", version=row.version)

    @invariant()
    def nobody_is_lost(self) -> None:
        """Every code leads to a customer, and those whom nobody closed stand in a list."""
        with transaction.atomic(), scope.bulk():
            stood = {one.code: one for one in Customer.objects.filter(code__in=self.codes)}
            assert len(stood) == len(self.codes)
            listed = set(ListRow.objects.values_list("customer_id", "status"))
            for one in stood.values():
                root = one.survivor or one
                if root.scopes.exists():
                    assert (root.pk, root.status) in listed, one.code
                assert (one.status == Status.MERGED) == (one.survivor_id is not None)

    @invariant()
    def a_customer_is_what_its_lines_are(self) -> None:
        """SM1: active while one relationship is, closed only when all are."""
        with transaction.atomic(), scope.bulk():
            for one in Customer.objects.filter(survivor=None).prefetch_related("relationships"):
                said = {row.status for row in one.relationships.all()}
                if Status.ACTIVE in said:
                    assert one.status == Status.ACTIVE, one.code
                elif said:
                    assert one.status == (Status.FROZEN if Status.FROZEN in said else Status.DEREGISTERED)

    def _open(self) -> list[int]:
        return self._approvals(state=ApprovalState.PENDING)

    def _settled(self) -> list[int]:
        return [one for one in self._approvals() if one not in self._open()]

    def _approvals(self, **asked: str) -> list[int]:
        with scope.acting(scope.EVERYTHING):
            found = Approval.objects.filter(kind__startswith="lifecycle.", **asked)
            return sorted(found.values_list("pk", flat=True))

    def _states(self) -> list[tuple[int, str]]:
        with scope.acting(scope.EVERYTHING):
            return sorted(Application.objects.values_list("pk", "state"))


def test_no_path_loses_a_customer_or_passes_an_approval_twice() -> None:
    """Issue 6: a state machine of SM1, ownership and merge together."""
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=10,
            stateful_step_count=40,
            deadline=None,
            phases=[
                Phase.explicit,
                Phase.reuse,
                Phase.generate,
            ],  # shrinking takes longer than reading a walk
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
