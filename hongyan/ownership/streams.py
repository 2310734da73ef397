"""What this room tells on a customer's timeline (动态): who came to look after it, and why."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hongyan.customer.models import Ownership
from hongyan.customer.panels.timeline import CARE, Sight, Stream, by, word
from hongyan.customer.queries.timeline import Branch, Told, staff_named, told
from hongyan.org.codes import Line
from hongyan.ownership.words import reason_words
from hongyan.ui.records import TimelineEntry


def _begun(sight: Sight) -> Branch:
    rows = Ownership.objects.filter(customer__in=sight.record.members)
    return told(
        rows,
        at="since",
        who=staff_named("by"),
        line="line",
        unit="unit__name",
        manager="manager__name",
        reason="reason",
        note="note",
    )


def _owner(_sight: Sight, one: Told) -> TimelineEntry:
    said = one.said
    title = "{line} · {manager}".format(
        line=word(Line, said["line"]),
        manager=said["manager"] or _("{unit}待分配池").format(unit=said["unit"]),
    )
    text = " · ".join(
        filter(None, (said["unit"] if said["manager"] else "", reason_words(said["reason"]), said["note"]))
    )
    return TimelineEntry(one.at, _("管户"), title, icon="user-check", text=text, author=by(one))


OWNERS = Stream("owner", CARE, _owner, _begun)
