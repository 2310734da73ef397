"""What this room tells on a customer's timeline (动态): what they agreed to and took back, and what they asked for."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.consent.codes import RequestKind, RequestState, Source
from hongyan.consent.models import Consent, PersonRequest
from hongyan.core import clock
from hongyan.customer.codes import ConsentPurpose, ContactChannel
from hongyan.customer.panels.timeline import RIGHTS, Sight, Stream, by, word
from hongyan.customer.queries.timeline import Branch, Told, told
from hongyan.org.codes import Line, Right
from hongyan.ui.records import TimelineEntry


def _words(sight: Sight) -> Branch:
    rows = Consent.objects.visible_to(sight.viewer).filter(customer__in=sight.record.members)
    return told(
        rows, at="at", who="taker__name", given="is_given", purpose="purpose", line="line", channel="channel",
        source="source",
    )  # fmt: skip


def _word(sight: Sight, one: Told) -> TimelineEntry:
    said = one.said
    parts = (
        word(ConsentPurpose, said["purpose"]),
        word(Line, said["line"]),
        word(ContactChannel, said["channel"]),
    )
    url = reverse("customer:record_tab", args=[sight.record.customer.code, "consent"])
    return TimelineEntry(
        one.at, pgettext("同意记录", "同意") if said["given"] else pgettext("同意记录", "撤回"),
        " · ".join(str(part) for part in parts if part) or _("全部用途（服务通知除外）"), icon="signature",
        text=word(Source, said["source"]), author=by(one), url=f"{url}#word-{one.key}",
        tone="good" if said["given"] else "warn",
    )  # fmt: skip


def _answered(sight: Sight) -> Branch | None:
    return _requests(sight, is_closed=True)


def _open(sight: Sight) -> Branch | None:
    return _requests(sight, is_closed=False)


def _requests(sight: Sight, *, is_closed: bool) -> Branch | None:
    if not sight.viewer.may(Right.REQUEST_KEEP):
        return None
    rows = PersonRequest.objects.visible_to(sight.viewer).filter(
        customer__in=sight.record.members, is_closed=is_closed
    )
    return told(rows, at="ended_at" if is_closed else "due_on", who="taker__name", kind="kind", state="state")


def _request(_sight: Sight, one: Told) -> TimelineEntry:
    on = one.at.date()
    is_late = one.is_due and on < clock.business_date()
    title = f"{word(RequestKind, one.said['kind'])} · {word(RequestState, one.said['state'])}"
    return TimelineEntry(
        on if one.is_due else one.at, _("个人权利请求"), title,
        icon="shield-check", author=by(one), url=reverse("consent:request", args=[one.key]), is_due=one.is_due,
        tone="bad" if is_late else "warn" if one.is_due else "",
    )  # fmt: skip


CONSENTS = Stream("consent", RIGHTS, _word, _words)
REQUESTS = Stream("request", RIGHTS, _request, _answered, _open)
