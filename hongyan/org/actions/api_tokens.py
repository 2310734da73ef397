"""Making and revoking API tokens (接口令牌)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, rates
from hongyan.core.errors import Invalid, NotAllowed, NotFound
from hongyan.core.free_text import require_no_numbers
from hongyan.core.parameters import values_of
from hongyan.org import tokens
from hongyan.org.codes import Viewer
from hongyan.org.models import ApiToken, Staff
from hongyan.org.parameters import API_BURST, API_REQUESTS_PER_MINUTE, API_TOKEN_DAYS, API_TOKENS
from hongyan.org.queries.me import working_tokens

LONGEST_NAME = 60
_USE_NOTED_EVERY = timedelta(minutes=1)


def make_api_token(viewer: Viewer, *, name: str) -> tuple[ApiToken, str]:
    """A token for the post the viewer acts in, and its text, which is never to be had again.

    Errors: Invalid when the name is empty, longer than 60 characters or holds somebody's number, or when the person has
    all the tokens one may have in all posts; NotAllowed in a post that is lent, which the token would outlive.
    """
    if viewer.holder:
        raise NotAllowed("api_token.make", _("您在代理岗位上。接口令牌只能由岗位本人生成。"))
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid({"name": _("名称为 1 至 {count} 个字").format(count=LONGEST_NAME)})
    require_no_numbers(name=name)
    days, most = values_of(API_TOKEN_DAYS, API_TOKENS, units=viewer.unit_chain)
    _check_room(viewer, most)
    text = tokens.new_token()
    now = clock.now()
    token = ApiToken.objects.create(
        post_id=viewer.post_id,
        name=name,
        digest=tokens.digest(text),
        created_at=now,
        created_by=viewer.staff_no,
        expires_at=now + timedelta(days=days),
    )
    audit.record(viewer.actor, "api_token.make", "api_token", token.pk, after={"name": name})
    return token, text


def revoke_api_token(viewer: Viewer, token_id: int) -> None:
    """End a token of one's own at once; a second time changes nothing. Errors: NotFound."""
    token = ApiToken.objects.filter(pk=token_id, post__staff_id=viewer.staff_id).first()
    if token is None:
        raise NotFound("api_token", token_id)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        audit.record(viewer.actor, "api_token.revoke", "api_token", token.pk, before={"name": token.name})


def _check_room(viewer: Viewer, most: int) -> None:
    """Errors: Invalid when a person has all the tokens one may have. Two requests at a time wait for each other."""
    Staff.objects.select_for_update(no_key=True).get(pk=viewer.staff_id)
    if working_tokens(viewer).count() >= most:
        raise Invalid({"": _("每人最多 {count} 个有效的接口令牌，请先吊销不用的。").format(count=most)})


def take_turn(viewer: Viewer) -> int:
    """Count a request at the API: 0 when it may be answered, else in how many seconds the next one may.

    The allowance is the person's: more tokens bring no more of it.
    """
    per_minute, burst = values_of(API_REQUESTS_PER_MINUTE, API_BURST, units=viewer.unit_chain)
    return rates.seconds_to_wait(f"api/{viewer.staff_id}", per_minute=per_minute, burst=burst)


def note_use(token: str) -> None:
    """Keep when a token was last used, to the minute: not every request should write."""
    now = clock.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_NOTED_EVERY)
    ApiToken.objects.filter(stale, digest=tokens.digest(token)).update(last_used_at=now)
