"""One entry of the blacklist in words, and what a checker of its lifting decides by (黑名单)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.classes.codes import BlockState
from hongyan.classes.models import BlacklistEntry
from hongyan.classes.queries.blacklist import find_entry
from hongyan.core import clock
from hongyan.org.approvals import Fact
from hongyan.org.codes import Line, Viewer
from hongyan.ui.cells import badge, named, when
from hongyan.ui.records import Field


def state_of(entry: BlacklistEntry) -> SafeString:
    """Whether an entry holds today."""
    if entry.state == BlockState.LIFTED:
        return badge(BlockState.LIFTED.label, "off")
    if entry.until is not None and entry.until < clock.business_date():
        return badge(pgettext("黑名单", "已到期"), "off")
    return badge(BlockState.HOLDS.label, "bad")


def lines_of_entry(entry: BlacklistEntry) -> str:
    """The lines an entry holds in, in words."""
    words = [str(Line(line).label) for line in entry.lines.split(",") if line]
    return pgettext("list separator", "、").join(words) or _("全部板块")


def entry_fields(entry: BlacklistEntry) -> list[Field]:
    """What an entry says."""
    fields = [
        Field(_("状态"), state_of(entry)),
        Field(_("原因"), entry.get_reason_display()),
        Field(_("业务板块"), lines_of_entry(entry)),
        Field(_("列入日期"), when(entry.since)),
        Field(_("截止日期"), when(entry.until) if entry.until else _("长期")),
        Field(_("列入人"), entry.maker.name),
    ]
    if entry.lifted_at:
        fields.append(Field(_("解除时间"), when(entry.lifted_at)))
    return [*fields, Field(_("说明"), entry.note)] if entry.note else fields


def lift_facts(viewer: Viewer, subject: str) -> Sequence[Fact]:
    """Whom it is about, and what the entry says."""
    entry = find_entry(viewer, int(subject))
    return [
        (_("客户"), named(entry.customer.name, key=entry.customer.code, detail=entry.customer.code)),
        *entry_fields(entry),
    ]


def lifts_asked(subjects: Collection[str]) -> dict[str, str]:
    """Which entries, of whom."""
    entries = BlacklistEntry.objects.select_related("customer").filter(pk__in=[int(one) for one in subjects])
    return {str(one.pk): f"{one.number} {one.customer.name}" for one in entries}


def lift_url(subject: str) -> str:
    """The page of the entry."""
    return reverse("classes:block", args=[int(subject)])
