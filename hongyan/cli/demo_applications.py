"""What the demo's outlet manager has applied for: an admission and a potential customer that wait, and a draft."""

from __future__ import annotations

from datetime import date

from hongyan.core import clock, scope
from hongyan.core.errors import NotFound
from hongyan.integration.demo.divisions import counties
from hongyan.integration.demo.numbers import Numbers

APPLIED, DRAFTED, REGISTERED = "demo/applied", "demo/drafted", "demo/registered"
_DELIVERY = 999
"""A part of the range of numbers that no delivery of the demo takes."""


def apply_for_some(staff_no: str) -> None:
    """Apply as somebody of the demo; nothing where it was done before, or where there is no such person."""
    from hongyan.customer.codes import PartyType
    from hongyan.customer.rules.entering import Entered
    from hongyan.lifecycle.actions.admission import submit
    from hongyan.lifecycle.actions.drafts import Draft, save_draft
    from hongyan.lifecycle.codes import ApplicationKind
    from hongyan.lifecycle.models import Application
    from hongyan.org.queries.viewers import find_viewer

    try:
        viewer = find_viewer(staff_no)
    except NotFound:
        return
    today, numbers, city = clock.business_date(), Numbers(delivery=_DELIVERY), counties()[0].city
    person = Entered(
        PartyType.PERSON,
        "辛福来",
        credential_type="01",
        credential_no=numbers.resident_id(city, birth=date(1985, 3, 8), male=True),
        mobile=numbers.mobile(),
        address="山东省济南市历下区经十路17703号",
    )
    firm = Entered(
        PartyType.ORGANISATION,
        "济南启程鲜果商行",
        credential_type="20",
        credential_no=numbers.uscc(city, authority="92"),
        mobile=numbers.mobile(),
    )
    wish = {"line": "01", "families": ("2",), "valid_from": today, "settlement": "2", "sighted": True}
    with scope.acting(viewer.scope):
        if Application.objects.filter(asked_key__in=(APPLIED, DRAFTED, REGISTERED)).exists():
            return
        row = save_draft(viewer, Draft(person, **wish, is_lifelong=True), key=APPLIED)  # type: ignore[arg-type]
        submit(viewer, row.pk, version=row.version)
        save_draft(viewer, Draft(firm, **wish), key=DRAFTED)  # type: ignore[arg-type]
        shop = Entered(PartyType.ORGANISATION, "济南和顺文具商店", mobile=numbers.mobile())
        row = save_draft(viewer, Draft(shop, "01", ApplicationKind.PROSPECT), key=REGISTERED)
        submit(viewer, row.pk, version=row.version)
