"""Holding a review case while one works on it (占用待核), so that the queue leads others past it."""

from __future__ import annotations

from datetime import datetime

from hongyan.core import clock
from hongyan.customer.codes import CaseState
from hongyan.customer.models import ReviewCase
from hongyan.customer.queries.cases import free_for
from hongyan.org.codes import Viewer


def hold_case(viewer: Viewer, case_id: int, *, since: datetime) -> bool:
    """Hold a case that waits, unless somebody else has held it `since` then; whether the viewer holds it now.

    Of two who come at once one gets it. It is no lock: whoever looks at the case all the same may decide it.
    """
    waiting = ReviewCase.objects.filter(free_for(viewer, since=since), pk=case_id, state=CaseState.OPEN)
    return bool(waiting.update(held_by=viewer.staff_no, held_at=clock.now()))
