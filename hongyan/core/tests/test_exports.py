"""Files of tables: safe, whole, readable by other programs, and made piece by piece."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
import python_calamine

from hongyan.core.exports import Table, csv_file, safe_cell, xlsx_file
from hongyan.core.storage import seal_chunks, unseal_chunks
from hongyan.core.workbooks import LONGEST_CELL, workbook

STARTS = [*"=+-@＝＋－＠\t\r\n", " =", "\u3000@", "\x0b="]
MEGABYTE = 1 << 20


def in_calamine(content: bytes) -> list[list[object]]:
    return (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )


def written(table: Table) -> bytes:
    return b"".join(xlsx_file(table, title="业务明细：交易/2026", creator="王秀英 wang"))


@pytest.mark.parametrize("start", STARTS, ids=ascii)
def test_no_start_of_a_formula_stands_alone(start: str) -> None:
    assert str(safe_cell(f"{start}1+1")) == f"'{start}1+1"


@pytest.mark.parametrize("value", [0, -5, 1.5, Decimal("-5.00")])
def test_numbers_stay_numbers(value: object) -> None:
    assert safe_cell(value) is value


def test_a_workbook_opens_elsewhere_with_every_cell_as_it_was() -> None:
    rows = [["=1+1", Decimal("-5.00"), 3], ["<a>&\"'", "", None], [" 两端空格 ", "_x003D_1", float("inf")]]
    content = written(Table("谁 & 何时 · 为什么", ["名称", "@金额", "数"], rows))
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert sheet["B3"].value == -5
    assert sheet.title == "业务明细：交易 2026"
    assert sheet.oddHeader.center.text == "谁 && 何时 · 为什么"
    assert in_calamine(content)[1:] == [
        ["名称", "'@金额", "数"],
        ["'=1+1", -5.0, 3.0],
        ["<a>&\"'", "", ""],
        [" 两端空格 ", "_x003D_1", "inf"],
    ]


def test_a_workbook_says_who_took_it_where_programs_look() -> None:
    properties = openpyxl.load_workbook(io.BytesIO(written(Table("鸿雁导出 X1", ["a"], [])))).properties
    assert (properties.creator, properties.description) == ("王秀英 wang", "鸿雁导出 X1")


def test_what_xml_cannot_hold_is_dropped_and_what_a_cell_cannot_hold_is_cut() -> None:
    content = written(Table("x", ["a"], [["甲\x00\x08乙\ufffe"], ["长" * (LONGEST_CELL + 5)]]))
    _note, _head, [mended], [long] = in_calamine(content)
    assert mended == "甲乙"
    assert (len(str(long)), str(long)[-1]) == (LONGEST_CELL, "…")


def test_the_same_rows_are_the_same_bytes() -> None:
    table = Table("x", ["a"], [["1"], [2]])
    assert written(table) == written(table)


def test_nothing_but_a_table_is_in_the_archive() -> None:
    with zipfile.ZipFile(io.BytesIO(written(Table("x", ["a"], [["=1"]])))) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [
            "[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "xl/_rels/workbook.xml.rels",
            "xl/styles.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml",
        ]  # fmt: skip
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml")


def test_several_sheets_follow_each_other() -> None:
    content = b"".join(workbook({"机构": (["a"], [["1"]]), "人员": (["b"], [["2"], ["3"]])}))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert [(sheet.title, sheet.max_row) for sheet in book.worksheets] == [("机构", 2), ("人员", 3)]


def rows_of_customers(count: int) -> Iterator[list[object]]:
    for number in range(count):
        yield [
            f"H{number:011}",
            f"客户{number}",
            "138****5678",
            "3701**********1234",
            number,
            Decimal("12.50"),
        ] * 2


@pytest.mark.parametrize(
    "make",
    [csv_file, lambda table: xlsx_file(table, title="x", creator="y")],
    ids=["csv", "xlsx"],
)
def test_memory_does_not_grow_with_the_file(make: Callable[[Table], Iterator[bytes]], tmp_path: Path) -> None:
    """50,000 rows on their way into the sealed file."""
    record, path = uuid4(), tmp_path / "file.sealed"
    tracemalloc.start()
    stored = seal_chunks(
        make(Table("x", ["a"] * 12, rows_of_customers(50_000))), path, record=record, limit=1 << 30
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * MEGABYTE
    assert sum(map(len, unseal_chunks(path, record=record))) == stored.size
