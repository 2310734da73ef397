"""Files as pages show them: the files of a record, for the rooms that have records; one file with its versions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import clock
from hongyan.desk.codes import FileMedia, FileState
from hongyan.desk.file_rules import is_over
from hongyan.desk.models import RecordFile
from hongyan.desk.queries.files import READABLE, files_of, versions_of
from hongyan.desk.record_files import SHOWN
from hongyan.desk.records import Subject
from hongyan.org.codes import Right, Viewer
from hongyan.ui import cells
from hongyan.ui.records import Field

_ICONS = {
    FileMedia.PDF: "file-type-pdf",
    FileMedia.PNG: "photo",
    FileMedia.JPEG: "photo",
    FileMedia.DOCX: "file-type-docx",
    FileMedia.XLSX: "file-type-xls",
}
_TONES: dict[FileState, cells.Tone] = {
    FileState.CHECKING: "wait",
    FileState.CLEAN: "good",
    FileState.INFECTED: "bad",
    FileState.FAILED: "warn",
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file in one version, as lists of a record show it. Addresses are empty where the reader may not go."""

    file: RecordFile
    icon: str
    name: str
    size: str
    until: SafeString | str
    state: SafeString
    at: SafeString
    url: str
    restore_url: str = ""


@dataclass(frozen=True, slots=True)
class FilesPanel:
    """The files of a record, and where new ones are brought."""

    present: Sequence[FileRow]
    removed: Sequence[FileRow]
    new_url: str


def files_panel(viewer: Viewer, kind: str, ids: Collection[int], key: str) -> FilesPanel:
    """The files of a record that the viewer opened, which has `key` in addresses. One query, and a parameter."""
    found = files_of(viewer, kind, ids)
    may_write = viewer.may(Right.FILE_WRITE)
    return FilesPanel(
        present=[row_of(viewer, one) for one in found.present],
        removed=[row_of(viewer, one, may_restore=may_write) for one in found.removed],
        new_url=reverse("desk:new_files", args=[kind, key]) if may_write else "",
    )


def row_of(viewer: Viewer, file: RecordFile, *, may_restore: bool = False) -> FileRow:
    """One version of a file."""
    may_open = viewer.may(Right.FILE_READ) and file.removed_at is None
    return FileRow(
        file=file,
        icon=_ICONS[FileMedia(file.media)],
        name=file.name or file.code,
        size=filesizeformat(file.size),
        until=until_cell(file),
        state=state_cell(file),
        at=cells.when(file.at),
        url=reverse("desk:file", args=[file.pk]) if may_open else "",
        restore_url=reverse("desk:restore_file", args=[file.pk]) if may_restore else "",
    )


def until_cell(file: RecordFile) -> SafeString | str:
    """Until when a file holds, loudly when that is over; empty where nobody said."""
    return _overdue(file) or (_("有效期至 {day}").format(day=file.valid_until) if file.valid_until else "")


def _overdue(file: RecordFile) -> SafeString | str:
    is_past = is_over(file.valid_until, clock.business_date())
    return cells.badge(_("{day} 已过期").format(day=file.valid_until), "bad") if is_past else ""


def state_cell(file: RecordFile) -> SafeString:
    """What is known of a file's harmlessness; what went wrong loudly, the rest quietly."""
    state = FileState(file.state)
    tone = _TONES.get(state, "off")
    return cells.badge(state.label, tone) if tone == "bad" else cells.state_dot(state.label, tone)


@dataclass(frozen=True, slots=True)
class FilePage:
    """One version of a file: its facts, how it is shown, its versions, and what may be done with it."""

    file: RecordFile
    subject: Subject
    title: str
    fields: Sequence[Field]
    versions: Sequence[FileRow]
    image_url: str
    frame_url: str
    download_url: str
    why_closed: str
    may_change: bool


def file_page(viewer: Viewer, file: RecordFile, subject: Subject) -> FilePage:
    """The page of one version of a file of a record that the viewer opened. One query."""
    versions = list(versions_of(file))
    removed = next((one for one in versions if one.removed_at), None)
    is_open = file.state in READABLE and removed is None
    view_url = reverse("desk:view_file", args=[file.pk]) if is_open and file.media in SHOWN else ""
    is_pdf = file.media == FileMedia.PDF
    return FilePage(
        file=file,
        subject=subject,
        title=file.name or file.code,
        fields=_fields(file),
        versions=[row_of(viewer, one) for one in versions] if len(versions) > 1 else [],
        image_url="" if is_pdf else view_url,
        frame_url=view_url if is_pdf else "",
        download_url=reverse("desk:download_file", args=[file.pk]) if is_open else "",
        why_closed="" if is_open else _("已被移除") if removed else str(FileState(file.state).label),
        may_change=viewer.may(Right.FILE_WRITE) and file.is_current and removed is None,
    )


def _fields(file: RecordFile) -> list[Field]:
    version = pgettext("文件", "第 {number} 版").format(number=file.version)
    return [
        Field(pgettext("文件", "种类"), file.get_category_display()),
        Field(_("编号或说明"), file.remark or cells.none_yet()),
        Field(
            _("有效期至"),
            _overdue(file) or (cells.when(file.valid_until) if file.valid_until else cells.none_yet()),
        ),
        Field(pgettext("文件", "格式"), f"{file.get_media_display()} · {filesizeformat(file.size)}"),
        Field(
            pgettext("文件", "版本"),
            version if file.is_current else _("{version}，已被替换").format(version=version),
        ),
        Field(_("查毒"), state_cell(file)),
        Field(pgettext("文件", "上传"), cells.filled("{} {}", file.staff_name, cells.when(file.at))),
        Field(pgettext("文件", "编号"), cells.code(file.code)),
    ]
