"""Rows whose customer was not there: once the customer comes in they follow by themselves, once, through any kill."""

from __future__ import annotations

import pytest

from conftest import clear_tables
from hongyan.core import scope
from hongyan.core.models import AuditEvent
from hongyan.customer.models import SourceRecord
from hongyan.customer.tests import factory
from hongyan.integration.actions import apply, check, mend
from hongyan.integration.codes import Channel, Connection, DeliveryState, RowState
from hongyan.integration.models import Delivery, QuarantinedRow, SystemState
from hongyan.integration.queries.deliveries import records_of, records_with_resends, waiting_rows
from hongyan.integration.queries.quarantine import what_became_of
from hongyan.integration.tests.factory import ID, contact, counts, customer, day, kgc_file, loaded, received
from hongyan.integration.tests.killing import apply_and_die, digest
from hongyan.integration.tests.test_quarantine import quarantine, steward
from hongyan.integration.tests.test_recovery import CHUNK, in_threads, small_chunks
from hongyan.org.codes import Viewer

pytestmark = pytest.mark.django_db(transaction=True)

BAD_ID = "110105194912310021"


@pytest.fixture
def zhang() -> Viewer:
    factory.make_organisation()
    return steward(factory.viewer(factory.ZHANG))


def contacts(*rows: dict[str, str]) -> Delivery:
    return loaded(kgc_file(rows, "CONT"), f"KG_CONT_{day()}.txt")


def key(number: int) -> str:
    return customer(number)["客户编号"]


def parts() -> list[tuple[str, str, str]]:
    """Key, part and name of every contact that is now known."""
    with scope.bulk():
        found = SourceRecord.objects.filter(is_current=True).exclude(part="")
        return sorted(
            (one.party.key, one.part, one.fields["contact_name"]) for one in found.select_related("party")
        )


def fresh(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(id=delivery.id)


def mended(viewer: Viewer, row: QuarantinedRow, **values: str) -> Delivery:
    with scope.acting(viewer.scope):
        child = mend(viewer, row.id, values, in_background=False)
    return apply(check(child.id, in_background=False).id)


def test_contacts_follow_their_mended_customer(zhang: Viewer) -> None:
    file = loaded(
        kgc_file(
            [customer(2, 证件类型="1", 证件号码=BAD_ID), *(customer(number) for number in range(10, 40))]
        )
    )
    orphaned = contacts(
        contact(客户编号=key(2)), contact(客户编号=key(10)), contact(客户编号="37010299999999")
    )
    assert counts(orphaned) == {"received": 3, "accepted": 1, "quarantined": 2, "updated": 1}
    [bad] = quarantine(delivery=file)
    child = mended(zhang, bad, 证件号码=ID)
    assert counts(child) == {"received": 1, "accepted": 1, "new": 1}
    assert parts() == [(key(2), "contact/1", "李会计"), (key(10), "contact/1", "李会计")]
    assert counts(fresh(orphaned)) == {"received": 3, "accepted": 2, "quarantined": 1, "updated": 2}
    assert counts(fresh(file)) == {"received": 31, "accepted": 31, "new": 31}
    [first, second] = quarantine(delivery=orphaned)
    assert (first.state, second.state) == (RowState.TAKEN, RowState.OPEN)
    retried = first.resent_as
    assert counts(retried) == {"received": 1, "accepted": 1, "updated": 1}
    assert (retried.channel, retried.parent_id, first.closed_by) == (
        Channel.RESEND,
        orphaned.id,
        "system:intake",
    )
    with scope.bulk():
        event = AuditEvent.objects.get(act="intake.retry")
    assert (event.subject, event.count, event.after) == (
        orphaned.number,
        1,
        {"rows": [2], "as": retried.number},
    )


def test_contacts_follow_a_customer_that_is_delivered_later(zhang: Viewer) -> None:
    orphaned = contacts(
        *(contact(客户编号=key(number), 联系人序号=str(part)) for number in (1, 2) for part in (1, 2))
    )
    assert counts(orphaned) == {"received": 4, "quarantined": 4}
    loaded(kgc_file([customer(1), customer(5)]))
    assert counts(fresh(orphaned)) == {"received": 4, "accepted": 2, "quarantined": 2, "updated": 2}
    loaded(kgc_file([customer(2), customer(6)]))
    assert counts(fresh(orphaned)) == {"received": 4, "accepted": 4, "updated": 4}
    assert [(number, part) for number, part, _ in parts()] == [
        (key(1), "contact/1"), (key(1), "contact/2"), (key(2), "contact/1"), (key(2), "contact/2"),
    ]  # fmt: skip


def test_again_changes_nothing_twice(zhang: Viewer) -> None:
    orphaned = contacts(contact(客户编号=key(1)))
    content = kgc_file([customer(1), customer(5)])
    delivery = loaded(content)
    state = digest()
    loaded(content)
    apply(delivery.id)
    assert digest() == state
    loaded(kgc_file([customer(5), customer(1)]))
    assert counts(fresh(orphaned)) == {"received": 1, "accepted": 1, "updated": 1}
    assert Delivery.objects.filter(parent=orphaned).count() == 1


def test_the_newest_word_stays(zhang: Viewer) -> None:
    """Two days' files wait; the customer comes in; then today's contacts: the last delivered value is the current."""
    for name in ("甲会计", "乙会计"):
        contacts(contact(客户编号=key(1), 姓名=name))
    loaded(kgc_file([customer(1)]))
    assert parts() == [(key(1), "contact/1", "乙会计")]
    contacts(contact(客户编号=key(1), 姓名="丙会计"))
    assert parts() == [(key(1), "contact/1", "丙会计")]


def test_a_row_given_up_stays(zhang: Viewer) -> None:
    orphaned = contacts(contact(客户编号=key(1)))
    with scope.bulk():
        QuarantinedRow.objects.update(state=RowState.DISMISSED)
    loaded(kgc_file([customer(1)]))
    assert counts(fresh(orphaned)) == {"received": 1, "quarantined": 1}
    assert not parts()


def test_an_altered_row_stops_nothing(zhang: Viewer) -> None:
    orphaned = contacts(contact(客户编号=key(1)), contact(客户编号=key(2)))
    with scope.bulk():
        QuarantinedRow.objects.filter(row=2).update(sealed=b"altered")
    assert loaded(kgc_file([customer(1), customer(2)])).state == DeliveryState.APPLIED
    assert counts(fresh(orphaned)) == {"received": 2, "accepted": 1, "quarantined": 1, "updated": 1}


def test_a_system_switched_off_waits(zhang: Viewer) -> None:
    orphaned = contacts(contact(客户编号=key(1)))
    delivery = check(received(kgc_file([customer(1)])).id, in_background=False)
    state = SystemState.objects.create(
        code="kgc", connection=Connection.OFF, updated_at="2026-11-22T00:00:00Z", updated_by="x"
    )
    assert apply(delivery.id).state == DeliveryState.APPLIED
    assert counts(fresh(orphaned)) == {"received": 1, "quarantined": 1}
    state.delete()
    loaded(kgc_file([customer(2)]))
    assert counts(fresh(orphaned)) == {"received": 1, "accepted": 1, "updated": 1}


def test_a_row_mended_twice_counts_in_its_first_delivery(zhang: Viewer) -> None:
    file = loaded(
        kgc_file(
            [customer(2, 证件类型="1", 证件号码=BAD_ID), *(customer(number) for number in range(10, 40))]
        )
    )
    [bad] = quarantine(delivery=file)
    first = mended(zhang, bad, 证件类型="8")
    assert counts(fresh(file)) == {"received": 31, "accepted": 30, "quarantined": 1, "new": 30}
    [again] = quarantine(delivery=first)
    second = mended(zhang, again, 证件类型="1", 证件号码=ID)
    assert counts(fresh(file)) == {"received": 31, "accepted": 31, "new": 31}
    assert counts(fresh(first)) == counts(second) == {"received": 1, "accepted": 1, "new": 1}
    assert [row.state for row in (*quarantine(delivery=file), *quarantine(delivery=first))] == [
        RowState.TAKEN
    ] * 2
    with scope.acting(zhang.scope):
        [row] = QuarantinedRow.objects.filter(id=bad.id).select_related("resent_as")
        became = what_became_of(zhang, row)
        assert (became.outcome, became.customer.name, became.again) == ("new", customer(2)["客户名称"], None)
        assert records_with_resends(file).count() == 31
        assert records_of(file).count() == 30
        assert waiting_rows(zhang, fresh(file)).visible == 0


def test_each_of_many_rows_knows_what_became_of_it(zhang: Viewer) -> None:
    contacts(*(contact(客户编号=key(number)) for number in (1, 2)))
    loaded(kgc_file([customer(1), customer(2)]))
    with scope.acting(zhang.scope):
        for number, row in enumerate(QuarantinedRow.objects.select_related("resent_as").order_by("row"), 1):
            became = what_became_of(zhang, row)
            assert became.customer.name == customer(number)["客户名称"]
            assert (became.outcome, became.again) == ("updated", None)


# --- kills and crowds


def arrange() -> Delivery:
    """Small chunks, 15 contacts that wait, and a signed file of 25 customers among which theirs are."""
    factory.make_organisation()
    small_chunks()
    contacts(*(contact(客户编号=key(number)) for number in range(1, 16)))
    return check(received(kgc_file([customer(number) for number in range(1, 26)])).id, in_background=False)


@pytest.mark.parametrize(
    ("point", "chunk"),
    [("inside", 3), ("behind", 3), ("inside", 4), ("inside", 5)],
    ids=["last chunk", "before the orphans", "first orphans", "last orphans"],
)
def test_killed_anywhere_it_ends_the_same(owner_dsn: str, point: str, chunk: int) -> None:
    apply(arrange().id)
    undisturbed = digest()
    assert len(parts()) == 15
    clear_tables()
    delivery = arrange()
    assert apply_and_die(delivery.id, point, chunk, owner_dsn=owner_dsn) == -9
    assert fresh(delivery).state == DeliveryState.APPLYING
    apply(delivery.id)
    assert digest() == undisturbed


def test_four_workers_take_each_row_once() -> None:
    delivery = arrange()
    assert in_threads(4, lambda _: apply(delivery.id).state) == [DeliveryState.APPLIED] * 4
    assert len(parts()) == 15
    assert counts(Delivery.objects.get(file_name=f"KG_CONT_{day()}.txt")) == {
        "received": 15, "accepted": 15, "updated": 15,
    }  # fmt: skip
    resends = Delivery.objects.filter(channel=Channel.RESEND)
    # who comes second may find a part of a portion taken, so there can be one more
    assert resends.count() > 15 // CHUNK
    assert sum(one.received for one in resends) == 15
