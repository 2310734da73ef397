"""What the intake room does when rooms below it tell something."""

from __future__ import annotations

from hongyan.core import scope
from hongyan.core.events import on
from hongyan.integration.actions.follow_units import follow_units
from hongyan.org.codes import TreeRenumbered


@on(TreeRenumbered)
def follow_renumbering(event: TreeRenumbered) -> None:
    """Rows and deliveries carry organisation numbers and follow them at once; otherwise the walls would be wrong."""
    with scope.bulk():
        follow_units(event.moves)
