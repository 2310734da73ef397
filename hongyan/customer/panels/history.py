"""What happened to a customer (变更历史)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core import masking
from hongyan.customer.codes import (
    Outcome,
    Purpose,
)
from hongyan.customer.custom import Own, is_custom
from hongyan.customer.panels.sources import PART_TITLES
from hongyan.customer.panels.words import LABELS, Text, who, word_of
from hongyan.customer.queries import history
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.systems import system_name
from hongyan.org.codes import Viewer
from hongyan.ui.lists import Page
from hongyan.ui.lists.paging import Where
from hongyan.ui.records import TimelineEntry

_ACTS: Mapping[str, Text] = {
    "customer.reveal": pgettext_lazy("变更历史", "查看敏感信息原文"),
    "customer.open": gettext_lazy("打开客户"),
}
_ICONS = {"audit": "eye", "change": "pencil", "link": "users-group", "record": "file-info"}
_KINDS: Mapping[str, Text] = {
    "audit": gettext_lazy("操作"),
    "change": gettext_lazy("字段变更"),
    "link": gettext_lazy("归并关系"),
    "record": gettext_lazy("来源记录"),
}


@dataclass(frozen=True)
class HistoryPage:
    """A page of history as the timeline shows it, with the addresses of its neighbours."""

    entries: Sequence[TimelineEntry]
    next_url: str
    previous_url: str
    problem: str


def what_happened(_viewer: Viewer, record: CustomerRecord, where: Where) -> HistoryPage:
    """The query of the panel 变更历史. One query of its own."""
    page: Page[history.Entry] = history.history_of([record.customer, *record.aliases], where)
    own = Own()
    return HistoryPage(
        entries=[timeline_entry(entry, own) for entry in page.rows],
        next_url=f"?after={page.next_cursor}" if page.next_cursor else "",
        previous_url=f"?before={page.previous_cursor}" if page.previous_cursor else "",
        problem=page.notice,
    )


def timeline_entry(entry: history.Entry, own: Own) -> TimelineEntry:
    """One entry of the history in words."""
    title, text = _own_words(entry, own) if is_custom(entry.subject) else _WORDS[entry.kind](entry)
    return TimelineEntry(
        at=entry.at, kind=_KINDS[entry.kind], title=title, text=text, icon=_ICONS[entry.kind],
        author=who(entry.who) if entry.who else "",
    )  # fmt: skip


def _act_words(entry: history.Entry) -> tuple[str, str]:
    purpose = dict(Purpose.choices).get(entry.note, entry.note)
    return str(_ACTS.get(entry.subject, entry.subject)), _("用途：{purpose}").format(
        purpose=purpose
    ) if purpose else ""


def _change_words(entry: history.Entry) -> tuple[str, str]:
    before, after = (_history_value(entry.subject, value) for value in (entry.before, entry.after))
    return str(LABELS.get(entry.subject, entry.subject)), f"{before} → {after}"


def _own_words(entry: history.Entry, own: Own) -> tuple[str, str]:
    before, after = (own.word(entry.subject, value) or "—" for value in (entry.before, entry.after))
    return str(own.label(entry.subject, LABELS)), f"{before} → {after}"


def _history_value(name: str, value: str) -> str:
    if not value:
        return "—"
    if name == "address":
        return masking.mask_address(value)
    return str(word_of(name, value))


def _link_words(entry: history.Entry) -> tuple[str, str]:
    return str(Outcome(entry.after).label), f"{system_name(entry.subject)} · {entry.before}"


def _record_words(entry: history.Entry) -> tuple[str, str]:
    sort, _slash, number = entry.note.partition("/")
    part = f"{PART_TITLES.get(sort, sort)} {number}".strip()
    title = _("{system} 送来{part}第 {version} 版").format(
        system=system_name(entry.subject), part=part, version=entry.after
    )
    return title, entry.before


_WORDS: Mapping[str, Callable[[history.Entry], tuple[str, str]]] = {
    "audit": _act_words,
    "change": _change_words,
    "link": _link_words,
    "record": _record_words,
}
