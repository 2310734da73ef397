"""Files made to hurt: small ones that need much memory, names and values no table can hold, inboxes nobody can read."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hongyan.core.errors import SourceError
from hongyan.integration import inbox, places
from hongyan.integration.actions import check
from hongyan.integration.codes import DeliveryState
from hongyan.integration.demo.xlsx import write_workbook
from hongyan.integration.descriptors import Field, RecordKind, Target
from hongyan.integration.models import Delivery
from hongyan.integration.readers import Reading, columnar, workbook
from hongyan.integration.readers import reading as reading_module
from hongyan.integration.reasons import sentence
from hongyan.integration.tests.factory import day, received
from hongyan.integration.tests.ledger_factory import sale, yy_file

SHEET = RecordKind("ORG", "机构", "Units", Target.UNIT, (Field("编号"), Field("名称")), sheet="机构")


def book(tmp_path: Path, *cells: str, name: str = "") -> bytes:
    """A workbook whose sheet holds these cells, written as XML; `name` adds a part to the archive."""
    made, hurt = tmp_path / "made.xlsx", io.BytesIO()
    write_workbook(made, {"机构": (["编号", "名称"], [["1", "历下"]])})
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(hurt, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            content = source.read(entry)
            if cells and entry.startswith("xl/worksheets/"):
                content = content.replace(b"</sheetData>", "".join(cells).encode() + b"</sheetData>")
            target.writestr(entry, content)
        if name:
            target.writestr(name, b"")
    return hurt.getvalue()


def cell(place: str, text: str = "x") -> str:
    row = "".join(filter(str.isdigit, place))
    return f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def read(content: bytes) -> tuple[list[tuple[object, ...]], Reading]:
    reading = Reading()
    batches = workbook.read(iter([content]), SHEET, reading, limit=1 << 26)
    return [tuple(row.values()) for batch in batches for row in batch.to_pylist()], reading


def test_a_workbook_is_read_from_its_archive(tmp_path: Path) -> None:
    assert read(book(tmp_path))[0] == [(2, "1", "历下")]


@pytest.mark.parametrize(
    "cells",
    [
        [cell("XFD1048576")],
        [cell("A1048576"), cell("XFD3")],
        [cell("A3").replace('"', "'"), cell("ZZZZZZZ4").replace("r=", "r =")],
        ['<row r="1048576"><c t="inlineStr"><is><t>x</t></is></c></row>', cell("XFD3")],
    ],
)
def test_a_far_cell_does_not_make_the_sheet_in_memory(tmp_path: Path, cells: list[str]) -> None:
    """The parser keeps a sheet as a full rectangle: two cells of 2 kB asked for 500 GB and ended the process."""
    with pytest.raises(SourceError) as caught:
        read(book(tmp_path, *cells))
    assert caught.value.code == "sheet_size"


@pytest.mark.parametrize("name", ["xl/workbook.bin", "content.xml", "XL/WORKBOOK.BIN"])
def test_other_kinds_of_workbooks_are_none(tmp_path: Path, name: str) -> None:
    """The parser would open them too, and what they unfold to is written otherwise."""
    with pytest.raises(SourceError) as caught:
        read(book(tmp_path, name=name))
    assert caught.value.code == "workbook"


def test_a_nul_in_a_cell_names_its_row(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read(book(tmp_path, cell("A3", "a_x0000_b")))
    assert (caught.value.code, caught.value.row) == ("nul", 3)


def test_names_of_columns_are_told_short_and_storable() -> None:
    """A refusal is kept as JSON, which holds no NUL, and shown on a page."""
    out = io.BytesIO()
    pq.write_table(pa.table({"a\0b": ["1"], **{f"{number:0>200}": ["1"] for number in range(500)}}), out)
    with pytest.raises(SourceError) as caught:
        list(columnar.read(iter([out.getvalue()]), SHEET, Reading(), limit=1 << 26))
    unknown = caught.value.params["unknown"]
    assert isinstance(unknown, list)
    assert (caught.value.code, unknown[0], len(unknown), max(map(len, unknown))) == ("header", "ab", 20, 40)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("organisation")
def test_a_file_of_nothing_but_odd_lines_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line that fits no column is kept until the end; a file of empty lines would fill the memory."""
    monkeypatch.setattr(reading_module, "MOST_MISFITS", 3)
    odd = [sale(number, 产品名称="挂|号") for number in range(2, 6)]
    three = check(
        received(yy_file([sale(1), *odd[:3]]), f"YY_SALE_{day()}.txt", "yy").id, in_background=False
    )
    assert (three.state, three.quarantined) == (DeliveryState.CHECKED, 3)
    four = check(received(yy_file([sale(1), *odd]), f"YY_SALE_{day()}.txt", "yy").id, in_background=False)
    assert (four.state, four.refusal["code"], four.refusal["row"]) == (DeliveryState.REFUSED, "misfits", 3)
    assert sentence(four.refusal) == "从第 3 行起有超过 3 行不合约定的列，文件可能不是这种格式"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("organisation")
@pytest.mark.parametrize("attempt", ["open", "stat"])
def test_an_inbox_with_a_file_nobody_can_read_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, attempt: str
) -> None:
    """One system's file without rights, or taken back while we look, used to end the round of all inboxes."""
    shutil.rmtree(places.inbox("kgc").parent, ignore_errors=True)  # what other tests dropped
    for system in ("kgc", "yy"):
        folder = places.inbox(system)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("a.txt", "b.txt"):
            (folder / name).write_bytes(f"{system}{name}".encode())
            os.utime(folder / name, (1, 1))
    monkeypatch.setattr(Path, attempt, _refusing(getattr(Path, attempt)))
    assert inbox.take_from_inboxes() == 3
    taken = Delivery.objects.order_by("id").values_list("system", "file_name")
    assert list(taken) == [("kgc", "b.txt"), ("yy", "a.txt"), ("yy", "b.txt")]


def _refusing(call: Callable[..., object]) -> Callable[..., object]:
    def refuse(path: Path, *arguments: object, **options: object) -> object:
        if path.name == "a.txt" and "kgc" in path.parts:
            raise PermissionError(13, "no")
        return call(path, *arguments, **options)

    return refuse
