"""Many at the same moment, or one after the other in any order: the same customers come of it (BARS A 2, CUS-003)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier

import pytest
from django.db import connection, transaction

from conftest import clear_tables
from hongyan.core import scope
from hongyan.customer.actions.check import check
from hongyan.customer.models import Customer, ReviewCase, SourceParty
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import HEAD, HUAIYIN_OUTLET, LI, Given, make_organisation, take
from hongyan.identity.record import Record
from hongyan.identity.tests.people import citizen

PEOPLE = (
    ("张晓丽", "張曉麗", "Zhang Xiaoli"), ("王建国", "王建國", "Wang Jianguo"), ("李秀英", "李秀英 女士", "LI XIUYING"),
    ("刘洋", "劉洋", "Liu Yang"), ("陈静怡", "陳靜怡", "Chen, Jingyi"), ("杨柳青", "楊柳青", "Yang Liuqing"),
    ("欧阳倩", "歐陽倩", "Ouyang Qian"), ("周海涛", "周海濤", "ZhouHaitao"),
)  # fmt: skip
"""Simplified, traditional, pinyin."""


def forms(person: int) -> list[Given]:
    """Eight forms of one person, as eight clerks might fill them in: any two of them are plainly one person."""
    plain, traditional, pinyin = PEOPLE[person]
    digits = f"13{person}{(person + 3) * 7919 % 100_000_000:08}"
    mobile = (digits, f"+86 {digits}", f"{digits[:3]}-{digits[3:7]}-{digits[7:]}", f"86{digits}")
    number = citizen(sequence=12 + 20 * person)
    return [
        Given(plain, f"A{person}", secrets={"mobile": mobile[0], "credential_no": number}),
        Given(traditional, f"B{person}", secrets={"mobile": mobile[1], "credential_no": number.lower()}),
        Given(plain, f"C{person}", secrets={"mobile": mobile[2]}),
        Given(pinyin, f"D{person}", secrets={"mobile": mobile[0], "credential_no": number}),
        Given(f" {plain} ", f"E{person}", secrets={"mobile": mobile[3]}, fields={"gender": "2"}),
        Given(traditional, f"F{person}", secrets={"mobile": mobile[0]}),
        Given(plain, f"G{person}", secrets={"mobile": mobile[1]}, fields={"address": factory.ADDRESS}),
        Given(plain, f"H{person}", unit=HUAIYIN_OUTLET, manager=LI, secrets={"mobile": mobile[0]}),
    ]


def record_of(form: Given) -> Record:
    return Record(
        "", "", "person", form.name,
        credential_no=form.secrets.get("credential_no", ""), phones=(form.secrets["mobile"],),
        gender=form.fields.get("gender", ""), address=form.fields.get("address", ""),
    )  # fmt: skip


def partition() -> set[frozenset[str]]:
    """Which parties are one customer."""
    found = defaultdict(set)
    with scope.bulk():
        for customer, key in SourceParty.objects.values_list("customer_id", "key"):
            found[customer].add(key)
    return {frozenset(keys) for keys in found.values()}


@pytest.fixture
def organisation(transactional_db: None) -> Iterator[None]:
    make_organisation()
    yield
    clear_tables()


@pytest.mark.django_db(transaction=True)
def test_sixty_four_forms_of_eight_people_at_once_make_eight_customers(organisation: None) -> None:
    """Issue 5, proof: no two customers are left of which the check says that they are the same."""
    all_forms = [form for person in range(len(PEOPLE)) for form in forms(person)]
    Random(7).shuffle(all_forms)
    barrier = Barrier(len(all_forms))

    def create(form: Given) -> int:
        barrier.wait()
        try:
            return take(form, delivery_id=None).new
        finally:
            connection.close()

    with ThreadPoolExecutor(len(all_forms)) as pool:
        opened = sum(pool.map(create, all_forms))
    assert opened == len(PEOPLE)
    assert partition() == {frozenset(f"{letter}{n}" for letter in "ABCDEFGH") for n in range(len(PEOPLE))}
    viewer = factory.viewer(HEAD)
    with scope.acting(viewer.scope):
        for form in all_forms:
            found = check(viewer, record_of(form)).found
            assert [one.band for one in found] == ["join"]
        assert ReviewCase.objects.count() == 0


@pytest.mark.django_db
def test_two_chunks_in_either_order_make_the_same_customers() -> None:
    make_organisation()
    everything = [form for person in range(len(PEOPLE)) for form in forms(person)]
    halves = everything[::2], everything[1::2]
    found = []
    for chunks in (halves, halves[::-1], [everything], [everything[::-1]]):
        with transaction.atomic():
            for chunk in chunks:
                take(*chunk)
            found.append(partition())
            transaction.set_rollback(True)
    assert all(one == found[0] for one in found)
    assert len(found[0]) == len(PEOPLE)


@pytest.mark.django_db
def test_a_chunk_once_more_changes_nothing_and_a_stranger_changes_nobody() -> None:
    make_organisation()
    chunk = [form for person in range(4) for form in forms(person)]
    take(*chunk)
    before = partition()
    again = take(*chunk)
    assert (again.unchanged, again.new, again.joined, again.review) == (len(chunk), 0, 0, 0)
    take(*forms(5)[:1])
    assert partition() == before | {frozenset({"A5"})}
    with scope.bulk():
        assert Customer.objects.count() == 5
