"""BARS A 2, A 3, A 4: kill -9 in the middle of a load, several workers at once, sixteen threads with one person."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from conftest import clear_tables
from hongyan.core import clock, scope
from hongyan.core.models import ParameterValue
from hongyan.customer.models import Customer, SourceParty
from hongyan.customer.tests.factory import make_organisation
from hongyan.integration.actions import apply, check
from hongyan.integration.codes import Channel, DeliveryState
from hongyan.integration.models import Delivery
from hongyan.integration.parameters import CHUNK_ROWS
from hongyan.integration.tests.factory import ID, counts, customer, kgc_file, loaded, received, records
from hongyan.integration.tests.killing import apply_and_die, digest

pytestmark = pytest.mark.django_db(transaction=True)

CHUNK = 10


def small_chunks() -> None:
    """Chunks of CHUNK rows."""
    ParameterValue.objects.create(
        key=CHUNK_ROWS.key,
        value=CHUNK,
        effective_from=clock.business_date(),
        set_at=clock.now(),
        set_by="test",
    )


def arrange(content: bytes) -> Delivery:
    """A world with small chunks, and a delivery that is checked and signed but not loaded."""
    make_organisation()
    small_chunks()
    return check(received(content).id, in_background=False)


def content() -> bytes:
    rows = [customer(number) for number in range(1, 45)]
    return kgc_file([*rows[:20], rows[3], customer(99, 归属机构代码="9"), *rows[20:]])


@pytest.mark.parametrize(("point", "chunk"), [("inside", 3), ("behind", 2)])
def test_killed_load_ends_like_an_undisturbed_one(owner_dsn: str, point: str, chunk: int) -> None:
    apply(arrange(content()).id)
    undisturbed = digest()
    clear_tables()
    delivery = arrange(content())
    assert apply_and_die(delivery.id, point, chunk, owner_dsn=owner_dsn) == -9
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.APPLYING
    assert delivery.applied_rows == {"inside": 2, "behind": 2}[point] * CHUNK
    apply(delivery.id)
    assert digest() == undisturbed


def test_customers_prepared_in_another_process_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    apply(arrange(content()).id)
    prepared_here = digest()
    clear_tables()
    monkeypatch.setattr(sys.modules[apply.__module__], "WORTH_A_PROCESS", 1)
    apply(arrange(content()).id)
    assert digest() == prepared_here


def test_killed_check_is_done_again() -> None:
    delivery = arrange(content())
    Delivery.objects.filter(id=delivery.id).update(state=DeliveryState.CHECKING)
    again = check(delivery.id, in_background=False)
    assert (again.state, again.staged_rows, again.quarantined) == (DeliveryState.APPLYING, 45, 1)


def test_cancelled_load_goes_on_later() -> None:
    delivery = arrange(content())

    def cancel(done: int, _total: int) -> None:
        if done == 2 * CHUNK:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(delivery.id, report=cancel)
    done = apply(delivery.id)
    assert counts(done) == {"received": 46, "accepted": 45, "quarantined": 1, "new": 44, "unchanged": 1}


def in_threads(number: int, work: Callable[[int], object]) -> list[object]:
    """Run `work` in so many threads at the same moment; their results or errors."""
    barrier, results = threading.Barrier(number), []

    def run(index: int) -> None:
        barrier.wait()
        try:
            results.append(work(index))
        except Exception as error:  # noqa: BLE001 the test looks at it
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_four_workers_on_one_delivery() -> None:
    delivery = arrange(content())
    states = in_threads(4, lambda _: apply(delivery.id).state)
    assert states == [DeliveryState.APPLIED] * 4
    assert counts(Delivery.objects.get())["new"] == 44


def test_sixteen_threads_with_the_same_person() -> None:
    """A2: sixteen systems' worth of spellings and keys, one strong key, one customer."""
    make_organisation()
    spellings = ("王小明", "王 小明", "王小明", "王曉明", "王小明先生")

    def send(index: int) -> str:
        body = records(
            customer(1, 客户编号=f"370102{index:08}", 客户名称=spellings[index % 5], 证件号码=ID.lower())
        )
        return loaded(body, f"{index}.json").state

    assert Counter(map(str, in_threads(16, send))) == {"applied": 16}
    with scope.bulk():
        assert Customer.objects.count() == 1
        assert SourceParty.objects.count() == 16


def test_same_bytes_from_eight_threads_are_one_delivery() -> None:
    make_organisation()
    body = records(customer(1))
    numbers = in_threads(8, lambda _: received(body, "a.json", channel=Channel.API).number)
    assert len(set(map(str, numbers))) == 1
    assert Delivery.objects.count() == 1
