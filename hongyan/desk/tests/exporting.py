"""Exports for the tests of every room: asking, writing and reading them back."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse, QueryDict
from django.test import Client

from hongyan.core import clock, jobs, scope
from hongyan.core.models import JobRun, ParameterValue
from hongyan.desk.actions.write_export import WRITING
from hongyan.desk.codes import Every, ExportFormat, ExportState
from hongyan.desk.exports import Found, Source
from hongyan.desk.models import Export, Schedule
from hongyan.org.codes import Right, Viewer
from hongyan.org.models import Staff
from hongyan.ui.lists import Column, EmptyState, ListSpec, ListState, Sort, TextFilter

PEOPLE = ListSpec(
    key="people",
    title="人员名单",
    columns=(Column("staff_no", "工号"),),
    empty=EmptyState("没有人"),
    filters=(TextFilter(key="q", label="姓名", field="name"),),
    sorts=(Sort("no", "工号", ("staff_no",)),),
    default_sort="no",
    export_right=Right.CUSTOMER_EXPORT,
)


def read_people(viewer: Viewer, query: QueryDict) -> Found:
    state = ListState.parse(PEOPLE, query, viewer=viewer)
    rows = state.apply(Staff.objects.all())
    columns = (
        ("工号", lambda row: row.staff_no),
        ("姓名", lambda row: row.name),
        ("序号", lambda row: row.pk),
    )
    return Found(state, rows, columns)


SAMPLE = Source(
    "people",
    "人员名单",
    Right.CUSTOMER_EXPORT,
    "desk:exports",
    purposes=(("verify", "信息核实"), ("report", "统计")),
    read=read_people,
)
"""A list that every room has: its people, whom no wall hides."""


def limit(**values: int) -> None:
    """Set limits of exports by the last part of their keys: `limit(free_rows=3)`."""
    for key, value in values.items():
        ParameterValue.objects.create(
            key=f"desk.export_{key}",
            value=value,
            effective_from="2020-01-01",
            set_at="2020-01-01T00:00Z",
            set_by="x",
        )


SAID = {"purpose": "verify", "note": "月末核对", "file_format": "csv"}


def ask_for_export(viewer: Viewer, **changes: Any) -> Export:
    """An export of customers that waits for approval, stored as it is; the caller has a scope."""
    facts: dict[str, Any] = {
        "owner": viewer.staff_no, "staff_id": viewer.staff_id, "post_id": viewer.post_id,
        "org_no": viewer.scope.lo, "list_key": "customers", "language": "zh-hans", "format": ExportFormat.CSV,
        "purpose": "verify", "at": clock.now(), "rows": 5, "state": ExportState.WAITING,
    }  # fmt: skip
    return Export.objects.create(**{**facts, **changes})


def schedule_customers(viewer: Viewer, *, name: str) -> Schedule:
    """A weekly report of customers, stored as it is; the caller has a scope."""
    return Schedule.objects.create(
        owner=viewer.staff_no, staff_id=viewer.staff_id, post_id=viewer.post_id, org_no=viewer.scope.lo,
        name=name, list_key="customers", query="type=O", language="zh-hans", format=ExportFormat.CSV,
        purpose="verify", note="月末核对", every=Every.WEEK, hour=8, weekday=1, day=1,
        created_at=clock.now(), next_at=clock.now() + timedelta(days=7),
    )  # fmt: skip


def ask(client: Client, key: str, query: str = "", **said: str) -> HttpResponse:
    """Ask for a list as a file, as its page does."""
    return client.post(f"/exports/new/{key}/{query}", {**SAID, **said})


def write_all() -> None:
    """Do what the workers would: write every export that is queued, however it ends."""
    with scope.bulk():
        runs = list(JobRun.objects.filter(task=WRITING, state=JobRun.State.WAITING))
        exports = {export.run_id: export.pk for export in Export.objects.filter(run_id__isnull=False)}
    for run in runs:
        jobs.carry_out(WRITING, run.pk, {"export_id": exports[run.pk]})


def last_export() -> Export:
    """The export that was asked for last, whoever asked."""
    with scope.bulk():
        return Export.objects.latest("id")


def exported(client: Client, key: str, query: str = "", **said: str) -> list[dict[str, str]]:
    """The rows of the file somebody gets of a list, as a spreadsheet reads them, without the watermark."""
    answer = ask(client, key, query, **said)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    write_all()
    return rows_of(client.get(f"{answer['Location']}file/"))


def rows_of(answer: HttpResponse) -> list[dict[str, str]]:
    """The rows of a downloaded CSV file."""
    lines = lines_of(answer)
    return [dict(zip(lines[1], line, strict=True)) for line in lines[2:]]


def lines_of(answer: HttpResponse) -> list[list[str]]:
    """All lines of a downloaded CSV file: the watermark, the columns, the rows."""
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(content_of(answer).decode("utf-8-sig"))))


def content_of(answer: HttpResponse) -> bytes:
    """What was downloaded."""
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet_of(content: bytes) -> list[list[tuple[str, str]]]:
    """The cells of a workbook's sheet, read without a library that could be kind: (kind, text) each.

    Kinds: "text", "number", "empty". Fails on anything that is live: a formula, a link, an external part.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert not {name for name in names if re.search("externalLinks|vba|embeddings|drawings", name)}
    root = ElementTree.fromstring(xml)  # noqa: S314 - our own file
    assert not list(root.iter(f"{_SHEET}f"))
    assert not list(root.iter(f"{_SHEET}hyperlink"))
    return [[_cell(cell) for cell in row] for row in root.iter(f"{_SHEET}row")]


def _cell(cell: ElementTree.Element) -> tuple[str, str]:
    if cell.get("t") == "inlineStr":
        return "text", "".join(text.text or "" for text in cell.iter(f"{_SHEET}t"))
    assert cell.get("t") is None, "only texts and numbers are written"
    value = cell.find(f"{_SHEET}v")
    return ("empty", "") if value is None else ("number", value.text or "")
