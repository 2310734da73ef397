"""A person's file holds everything that the house holds of them, and nothing is in the clear elsewhere (BARS A 36).

A new table fails here until a room lends it to the file, or it is named among those that stay out, with the reason.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db.models import BinaryField, ForeignKey, Model, QuerySet
from django.utils import timezone

from hongyan.consent.models import PersonRequest
from hongyan.consent.person_file import Held, held
from hongyan.consent.person_file.archive import file_of
from hongyan.consent.person_file.cells import columns_of, word_for
from hongyan.consent.person_file.held import subject_of
from hongyan.consent.person_file.words import WITHHELD
from hongyan.core import scope
from hongyan.customer.models import Customer, SourceParty
from hongyan.customer.tests.factory import PHONE, Given, make_organisation, take
from hongyan.desk.exports import Stamp
from hongyan.integration.actions.check import quarantined_row
from hongyan.integration.descriptors import find_descriptor
from hongyan.integration.tests.factory import customer, kgc_file, loaded
from tests.security.test_walls import OF_THE_HOUSE, OPEN
from tests.security.world import Area, World, make_world

pytestmark = pytest.mark.django_db

DERIVED = "calculated from what is in the file, for lists and searches"
OF_MANY = "an act on many; what it did to the person is in the file"

NOT_IN_THE_FILE = {
    "classes_blacklistkey": "keyed hashes of credentials that are in the file",
    "classes_classcount": "counts of units",
    "classes_classdue": "who is looked at tonight",
    "classes_tag": "words of units; those the person bears are in the file",
    "core_auditalert": "how much staff read",
    "core_auditarchive": "sealed months of the audit: what is put away is opened by auditors, month by month",
    "core_auditseal": "roots over the audit",
    "core_openedauditevent": "copies of archived rows for an auditor, for some days",
    "customer_candidatekey": "keyed hashes",
    "customer_casebatch": OF_MANY,
    "customer_caserow": DERIVED,
    "customer_contactpermission": DERIVED,
    "customer_customermark": DERIVED,
    "customer_customerscope": DERIVED,
    "customer_identifier": "keyed hashes and masked forms of what is in the file",
    "customer_listrow": DERIVED,
    "customer_modelpair": "a sample by which models are compared: two scores, deleted with the training",
    "customer_relationkey": "keyed hashes",
    "customer_resolutioncount": "counts of units",
    "customer_searchtoken": DERIVED,
    "customer_strongkey": "keyed hashes",
    "customer_touchedcustomer": "whose relations are looked at next",
    "customer_valuecount": "how common values are, by keyed hash",
    "desk_export": "which lists left the house, by conditions; rows are not kept",
    "desk_massitem": OF_MANY,
    "desk_massrun": OF_MANY,
    "desk_follow": "which of the house's own people follow the customer: their data, not the person's",
    "desk_shortcut": "which records one of the house's own people opened lately: their data, not the person's",
    "desk_schedule": "which lists leave the house, by conditions",
    "integration_customerimport": "files that staff brought; what was taken in of them are source records",
    "integration_leftoutrow": "numbers of rows",
    "ledger_factmove": "which days a number moved between; both days' entries are in the file",
    "ledger_monthgrain": DERIVED,
    "ledger_monthlyfact": "sums of the entries in the file",
    "ledger_unitmonth": "sums of units",
    "quality_campaign": OF_MANY,
    "quality_qualitycount": "counts of units",
    "quality_qualitydue": "who is looked at tonight",
    "ownership_transfer": OF_MANY,
}
"""Tables that no file holds, and why."""


def own_models() -> list[type[Model]]:
    return [one for one in apps.get_models() if one.__module__.startswith("hongyan.")]


def test_every_table_is_in_the_file_or_says_why_not() -> None:
    tables = {one._meta.db_table for one in own_models()}
    asked = {one for one in tables - OPEN.keys() if not one.startswith(OF_THE_HOUSE)}
    lent = {one.model._meta.db_table for one in held()}
    assert sorted(asked - lent - NOT_IN_THE_FILE.keys()) == [], "new: lend it to the file, or say why not"
    assert sorted(NOT_IN_THE_FILE.keys() - asked) == [], "gone"
    assert lent & NOT_IN_THE_FILE.keys() == set()


def test_what_points_at_a_customer_is_never_open() -> None:
    """A table that names a customer, a party or a source record cannot hide among those without people."""
    for model in own_models():
        points = {one.related_model for one in model._meta.concrete_fields if isinstance(one, ForeignKey)}
        if points & {Customer, SourceParty}:
            assert model._meta.db_table not in OPEN, model


def test_every_column_of_the_file_has_a_word() -> None:
    nameless = {
        f"{one.key}.{field.name}"
        for one in held()
        for field in columns_of(one)
        if word_for(field.name) == field.name
    }
    assert nameless == set()


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_every_value_of_every_row_that_hangs_on_the_person_is_found(world: World) -> None:
    """Walked by foreign keys, without the file's own list: a planted person's every value stands in the file."""
    with scope.bulk():
        request = PersonRequest.objects.select_related("customer__survivor").get(
            pk=world.things[Area.OWN].request
        )
        content = b"".join(file_of(request, Stamp("X1", "某人")))
        archive = zipfile.ZipFile(io.BytesIO(content))
        data = json.loads(archive.read("data.json"))
        page = archive.read("index.html").decode()
        told = {text for rows in data["tables"].values() for row in rows for text in texts(row)}
        missing, seen = [], set()
        for table, row in rows_of(request.customer):
            seen.add(table.key)
            for field in columns_of(table):
                if isinstance(field, ForeignKey | BinaryField) or (
                    table.more and field.name in table.more(row)
                ):
                    continue
                missing += [
                    f"{table.key}.{field.name}: {text}"
                    for text in texts(getattr(row, field.attname))
                    if text not in told
                ]
        assert missing == []
    assert len(seen) > 20
    assert {"customer_sourcerecord", "ledger_transaction", "lifecycle_application", "consent_consent"} <= seen
    assert data["customer"] == [world.things[Area.OWN].customer]
    # the person's own numbers are in the clear, here those that an application holds sealed
    assert {"110105194912310021", "13812340000"} <= told
    assert "13812340000" in page
    assert set(archive.namelist()) >= {"index.html", "data.json", "csv/customer_customer.csv"}
    # others are masked
    assert not [area for area in (Area.SIBLING, Area.FOREIGN) if f"王{area}" in page]


def rows_of(customer: Customer) -> Iterable[tuple[Held, Any]]:
    """Rows of the file's tables that point, directly or by other rows, at the person."""
    tables = {one.model: one for one in held()}
    reached: dict[type[Model], set[Any]] = {Customer: {customer.pk}}
    reached[SourceParty] = set(SourceParty.objects.filter(customer=customer).values_list("pk", flat=True))
    while True:
        before = {model: len(keys) for model, keys in reached.items()}
        for model in tables:
            for field in model._meta.concrete_fields:
                if isinstance(field, ForeignKey) and reached.get(field.related_model):
                    found = QuerySet(model).filter(**{f"{field.name}__in": reached[field.related_model]})
                    reached.setdefault(model, set()).update(found.values_list("pk", flat=True))
        if before == {model: len(keys) for model, keys in reached.items()}:
            break
    for model, keys in reached.items():
        yield from ((tables[model], row) for row in QuerySet(model).filter(pk__in=list(keys)))


def texts(value: Any) -> Iterable[str]:
    """The pieces of a value, as JSON holds them."""
    if isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)
    elif isinstance(value, datetime):
        yield timezone.localtime(value).isoformat(timespec="seconds")
    elif value not in (None, ""):
        yield str(value)


def test_a_row_in_quarantine_that_bears_the_persons_number_is_found() -> None:
    make_organisation()
    take(Given("王小明", "K1", secrets={"mobile": PHONE}))
    delivery = loaded(kgc_file([customer(8)]))
    with scope.bulk():
        for row, phone in ((90, f"{PHONE[:3]}-{PHONE[3:]}"), (91, "13000000000")):
            said = {"客户名称": "王某", "联系电话": phone}
            kind = find_descriptor("kgc").kinds[0]
            quarantined_row(delivery, kind, row=row, key="x", raw=said, reasons=[], org_no=1).save()
        subject = subject_of(Customer.objects.get(name="王小明"))
        table = next(one for one in held() if one.key == "integration_quarantinedrow")
        assert [row.row for row in table.rows(subject)] == [90]


def test_what_stays_out_is_withheld_by_a_reason() -> None:
    assert all(WITHHELD.values())
    assert all(reason for one in held() for reason in one.withheld.values())
