"""Taking records in: who becomes one customer, what is kept, what a repetition changes (CUS-003, CUS-004)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from hongyan.core import scope
from hongyan.customer.actions.take_in import take_in
from hongyan.customer.codes import Kind, PartyRecord, PartyType, TakenIn
from hongyan.customer.models import (
    Customer,
    CustomerScope,
    GoldenChange,
    Identifier,
    Link,
    ListRow,
    Ownership,
    ReviewCase,
    SearchToken,
    SourceParty,
    SourceRecord,
    StrongKey,
)
from hongyan.org.actions.renumber import renumber
from hongyan.org.codes import Level, Management, Tree
from hongyan.org.models import Place, Unit

pytestmark = pytest.mark.django_db

ZHANG_ID = "11010519491231002X"


@pytest.fixture
def outlets() -> dict[str, int]:
    """Two outlets of one county: code → organisation number."""
    with scope.bulk():
        numbers = {}
        for code, lo, hi, level in (("G", 1, 99, 1), ("X1", 2, 9, 5), ("X2", 10, 17, 5)):
            unit = Unit.objects.create(
                code=code, name=code, short_name=code, management=Management.SELF_RUN, is_operating=level == 5
            )
            Place.objects.create(
                unit=unit,
                tree=Tree.POSTAL,
                level=Level(level),
                lo=lo,
                hi=hi,
                province_no=1,
                city_no=1,
                county_no=1,
            )
            numbers[code] = lo
    return numbers


def person(
    key: str, name: str, *, system: str = "kgc", unit: str = "X1", row: int = 1, **fields: Any
) -> PartyRecord:
    secrets = {field: fields.pop(field) for field in ("credential_no", "mobile") if field in fields}
    return PartyRecord(
        system=system,
        key=key,
        row=row,
        party_type=PartyType.PERSON,
        line="01",
        kind=Kind.AGREEMENT_PERSON if system == "kgc" else Kind.REGISTERED,
        fields={"name": name, **fields},
        secrets=secrets,
        unit_code=unit,
        as_of=date(2026, 11, 21),
        source_updated_at=datetime(2026, 11, 20, tzinfo=UTC),
    )


def load(*records: PartyRecord) -> TakenIn:
    with scope.bulk():
        return take_in(records, decided_by="system:test", delivery_id=1)


def all_rows(model: type) -> list:
    with scope.bulk():
        return list(model.objects.order_by("pk"))


def test_a_person_becomes_a_customer_with_a_code(outlets: dict[str, int]) -> None:
    """CUS-004; every projection carries the owner's organisation number."""
    done = load(person("1", "张曉麗 女士", credential_no=ZHANG_ID, mobile="138 1234 5678"))
    assert (done.new, done.joined, done.review) == (1, 0, 0)
    (customer,) = all_rows(Customer)
    assert customer.code == "H00000000010"
    assert (customer.name, customer.name_key, customer.sort_key) == ("张曉麗", "张晓丽", "zhangxiaoli")
    assert (customer.gender, customer.birth_date) == ("2", date(1949, 12, 31))
    assert (customer.credential_masked, customer.mobile_masked) == ("1101**********002X", "138****5678")
    (record,) = all_rows(SourceRecord)
    assert customer.lineage["name"] == [record.id, "only"]
    assert [scope_.org_no for scope_ in all_rows(CustomerScope)] == [outlets["X1"]]
    assert [(row.org_no, row.kind, row.first_in_county) for row in all_rows(ListRow)] == [
        (outlets["X1"], "B", True)
    ]
    tokens = {token.token for token in all_rows(SearchToken)}
    assert {"张晓", "晓丽", "zxl", "zhangxiaoli", "丽"} <= tokens


def test_the_same_person_from_two_systems_in_two_spellings_is_one(outlets: dict[str, int]) -> None:
    """Acceptance 3: one code, two source records."""
    load(person("1", "张曉麗", credential_no=ZHANG_ID))
    done = load(person("J1", "ZHANG Xiaoli", system="jiyou", unit="X2", credential_no=ZHANG_ID.lower()))
    assert (done.new, done.joined) == (0, 1)
    assert len(all_rows(Customer)) == 1
    assert [party.system for party in all_rows(SourceParty)] == ["kgc", "jiyou"]
    links = all_rows(Link)
    assert [link.outcome for link in links] == ["new", "joined"]
    assert links[1].evidence["rule"] == "same_person"
    assert all_rows(Customer)[0].name == "张曉麗"


def test_the_same_person_twice_in_one_chunk_is_one(outlets: dict[str, int]) -> None:
    done = load(
        person("1", "张晓丽", credential_no=ZHANG_ID),
        person("J1", "张晓丽", system="jiyou", credential_no=ZHANG_ID, row=2),
    )
    assert (done.new, done.joined) == (1, 1)
    assert len(all_rows(Customer)) == 1


def test_father_and_son_with_one_phone_and_address_are_two(outlets: dict[str, int]) -> None:
    """Acceptance 3, second half."""
    home = {"mobile": "13812345678", "address": "济南市历下区泉城路12号3单元401", "division": "370102"}
    done = load(person("1", "李建国", **home), person("2", "李伟", row=2, **home))
    assert done.new == 2
    assert len(all_rows(Customer)) == 2


def test_the_same_id_under_another_name_waits_for_a_steward(outlets: dict[str, int]) -> None:
    """Different names need more than an ID: two customers, one claim on the ID, one case."""
    load(person("1", "张晓丽", credential_no=ZHANG_ID))
    done = load(person("2", "王建国", credential_no=ZHANG_ID))
    assert (done.new, done.review) == (1, 1)
    (case,) = all_rows(ReviewCase)
    assert case.evidence["rule"] == "other_name_same_id"
    assert len(all_rows(StrongKey)) == 1
    assert all(row.has_review for row in all_rows(ListRow))


def test_a_repetition_changes_nothing(outlets: dict[str, int]) -> None:
    record = person("1", "张晓丽", credential_no=ZHANG_ID)
    load(record)
    before = [all_rows(model) for model in (Customer, SourceRecord, Identifier, SearchToken)]
    done = load(record)
    assert (done.new, done.joined, done.updated, done.unchanged) == (0, 0, 0, 1)
    assert [all_rows(model) for model in (Customer, SourceRecord, Identifier, SearchToken)] == before


def test_a_changed_record_becomes_a_version_and_a_line_of_history(outlets: dict[str, int]) -> None:
    load(person("1", "张晓丽", credential_no=ZHANG_ID, mobile="13812345678"))
    done = load(person("1", "张晓丽", credential_no=ZHANG_ID, mobile="13912345678"))
    assert done.updated == 1
    assert [(record.version, record.is_current) for record in all_rows(SourceRecord)] == [
        (1, False),
        (2, True),
    ]
    (change,) = all_rows(GoldenChange)
    assert (change.field, change.before, change.after) == ("mobile_masked", "138****5678", "139****5678")
    assert all_rows(Customer)[0].mobile_masked == "139****5678"
    assert all_rows(ListRow)[0].mobile_masked == "139****5678"


def test_a_key_given_to_somebody_else_overwrites_nobody(outlets: dict[str, int]) -> None:
    """Two different valid IDs never join (DESIGN 3, Identity 4): not even under the key of one source."""
    load(person("1", "张三", credential_no=ZHANG_ID))
    again = load(
        person("1", "李四", credential_no="110105194912310038", row=7),
        person("2", "王五", row=8),
    )
    assert (again.strangers, again.updated, again.new) == ([7], 0, 1)
    assert sorted(customer.name for customer in all_rows(Customer)) == ["张三", "王五"]
    assert len(all_rows(SourceRecord)) == 2


def test_a_corrected_id_stays_with_its_customer(outlets: dict[str, int]) -> None:
    load(person("1", "张三", credential_no=ZHANG_ID))
    again = load(person("1", "张三", credential_no="110105194912310038"))
    assert (again.strangers, again.updated) == ([], 1)


def test_a_contact_without_its_customer_is_an_orphan(outlets: dict[str, int]) -> None:
    contact = PartyRecord(
        "kgc",
        "9",
        7,
        PartyType.ORGANISATION,
        "01",
        Kind.AGREEMENT_UNIT,
        {"contact_name": "刘会计"},
        part="contact/1",
    )
    assert load(contact).orphans == [7]


def test_an_agreement_takes_the_customer_over_from_a_walk_in(outlets: dict[str, int]) -> None:
    """X-02: one owner per line; a higher kind takes over, dated, an equal one does not."""
    load(person("J1", "张晓丽", system="jiyou", unit="X2", credential_no=ZHANG_ID))
    load(person("1", "张晓丽", unit="X1", credential_no=ZHANG_ID))
    load(person("2", "张晓丽", unit="X2", credential_no=ZHANG_ID))
    assert [row.org_no for row in all_rows(CustomerScope)] == [outlets["X1"]]
    assert [(row.kind, row.source_count) for row in all_rows(ListRow)] == [("B", 3)]


def test_a_party_that_moves_to_another_outlet_takes_its_owner_along(outlets: dict[str, int]) -> None:
    """The owner follows the relationship it rests on, dated; the next party of the line finds one owner."""
    load(person("1", "张晓丽", unit="X1", credential_no=ZHANG_ID))
    load(person("1", "张晓丽", unit="X2", credential_no=ZHANG_ID))
    assert [(row.reason, row.until is None) for row in all_rows(Ownership)] == [
        ("first_relationship", False),
        ("relationship_moved", True),
    ]
    load(person("2", "张晓丽", unit="X1", credential_no=ZHANG_ID))
    assert [(row.org_no, row.source_count) for row in all_rows(ListRow)] == [(outlets["X2"], 2)]


def test_a_party_on_which_no_owner_rests_moves_alone(outlets: dict[str, int]) -> None:
    load(person("1", "张晓丽", unit="X1", credential_no=ZHANG_ID))
    load(person("2", "张晓丽", unit="X2", credential_no=ZHANG_ID, row=2))
    load(person("2", "张晓丽", unit="G", credential_no=ZHANG_ID, row=2))
    assert [scope_.org_no for scope_ in all_rows(CustomerScope)] == [outlets["X1"]]


def test_nothing_is_visible_without_a_scope_and_only_own_rows_with_one(outlets: dict[str, int]) -> None:
    """The second wall: unfiltered queries see the range of the transaction only."""
    load(person("1", "张晓丽", unit="X1"), person("2", "李娜", unit="X2", row=2))
    assert Customer.objects.count() == 0
    scope.enter(scope.Scope(2, 9))
    assert [customer.name for customer in Customer.objects.all()] == ["张晓丽"]
    assert SourceRecord.objects.count() == Link.objects.count() == ListRow.objects.count() == 1
    scope.enter(scope.EVERYTHING)
    assert Customer.objects.count() == 2


def test_projections_follow_a_renumbering_even_through_each_others_numbers(outlets: dict[str, int]) -> None:
    """DESIGN 3: two outlets that swap their numbers; the first_in_* flags and the walls stay right."""
    load(person("1", "张晓丽", unit="X1"), person("2", "李娜", unit="X2", row=2))
    with scope.bulk():
        Place.objects.filter(unit__code="X1").update(lo=1002, hi=1009)
        Place.objects.filter(unit__code="X2").update(lo=2, hi=9)
        Place.objects.filter(unit__code="X1").update(lo=10, hi=17)
    renumber({2: 10, 10: 2})
    scope.enter(scope.Scope(2, 9))
    assert [customer.name for customer in Customer.objects.all()] == ["李娜"]
    assert [row.name for row in ListRow.objects.all()] == ["李娜"]
    assert "张" not in {token.token for token in SearchToken.objects.all()}


def test_a_fragment_of_a_name_gives_way_to_a_whole_one(outlets: dict[str, int]) -> None:
    """王女士 of the more trusted source is not the name when another source knows it."""
    load(person("1", "张女士", credential_no=ZHANG_ID))
    load(person("J1", "张晓丽", system="jiyou", credential_no=ZHANG_ID))
    (customer,) = all_rows(Customer)
    assert (customer.name, customer.lineage["name"][1]) == ("张晓丽", "complete")
