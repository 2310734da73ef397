"""Two editors (并发修改): who saves over something newer than what they saw is told what stands there now.

A form carries the mark of what it shows in a hidden field `seen`; the action takes its turn, looks again, and saves
only if that mark is still the one of what it finds. Source: BARS A 14.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from django.db import connection
from django.utils.translation import gettext as _

from hongyan.core.errors import Conflict

_CHARACTERS = 16


def mark(facts: Mapping[str, object] | None) -> str:
    """A short mark of what a form shows; empty where nothing was said yet.

    >>> mark(None), mark({"note": "春节"}) == mark({"note": "春节"}), mark({"note": ""}) == mark({"note": "春节"})
    ('', True, False)
    """
    if not facts:
        return ""
    text = json.dumps(facts, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_CHARACTERS]


def take_turn(what: str, key: object) -> None:
    """Let those who change one thing pass one after another until the transaction's end, also before it has a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"versions/{what}/{key}"])


def require_unchanged(what: str, seen: str | None, present: str, *, now: str) -> None:
    """Hold the mark of what somebody saw against that of what stands there, which `now` says in words.

    `seen` is None for those who looked at nothing: processes and commands.
    Errors: Conflict.
    """
    if seen is not None and seen != present:
        raise Conflict(what, _("在您填写时，别人已经改过。现在是：{now}").format(now=now or _("（空）")))
