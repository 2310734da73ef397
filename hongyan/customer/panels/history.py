"""What happened to a customer's data (变更历史): acts, fields, links and records, each a stream of the timeline."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core import masking
from hongyan.customer.codes import Outcome, Purpose
from hongyan.customer.custom import Own, is_custom
from hongyan.customer.panels.sources import PART_TITLES
from hongyan.customer.panels.tabs import Asked
from hongyan.customer.panels.timeline import DATA, Sight, Stream, Timeline, by, told_of, word
from hongyan.customer.panels.words import LABELS, Text, word_of
from hongyan.customer.queries import history
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.systems import system_name
from hongyan.customer.queries.timeline import Branch, Told
from hongyan.org.codes import Viewer
from hongyan.ui.records import TimelineEntry

_ACTS: Mapping[str, Text] = {
    "customer.reveal": pgettext_lazy("变更历史", "查看敏感信息原文"),
    "customer.open": gettext_lazy("打开客户"),
}


def what_happened(viewer: Viewer, record: CustomerRecord, asked: Asked) -> Timeline:
    """The query of the panel 变更历史. One query of its own."""
    return told_of(STREAMS, viewer, record, asked, has_chips=False)


def _acts(sight: Sight) -> Branch:
    return history.acts_on(sight.record.members)


def _changes(sight: Sight) -> Branch:
    return history.changes_of(sight.record.members)


def _links(sight: Sight) -> Branch:
    return history.links_of(sight.record.members)


def _records(sight: Sight) -> Branch:
    return history.records_of(sight.record.members)


def _act(_sight: Sight, told: Told) -> TimelineEntry:
    act, purpose = told.said["act"], told.said["purpose"]
    purpose = dict(Purpose.choices).get(purpose, purpose)
    return TimelineEntry(
        told.at, _("操作"), _ACTS.get(act, act), icon="eye", author=by(told),
        text=_("用途：{purpose}").format(purpose=purpose) if purpose else "",
    )  # fmt: skip


def _change(_sight: Sight, told: Told) -> TimelineEntry:
    field, before, after = (told.said[name] for name in ("field", "before", "after"))
    if is_custom(field):
        own = Own()
        title: Text = own.label(field, LABELS)
        before, after = (own.word(field, value) or "—" for value in (before, after))
    else:
        title = LABELS.get(field, field)
        before, after = _value(field, before), _value(field, after)
    text = f"{before} → {after}"
    return TimelineEntry(told.at, _("字段变更"), title, icon="pencil", text=text, author=by(told))


def _value(name: str, value: str) -> str:
    if not value:
        return "—"
    if name == "address":
        return masking.mask_address(value)
    return str(word_of(name, value))


def _link(_sight: Sight, told: Told) -> TimelineEntry:
    return TimelineEntry(
        told.at, _("归并关系"), word(Outcome, told.said["outcome"]), icon="users-group", author=by(told),
        text=f"{system_name(told.said['system'])} · {told.said['key_of']}",
    )  # fmt: skip


def _sent(_sight: Sight, told: Told) -> TimelineEntry:
    sort, _slash, number = told.said["part"].partition("/")
    part = f"{PART_TITLES.get(sort, sort)} {number}".strip()
    title = _("{system} 送来{part}第 {version} 版").format(
        system=system_name(told.said["system"]), part=part, version=told.said["version"]
    )
    return TimelineEntry(told.at, _("来源记录"), title, icon="file-info", text=told.said["key_of"])


CHANGES = Stream("change", DATA, _change, _changes)
LINKS = Stream("link", DATA, _link, _links)

STREAMS = (
    Stream("audit", DATA, _act, _acts),
    CHANGES,
    LINKS,
    Stream("record", DATA, _sent, _records),
)
