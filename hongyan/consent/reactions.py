"""What consent does when rooms below it tell something: who became one said all of it, who parted said their own."""

from __future__ import annotations

from hongyan.consent.actions.empty import empty_words
from hongyan.consent.actions.project import project
from hongyan.core import scope
from hongyan.core.events import on
from hongyan.customer.codes import CustomersAnonymised, CustomersMerged, CustomersSplit


@on(CustomersMerged)
def follow_merge(event: CustomersMerged) -> None:
    """A withdrawal under either code counts for the one they are now."""
    with scope.bulk():
        project([event.survivor_id, event.absorbed_id])


@on(CustomersSplit)
def follow_split(event: CustomersSplit) -> None:
    """Each has what was said under its own codes again."""
    with scope.bulk():
        project([event.remaining_id, event.parted_id])


@on(CustomersAnonymised)
def follow_anonymising(event: CustomersAnonymised) -> None:
    """That they agreed or asked stays; in which words does not."""
    with scope.bulk():
        empty_words(event.customer_ids)
