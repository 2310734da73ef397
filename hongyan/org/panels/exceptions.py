"""What the page of an exception shows (异常日志)."""

from __future__ import annotations

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core.models import ExceptionEvent
from hongyan.org.lists.exceptions import kind_of, state_of
from hongyan.ui import cells
from hongyan.ui.records import Field

SHOWN_REFERENCES = 5


def exception_fields(event: ExceptionEvent) -> list[Field]:
    """What an exception is, how often it happened, and what was done about it."""
    fields = [
        Field(_("种类"), kind_of(event)),
        Field(pgettext("异常日志", "状态"), state_of(event)),
        Field(_("次数"), cells.number(event.count)),
        Field(_("首次发生"), cells.when(event.first_seen)),
        Field(_("最近发生"), cells.when(event.last_seen)),
        Field(_("最近的编号"), _references(event)),
    ]
    if event.handled_at:
        handled = [
            Field(_("处理人"), event.handled_by),
            Field(_("处理时间"), cells.when(event.handled_at)),
            Field(_("如何处理"), event.note, is_wide=True),
        ]
        fields += handled
    return fields


def _references(event: ExceptionEvent) -> SafeString:
    """The numbers of the last occurrences, each whole on its line."""
    shown = event.references[:SHOWN_REFERENCES]
    return format_html_join(" ", "{}", ((cells.code(reference),) for reference in shown))
