"""What this room tells on a customer's timeline (动态): applications that were decided, and those that wait."""

from __future__ import annotations

from django.urls import reverse

from hongyan.customer.panels.timeline import CARE, Sight, Stream, by, word
from hongyan.customer.queries.timeline import Branch, Told, told
from hongyan.lifecycle.codes import WAITING, ApplicationKind, ApplicationState
from hongyan.lifecycle.panels.applications import STATES, line_word
from hongyan.lifecycle.queries.applications import applications_about
from hongyan.ui.records import TimelineEntry


def _decided(sight: Sight) -> Branch:
    rows = applications_about(sight.viewer, sight.record).exclude(state__in=WAITING)
    return told(rows, at="changed_at", **_SAID)


def _waiting(sight: Sight) -> Branch:
    rows = applications_about(sight.viewer, sight.record).filter(state__in=WAITING)
    return told(rows, at="submitted_at", **_SAID)


_SAID = {"who": "maker__name", "kind": "kind", "state": "state", "line": "line", "reason": "reason"}


def _application(_sight: Sight, one: Told) -> TimelineEntry:
    state = one.said["state"]
    tone = STATES.get(state, "off")
    title = f"{line_word(one.said['line'])} · {word(ApplicationState, state)}"
    return TimelineEntry(
        one.at, word(ApplicationKind, one.said["kind"]), title,
        icon="file-text", text=one.said["reason"], author=by(one), url=reverse("lifecycle:application", args=[one.key]),
        tone="" if tone == "off" or tone == "wait" else tone, is_due=one.is_due,
    )  # fmt: skip


APPLICATIONS = Stream("application", CARE, _application, _decided, _waiting)
