"""Whom the demo's outlet manager speaks to at a firm they look after (联系人)."""

from __future__ import annotations

from hongyan.core import scope
from hongyan.core.errors import NotFound


def name_contacts(staff_no: str) -> None:
    """Write two contacts down as somebody of the demo; nothing where it was done before, or there is no such person."""
    from hongyan.customer.actions.keep_contact import add_contact
    from hongyan.customer.models import Ownership, SourceRecord
    from hongyan.org.queries.viewers import find_viewer

    try:
        viewer = find_viewer(staff_no)
    except NotFound:
        return
    with scope.acting(viewer.scope):
        theirs = Ownership.objects.filter(unit_id=viewer.unit_id, until=None, gives_way=False)
        firms = theirs.filter(customer__party_type="O", customer__survivor=None)
        row = firms.select_related("customer").order_by("id").first()
        if row is None:
            return
        by_hand = SourceRecord.objects.filter(party__system="hongyan", part__startswith="contact/")
        if by_hand.filter(party__customer=row.customer).exists():
            return
        code = row.customer.code
        add_contact(viewer, code, {
            "contact_name": "何志强", "role": "1", "mobile": "13905310186", "birthday": "09-12",
            "preferred_channel": "visit", "preferred_time": "afternoon", "preferred_language": "zh",
        })  # fmt: skip
        add_contact(viewer, code, {
            "contact_name": "吕晓梅", "role": "3", "landline": "0531-82306618", "preferred_channel": "phone",
            "note": "每月对账找她，月底前两天最忙。",
        })  # fmt: skip
