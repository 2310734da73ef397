"""Checks by sample (抽检): drawing decisions, and saying again what a pair is without knowing the first word."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope, vault
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.parameters import value_of
from hongyan.core.versions import take_turn
from hongyan.customer.codes import JOIN_BANDS, PairVerdict
from hongyan.customer.models import CaseRow, SecondLook
from hongyan.customer.parameters import JOIN_SAMPLE, SECOND_LOOK_EDGE, SECOND_LOOK_SHARE, SECOND_LOOKS_A_DAY
from hongyan.customer.queries.cases import Side
from hongyan.customer.queries.history import OPENING
from hongyan.customer.queries.second_looks import find_look, names_of, sides_of
from hongyan.customer.rules.sampling import is_drawn
from hongyan.org.codes import Right, Viewer

JOINED_WITHIN = timedelta(days=1)
"""How far back automatic joins are drawn: the task runs once a day."""

_DRAWING = ("second_look", "joins")
"""Joins are drawn by one at a time: two would draw the same ones."""

MAX_ORG_NO = (1 << 63) - 1

_CLEAR = (PairVerdict.SAME, PairVerdict.DIFFERENT)


def draw_decision(row: CaseRow, verdict: str, *, by: str) -> SecondLook | None:
    """Draw a decision that one person took alone, by lot; None when the lot does not fall on it.

    The lot is a keyed hash of the case, so nobody can tell beforehand, and deciding again draws the same cases.
    """
    if verdict not in _CLEAR or not is_drawn(vault.blind("second_look", row.number), _share()):
        return None
    look = SecondLook.objects.filter(case_id=row.pk).first()
    if look is None:
        return SecondLook.objects.create(
            case_id=row.pk,
            org_no=row.org_no,
            score=row.score,
            first=verdict,
            first_by=by,
            drawn_at=clock.now(),
        )
    if not look.second:
        SecondLook.objects.filter(pk=look.pk).update(first=verdict, first_by=by)
    return look


_JOINED = """
SELECT link.id, link.score, owned.org_no
FROM customer_link link
CROSS JOIN LATERAL (
    SELECT min(org_no) AS org_no FROM customer_customerscope
    WHERE customer_id = link.customer_id AND NOT is_assisting
) owned
WHERE link.since >= %s AND link.until IS NULL AND link.outcome = 'joined' AND link.score <= %s
  AND owned.org_no IS NOT NULL AND NOT EXISTS (SELECT FROM customer_secondlook look WHERE look.link_id = link.id)
ORDER BY link.id
"""


def draw_joins() -> int:
    """Draw from what joined by itself within a day and only just, by lot; returns how many. It may run twice."""
    now, share = clock.now(), _share()
    with scope.bulk(), connection.cursor() as cursor:
        take_turn(*_DRAWING)
        cursor.execute(_JOINED, [now - JOINED_WITHIN, value_of(SECOND_LOOK_EDGE)])
        drawn = (
            row for row in cursor.fetchall() if is_drawn(vault.blind("second_look", f"link/{row[0]}"), share)
        )
        looks = [
            SecondLook(link_id=link, score=score, org_no=org_no, first=PairVerdict.SAME, drawn_at=now)
            for link, score, org_no in islice(drawn, int(value_of(SECOND_LOOKS_A_DAY)))
        ]
        SecondLook.objects.bulk_create(looks)
    return len(looks)


_SOME_JOINS = """
WITH sure AS MATERIALIZED (
    SELECT link.id, link.customer_id, link.score FROM customer_link link
    WHERE link.until IS NULL AND link.outcome = 'joined' AND link.score BETWEEN %s AND %s
      AND NOT EXISTS (SELECT FROM customer_secondlook look WHERE look.link_id = link.id)
)
SELECT sure.id, sure.score, owned.org_no
FROM sure
CROSS JOIN LATERAL (
    SELECT min(org_no) AS org_no FROM customer_customerscope
    WHERE customer_id = sure.customer_id AND NOT is_assisting AND org_no BETWEEN %s AND %s
) owned
WHERE owned.org_no IS NOT NULL
ORDER BY random()
LIMIT %s
"""


def draw_sample(viewer: Viewer) -> int:
    """Draw at random from all automatic joins in the viewer's scope, equally many of each band; returns how many.

    So a steward may learn how well joins hold right after a load. Errors: NotAllowed without the right to merge.
    """
    if not viewer.may(Right.CUSTOMER_MERGE):
        raise NotAllowed(Right.CUSTOMER_MERGE)
    size, now = int(value_of(JOIN_SAMPLE, units=viewer.unit_chain)), clock.now()
    each = -(-size // len(JOIN_BANDS))
    lo, hi = (0, MAX_ORG_NO) if viewer.scope.everything else (viewer.scope.lo, viewer.scope.hi)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        take_turn(*_DRAWING)
        drawn = []
        for low, high in JOIN_BANDS.values():
            cursor.execute(_SOME_JOINS, [low, high, lo, hi, each])
            drawn += [
                SecondLook(link_id=link, score=score, org_no=org_no, first=PairVerdict.SAME, drawn_at=now)
                for link, score, org_no in cursor.fetchall()
            ]
        SecondLook.objects.bulk_create(drawn)
        audit.record(viewer.actor, "second_look.draw", "second_look", "", count=len(drawn))
    return len(drawn)


def open_look(viewer: Viewer, look_id: int) -> tuple[SecondLook, tuple[Side, Side]]:
    """A check with the two sides to compare, and the audit that somebody looked; its number is the purpose.

    Errors: NotAllowed without the right, NotFound out of scope.
    """
    look = _find(viewer, look_id)
    sides = sides_of(look)
    codes = sorted({side.customer.code for side in sides})
    audit.record_each(
        viewer.actor, OPENING, "customer", codes, after={"part": "second_look"}, purpose=look.number
    )
    return look, sides


def look_again(viewer: Viewer, look_id: int, verdict: str) -> SecondLook:
    """Say what a pair is, without having seen the first word.

    Errors: NotAllowed without the right and for whoever took the first decision; NotFound out of scope; Invalid for
    what is no verdict; Conflict when somebody else has looked already.
    """
    if verdict not in PairVerdict.values:
        raise Invalid({"verdict": _("请选择判定")})
    with transaction.atomic():
        look = _find(viewer, look_id)
        if look.first_by in names_of(viewer):
            raise NotAllowed(Right.CUSTOMER_MERGE, _("自己的判定由别人复核。"))
        open_still = SecondLook.objects.filter(pk=look.pk, second="")
        if not open_still.update(second=verdict, second_by=viewer.staff_no, looked_at=clock.now()):
            raise Conflict("second_look", _("{number} 已有人复核").format(number=look.number))
        audit.record(
            viewer.actor, "second_look.decide", "second_look", look.number, after={"verdict": verdict}
        )
    return look


def _find(viewer: Viewer, look_id: int) -> SecondLook:
    if not viewer.may(Right.CUSTOMER_MERGE):
        raise NotAllowed(Right.CUSTOMER_MERGE)
    return find_look(viewer, look_id)


def _share() -> float:
    return float(value_of(SECOND_LOOK_SHARE))
