"""What is kept to compare a party by, and where it is found: sealed, replaced with its record, read anew (CUS-003)."""

from __future__ import annotations

import pytest
from django.db import connection

from hongyan.core import rotation, scope, vault
from hongyan.core.sealed import misplaced
from hongyan.customer.actions import count_values as counting
from hongyan.customer.actions.prepare import look_up_keys
from hongyan.customer.actions.recalculate import recalculate_all
from hongyan.customer.candidates import customers_per_contact, customers_under, parties_of
from hongyan.customer.codes import Kind
from hongyan.customer.models import CandidateKey, Customer, SourceRecord, ValueCount
from hongyan.customer.rules import likeness
from hongyan.customer.tests.factory import ID, LI, PHONE, Given, make_organisation, many, take
from hongyan.customer.worth import forget_counts, worth_now
from hongyan.identity.online.party import Party

pytestmark = pytest.mark.django_db

OTHER_PHONE = "13912345678"


@pytest.fixture(autouse=True)
def organisation() -> None:
    make_organisation()


def wang(phone: str = PHONE, key: str = "K1") -> Given:
    return Given("王小明", key, secrets={"mobile": phone, "credential_no": ID})


def known() -> dict[int, list[Party]]:
    with scope.bulk():
        return parties_of(list(Customer.objects.values_list("id", flat=True)))


def found_under_own_keys() -> list[int]:
    """Under how many keys of each stored party somebody is found."""
    with scope.bulk():
        keys = [look_up_keys(party) for parties in known().values() for party in parties]
        return [len(customers_under(own)) for own in keys]


def test_a_party_is_read_back_as_it_was_compared() -> None:
    take(wang())
    ((party,),) = known().values()
    said = (
        "name_key",
        "pinyin",
        "readings",
        "id_key",
        "id_lifelong",
        "birth_digits",
        "gender",
        "numbers",
        "sound",
    )
    assert [party.row.get(name) for name in said] == [
        *("王小明", "wangxiaoming", ["wangxiaoming"], f"01:{ID}", True, "19491231", "2"),
        *([f"+86{PHONE}"], "wanxiaomin"),
    ]  # fmt: skip
    with scope.bulk():
        kept = bytes(SourceRecord.objects.get().likeness)
    assert not any(text.encode() in kept for text in ("王小明", ID, PHONE))


def test_a_changed_record_is_found_under_its_new_keys_only() -> None:
    take(wang())
    with scope.bulk():
        (party,) = known()[Customer.objects.get().id]
        old = {key.value for key in look_up_keys(party)}
    take(wang(OTHER_PHONE))
    with scope.bulk():
        now = set(CandidateKey.objects.values_list("key", flat=True))
        sealed = list(SourceRecord.objects.order_by("version").values_list("likeness", flat=True))
    assert now - old
    assert old - now, "the keys of the phone that was given up are gone"
    assert found_under_own_keys() == [len(now)]
    assert bytes(sealed[0]) == b""


def test_what_is_kept_of_another_record_does_not_open() -> None:
    """BARS A 7: moved together with everything but its row, a likeness is refused, and the scan names it."""
    take(wang(), Given("李娜", "K2", secrets={"mobile": OTHER_PHONE}))
    with scope.bulk(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customer_sourcerecord target SET likeness = other.likeness"
            " FROM customer_sourcerecord other WHERE other.id <> target.id"
        )
    with pytest.raises(vault.Tampered):
        known()
    assert {one.column for one in misplaced() if not isinstance(one, int)} == {"likeness"}


def test_rotation_and_scan_know_the_column() -> None:
    known = {one.column for one in rotation.sealed_columns() if one.model is SourceRecord}
    assert known == {"sealed", "likeness"}


def test_what_an_older_normaliser_kept_is_read_anew_and_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(likeness, "_STAMPS", {"person": 1, "organisation": 2})
        take(wang())
    ((party,),) = known().values()
    assert (party.row["name_key"], party.row["id_key"], party.row["numbers"]) == (
        "王小明",
        f"01:{ID}",
        [f"+86{PHONE}"],
    )
    with scope.bulk():
        CandidateKey.objects.all().delete()
        before = bytes(SourceRecord.objects.get().likeness)
    recalculate_all(actor="system:test")
    with scope.bulk():
        assert bytes(SourceRecord.objects.get().likeness) != before
    assert take(wang(key="K9")).joined == 1


def test_only_the_bulk_role_reads_keys_and_counts() -> None:
    take(wang())
    for viewing in (scope.Scope(1, 1_000_000), scope.EVERYTHING):
        with pytest.raises(Exception, match="permission denied"), scope.acting(viewing):
            CandidateKey.objects.count()


def test_a_phone_under_many_names_is_known_to_be_shared() -> None:
    """A courier's phone: what it is worth falls with the names known under it, so it joins nobody by itself."""
    take(*many(12, secrets={"mobile": PHONE}))
    with scope.bulk():
        party = next(iter(known().values()))[0]
        holders = customers_per_contact([party], [party])
        assert holders == {("numbers", f"+86{PHONE}"): 12}
        worth = worth_now(holders)["person"]
    assert round(worth.bits("numbers", f"+86{PHONE}"), 1) == -3.6


def test_common_names_are_counted_and_weigh_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "WORTH_COUNTING", 10)
    take(
        *(
            Given("张伟", f"K{n}", secrets={"mobile": f"138000{n:05}"}, kind=Kind.REGISTERED)
            for n in range(60)
        )
    )
    try:
        assert counting.count_values() == 60
        with scope.bulk():
            assert ValueCount.objects.get(party_type="P", column="").count == 60
            worth = worth_now({})["person"]
        common, rare = worth.bits("name_key", "张伟"), worth.bits("name_key", "单雄信")
        assert (round(common, 1), round(rare, 1)) == (10.6, 14.6)
    finally:
        forget_counts()


def test_customers_out_of_everybodys_scope_are_candidates_too() -> None:
    take(Given("王小明", "K1", unit="370104001", manager=LI, secrets={"mobile": PHONE}))
    assert take(Given("王晓明", "K2", system="jiyou", secrets={"mobile": PHONE})).joined == 1
