"""What ownership does when an approval ends, what takes approval here, and which of its tables carries
units' numbers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hongyan.core.events import on
from hongyan.org import approvals, numbered
from hongyan.org.codes import ApprovalDecided, Level
from hongyan.org.rules.approvals import HEAD, Check
from hongyan.ownership.actions import single
from hongyan.ownership.panels import owner_facts, owners_asked

numbered.follow("ownership_transfer", _("管户变动"))


@on(ApprovalDecided)
def settle_change(event: ApprovalDecided) -> None:
    """A change between two units that the head above both agreed to is made."""
    if event.kind in single.KINDS.values():
        single.settle(int(event.subject), event.state)


_LABELS = {
    Level.COUNTY: _("跨网点管户调整"),
    Level.CITY: _("跨县管户调整"),
    Level.PROVINCE: _("跨市管户调整"),
    Level.GROUP: _("跨省管户调整"),
}

for level, kind in single.KINDS.items():
    approvals.register(
        approvals.Kind(
            kind,
            _LABELS[level],
            facts=owner_facts,
            asked=owners_asked,
            route=(Check(1, (HEAD,), level=level),),
        )
    )
