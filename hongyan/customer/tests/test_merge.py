"""Merge and split by hand: what becomes one, what it takes, what parts again (CUS-003, SM11, L22; BARS A 16)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from hongyan.core import clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.decide_case import decide_case, reopen_case
from hongyan.customer.actions.merge import merge
from hongyan.customer.actions.pins import end_expired_pins
from hongyan.customer.actions.split import split, take_out
from hongyan.customer.codes import CaseState, Kind, MergeState, PairVerdict, PartyType
from hongyan.customer.models import (
    Customer,
    Link,
    ListRow,
    Merge,
    Ownership,
    PairDecision,
    ReviewCase,
    SourceParty,
)
from hongyan.customer.projections import project
from hongyan.customer.queries.decisions import decided_apart, decisions_among
from hongyan.customer.queries.merges import preview_merge, preview_split, propose_survivor
from hongyan.customer.queries.records import find_customer, owners_of
from hongyan.customer.rules.merging import Choices, Objection
from hongyan.customer.tests.factory import HUAIYIN_OUTLET, ID, LI, ZHANG, take, viewer
from hongyan.customer.tests.merging import HE, XU, customer, make_stewards, present_state, walk_in
from hongyan.org.actions.approvals import decide
from hongyan.org.codes import Verdict, Viewer
from hongyan.org.models import Approval

pytestmark = pytest.mark.django_db

OTHER_ID = "110105194912310038"


def acting(staff_no: str, act: Callable[[Viewer], Any]) -> Any:
    """Do something as one of the people, in a transaction with their scope."""
    who = viewer(staff_no)
    with scope.acting(who.scope):
        return act(who)


@pytest.fixture
def pair(db: None) -> tuple[str, str]:
    """Codes of two walk-ins that are one: 王小明 of zhang's outlet, 王小明明 of li's."""
    make_stewards()
    take(
        walk_in("王小明", "A", secrets={"mobile": "13800000001"}, fields={"gender": "1"}),
        walk_in("王大明", "B", unit=HUAIYIN_OUTLET, manager=LI, secrets={"mobile": "13800000002"}),
    )
    return customer("王小明").code, customer("王大明").code


def do_merge(pair: tuple[str, str], staff_no: str = XU, **given: Any) -> Merge:
    return acting(staff_no, lambda who: merge(who, *pair, **{"reason": "同一人", **given}))


def do_split(row: Merge, **given: Any) -> Merge:
    return acting(XU, lambda who: split(who, row.pk, **{"reason": "弄错了", **given}))


def test_a_merge_makes_one_customer_and_an_alias(pair: tuple[str, str]) -> None:
    """CUS-003, CUS-004: links change, the absorbed code resolves for ever."""
    survivor, absorbed = pair
    row = do_merge(pair)

    assert row.state == MergeState.DONE
    assert acting(XU, lambda who: find_customer(who, absorbed)).code == survivor
    with scope.bulk():
        alias = Customer.objects.get(code=absorbed)
        assert (alias.status, alias.merged_into.code, alias.survivor.code) == ("merged", survivor, survivor)
        assert [party.customer.code for party in SourceParty.objects.all()] == [survivor, survivor]
        links = Link.objects.filter(party__key="B").order_by("id")
        assert [(link.customer.code, link.outcome, bool(link.until)) for link in links] == [
            (absorbed, "new", True),
            (survivor, "manual", False),
        ]
        (listed,) = ListRow.objects.all()
        assert (listed.code, listed.former_codes, listed.source_count) == (survivor, absorbed, 2)
        decision = PairDecision.objects.get()
        assert (decision.verdict, decision.by, decision.reason) == (PairVerdict.SAME, XU, "同一人")
        acts = AuditEvent.objects.filter(act="customer.merge").values_list("subject", "purpose")
        assert sorted(acts) == sorted([(survivor, "同一人"), (absorbed, "同一人")])


def test_the_alias_leads_whoever_sees_the_survivor_and_nobody_else(pair: tuple[str, str]) -> None:
    """Two owners of one line meet: the survivor's stands, so li sees neither code any more, zhang sees both."""
    survivor, absorbed = pair
    do_merge(pair)

    assert acting(ZHANG, lambda who: find_customer(who, absorbed)).code == survivor
    with pytest.raises(NotFound):
        acting(LI, lambda who: find_customer(who, absorbed))


def test_the_owner_who_stands_may_be_chosen(pair: tuple[str, str]) -> None:
    survivor, _ = pair
    seeing = acting(XU, lambda who: preview_merge(who, *pair))
    assert [(one.line, one.standing.manager.staff_no, one.meets) for one in seeing.owners] == [
        ("01", ZHANG, True)
    ]
    do_merge(pair, choices=Choices(owners={"01": "absorbed"}))

    assert acting(LI, lambda who: find_customer(who, survivor)).code == survivor
    with scope.bulk():
        (owner,) = owners_of(Customer.objects.get(code=survivor))
        assert owner.manager.staff_no == LI
        assert ListRow.objects.get().manager_name == "李卫东"


def test_a_split_gives_everything_back(pair: tuple[str, str]) -> None:
    """BARS A 16: split(merge(x)) = x."""
    before = present_state()
    row = do_merge(pair, choices=Choices(owners={"01": "absorbed"}))
    assert present_state() != before
    do_split(row)

    assert present_state() == before
    with scope.bulk():
        row.refresh_from_db()
        assert (row.state, row.split_by, row.split_reason) == (MergeState.SPLIT, XU, "弄错了")
        verdicts = PairDecision.objects.order_by("id").values_list("verdict", flat=True)
        assert list(verdicts) == [PairVerdict.SAME, PairVerdict.DIFFERENT]
        links = Link.objects.filter(party__key="B").order_by("id").values_list("outcome", flat=True)
        assert list(links) == ["new", "manual", "split"]


def test_a_field_that_was_chosen_stays_until_the_split(pair: tuple[str, str]) -> None:
    survivor, _ = pair
    with scope.bulk():
        party = SourceParty.objects.get(key="B").pk
    row = do_merge(pair, choices=Choices(fields={"name": party}))
    with scope.bulk():
        stands = Customer.objects.get(code=survivor)
        assert (stands.name, stands.lineage["name"][1]) == ("王大明", "pinned")
    take(walk_in("王小明", "A", secrets={"mobile": "13800000009"}, fields={"gender": "1"}))
    with scope.bulk():
        assert Customer.objects.get(code=survivor).name == "王大明"
    do_split(row)

    with scope.bulk():
        assert Customer.objects.get(code=survivor).name == "王小明"


def test_chains_part_in_any_order(db: None) -> None:
    """A ← B ← C: C goes into B, B into A; whichever is split first, all three are as before in the end."""
    make_stewards()
    names = {"王一": "A", "李二": "B", "张三": "C"}
    take(
        *(
            walk_in(name, key, secrets={"mobile": f"1380000000{n}"})
            for n, (name, key) in enumerate(names.items())
        )
    )
    a, b, c = (customer(name).code for name in names)
    before = present_state()
    for first_is_inner in (True, False):
        inner, outer = do_merge((b, c)), do_merge((a, b))
        assert acting(XU, lambda who: find_customer(who, c)).code == a
        first, second = (inner, outer) if first_is_inner else (outer, inner)
        do_split(first)
        assert acting(XU, lambda who: find_customer(who, c)).code == (c if first_is_inner else b)
        do_split(second)
        assert present_state() == before


def test_an_alias_keeps_no_word_of_what_left_it(db: None) -> None:
    """A ← B ← C: once C is split off, the alias B says again what it said by itself."""
    make_stewards()
    take(
        walk_in("王一", "A"),
        walk_in("李二", "B"),
        walk_in("张三", "C", secrets={"mobile": "13800000003"}, fields={"gender": "1"}),
        walk_in("张三三", "D", secrets={"email": "c@example.com"}),
    )
    a, b, c, d = (customer(name).code for name in ("王一", "李二", "张三", "张三三"))
    outer = do_merge((a, b))
    alone = present_state()["golden"]
    do_split(outer)
    inner, also = do_merge((b, c)), do_merge((b, d))
    do_merge((a, b))
    assert present_state()["golden"] != alone
    do_split(inner)
    do_split(also)
    assert present_state()["golden"] == alone


def test_what_came_since_stays_unless_it_goes_along(pair: tuple[str, str]) -> None:
    survivor, absorbed = pair
    row = do_merge(pair)
    take(walk_in("王小明", "C", system="jiyou", secrets={"mobile": "13800000001"}))
    take(walk_in("王大明", "D", system="jiyou", secrets={"mobile": "13800000002"}))
    seeing = acting(XU, lambda who: preview_split(who, row.pk))
    assert [party.key for party in seeing.came] == ["C", "D"]
    do_split(row, along=[party.pk for party in seeing.came if party.key == "D"], seen=seeing.seen)

    with scope.bulk():
        belongs = dict(SourceParty.objects.values_list("key", "customer__code"))
    assert belongs == {"A": survivor, "C": survivor, "B": absorbed, "D": absorbed}


def test_what_happened_since_stays_with_whom_it_happened_to(pair: tuple[str, str]) -> None:
    """The absorbed party moved to another outlet while it was merged: its owner moved along, and is its own again."""
    _, absorbed = pair
    row = do_merge(pair)
    take(walk_in("王大明", "B", unit="370102002", manager="", secrets={"mobile": "13800000002"}))
    do_split(row)

    with scope.bulk():
        (owner,) = Ownership.objects.filter(customer__code=absorbed, until=None)
        assert owner.unit.code == "370102002"
        assert Customer.objects.get(code=absorbed).mobile_masked == "138****0002"


def test_a_credential_learned_while_merged_goes_with_whom_it_is(pair: tuple[str, str]) -> None:
    _, absorbed = pair
    row = do_merge(pair)
    take(walk_in("王大明", "B", unit=HUAIYIN_OUTLET, manager=LI,
                 secrets={"mobile": "13800000002", "credential_no": ID}, fields={"credential_type": "01"}))  # fmt: skip
    do_split(row)

    claims = present_state()["claim"]
    with scope.bulk():
        assert [(one, home) for _, one, home in claims] == [(Customer.objects.get(code=absorbed).pk, None)]


def test_two_people_merge_an_agreement_customer(db: None) -> None:
    """REQUIREMENTS 5.5 screen 5: the merge waits for a second person, and who asked cannot agree."""
    make_stewards()
    take(walk_in("王小明", "A"), walk_in("王大明", "B", kind=Kind.AGREEMENT_PERSON, system="kgc"))
    pair = customer("王大明").code, customer("王小明").code
    assert acting(XU, lambda who: propose_survivor(who, *reversed(pair))) == pair
    row = do_merge(pair)
    assert row.state == MergeState.WAITING
    with scope.bulk():
        approval = Approval.objects.get(kind="merge", subject=str(row.pk)).pk
        assert Customer.objects.filter(survivor=None).count() == 2
    with pytest.raises(NotAllowed):
        acting(XU, lambda who: decide(who, approval, Verdict.APPROVE))
    acting(HE, lambda who: decide(who, approval, Verdict.APPROVE))

    with scope.bulk():
        row.refresh_from_db()
        assert (row.state, row.asked_by, row.second_by) == (MergeState.DONE, XU, HE)
        decision = PairDecision.objects.get()
        assert (decision.by, decision.second_by) == (XU, HE)


def test_a_merge_that_was_not_approved_changes_nothing(db: None) -> None:
    make_stewards()
    take(walk_in("王小明", "A"), walk_in("王大明", "B", kind=Kind.AGREEMENT_PERSON, system="kgc"))
    pair = customer("王大明").code, customer("王小明").code
    before = present_state()
    row = do_merge(pair)
    with scope.bulk():
        approval = Approval.objects.get(kind="merge", subject=str(row.pk)).pk
    acting(HE, lambda who: decide(who, approval, Verdict.REJECT, reason="不是一人"))

    assert present_state() == before
    with scope.bulk():
        assert Merge.objects.get().state == MergeState.REFUSED
    assert do_merge(pair).state == MergeState.WAITING


def test_a_merge_whose_customers_changed_cannot_be_approved(db: None) -> None:
    make_stewards()
    take(
        walk_in("王小明", "A", secrets={"mobile": "13800000001"}),
        walk_in("王大明", "B", kind=Kind.AGREEMENT_PERSON, system="kgc"),
    )
    row = do_merge((customer("王大明").code, customer("王小明").code))
    take(walk_in("王小明", "C", system="jiyou", secrets={"mobile": "13800000001"}))
    with scope.bulk():
        approval = Approval.objects.get(kind="merge", subject=str(row.pk)).pk
    with pytest.raises(Conflict):
        acting(HE, lambda who: decide(who, approval, Verdict.APPROVE))


def test_two_different_ids_take_two_people_and_evidence(db: None) -> None:
    """DESIGN 3, Identity 4: a veto is overridden by two persons only."""
    make_stewards()
    take(
        *(
            walk_in(name, key, secrets={"credential_no": number}, fields={"credential_type": "01"})
            for name, key, number in zip(("王小明", "王大明"), "AB", (ID, OTHER_ID), strict=True)
        )
    )
    pair = customer("王小明").code, customer("王大明").code
    assert acting(XU, lambda who: preview_merge(who, *pair)).objections == (Objection.OTHER_ID,)
    with pytest.raises(Invalid):
        do_merge(pair)
    with pytest.raises(Invalid):
        do_merge(pair, override=True, reason="")
    row = do_merge(pair, override=True, reason="公安局更正证明")
    assert (row.state, row.is_override) == (MergeState.WAITING, True)


def test_a_person_is_never_an_organisation(db: None) -> None:
    make_stewards()
    take(walk_in("王小明", "A"), walk_in("小明商店", "B", party_type=PartyType.ORGANISATION))
    with pytest.raises(Invalid):
        do_merge((customer("王小明").code, customer("小明商店").code), override=True)


def test_who_does_not_see_both_cannot_merge_them(pair: tuple[str, str]) -> None:
    before = present_state()
    with pytest.raises(NotFound):
        do_merge(pair, "ju")
    with pytest.raises(NotAllowed):
        do_merge(pair, "sun")
    assert present_state() == before


def test_what_is_one_cannot_be_merged_again(pair: tuple[str, str]) -> None:
    do_merge(pair)
    for again in (pair, pair[::-1]):
        with pytest.raises(Conflict):
            do_merge(again)


def test_the_second_editor_is_told(pair: tuple[str, str]) -> None:
    seen = acting(XU, lambda who: preview_merge(who, *pair)).seen
    take(walk_in("王小明", "A", secrets={"mobile": "13800000007"}))
    with pytest.raises(Conflict):
        do_merge(pair, seen=seen)


def test_a_split_is_done_once(pair: tuple[str, str]) -> None:
    row = do_merge(pair)
    do_split(row)
    with pytest.raises(Conflict):
        do_split(row)


def test_they_never_rejoin_by_themselves(pair: tuple[str, str]) -> None:
    row = do_merge(pair)
    with scope.bulk():
        parties = tuple(sorted(SourceParty.objects.values_list("id", flat=True)))
        ids = tuple(sorted(Customer.objects.values_list("id", flat=True)))
        assert decisions_among(ids).must == {parties}
    do_split(row)
    with scope.bulk():
        decisions = decisions_among(ids[:1])
        assert (decisions.must, decisions.cannot) == (frozenset(), frozenset({parties}))
        assert decided_apart(ids[1:]) == {ids}


# --- taking single parties out


def test_a_party_taken_out_gets_a_code_of_its_own(pair: tuple[str, str]) -> None:
    survivor, _ = pair
    take(
        walk_in(
            "王小明", "C", system="jiyou", unit=HUAIYIN_OUTLET, manager=LI, secrets={"mobile": "13800000001"}
        )
    )
    before = present_state()
    with scope.bulk():
        party = SourceParty.objects.get(key="C").pk
    new = acting(XU, lambda who: take_out(who, survivor, [party], reason="儿子的"))

    assert new.code not in pair
    assert acting(LI, lambda who: find_customer(who, new.code)).name == "王小明"
    with scope.bulk():
        assert SourceParty.objects.get(pk=party).customer == new
        (owner,) = Ownership.objects.filter(customer=new, until=None)
        assert owner.manager.staff_no == LI
        decision = PairDecision.objects.get()
        assert (decision.customer.code, decision.candidate, decision.verdict) == (survivor, new, "different")
    row = do_merge((survivor, new.code))
    assert row.state == MergeState.DONE
    after = present_state()
    assert [row[1] for row in after["party"]] == [row[1] for row in before["party"]]


def test_an_alias_keeps_no_word_of_a_party_taken_out_of_it(pair: tuple[str, str]) -> None:
    survivor, absorbed = pair
    second = {"mobile": "13800000002", "email": "b@example.com"}
    take(walk_in("王大明", "B2", system="jiyou", unit=HUAIYIN_OUTLET, manager=LI, secrets=second))
    do_merge(pair)
    with scope.bulk():
        assert Customer.objects.get(code=absorbed).email_masked
        party = SourceParty.objects.get(key="B2").pk
    acting(XU, lambda who: take_out(who, survivor, [party], reason="另一人"))
    with scope.bulk():
        alias = Customer.objects.get(code=absorbed)
    assert (alias.email_masked, alias.status, alias.name) == ("", "merged", "王大明")


def test_something_is_left_under_every_code(pair: tuple[str, str]) -> None:
    survivor, _ = pair
    do_merge(pair)
    with scope.bulk():
        parties = dict(SourceParty.objects.values_list("key", "id"))
    for key in "AB":
        with pytest.raises(Invalid):
            acting(XU, lambda who, key=key: take_out(who, survivor, [parties[key]], reason="拆"))  # type: ignore[misc]


def test_nothing_outside_a_transaction_remains(pair: tuple[str, str]) -> None:
    """A merge that fails half way leaves nothing: everything is one transaction."""
    before = present_state()
    with pytest.raises(RuntimeError), transaction.atomic():
        do_merge(pair)
        raise RuntimeError
    assert present_state() == before


def test_a_choice_holds_for_its_days(pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """DESIGN 3: a manual pin has an expiry, after which the sources are followed again."""
    survivor, _ = pair
    with scope.bulk():
        party = SourceParty.objects.get(key="B").pk
    do_merge(pair, choices=Choices(fields={"name": party}))
    assert end_expired_pins() == 0
    later = clock.now() + timedelta(days=731)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert (end_expired_pins(), end_expired_pins()) == (1, 0)
    with scope.bulk():
        assert Customer.objects.get(code=survivor).name == "王小明"


def test_a_decision_is_never_changed(pair: tuple[str, str]) -> None:
    """Append-only by grant, also for bulk jobs."""
    do_merge(pair)
    for change in (
        "UPDATE customer_pairdecision SET verdict = 'different'",
        "DELETE FROM customer_pairdecision",
        "DELETE FROM customer_merge",
    ):
        with (
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            scope.bulk(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)


def test_a_merge_says_what_spoke_for_it_and_against_it(pair: tuple[str, str]) -> None:
    evidence = do_merge(pair).evidence
    assert evidence is not None
    assert {item["code"] for item in evidence["evidence"]} >= {"name", "phone"}


# --- review cases


@pytest.fixture
def case(pair: tuple[str, str]) -> ReviewCase:
    """A case of the two."""
    with transaction.atomic(), scope.bulk():
        one, other = (Customer.objects.get(code=code) for code in pair)
        made = ReviewCase.objects.create(
            customer=one,
            candidate=other,
            party=SourceParty.objects.get(key="B"),
            score=70,
            evidence={"band": "review", "score": 70, "rule": "likely", "evidence": []},
            created_at=clock.now(),
        )
        project([one.pk, other.pk], replace=[one.pk, other.pk])
    return made


def decide_it(case: ReviewCase, verdict: PairVerdict, staff_no: str = XU, **given: Any) -> ReviewCase:
    return acting(staff_no, lambda who: decide_case(who, case.pk, verdict, **given))


def waiting() -> list[bool]:
    with scope.bulk():
        return list(ListRow.objects.order_by("code").values_list("has_review", flat=True))


def test_a_case_is_merged_and_split(case: ReviewCase, pair: tuple[str, str]) -> None:
    """SM11: 待核 → 合并 → 拆分, and taken up again."""
    assert waiting() == [True, True]
    assert decide_it(case, PairVerdict.SAME).state == CaseState.MERGED
    assert decide_it(case, PairVerdict.SAME).state == CaseState.MERGED
    with scope.bulk():
        row = Merge.objects.get()
        assert (row.case, row.score, row.reason) == (case, 70, "")
        assert PairDecision.objects.get().party_id in {
            case.party_id,
            min(row.snapshot["parties"]["survivor"]),
        }
    assert waiting() == [False]
    do_split(row)
    with scope.bulk():
        assert ReviewCase.objects.get().state == CaseState.SPLIT
    assert waiting() == [False, False]
    assert acting(XU, lambda who: reopen_case(who, case.pk)).state == CaseState.OPEN
    assert waiting() == [True, True]


def test_a_case_that_is_not_the_same_stays_apart(case: ReviewCase, pair: tuple[str, str]) -> None:
    before = present_state()
    decided = decide_it(case, PairVerdict.DIFFERENT)
    assert (decided.state, decided.decided_by) == (CaseState.REJECTED, XU)
    after = present_state()
    assert {name for name in before if before[name] != after[name]} == {"list"}
    with scope.bulk():
        ids = list(Customer.objects.order_by("id").values_list("id", flat=True))
        assert decided_apart(ids) == {tuple(ids)}
    with pytest.raises(Conflict):
        decide_it(case, PairVerdict.SAME, HE, seen=CaseState.OPEN)
    acting(XU, lambda who: reopen_case(who, case.pk))
    with scope.bulk():
        assert decided_apart(ids) == frozenset()


def test_to_be_unsure_takes_a_reason(case: ReviewCase) -> None:
    with pytest.raises(Invalid):
        decide_it(case, PairVerdict.UNSURE)
    assert decide_it(case, PairVerdict.UNSURE, reason="等证件").state == CaseState.SHELVED
    assert decide_it(case, PairVerdict.DIFFERENT, HE).state == CaseState.REJECTED


def test_a_case_out_of_scope_is_absent(case: ReviewCase) -> None:
    with pytest.raises(NotFound):
        decide_it(case, PairVerdict.DIFFERENT, "ju")
    with pytest.raises(NotAllowed):
        decide_it(case, PairVerdict.DIFFERENT, "sun")


def test_a_case_of_an_agreement_customer_waits_for_a_second_person(db: None) -> None:
    make_stewards()
    take(walk_in("王小明", "A"), walk_in("王大明", "B", kind=Kind.AGREEMENT_PERSON, system="kgc"))
    with transaction.atomic(), scope.bulk():
        one, other = Customer.objects.order_by("id")
        made = ReviewCase.objects.create(
            customer=one, candidate=other, party=SourceParty.objects.get(key="B"), score=70,
            evidence={"band": "review", "score": 70, "rule": "likely", "evidence": []}, created_at=clock.now(),
        )  # fmt: skip
    asked = decide_it(made, PairVerdict.SAME)
    assert asked.state == CaseState.ASKED
    with pytest.raises(Conflict):
        acting(XU, lambda who: reopen_case(who, made.pk))
    with scope.bulk():
        approval = Approval.objects.get(kind="merge").pk
    acting(HE, lambda who: decide(who, approval, Verdict.REJECT, reason="不是一人"))
    with scope.bulk():
        made.refresh_from_db()
        assert (made.state, made.decided_by) == (CaseState.OPEN, "")
    decide_it(made, PairVerdict.SAME)
    with scope.bulk():
        approval = Approval.objects.latest("pk").pk
    acting(HE, lambda who: decide(who, approval, Verdict.APPROVE))
    with scope.bulk():
        made.refresh_from_db()
        assert (made.state, made.decided_by, made.second_by) == (CaseState.MERGED, XU, HE)
