"""What the customer room does when rooms below it tell something, and which of its tables carry units' numbers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hongyan.core import scope
from hongyan.core.events import on
from hongyan.customer.actions.take_in import hold_identity
from hongyan.customer.projections import follow_ancestors
from hongyan.org import numbered
from hongyan.org.codes import TreeRenumbered

numbered.follow("customer_customerscope", _("客户归属"), hold=hold_identity)
numbered.follow("customer_listrow", _("客户列表"))
numbered.follow("customer_searchtoken", _("客户检索"))


@on(TreeRenumbered)
def follow_renumbering(event: TreeRenumbered) -> None:
    """List rows carry the numbers of the units above theirs too; otherwise lists of a city would be wrong."""
    with scope.bulk():
        follow_ancestors(list(event.moves.values()))
