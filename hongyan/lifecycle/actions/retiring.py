"""Making closed customers nameless when nobody has to know any more who they were (到期匿名化), X-20."""

from __future__ import annotations

from collections.abc import Collection

from hongyan.core import audit, scope
from hongyan.customer.actions.anonymise import anonymise
from hongyan.lifecycle.models import Application, Inquiry
from hongyan.lifecycle.queries.retired import Retired, retired

BY = "system:retention"


def anonymise_due() -> list[Retired]:
    """Make everybody nameless who is due: one transaction each; who that was. It cannot be undone.

    Who is not due any more when their turn comes is left alone; running it again goes on where it stopped.
    """
    done = []
    for one in due():
        with scope.bulk():
            if retired(among=[one.id]):
                anonymise(one.id, actor=audit.Actor(BY), reason=f"X-20 {one.closed_on}")
                done.append(one)
    return done


def due() -> list[Retired]:
    """Who would be made nameless now; nothing is changed."""
    with scope.bulk():
        return retired()


def empty_applications(customers: Collection[int]) -> None:
    """Empty what applications say of nameless customers. Call it inside `scope.bulk()`."""
    rows = Application.objects.filter(customer__in=customers)
    Inquiry.objects.filter(application__in=rows).update(objection="")
    rows.update(name="", sealed=b"", mark="", reason="", exception="", objection="")
