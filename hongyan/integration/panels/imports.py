"""Blocks of an import's page: where it stands, what became of its rows, its columns with some of their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core import audit, clock
from hongyan.core.models import AuditEvent
from hongyan.core.personal_numbers import mask_numbers
from hongyan.integration import import_lists, words
from hongyan.integration.codes import ImportState, Known
from hongyan.integration.import_kinds import field_of
from hongyan.integration.models import CustomerImport
from hongyan.integration.panels.progress import Progress
from hongyan.integration.queries.imports import is_at_work, is_stopped
from hongyan.integration.reasons import masked_value
from hongyan.integration.rules import Standing, pace_of
from hongyan.org.codes import Line
from hongyan.ui import cells, records
from hongyan.ui.records import RecordHeader, TimelineEntry

Text = str | Promise

STEPS: tuple[tuple[str, Text], ...] = (
    ("map", pgettext_lazy("导入步骤", "对照")),
    ("check", pgettext_lazy("导入步骤", "预检")),
    ("confirm", pgettext_lazy("导入步骤", "确认")),
    ("load", pgettext_lazy("导入步骤", "导入")),
    ("done", pgettext_lazy("导入步骤", "完成")),
)
_REACHED: dict[str, tuple[int, Standing]] = {
    ImportState.UPLOADED: (0, "current"),
    ImportState.CHECKING: (1, "current"),
    ImportState.REFUSED: (1, "failed"),
    ImportState.CHECKED: (2, "current"),
    ImportState.ASKED: (2, "current"),
    ImportState.WITHDRAWN: (2, "failed"),
    ImportState.LOADING: (3, "current"),
    ImportState.DONE: (4, "done"),
    ImportState.REVERTING: (4, "current"),
    ImportState.REVERTED: (4, "failed"),
}
_LABELS: dict[str, Text] = {
    ImportState.CHECKING: gettext_lazy("正在预检"),
    ImportState.LOADING: gettext_lazy("正在导入"),
    ImportState.REVERTING: gettext_lazy("正在撤销"),
}
SHOWN_VALUES = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an import's way."""

    label: Text
    standing: Standing


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of rows with what they are, and where they stand."""

    label: str
    value: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """A column of the file with some of its values, masked."""

    header: str
    values: Sequence[str]


def import_header(brought: CustomerImport) -> RecordHeader:
    """The top of an import's page."""
    facts = [
        records.Field(_("上传人"), words.who(brought.maker)),
        records.Field(pgettext_lazy("客户导入", "上传时间"), cells.when(brought.received_at)),
        records.Field(_("格式"), _layout(brought)),
    ]
    if brought.mapping:
        facts += [
            records.Field(_("业务板块"), Line(brought.line).label),
            records.Field(_("归属机构"), brought.unit_code),
            records.Field(_("已有客户"), Known(brought.known).label),
        ]
    if brought.signed_by:
        facts.append(records.Field(_("签收人"), words.who(brought.signed_by)))
    return RecordHeader(
        title=brought.file_name,
        key=brought.number,
        kind=_("导入"),
        code=brought.number,
        badges=[import_lists.state_of(brought)],
        facts=facts,
    )


def _layout(brought: CustomerImport) -> str:
    if brought.layout == "xlsx":
        return _("Excel 工作簿，工作表“{sheet}”").format(sheet=brought.sheet)
    return f"CSV {brought.encoding.upper()}"


def import_path(brought: CustomerImport) -> list[Step]:
    """The way of an import as a bar."""
    at, standing = _REACHED[brought.state]
    done: list[Standing] = ["done"] * at
    ahead: list[Standing] = ["ahead"] * (len(STEPS) - at - 1)
    standings = [*done, standing, *ahead]
    return [Step(label, one) for (_key, label), one in zip(STEPS, standings, strict=True)]


def import_progress(
    brought: CustomerImport, *, since: int = 0, done_before: int = 0, now: datetime | None = None
) -> Progress:
    """How far the work is since the reader began to look."""
    run, seconds = brought.run, int((now or clock.now()).timestamp())
    is_running = is_at_work(brought)
    done, total = (run.done or 0, run.total or 0) if run and is_running else (0, 0)
    if brought.state == ImportState.LOADING:
        done, total = brought.applied, brought.sound
    is_first_look = not 0 < since <= seconds or done_before > done
    start, before = (seconds, done) if is_first_look else (since, done_before)
    return Progress(
        label=str(_LABELS.get(brought.state, "")),
        done=done,
        total=total,
        pace=pace_of(done=done, total=total, done_before=before, seconds=seconds - start),
        is_running=is_running,
        is_stopped=is_stopped(brought),
        is_stopping=run is not None and run.cancel_requested,
        since=start,
        done_before=before,
    )


def figures_of(brought: CustomerImport) -> list[Figure]:
    """What became of the rows, or what would: each number opens its rows where there are any to open."""
    if brought.state in {ImportState.CHECKED, ImportState.ASKED}:
        return list(_expected(brought))
    if brought.started_at is None:
        return []
    rows = reverse("imports:rows", args=[brought.number])
    is_there = brought.state not in {ImportState.REVERTED, ImportState.REVERTING}
    return [
        Figure(_("收到"), brought.received),
        Figure(_("新增客户"), brought.new, f"{rows}?outcome=new" if is_there else ""),
        Figure(_("归入已有客户"), brought.joined, f"{rows}?outcome=joined" if is_there else ""),
        Figure(_("未采用"), brought.refused + brought.left_out, "#refused" if is_there else ""),
        *([Figure(_("待人工核对"), brought.review)] if brought.review else []),
        *_reverted(brought, rows),
    ]


def _expected(brought: CustomerImport) -> Iterator[Figure]:
    """What the trial expects, for all rows."""
    found, compared = brought.forecast, brought.forecast.get("of", 0)
    share = brought.sound / compared if compared else 0
    yield Figure(_("收到"), brought.received)
    for key, label in (
        ("new", _("将新增")),
        ("known", _("将归入已有客户") if brought.known == Known.FILL else _("将跳过（客户已存在）")),
        ("elsewhere", _("不能采用：属其他机构")),
        ("unsure", _("新增中待人工核对")),
    ):
        yield Figure(label, round(found.get(key, 0) * share))
    yield Figure(_("有错误，不采用"), brought.refused, "#refused")


def _reverted(brought: CustomerImport, rows: str) -> Iterator[Figure]:
    if brought.state == ImportState.REVERTED:
        yield Figure(_("已撤销"), brought.undone)
        yield Figure(_("已有后续，保留"), brought.kept, rows if brought.kept else "")


def is_estimate(brought: CustomerImport) -> bool:
    """Whether the figures of the trial come from a sample."""
    return int(brought.forecast.get("of", 0)) < brought.sound


def columns_of_file(
    brought: CustomerImport, rows: Sequence[Sequence[str]], guessed: Sequence[str]
) -> list[ColumnPreview]:
    """The file's columns with their first values, masked by what they seem to be."""
    return [
        ColumnPreview(header, [_masked(header, target, row, place) for row in rows[:SHOWN_VALUES]])
        for place, (header, target) in enumerate(zip(brought.headers, guessed, strict=True))
    ]


def preview_of(
    brought: CustomerImport, rows: Sequence[Sequence[str]], guessed: Sequence[str]
) -> list[list[str]]:
    """The first rows, masked."""
    heads = list(enumerate(zip(brought.headers, guessed, strict=True)))
    return [[_masked(header, target, row, place) for place, (header, target) in heads] for row in rows]


def _masked(header: str, target: str, row: Sequence[str], place: int) -> str:
    value = row[place] if place < len(row) else ""
    return masked_value(field_of(header, target), value) if target and value else mask_numbers(value)[:40]


def import_history(events: Sequence[AuditEvent]) -> list[TimelineEntry]:
    """What was done to an import, from the audit."""
    return [
        TimelineEntry(
            at=event.at,
            kind="",
            title=audit.label_of(event.act),
            icon="point",
            text=event.purpose,
            author=event.actor_name or words.who(event.actor),
            tone="bad" if event.result == AuditEvent.Result.DENIED else "",
        )
        for event in events
    ]
