"""Look-up keys in Python bring together exactly whom the keys of the batch bring together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable

import duckdb
import pytest

from hongyan.identity.batch.blocking import KEYS
from hongyan.identity.online.keys import LOOK_UPS, candidate_keys
from hongyan.identity.online.party import party_of
from hongyan.identity.record import Kind
from hongyan.identity.tests.drawn import drawn, party_table


@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_a_look_up_key_is_one_of_the_batch(kind: Kind) -> None:
    """CUS-003: whom the online check finds, the batch meets too."""
    online: dict[str, list[tuple[str, int]]] = defaultdict(list)
    keys = {f"{kind}.{key.name}": key for key in KEYS[kind]}
    with duckdb.connect() as con:
        party_table(con, kind, drawn(kind, 1000))
        for row in con.sql("SELECT * FROM plain").to_arrow_table().to_pylist():
            for name, value in candidate_keys(kind, party_of(kind, row).row):
                online[name].append((value, row["party"]))
        for look_up in LOOK_UPS[kind]:
            select = keys[look_up.name].sql(0, "plain")
            batch = con.sql(f"SELECT key, party FROM ({select})").fetchall()
            assert batch
            assert _blocks(online[look_up.name]) == _blocks(batch), look_up.name
    assert set(online) == {look_up.name for look_up in LOOK_UPS[kind]}


def _blocks(keyed: Iterable[tuple[Hashable, int]]) -> set[frozenset[int]]:
    blocks: dict[Hashable, set[int]] = defaultdict(set)
    for key, party in keyed:
        blocks[key].add(party)
    return {frozenset(block) for block in blocks.values()}


def test_names_of_keys_are_unique_over_both_kinds() -> None:
    names = [look_up.name for look_ups in LOOK_UPS.values() for look_up in look_ups]
    assert len(names) == len(set(names))
