"""Parquet and gzip: values as text, columns by name, and what is refused as a whole."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Field, RecordKind, Target
from hongyan.integration.readers import Reading, columnar, packed

KIND = RecordKind(
    code="ROW",
    title="行",
    title_en="Rows",
    target=Target.PARTY,
    fields=(Field("key", "key"), Field("value", "name")),
    file="rows",
)
LIMIT = 1 << 20


def parquet(columns: dict[str, pa.Array], **options: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def pieces(content: bytes, size: int = 1000) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


def named(value: object) -> str:
    """A test's name from its reason code: contents differ from run to run, as gzip notes the time."""
    return value if isinstance(value, str) else "file"


def read(content: bytes, limit: int = LIMIT) -> tuple[list[dict[str, object]], Reading]:
    reading = Reading()
    batches = columnar.read(pieces(content), KIND, reading, limit=limit)
    return [row for one in batches for row in one.to_pylist()], reading


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([1, None], pa.int32()), ["1", ""]),
        (pa.array([13085.0, 2.5, 1e-7, float("nan")]), ["13085", "2.5", "1e-7", "nan"]),
        (pa.array([Decimal("1.50")], pa.decimal128(9, 2)), ["1.50"]),
        (pa.array(["中文", "", None]), ["中文", "", ""]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (pa.array([True, False]), ["1", "0"]),
        (pa.array([date(2017, 9, 19)]), ["2017-09-19"]),
        (pa.array([datetime(2017, 9, 19, 9, 45, 35)], pa.timestamp("ns")), ["2017-09-19 09:45:35"]),  # noqa: DTZ001
        (
            pa.array([datetime(2017, 9, 30, 23, 45, 35, 999999, UTC)], pa.timestamp("ns", "UTC")),
            ["2017-09-30 23:45:35"],
        ),
        (
            pa.array([datetime(2017, 9, 30, 23, 45, tzinfo=UTC)], pa.timestamp("us", "Asia/Shanghai")),
            ["2017-10-01 07:45:00"],
        ),
    ],
)
def test_values_as_a_reader_sees_them(values: pa.Array, expected: list[str]) -> None:
    rows, _ = read(parquet({"key": pa.array(range(len(values))), "value": values}))
    assert [row["c1"] for row in rows] == expected


def test_columns_are_found_by_name_and_rows_numbered_through_all_groups() -> None:
    numbers = pa.array(range(50_000))
    rows, reading = read(
        parquet({"value": pa.array(map(str, range(50_000))), "key": numbers}, row_group_size=7_000)
    )
    assert reading.received == 50_000
    assert [rows[0], rows[-1]] == [
        {"row": 1, "c0": "0", "c1": "0"},
        {"row": 50_000, "c0": "49999", "c1": "49999"},
    ]


def test_one_long_text_meant_a_thousand_times_is_counted_before_it_is_made() -> None:
    content = parquet({"key": pa.array(range(10_000)), "value": pa.array(["x" * 10_000] * 10_000)})
    assert len(content) < LIMIT
    with pytest.raises(SourceError) as refused:
        read(content)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"PAR1 but not really PAR1", "parquet"),
        (parquet({"key": pa.array([1]), "value": pa.array([2])})[:-20], "parquet"),
        (parquet({"key": pa.array([], pa.int32()), "value": pa.array([], pa.string())}), "no_rows"),
        (parquet({"key": pa.array([1])}), "header"),
        (parquet({"key": pa.array([1]), "value": pa.array([1]), "more": pa.array([1])}), "header"),
        (parquet({"key": pa.array([1]), "value": pa.array([[1, 2]])}), "parquet"),
        (parquet({"key": pa.array([1]), "value": pa.array([b"bytes"])}), "parquet"),
        (parquet({"key": pa.array([1, 2]), "value": pa.array(["a", "b\0c"])}), "nul"),
        (parquet({"key": pa.array(["x" * 2_000_000]), "value": pa.array(["y"])}), "too_large"),
    ],
    ids=named,
)
def test_what_is_refused_as_a_whole(content: bytes, code: str) -> None:
    with pytest.raises(SourceError) as refused:
        read(content)
    assert refused.value.code == code


def code_of(content: bytes) -> str:
    """Why a file is refused; empty when it is read."""
    try:
        read(content)
    except SourceError as error:
        return error.code
    return ""


def test_a_file_altered_anywhere_is_refused_or_read_and_never_crashes() -> None:
    content = parquet({"key": pa.array(range(500)), "value": pa.array(map(str, range(500)))})
    draw, codes = random.Random(1), set()
    for _ in range(300):
        altered = bytearray(content)
        altered[draw.randrange(len(altered))] ^= 1 << draw.randrange(8)
        codes.add(code_of(bytes(altered)))
    assert codes <= {"", "parquet", "header", "too_large", "no_rows", "nul"}


# --- gzip


def unpack(content: bytes, limit: int = LIMIT) -> bytes:
    return b"".join(packed.unpacked(pieces(content, 100), limit=limit))


def test_gzip_is_unpacked_several_members_in_a_row() -> None:
    text = "".join(f"{number},中文\n" for number in range(5_000)).encode()
    assert unpack(gzip.compress(text)) == text
    assert unpack(gzip.compress(text) + gzip.compress(b"more\n")) == text + b"more\n"
    assert unpack(b"") == b""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not packed at all", "gzip"),
        (gzip.compress(b"text", mtime=0)[:-1], "gzip"),
        (gzip.compress(b"text") + b"tail", "gzip"),
        (gzip.compress(random.Random(1).randbytes(LIMIT + 1)), "too_large"),
    ],
    ids=named,
)
def test_gzip_that_cannot_be_unpacked(content: bytes, code: str) -> None:
    with pytest.raises(SourceError) as refused:
        unpack(content)
    assert refused.value.code == code


def test_a_gzip_bomb_is_noticed_before_the_limit() -> None:
    with pytest.raises(SourceError) as refused:
        unpack(gzip.compress(bytes(50 << 20)), limit=1 << 30)
    assert refused.value.code == "bomb"
