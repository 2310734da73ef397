"""What the pages of an audited act, an archived month and a verification show (审计)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hongyan.core.audit import label_of, purpose_of
from hongyan.core.audit_seals import Fault
from hongyan.core.models import AuditArchive, AuditEvent
from hongyan.org.lists.audit import actor_of, integrity, result_of, subject_of
from hongyan.org.lists.audit_archives import integrity as archive_integrity
from hongyan.org.queries.posts import acted_in
from hongyan.ui import cells
from hongyan.ui.records import Field


def event_fields(event: AuditEvent) -> list[Field]:
    """Who did what to which record, when, from where and why."""
    return [
        Field(_("时间"), cells.when(event.at)),
        Field(_("操作人"), actor_of(event)),
        Field(_("岗位"), acted_in(event.post_id, event.actor)),
        Field(_("操作"), label_of(event.act)),
        Field(_("操作代码"), cells.code(event.act)),
        Field(_("对象"), subject_of(event)),
        Field(_("结果"), result_of(event)),
        Field(_("用途或原因"), purpose_of(event)),
        Field(_("条数"), cells.number(event.count)),
        Field(_("来源地址"), cells.code(event.address)),
        Field(_("完整性"), integrity(event)),
    ]


def archive_fields(archive: AuditArchive) -> list[Field]:
    """What an archived month holds, and whether its entry is as it was written."""
    return [
        Field(_("月份"), cells.code(f"{archive.month:%Y-%m}")),
        Field(_("行数"), cells.number(archive.rows)),
        Field(_("编号"), cells.code(f"{archive.first_id}–{archive.last_id}")),
        Field(_("归档时间"), cells.when(archive.archived_at)),
        Field(_("归档登记"), archive_integrity(archive)),
        Field(_("内容摘要"), cells.code(archive.digest), is_wide=True),
    ]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One fault of a verification in words; `url` opens the row where there is one to open."""

    word: str
    subject: str
    url: str


def shown_findings(result: Mapping[str, Any]) -> list[ShownFinding]:
    """The faults a verification named, in the order of the rows."""
    return [_shown(Fault(finding["fault"]), finding["id"]) for finding in result.get("findings", ())]


def _shown(fault: Fault, number: int) -> ShownFinding:
    words = {
        Fault.ALTERED: _("内容被改动"),
        Fault.REMOVED: _("记录被删除"),
        Fault.ADDED: _("记录是后来插入的"),
        Fault.EXCHANGED: _("记录被调换"),
        Fault.SEAL_ALTERED: _("封签被改动"),
        Fault.SEAL_MISSING: _("前一封签缺失"),
        Fault.ARCHIVE_ALTERED: _("归档登记被改动"),
        Fault.ARCHIVE_LOST: _("归档文件缺失或损坏"),
    }
    if fault in {Fault.ARCHIVE_ALTERED, Fault.ARCHIVE_LOST}:
        return ShownFinding(words[fault], _("{month} 月归档").format(month=number), "")
    if fault in {Fault.SEAL_ALTERED, Fault.SEAL_MISSING}:
        return ShownFinding(words[fault], _("第 {number} 号封签").format(number=number), "")
    url = "" if fault == Fault.REMOVED else reverse("org:audit_event", args=[number])
    return ShownFinding(words[fault], _("第 {number} 号记录").format(number=number), url)
