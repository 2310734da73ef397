"""What managers of the demo noted of customers of the bank (身份要素), so that validities come near and pass."""

from __future__ import annotations

from datetime import timedelta

MOST_CUSTOMERS = 30


def note_some() -> int:
    """Let managers note the elements of some persons; answers how many. Called again it changes nothing."""
    from hongyan.core import clock, scope
    from hongyan.customer.models import Ownership
    from hongyan.org.codes import Right
    from hongyan.org.queries.viewers import find_viewer
    from hongyan.quality.actions.diligence import note_diligence, seen_of
    from hongyan.quality.models import Diligence

    with scope.bulk():
        if Diligence.objects.exists():
            return 0
        owners = Ownership.objects.filter(
            until=None, gives_way=False, customer__party_type="P", customer__status="active"
        ).exclude(manager=None)
        chosen = list(
            owners.order_by("customer_id").values_list("customer__code", "manager__staff_no")[:MOST_CUSTOMERS]
        )
    noted, today = set(), clock.business_date()
    for number, (code, staff_no) in enumerate(chosen):
        viewer = find_viewer(staff_no)
        if code in noted or not viewer.may(Right.CUSTOMER_CORRECT):
            continue
        days = (-20, 15, 60, 400, 2500)[number % 5]
        is_lifelong = number % 7 == 6
        with scope.acting(viewer.scope):
            note_diligence(
                viewer, code, nationality="CHN", occupation=str(number % 8 + 1), is_lifelong=is_lifelong,
                credential_until=None if is_lifelong else today + timedelta(days=days), seen=seen_of(None),
            )  # fmt: skip
        noted.add(code)
    return len(noted)
