"""Submitting over the API (接口提交): under an idempotency key, so that a caller may safely try again.

The same key with the same body gives the same answer for 24 hours; with another body it is refused; while the first
attempt is under way a second one is told so. Source: BARS A 31.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hongyan.core import clock
from hongyan.core.errors import Conflict, Invalid
from hongyan.core.free_text import require_no_numbers
from hongyan.integration.actions.receive import Received
from hongyan.integration.models import Submission

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 80
ACCEPTED, KNOWN = 202, 200

_TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


def submit(
    *, caller: str, key: str, body_digest: str, deliver: Callable[[], Received]
) -> tuple[int, dict[str, Any]]:
    """Status and answer of a submission; `deliver` is called once per key. `caller` is whose keys these are.

    Errors: Invalid for a missing key, one that holds somebody's number or was used for another body; Conflict while the
    first attempt runs.
    """
    require_no_numbers(**{"Idempotency-Key": key})
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid({"Idempotency-Key": _("请提供 1 到 {limit} 个字符的幂等键").format(limit=LONGEST_KEY)})
    with transaction.atomic():
        _hold(f"submission/{caller}/{key}")
        known = _known(caller, key)
        if known is None:
            status, answer = _answer(deliver())
            Submission.objects.create(
                key=key,
                caller=caller,
                body_digest=body_digest,
                delivery_id=answer["id"],
                status=status,
                answer=answer,
                created_at=clock.now(),
            )
            return status, answer
    if known.body_digest != body_digest:
        raise Invalid({"Idempotency-Key": _("这个幂等键已用于另一份内容")})
    return known.status, dict(known.answer or {})


def _answer(received: Received) -> tuple[int, dict[str, Any]]:
    delivery = received.delivery
    answer = {
        "id": delivery.id,
        "delivery": delivery.number,
        "state": delivery.state,
        "known": not received.is_new,
    }
    return (ACCEPTED if received.is_new else KNOWN), answer


def _hold(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TRY_LOCK, [name])
        if cursor.fetchone() != (True,):
            raise Conflict("submission", _("同一幂等键的请求正在处理，请稍后再试"))


def _known(caller: str, key: str) -> Submission | None:
    """The submission under a key; one older than 24 hours is forgotten."""
    found = Submission.objects.filter(caller=caller, key=key).first()
    if found and found.created_at < clock.now() - KEPT_FOR:
        found.delete()
        return None
    return found
