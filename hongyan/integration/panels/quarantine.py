"""A quarantined row: its header and its reasons."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.integration import lists, words
from hongyan.integration.models import QuarantinedRow
from hongyan.integration.reasons import sentence
from hongyan.ui import cells, records
from hongyan.ui.records import RecordHeader


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One reason of a quarantined row: the source's column, empty for the whole row, and the sentence."""

    column: str
    why: str


def reason_lines(row: QuarantinedRow) -> list[ReasonLine]:
    """Every reason of a row, in the reader's language."""
    return [ReasonLine(one["field"], sentence(one)) for one in row.reasons]


def row_header(row: QuarantinedRow) -> RecordHeader:
    """The top of a quarantined row's page."""
    delivery = row.delivery
    return RecordHeader(
        title=_("{file} 第 {row} 行").format(file=delivery.file_name, row=row.row),
        key=delivery.system,
        kind=pgettext("一行", "隔离行"),
        badges=[lists.row_state(row)],
        facts=[
            records.Field(
                _("批次"), _link(reverse("integration:delivery", args=[delivery.number]), delivery.number)
            ),
            records.Field(_("来源系统"), words.system_name(delivery.system)),
            records.Field(_("记录种类"), words.kind_title(delivery.system, row.kind)),
            records.Field(_("来源标识"), cells.masked(row.key_masked) if row.key_masked else ""),
            records.Field(_("收到时间"), cells.when(delivery.received_at)),
            *_closing(row),
        ],
    )


def _link(url: str, text: str) -> SafeString:
    return format_html('<a class="code" href="{}">{}</a>', url, text)


def _closing(row: QuarantinedRow) -> list[records.Field]:
    if row.closed_at is None:
        return []
    return [
        records.Field(_("处理人"), words.who(row.closed_by)),
        records.Field(_("处理时间"), cells.when(row.closed_at)),
    ]
