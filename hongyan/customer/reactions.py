"""What the customer room does when rooms below it tell something."""

from __future__ import annotations

from hongyan.core import scope
from hongyan.core.events import on
from hongyan.customer.projections import renumber
from hongyan.org.codes import TreeRenumbered


@on(TreeRenumbered)
def follow_renumbering(event: TreeRenumbered) -> None:
    """Projections carry organisation numbers and follow them at once; otherwise the walls would be wrong."""
    with scope.bulk():
        renumber(event.moves)
