"""What classification does when rooms below it tell something, and which of its tables carry units' numbers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.classes.actions import blacklist
from hongyan.classes.actions.blacklist import empty_entries, mark_blacklisted
from hongyan.classes.actions.due import note_customers, note_delivery
from hongyan.classes.actions.tags import mark_tagged
from hongyan.classes.panels.blacklist import lift_facts, lift_url, lifts_asked
from hongyan.core import scope
from hongyan.core.events import on
from hongyan.customer.codes import CustomersAnonymised, CustomersMerged, CustomersSplit, CustomersTakenIn
from hongyan.ledger.codes import FactsBooked
from hongyan.org import approvals, numbered
from hongyan.org.codes import ApprovalDecided, Role
from hongyan.org.rules.approvals import HEAD, Check

numbered.follow("classes_classcount", _("分类统计"))
numbered.follow("classes_tag", _("标签"))


@on(CustomersTakenIn)
def note_taken_in(event: CustomersTakenIn) -> None:
    """Somebody new, or whose relationships changed, is classified tonight."""
    note_customers(event.customer_ids)


@on(FactsBooked)
def note_booked(event: FactsBooked) -> None:
    """So is whoever bought something."""
    note_delivery(event.delivery_id)


@on(CustomersAnonymised)
def follow_anonymising(event: CustomersAnonymised) -> None:
    """That they once stood on the blacklist stays; their credentials and why do not."""
    with scope.bulk():
        empty_entries(event.customer_ids)


@on(CustomersMerged)
def follow_merge(event: CustomersMerged) -> None:
    """Who was on the blacklist or bore a tag does so under the survivor's code; both are classified tonight."""
    note_customers((event.survivor_id, event.absorbed_id))
    mark_tagged((event.survivor_id, event.absorbed_id))
    for customer in (event.survivor_id, event.absorbed_id):
        mark_blacklisted(customer, customer)


@on(CustomersSplit)
def follow_split(event: CustomersSplit) -> None:
    """Each of the two is on it again by their own entries, and both are classified tonight."""
    note_customers((event.remaining_id, event.parted_id))
    mark_tagged((event.remaining_id, event.parted_id))
    for customer in (event.remaining_id, event.parted_id):
        mark_blacklisted(customer, customer)


@on(ApprovalDecided)
def settle_lifting(event: ApprovalDecided) -> None:
    """An approved lifting ends the entry."""
    if event.kind == blacklist.KIND:
        blacklist.settle(int(event.subject), event.approval_id, event.state)


approvals.register(
    approvals.Kind(
        blacklist.KIND,
        pgettext_lazy("审批事项", "解除黑名单"),
        facts=lift_facts,
        asked=lifts_asked,
        url=lift_url,
        route=(Check(1, (HEAD, Role.STEWARD.value)),),
    )
)
