"""The normalised table says what the scalar normalisers say, for whole columns at once (CUS-003)."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.identity.organisations import organisations
from bench.identity.persons import persons
from bench.identity.records import Row
from hongyan.identity.normalise import normalise
from hongyan.identity.normalise.batch import FIELDS, SCHEMA, normalise_table
from hongyan.identity.record import Kind, Record
from hongyan.identity.tests.people import citizen, credit_code

TUNING_SEED = 3
_KEYS = {"row", "source", "source_key"}


def _table(rows: list[dict[str, str | None]]) -> pa.Table:
    columns = {name: [row.get(name) for row in rows] for name in FIELDS if any(name in row for row in rows)}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _one(kind: Kind, **fields: str | None) -> dict[str, object]:
    record = {"source": "T", "source_key": "1", "name": "张三", **fields}
    (found,) = normalise_table(_table([record]), kind).to_pylist()
    return found


def _alone(kind: Kind, row: Row) -> dict[str, object]:
    """The row of a record that was normalised by itself."""
    return normalise(
        Record(
            *(row.source, row.source_key, kind, row.name, row.credential_type, row.credential_no, row.gender),
            *(row.birth_date, (row.phone,), row.email, row.address),
            legal_person=row.legal_person,
        )
    ).row()


@pytest.mark.parametrize(("kind", "make"), [("person", persons), ("organisation", organisations)])
def test_the_table_says_what_each_record_says_alone(kind: Kind, make: object) -> None:
    """The batch and the online check rest on the same rows: every column, every value."""
    world = make(TUNING_SEED, 1500, dirt=2.0)  # type: ignore[operator]
    found = normalise_table(pa.table(world.columns()), kind).to_pylist()
    for row, columns in zip(world.rows, found, strict=True):
        said = {name: v for name, v in columns.items() if v is not None and name not in _KEYS}
        assert _alone(kind, row) == said, row


_SIGNS = "张王單小丽*·() （）,.-Aa9０李女士G某x路号室公司苏州市工会原年月@\x00\u200b"
_ANY = st.text(alphabet=st.sampled_from(_SIGNS), max_size=24)


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, _ANY)), min_size=1, max_size=4))
def test_any_text_gives_the_schema_and_never_an_empty_text(rows: list[dict[str, str | None]]) -> None:
    for kind in ("person", "organisation"):
        found = normalise_table(_table(rows), kind)
        assert found.schema == SCHEMA
        for name in set(SCHEMA.names) - _KEYS:
            assert not {"", ()} & {tuple(v) if isinstance(v, list) else v for v in found[name].to_pylist()}, (
                name
            )


def test_neighbours_change_nothing() -> None:
    world = persons(TUNING_SEED, 300)
    whole = normalise_table(pa.table(world.columns()), "person").drop(["row"])
    turned = normalise_table(pa.table(type(world)(world.rows[::-1]).columns()), "person").drop(["row"])
    assert turned.to_pylist()[::-1] == whole.to_pylist()


def test_absent_columns_and_blanks_are_null() -> None:
    found = _one("person", phone=" ", address=None)
    assert (found["phones"], found["address"], found["id_key"], found["legal_person"]) == (None,) * 4
    assert (found["row"], found["source"], found["name_key"], found["name_complete"]) == (
        0,
        "T",
        "张三",
        True,
    )
    assert normalise_table(
        _table([{"source": "T", "source_key": "1", "name": "张三"}]), "person", first_row=7
    )["row"].to_pylist() == [7]


def test_an_empty_table_has_the_schema() -> None:
    records = _table([{"source": "a", "source_key": "b", "name": "c"}])
    assert normalise_table(records.slice(0, 0), "person").schema == SCHEMA


def test_what_an_id_tells_comes_before_what_was_typed() -> None:
    found = _one("person", credential_no=citizen("19800102", 12), birth_date="19800230", gender="男")
    assert (found["gender"], str(found["birth_date"]), found["birth_digits"]) == (
        "2",
        "1980-01-02",
        "19800230",
    )
    assert (found["id_key"], found["id_lifelong"]) == (f"01:{citizen('19800102', 12)}", True)


@pytest.mark.parametrize("written", ["1900-01-01", "00000000", "9999-12-31", "1980"])
def test_fillers_of_a_birth_date_tell_nothing(written: str) -> None:
    found = _one("person", birth_date=written)
    assert (found["birth_date"], found["birth_digits"]) == (None, None)


@pytest.mark.parametrize(
    ("number", "status", "kept"),
    [
        (citizen()[:17] + ("1" if citizen()[17] != "1" else "2"), "wrong", True),
        ("320508********0012", "masked", True),
        ("A1B2C3", "unverified", True),
        ("无", None, False),
        ("000000000000000000", None, False),
    ],
)
def test_numbers_that_do_not_identify(number: str, status: str | None, *, kept: bool) -> None:
    found = _one("person", credential_no=number)
    assert (found["id_status"], found["id_key"], found["id_number"] is not None) == (status, None, kept)


def test_incomplete_phones_stand_apart() -> None:
    found = _one("person", phone="138****8000/65123456/0512-65123457转8")
    assert found["phones"] == ["+8651265123457x8"]
    assert found["phones_partial"] == ["138****8000", "65123456"]


def test_an_organisation_in_its_parts() -> None:
    found = _one(
        "organisation",
        name="苏州鼎新食品有限公司（原苏州鼎盛食品有限公司）观前街门店",
        credential_no=credit_code(),
        legal_person="單雄信",
    )
    parts = ("name_form", "region", "stem", "industry", "legal_form", "branch", "branch_kind", "former_key")
    assert [found[part] for part in parts] == [
        *("full", "苏州", "鼎新", "食品", "有限公司", "观前街门店", "branch", "苏州鼎盛食品有限公司")
    ]
    assert (found["organisation_code"], found["legal_person_pinyin"]) == (credit_code()[8:17], "shanxiongxin")


def test_truth_and_records_are_the_same_for_the_same_seed() -> None:
    once, again, other = persons(1, 200), persons(1, 200), persons(2, 200)
    assert once == again
    assert once != other
    assert [replace(row, source_key="") for row in once.rows] != [
        replace(row, source_key="") for row in other.rows
    ]


def test_a_record_and_a_file_move_misplaced_values_alike() -> None:
    rows = [
        {"name": "李梅", "credential_no": "13812345670"},
        {"name": "王强", "credential_no": "138 1234 5670", "phone": "11010519491231002X"},
        {"name": "zhang@example.com"},
        {"name": "13812345670"},
        {"name": "张三", "credential_no": "13812345670", "phone": "13987654321"},
    ]
    table = normalise_table(
        _table([{"source": "DK", "source_key": str(n), **row} for n, row in enumerate(rows)]), "person"
    )
    for row, found in zip(rows, table.to_pylist(), strict=True):
        record = Record(
            *("DK", "1", "person", row["name"]),
            credential_no=row.get("credential_no", ""),
            phones=(row["phone"],) if "phone" in row else (),
        )
        said = {name: value for name, value in found.items() if value is not None}
        assert {name: said[name] for name in said.keys() - {"row", "source", "source_key"}} == normalise(
            record
        ).row()
