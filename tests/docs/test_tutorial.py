"""The tutorial does what it says: its own sample files become one customer with two sources."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from hongyan.core import scope
from hongyan.core.audit import SYSTEM
from hongyan.customer.models import Customer, SourceParty
from hongyan.customer.queries.search import find_hits
from hongyan.customer.queries.terms import read_terms
from hongyan.integration.actions import apply, check, receive_file, sign_as
from hongyan.integration.codes import Channel, DeliveryState
from hongyan.integration.models import Delivery
from hongyan.org.actions.take_in import take_in_posts, take_in_units
from hongyan.org.codes import Level, Role, Viewer
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import post_row, unit_row

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial" / "two-source-files-one-customer.md"


@pytest.fixture
def network(db: None) -> None:
    """The part of the demo's organisation that the tutorial names."""
    with scope.bulk():
        take_in_units(
            [
                unit_row("000000000", "邮政集团总部", Level.GROUP, ""),
                unit_row("370000000", "山东省邮政分公司", Level.PROVINCE, "000000000"),
                unit_row("370100000", "济南市邮政分公司", Level.CITY, "370000000"),
                unit_row("370102000", "济南市历下区邮政分公司", Level.COUNTY, "370100000"),
                unit_row("370103000", "济南市市中区邮政分公司", Level.COUNTY, "370100000"),
                unit_row("370102001", "济南市历下区车站邮政支局", Level.OUTLET, "370102000"),
                unit_row("370103001", "济南市市中区车站邮政支局", Level.OUTLET, "370103000"),
            ],
            actor=SYSTEM,
        )
        take_in_posts(
            [
                post_row("100001", "张建华", "370102001", Role.OUTLET_HEAD),
                post_row("100002", "李敏", "370103001", Role.OUTLET_HEAD),
            ],
            actor=SYSTEM,
        )


@pytest.fixture
def drops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The two files that the tutorial's script writes."""
    script = tmp_path / "sample.py"
    script.write_text(re.findall(r"(?ms)^```python\n(.*?)^```", TUTORIAL.read_text("utf-8"))[0], "utf-8")
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(script))
    return next(tmp_path.glob("KG_CUST_*.txt")), next(tmp_path.glob("JY_CUSTOMER_*.csv"))


def hand_in(path: Path, system: str) -> Delivery:
    received = receive_file(path, system=system, channel=Channel.COMMAND, actor=SYSTEM, in_background=False)
    return apply(check(received.delivery.id, in_background=False).id)


def found(viewer: Viewer, text: str) -> list[str]:
    with scope.acting(viewer.scope):
        return [hit.row.name for hit in find_hits(viewer, read_terms(text))]


def test_two_files_become_one_customer(network: None, drops: tuple[Path, Path]) -> None:
    old, philately = drops

    first = hand_in(old, "kgc")
    assert (first.state, first.accepted, first.new) == (DeliveryState.APPLIED, 1, 1)

    waiting = hand_in(philately, "jiyou")
    assert (waiting.state, waiting.accepted) == (DeliveryState.CHECKED, 0)
    sign_as(SYSTEM, waiting.id, in_background=False)
    signed = apply(waiting.id)
    assert (signed.state, signed.joined, signed.new) == (DeliveryState.APPLIED, 1, 0)

    assert hand_in(philately.rename(philately.with_name("again.csv")), "jiyou") == signed
    with scope.acting(scope.EVERYTHING):
        customer = Customer.objects.get()
        systems = dict(SourceParty.objects.values_list("system", "customer_id"))
    assert systems == {"kgc": customer.id, "jiyou": customer.id}
    assert (customer.name, customer.mobile_masked) == ("张晓丽", "154****1988")


def test_her_outlet_finds_her_and_the_next_county_does_not(network: None, drops: tuple[Path, Path]) -> None:
    hand_in(drops[0], "kgc")
    sign_as(SYSTEM, hand_in(drops[1], "jiyou").id, in_background=False)
    apply(Delivery.objects.get(system="jiyou").id)

    for text in ("晓丽", "zxl", "15400001988"):
        assert found(find_viewer("100001"), text) == ["张晓丽"]
        assert found(find_viewer("100002"), text) == []
